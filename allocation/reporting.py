"""The allocation report: one HTML file that needs nothing else, printable, in Chinese or English; and the plan as CSV."""

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from allocation.report_charts import Row, columns, rows
from allocation.report_contents import DayCount, ReportContents, day_series
from allocation.report_csv import plan_csv
from allocation.report_map import COLOURS, Frame, Mark, Route, city_map, detail_map, frame_of_points, symbol
from allocation.report_view import view_of
from allocation.report_words import Words, words
from allocation.words import category_name
from core.types import Language, Point

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DayCount", "ReportContents", "plan_csv", "render_report"]

_WIDTH = 720.0


def render_report(contents: ReportContents, language: Language) -> str:
    """The report as one self-contained HTML page: no request leaves it; every text is escaped."""
    say = words(language)
    frame = frame_of_points(_map_points(contents), _WIDTH, 470.0)
    local = contents.generated_at.astimezone(contents.zone)
    plan = contents.plan
    return (
        _templates()
        .get_template("report.html.j2")
        .render(
            say=say,
            language=language,
            contents=contents,
            city=contents.city_zh if language == "zh" else contents.city_en,
            generated=f"{local:%Y-%m-%d %H:%M}",
            horizon=f"{plan.start.astimezone(contents.zone):%Y-%m-%d %H:%M} – {plan.end.astimezone(contents.zone):%m-%d %H:%M}",
            view=view_of(contents, say),
            legend=[(_symbol(top), category_name(top, language)) for top in COLOURS],
            overview=city_map(
                contents.areas, Counter(one.district or "" for one in contents.incidents), language, frame, 340.0
            ),
            detail=_detail(contents, language, frame),
            outside=sum(1 for one in contents.incidents if one.location is not None and not frame.holds(one.location)),
            by_category=rows(_by_category(contents, language), 350.0),
            by_district=rows(_by_district(contents, say), 350.0),
            by_day=columns(
                [
                    (f"{day:%m-%d}", counts)
                    for day, counts in day_series(contents.counts, plan.start.astimezone(contents.zone).date())
                ],
                _WIDTH,
                170.0,
            ),
        )
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("allocation"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _symbol(top: str) -> Markup:
    drawn = symbol(top, 7, 7, 4.5, filled=True)
    return Markup(f'<svg class="key" viewBox="0 0 14 14" aria-hidden="true">{drawn}</svg>')  # noqa: S704 - drawn here


def _map_points(contents: ReportContents) -> list[Point]:
    points = [one.location for one in contents.incidents if one.location is not None]
    return points or [crew.base for crew in contents.crews]


def _detail(contents: ReportContents, language: Language, frame: Frame) -> Markup:
    places = {one.id: one.location for one in contents.incidents}
    crews = {crew.id: crew for crew in contents.crews}
    assigned = {one.incident for one in contents.plan.assignments}
    marks = [
        Mark(
            one.location,
            one.category.split(".", 1)[0],
            one.id in assigned,
            min(7.0, 3.0 + 0.35 * one.reports),
            f"{one.id} · {category_name(one.category, language)}",
        )
        for one in contents.incidents
        if one.location is not None
    ]
    stops: dict[str, list[Point]] = {}
    for one in sorted(contents.plan.assignments, key=lambda one: one.sequence):
        place = places.get(one.incident)
        if place is not None:
            stops.setdefault(one.crew, []).append(place)
    routes = [
        Route(crew.base, stops.get(crew.id, []), crew.name_zh if language == "zh" else crew.name_en)
        for crew in crews.values()
    ]
    return detail_map(contents.areas, marks, routes, language, frame)


def _by_category(contents: ReportContents, language: Language) -> list[Row]:
    counts: Counter[str] = Counter()
    for one in contents.counts:
        counts[one.category.split(".", 1)[0]] += one.reports
    return [(category_name(top, language), {top: counts[top]}) for top in COLOURS]


def _by_district(contents: ReportContents, say: Words) -> list[Row]:
    counts: dict[str | None, Counter[str]] = {}
    for one in contents.counts:
        counts.setdefault(one.district, Counter())[one.category.split(".", 1)[0]] += one.reports
    names: Mapping[str, str] = {
        area.id: area.name_zh if say.language == "zh" else area.name_en for area in contents.areas
    }
    ordered = sorted(counts.items(), key=lambda item: (item[0] is None, -sum(item[1].values()), item[0] or ""))
    return [(say("unknown_district") if area is None else names.get(area, area), found) for area, found in ordered]
