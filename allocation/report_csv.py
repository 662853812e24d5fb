"""The plan as CSV: a row an incident, for a spreadsheet."""

import csv
import io
from typing import Final

from allocation.report_contents import Names, ReportContents, priority_of
from allocation.report_words import words
from core.types import Assignment, Language, Unassigned

__all__ = ["plan_csv"]

_COLUMNS: Final = (
    "col_plan",
    "col_status",
    "col_incident_id",
    "col_category",
    "col_district",
    "col_place",
    "col_priority",
    "col_crew",
    "col_order",
    "col_metres",
    "col_cost",
    "col_value",
    "col_reason",
    "col_rules",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def plan_csv(contents: ReportContents, language: Language) -> str:
    """The whole plan as CSV (RFC 4180), assigned incidents first; a cell that a spreadsheet would run begins with an apostrophe."""
    say = words(language)
    names = Names(contents, say)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([say(key) for key in _COLUMNS])
    for assignment in contents.plan.assignments:
        writer.writerow(_safe([contents.plan.id, say("assigned"), *_assigned(assignment, names)]))
    for left in contents.plan.unassigned:
        writer.writerow(_safe([contents.plan.id, say(left.reason), *_left_out(left, names)]))
    return out.getvalue()


def _assigned(one: Assignment, names: Names) -> list[str]:
    zh = names.say.language == "zh"
    rules = "; ".join(f"{rule.reason_zh if zh else rule.reason_en} ({rule.points:+.1f})" for rule in one.fired)
    return [
        *_about(one.incident, names),
        f"{priority_of(one):.2f}",
        names.crew.get(one.crew, one.crew),
        str(one.sequence),
        f"{one.travel_metres:.0f}",
        f"{sum(one.cost.values()):.2f}",
        f"{one.value:.2f}",
        one.why_zh if zh else one.why_en,
        rules,
    ]


def _left_out(one: Unassigned, names: Names) -> list[str]:
    why = one.why_zh if names.say.language == "zh" else one.why_en
    return [*_about(one.incident, names), f"{one.priority:.2f}", "", "", "", "", "", why, ""]


def _about(incident: str, names: Names) -> list[str]:
    district = names.district(names.incidents[incident].district)
    return [incident, names.category(incident), district, names.places.get(incident, "")]


def _safe(cells: list[str]) -> list[str]:
    return ["'" + cell if cell.startswith(_FORMULA) else cell for cell in cells]
