"""The plan: which crews go where in a horizon, in which order, why, and what is left out for which reason."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import sha256
from itertools import pairwise

import numpy as np

from allocation.case import Case, loads
from allocation.demand import assess
from allocation.explain import why_eligible, why_left_out, why_this_crew
from allocation.offers import Ground, eligible, make_offers
from allocation.optimise import Problem, optimise
from allocation.rules import Rules
from allocation.shifts import duty
from allocation.travel import visiting_order
from core.errors import BadInput, NoPlan
from core.types import Assignment, Crew, OpenIncident, Plan, Unassigned

__all__ = ["make_plan", "plan_id"]


def make_plan(
    incidents: Sequence[OpenIncident],
    crews: Sequence[Crew],
    rules: Rules,
    start: datetime,
    hours: float,
    *,
    made_at: datetime,
    zone: tzinfo = UTC,
    areas: Mapping[str, tuple[str, str]] | None = None,
) -> Plan:
    """The best plan for the horizon [start, start + hours), every incident in it either assigned or left out with a reason.

    Priorities are those at `start`. zone: the city's, for shifts and clock rules. areas: (zh, en) names by district id, for the
    reasons. The same inputs give the same plan and the same id, whatever `made_at` and the order of the inputs.
    Raises BadInput for a horizon without length, a naive time or two incidents or crews with one id; NoPlan without crews.
    """
    if start.tzinfo is None or made_at.tzinfo is None:
        raise BadInput("start", start.isoformat(), "a time with a zone")
    if not 0 < hours <= 24 * 31:
        raise BadInput("hours", hours, "a horizon above 0 and up to 744 hours")
    if not crews:
        raise NoPlan("no crews to plan for: load crews first")
    incidents = sorted(incidents, key=lambda one: one.id)
    crews = sorted(crews, key=lambda one: one.id)
    _each_once("incidents", [one.id for one in incidents])
    _each_once("crews", [one.id for one in crews])
    end = start + timedelta(hours=hours)
    identifier = plan_id(incidents, crews, rules, start=start, hours=hours, zone=zone)
    if not incidents:
        return Plan(identifier, made_at, start, end, rules.version, 0.0, 0.0, (), ())
    duties = [duty(crew, start, end, zone) for crew in crews]
    demands = assess(incidents, rules, start, zone=zone)
    case = _solve(Ground(demands, [one.urgency for one in incidents], crews, duties, rules))
    names = areas or {}
    return Plan(
        id=identifier,
        made_at=made_at,
        start=start,
        end=end,
        rules_version=rules.version,
        objective=case.solution.objective,
        gap=case.solution.gap,
        assignments=tuple(_assignments(identifier, case, names, zone)),
        unassigned=tuple(_unassigned(case, names)),
    )


def plan_id(
    incidents: Sequence[OpenIncident],
    crews: Sequence[Crew],
    rules: Rules,
    *,
    start: datetime,
    hours: float,
    zone: tzinfo,
) -> str:
    """The id of the plan for these inputs: "plan:" and 16 hex digits of their SHA-256; the order of the inputs does not matter."""
    digest = sha256()
    for line in (rules.version, start.astimezone(UTC).isoformat(), f"{float(hours)!r}", str(zone)):
        digest.update(line.encode() + b"\n")
    for incident in sorted(incidents, key=lambda one: one.id):
        digest.update(repr(incident).encode() + b"\n")
    for crew in sorted(crews, key=lambda one: one.id):
        days = sorted(crew.shift.days)
        digest.update(repr((crew.id, crew.name_zh, crew.name_en, crew.department, crew.skills, days)).encode())
        digest.update(repr((crew.shift.start, crew.shift.end, crew.capacity, crew.base, sorted(crew.covers))).encode())
        digest.update(repr((crew.speed_kmh, crew.hourly_cost)).encode() + b"\n")
    return "plan:" + digest.hexdigest()[:16]


def _solve(ground: Ground) -> Case:
    able = eligible(ground)
    offers = make_offers(ground, able)
    solution = optimise(
        Problem(
            incidents=len(ground.demands),
            incident=offers.incident,
            crew=offers.crew,
            net=offers.net,
            minutes=offers.minutes,
            jobs=np.array([one.jobs for one in ground.duties], dtype=np.int64),
            on_duty=np.array([one.minutes for one in ground.duties], dtype=np.float64),
        )
    )
    held = loads(len(ground.crews), offers, solution)
    return Case(ground.demands, ground.crews, ground.duties, ground.rules, able, offers, solution, held)


def _assignments(plan: str, case: Case, areas: Mapping[str, tuple[str, str]], zone: tzinfo) -> list[Assignment]:
    offers = case.offers
    answer: list[Assignment] = []
    for crew, load in zip(case.crews, case.loads, strict=True):
        places = [case.demands[int(offers.incident[pair])].location or crew.base for pair in load.pairs]
        for sequence, stop in enumerate(visiting_order(crew.base, places), start=1):
            pair = int(load.pairs[stop])
            demand = case.demands[int(offers.incident[pair])]
            fired = (*demand.fired, *why_eligible(case, pair, areas, zone))
            why_zh, why_en = why_this_crew(case, pair)
            answer.append(
                Assignment(
                    id=f"{plan}:{demand.incident}",
                    crew=crew.id,
                    incident=demand.incident,
                    sequence=sequence,
                    travel_metres=round(float(offers.metres[pair]), 1),
                    cost={
                        name: round(float(part[pair]), 2)
                        for name, part in offers.costs.items()
                        if _counts(name, part[pair])
                    },
                    value=round(float(offers.value[pair]), 2),
                    fired=fired,
                    why_zh=why_zh,
                    why_en=why_en,
                )
            )
    return answer


def _counts(name: str, amount: float) -> bool:
    return name in ("travel", "labour") or amount > 0


def _unassigned(case: Case, areas: Mapping[str, tuple[str, str]]) -> list[Unassigned]:
    served = set(case.offers.incident[case.solution.taken].tolist())
    answer: list[Unassigned] = []
    for index, demand in enumerate(case.demands):
        if index not in served:
            reason, why_zh, why_en = why_left_out(case, index, areas)
            answer.append(Unassigned(demand.incident, reason, round(demand.priority, 2), why_zh, why_en))
    return sorted(answer, key=lambda one: (-one.priority, one.incident))


def _each_once(field: str, ids: Sequence[str]) -> None:
    for one, following in pairwise(ids):
        if one == following:
            raise BadInput(field, one, "an id given once")
