"""From the graph to a stored plan, and from a plan to its report: what the API, the command line and the schedule share."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args

from allocation.plan import make_plan
from allocation.reporting import DayCount, ReportContents, plan_csv, render_report
from allocation.rules import Rules, load_rules
from api.deps import of_our_time
from api.services import Services
from core.types import Area, AreaKind, Crew, Language, Plan
from graph.plans import Waiting
from graph.writer import write_plan

__all__ = ["make_and_store", "make_report"]

_COUNTED_DAYS = 30


@dataclass(frozen=True, slots=True)
class _Planned:
    plan: Plan
    rules: Rules
    waiting: Waiting
    crews: list[Crew]
    districts: list[Area]


def make_and_store(services: Services, *, start: datetime | None, hours: float) -> Plan:
    """Plan the open incidents for a horizon and write the plan to the graph.

    start: the city's now where None (see Services.clock). Raises NoPlan where there are no crews, BadInput for bad rules.
    """
    return _plan(services, start, hours).plan


def make_report(services: Services, *, hours: float) -> list[Path]:
    """Plan from the city's now on, and write the allocation report: HTML and CSV in each language; returns the files."""
    planned = _plan(services, None, hours)
    start, zone = planned.plan.start, services.city.timezone
    last = start.astimezone(zone).date()
    counts = services.reader.counts(
        [area.id for area in planned.districts], since=last - timedelta(days=_COUNTED_DAYS - 1), until=last
    )
    contents = ReportContents(
        city_zh=services.city.name_zh,
        city_en=services.city.name_en,
        plan=planned.plan,
        incidents=planned.waiting.incidents,
        crews=planned.crews,
        departments=services.plans.departments(),
        areas=planned.districts,
        counts=[DayCount(one.area, one.category, date.fromisoformat(one.day), one.reports) for one in counts],
        generated_at=datetime.now(UTC),
        zone=zone,
        currency=(planned.rules.costs.currency_zh, planned.rules.costs.currency_en),
        places=planned.waiting.places,
        synthetic=services.reader.is_synthetic(),
    )
    services.reports.mkdir(parents=True, exist_ok=True)
    stem = f"allocation-{last.isoformat()}-{planned.plan.id.rpartition(':')[2][:8]}"
    written: list[Path] = []
    for language in get_args(Language):
        for suffix, render in ((".html", render_report), (".csv", plan_csv)):
            path = services.reports / f"{stem}-{language}{suffix}"
            fresh = path.with_suffix(f"{suffix}.new")
            fresh.write_text(render(contents, language), encoding="utf-8-sig" if suffix == ".csv" else "utf-8")
            fresh.replace(path)
            written.append(path)
    return written


def _plan(services: Services, start: datetime | None, hours: float) -> _Planned:
    begin = of_our_time("start", start) or services.clock()[0]
    districts = services.reader.all_areas((AreaKind.DISTRICT,))
    waiting = services.plans.waiting(begin)
    crews = services.plans.crews_for_planning()
    rules = load_rules(services.city.rules)
    plan = make_plan(
        waiting.incidents,
        crews,
        rules,
        begin,
        hours,
        made_at=datetime.now(UTC),
        zone=services.city.timezone,
        areas={area.id: (area.name_zh, area.name_en) for area in districts},
    )
    write_plan(services.store, plan)
    return _Planned(plan, rules, waiting, crews, districts)
