"""What a report is made from, and the names in it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from allocation.report_words import Words
from allocation.words import category_name
from core.types import Area, Assignment, Crew, Department, FiredRule, OpenIncident, Plan

__all__ = ["DAYS", "DayCount", "Names", "ReportContents", "day_series", "priority_of", "priority_rules"]

DAYS: Final = 30  # how many days back a report counts


@dataclass(frozen=True, slots=True)
class DayCount:
    """Reports of a category (any code) in a district (area id, None where unknown) on a city-local day."""

    district: str | None
    category: str
    day: date
    reports: int


@dataclass(frozen=True, slots=True)
class ReportContents:
    """Everything a report is made from.

    areas: the districts, with geometry. places: (zh, en) words for where an incident is, by incident id.
    currency: (zh, en), as in the rules. synthetic: the data is invented, and the report says so.
    """

    city_zh: str
    city_en: str
    plan: Plan
    incidents: Sequence[OpenIncident]
    crews: Sequence[Crew]
    departments: Sequence[Department]
    areas: Sequence[Area]
    counts: Sequence[DayCount]
    generated_at: datetime
    zone: tzinfo = UTC
    currency: tuple[str, str] = ("元", "CNY")
    places: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    synthetic: bool = False


class Names:
    """Names in one language, by id."""

    def __init__(self, contents: ReportContents, say: Words) -> None:
        zh = say.language == "zh"
        self.area = {area.id: area.name_zh if zh else area.name_en for area in contents.areas}
        self.crew = {crew.id: crew.name_zh if zh else crew.name_en for crew in contents.crews}
        self.department = {one.id: one.name_zh if zh else one.name_en for one in contents.departments}
        self.incidents = {incident.id: incident for incident in contents.incidents}
        self.places = {incident: pair[0 if zh else 1] for incident, pair in contents.places.items()}
        self.currency = contents.currency[0 if zh else 1]
        self.say = say

    def place(self, incident: str) -> str:
        """Where an incident is, as a person says it: the place, else the district, else unknown."""
        one = self.incidents.get(incident)
        district = None if one is None else one.district
        return self.places.get(incident) or self.district(district)

    def district(self, district: str | None) -> str:
        """The name of a district."""
        return self.say("unknown_district") if district is None else self.area.get(district, district)

    def category(self, incident: str) -> str:
        """The name of an incident's category."""
        return category_name(self.incidents[incident].category, self.say.language)


def day_series(counts: Iterable[DayCount], last: date, days: int = DAYS) -> list[tuple[date, Mapping[str, int]]]:
    """Reports by top class for each of the days up to and with the last, days without reports included."""
    series: dict[date, Counter[str]] = {last - timedelta(days=back): Counter() for back in range(days - 1, -1, -1)}
    for one in counts:
        if one.day in series:
            series[one.day][one.category.split(".", 1)[0]] += one.reports
    return list(series.items())


def priority_rules(one: Assignment) -> list[FiredRule]:
    """The rules that made the priority: those of the demand, which come before the eligibility of the crew."""
    before: list[FiredRule] = []
    for rule in one.fired:
        if rule.rule.startswith("eligible-") or rule.rule in one.cost:
            break
        before.append(rule)
    return before


def priority_of(one: Assignment) -> float:
    """The priority of an assignment's incident: the points of the rules that made it."""
    return sum(rule.points for rule in priority_rules(one))
