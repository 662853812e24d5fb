"""Offers: every eligible pair of incident and crew with what it would cost, as sparse arrays."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from allocation.conditions import Condition, check, under
from allocation.rules import Hardness, Rules, SoftRule
from allocation.shifts import Duty
from allocation.travel import haversine
from core.types import Crew, Demand

__all__ = ["Eligible", "Ground", "Offers", "eligible", "make_offers"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Ground:
    """What is planned with. urgency: of each demand, 1 to 3; duties: of each crew."""

    demands: Sequence[Demand]
    urgency: Sequence[int]
    crews: Sequence[Crew]
    duties: Sequence[Duty]
    rules: Rules


@dataclass(frozen=True, slots=True)
class Eligible:
    """Who may do what, shape (incidents, crews) each: has the skill, covers the district, has time for it on duty.

    located: (incidents,), the place is known. metres: by road from the crew's base, estimated.
    """

    skill: Bools
    area: Bools
    time: Bools
    located: Bools
    metres: Floats


@dataclass(frozen=True, slots=True)
class Offers:
    """Eligible pairs, sorted by incident then crew. metres: by road from the base; minutes: drive and service.

    costs: city currency by part ("travel", "labour", then soft rules by name), each as long as the pairs; cost: their sum;
    net: value minus cost.
    """

    incident: Ints
    crew: Ints
    metres: Floats
    minutes: Floats
    value: Floats
    costs: Mapping[str, Floats]
    cost: Floats
    net: Floats

    def of(self, incident: int) -> slice:
        """The pairs of one incident."""
        first, last = np.searchsorted(self.incident, [incident, incident + 1])
        return slice(int(first), int(last))


def eligible(ground: Ground) -> Eligible:
    """Who has the skill, covers the area and has the time for what."""
    demands, crews = ground.demands, ground.crews
    codes, code_of = np.unique([demand.category for demand in demands], return_inverse=True)
    districts, district_of = np.unique([demand.district or "" for demand in demands], return_inverse=True)
    skill = np.array([[under(str(code), crew.skills) for crew in crews] for code in codes], dtype=np.bool_)
    area = np.array([[str(district) in crew.covers for crew in crews] for district in districts], dtype=np.bool_)
    places = np.array([_degrees(demand) for demand in demands], dtype=np.float64)
    bases = np.array([(crew.base.longitude, crew.base.latitude) for crew in crews], dtype=np.float64)
    metres = haversine(places[:, None, :], bases[None, :, :]) * ground.rules.costs.detour_factor
    service = np.array([demand.service_minutes for demand in demands])
    minutes = metres / 1000 / np.array([crew.speed_kmh for crew in crews]) * 60 + service[:, None]
    time = minutes <= np.array([duty.minutes if duty.jobs else 0.0 for duty in ground.duties])
    located = np.array([demand.location is not None for demand in demands], dtype=np.bool_)
    return Eligible(skill[code_of], area[district_of], time, located, metres)


def make_offers(ground: Ground, able: Eligible) -> Offers:
    """The eligible pairs with their costs; hard rules leave pairs out, soft ones cost a penalty."""
    rules, crews = ground.rules, ground.crews
    may = able.time & able.located[:, None]
    if rules.skill.kind == "hard":
        may = may & able.skill
    if rules.area.kind == "hard":
        may = may & able.area
    incident, crew = np.nonzero(may)
    metres = able.metres[incident, crew]
    service = np.array([demand.service_minutes for demand in ground.demands])[incident]
    drive = metres / 1000 / np.array([one.speed_kmh for one in crews])[crew] * 60
    hourly = np.array([one.hourly_cost for one in crews])[crew]
    costs: dict[str, Floats] = {
        "travel": drive / 60 * hourly + metres / 1000 * rules.costs.per_km,
        "labour": service / 60 * hourly,
    }
    costs |= _missing("skill", rules.skill, able.skill[incident, crew])
    costs |= _missing("area", rules.area, able.area[incident, crew])
    fields = _pair_fields(ground, able, incident, crew)
    costs |= {rule.name: _penalties(rule, fields, len(incident)) for rule in rules.soft}
    value = np.array([demand.priority for demand in ground.demands])[incident] * rules.costs.value_per_point
    cost = np.asarray(sum(costs.values()), dtype=np.float64)
    return Offers(incident, crew, metres, drive + service, value, costs, cost, value - cost)


def _missing(name: str, hardness: Hardness, has: Bools) -> dict[str, Floats]:
    return {name: np.where(has, 0.0, hardness.penalty)} if hardness.kind == "soft" else {}


def _pair_fields(ground: Ground, able: Eligible, incident: Ints, crew: Ints) -> Mapping[str, Callable[[], Array]]:
    """How to get each field a soft rule may ask of, for all pairs at once; computed only where a rule asks."""

    def exact_skill() -> Array:
        codes, code_of = np.unique([demand.category for demand in ground.demands], return_inverse=True)
        named = np.array([[str(code) in one.skills for one in ground.crews] for code in codes], dtype=np.bool_)
        return named[code_of[incident], crew]

    return {
        "category": lambda: np.array([demand.category for demand in ground.demands])[incident],
        "district": lambda: np.array([demand.district or "" for demand in ground.demands])[incident],
        "urgency": lambda: np.array(ground.urgency, dtype=np.float64)[incident],
        "crew": lambda: np.array([one.id for one in ground.crews])[crew],
        "department": lambda: np.array([one.department for one in ground.crews])[crew],
        "on_duty_hours": lambda: np.array([one.minutes / 60 for one in ground.duties])[crew],
        "distance_km": lambda: able.metres[incident, crew] / 1000,
        "covers": lambda: able.area[incident, crew],
        "exact_skill": exact_skill,
    }


def _penalties(rule: SoftRule, fields: Mapping[str, Callable[[], Array]], pairs: int) -> Floats:
    holds = np.ones(pairs, dtype=np.bool_)
    for condition in rule.when:
        holds &= _holds(condition, fields[condition.field]())
    units = np.ones(pairs)
    if rule.per is not None:
        units = np.maximum(0.0, fields[rule.per]().astype(np.float64) - rule.above)
    penalty = np.where(holds, rule.penalty * units, 0.0)
    return penalty if rule.at_most is None else np.minimum(penalty, rule.at_most)


def _holds(condition: Condition, values: Array) -> Bools:
    """A condition on all pairs, asked once for each distinct value."""
    distinct, index = np.unique(values, return_inverse=True)
    answers = np.array([check(condition, one) for one in distinct.tolist()], dtype=np.bool_)
    return answers[index] if len(answers) else np.zeros(0, dtype=np.bool_)


def _degrees(demand: Demand) -> tuple[float, float]:
    return (0.0, 0.0) if demand.location is None else (demand.location.longitude, demand.location.latitude)
