"""Demand: how much each incident asks for a crew, heat × importance, every point with the rule and the numbers behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import get_args

from allocation.conditions import SENSITIVE_KINDS, Value, check
from allocation.rules import PriorityRule, Rules, fill, points_of
from allocation.words import category_name, number
from core.types import Demand, FiredRule, Language, NearPlace, OpenIncident

__all__ = ["assess"]

_FAR = float("inf")


@dataclass(frozen=True, slots=True)
class _Facts:
    """An incident as rules see it: values by field, words by placeholder, and the nearest sensitive place by kind."""

    values: Mapping[str, Value]
    words: Mapping[str, str]
    nearest: Mapping[str, NearPlace]


def assess(incidents: Sequence[OpenIncident], rules: Rules, at: datetime, *, zone: tzinfo = UTC) -> list[Demand]:
    """The demand of each incident at a moment, in the order given; the points of its fired rules add up to its priority.

    zone: the city's, for rules that ask the clock. Priority is importance × heat^exponent, never below 0; heat counts as at
    least 1, so that an incident is not worth less than its importance.
    """
    return [_demand(incident, rules, at, zone) for incident in incidents]


def _demand(incident: OpenIncident, rules: Rules, at: datetime, zone: tzinfo) -> Demand:
    facts = _facts(incident, at, zone)
    fired = [_category_rule(incident, rules)]
    fired += [
        _fire(rule, facts) for rule in rules.priority if all(check(one, facts.values[one.field]) for one in rule.when)
    ]
    fired = [fired[0], *(rule for rule in fired[1:] if rule.points)]
    importance = sum(rule.points for rule in fired)
    if importance < 0:
        fired.append(FiredRule("floor", -importance, "优先级不低于 0", "priority is never below 0"))
        importance = 0.0
    factor = max(1.0, incident.heat) ** rules.heat_exponent
    if factor > 1 and importance > 0:
        fired.append(
            FiredRule(
                "heat",
                importance * (factor - 1),
                f"热度 {number(incident.heat)}（{incident.reports} 条反映），{number(importance)} 分 × {number(factor, 2)}",
                f"heat {number(incident.heat)} ({_reports(incident.reports)}): {number(importance)} points × {number(factor, 2)}",
            )
        )
    return Demand(
        incident=incident.id,
        category=incident.category,
        district=incident.district,
        location=incident.location,
        priority=sum(rule.points for rule in fired),
        heat=incident.heat,
        service_minutes=rules.service_minutes.of(incident.category),
        fired=tuple(fired),
    )


def _category_rule(incident: OpenIncident, rules: Rules) -> FiredRule:
    points = rules.importance.of(incident.category)
    return FiredRule(
        "category",
        points,
        f"{category_name(incident.category, 'zh')}：基础 {number(points)} 分",
        f"{category_name(incident.category, 'en')}: {number(points)} base points",
    )


def _fire(rule: PriorityRule, facts: _Facts) -> FiredRule:
    per = None if rule.per is None else float(facts.values[rule.per])  # type: ignore[arg-type]
    points = 0.0 if per == _FAR else points_of(rule.points, per, above=rule.above, at_most=rule.at_most)
    words = {**facts.words, "points": number(points)}
    place = next(
        (facts.nearest[one.field] for one in rule.when if one.field in facts.nearest), facts.nearest.get("near")
    )
    zh, en = ({**words, **_place(place, language)} for language in get_args(Language))
    return FiredRule(rule.name, points, fill(rule.zh, zh), fill(rule.en, en))


def _place(place: NearPlace | None, language: Language) -> dict[str, str]:
    """The words for a place near, and how near."""
    if place is None:
        return {"place": "?", "metres": "?"}
    return {"place": place.name_zh if language == "zh" else place.name_en, "metres": f"{place.metres:.0f}"}


def _facts(incident: OpenIncident, at: datetime, zone: tzinfo) -> _Facts:
    nearest: dict[str, NearPlace] = {}
    for place in incident.sensitive:
        for field in ("near", f"near.{place.kind}"):
            if field not in nearest or place.metres < nearest[field].metres:
                nearest[field] = place
    age_hours = max(0.0, (at - incident.opened_at).total_seconds() / 3600)
    numbers: dict[str, float] = {
        "urgency": incident.urgency,
        "reports": incident.reports,
        "repeats": incident.repeats,
        "heat": incident.heat,
        "age_hours": age_hours,
        "age_days": age_hours / 24,
        "quiet_hours": max(0.0, (at - incident.last_seen_at).total_seconds() / 3600),
        "hour": incident.last_seen_at.astimezone(zone).hour,
        "weekday": at.astimezone(zone).weekday(),
    }
    near = {field: nearest[field].metres if field in nearest else _FAR for field in _NEAR_FIELDS}
    words = {name: number(value) for name, value in numbers.items()}
    words |= {
        "category": incident.category,
        "category_zh": category_name(incident.category, "zh"),
        "category_en": category_name(incident.category, "en"),
        "district": incident.district or "?",
        "near": number(near["near"], 0) if "near" in nearest else "?",
    }
    return _Facts(
        {"category": incident.category, "district": incident.district or "", **numbers, **near}, words, nearest
    )


def _reports(count: int) -> str:
    return "1 report" if count == 1 else f"{count} reports"


_NEAR_FIELDS = ("near", *(f"near.{kind}" for kind in SENSITIVE_KINDS))
