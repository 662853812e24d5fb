"""What the report shows, computed once: figures, sentences, crews with their jobs, and what was left out. No HTML here."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from allocation.report_contents import DAYS, Names, ReportContents, day_series, priority_of, priority_rules
from allocation.report_words import REASONS, Words
from allocation.words import category_name, number
from core.types import Assignment, Crew, Plan, Unassigned

__all__ = ["CrewSheet", "Job", "LeftOut", "View", "view_of"]

_SHOWN: Final = 15


@dataclass(frozen=True, slots=True)
class Job:
    """A row of a crew's sheet. rules: (reason, points) of the priority rules that fired."""

    sequence: int
    incident: str
    place: str
    category: str
    top: str
    district: str
    reports: int
    points: str
    km: str
    cost: str
    rules: Sequence[tuple[str, str]]
    why: str


@dataclass(frozen=True, slots=True)
class CrewSheet:
    """A crew with its jobs in order."""

    name: str
    department: str
    shift: str
    cost: str
    jobs: Sequence[Job]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Incidents left out for one reason: how many, the first of them, and how many more there are."""

    reason: str
    title: str
    count: int
    rows: Sequence[Job]
    more: int


@dataclass(frozen=True, slots=True)
class View:
    """The report, ready to be laid out."""

    figures: Sequence[tuple[str, str]]
    going_on: Sequence[str]
    we_do: Sequence[str]
    left_out_text: Sequence[str]
    sheets: Sequence[CrewSheet]
    idle: Sequence[str]
    left: Sequence[LeftOut]


def view_of(contents: ReportContents, say: Words) -> View:
    """The figures, sentences and tables of a report in the language of `say`."""
    names, plan = Names(contents, say), contents.plan
    sheets = [_sheet(crew, contents, names) for crew in sorted(contents.crews, key=lambda one: one.id)]
    busy = sorted((sheet for sheet in sheets if sheet.jobs), key=lambda one: -len(one.jobs))
    sent = {one.crew for one in plan.assignments}
    gap = say("optimal") if plan.gap == 0 else f"{number(plan.gap * 100, 2)} %"
    return View(
        figures=(
            (number(len(contents.incidents), 0), say("kpi_open")),
            (number(len(plan.assignments), 0), say("kpi_assigned")),
            (number(len(plan.unassigned), 0), say("kpi_left")),
            (f"{len(sent)} / {len(contents.crews)}", say("kpi_crews")),
            (number(plan.objective, 0), say("kpi_net", currency=names.currency)),
            (gap, say("kpi_gap")),
        ),
        going_on=_going_on(contents, names),
        we_do=_we_do(contents, names),
        left_out_text=_left_out_text(plan, names),
        sheets=busy,
        idle=[names.crew[crew.id] for crew in contents.crews if crew.id not in sent],
        left=_left(plan, names),
    )


def _going_on(contents: ReportContents, names: Names) -> list[str]:
    say, incidents = names.say, contents.incidents
    if not incidents:
        return [say("say_none")]
    by_category = Counter(one.category.split(".", 1)[0] for one in incidents)
    by_district = Counter(one.district for one in incidents if one.district is not None)
    top, top_count = _most(by_category)
    district, district_count = _most(by_district) if by_district else (None, 0)
    sentences = [
        say(
            "say_open",
            open=number(len(incidents), 0),
            reports=number(sum(one.reports for one in incidents), 0),
            top=category_name(top, say.language),
            top_count=top_count,
            district=names.district(district),
            district_count=district_count,
        )
    ]
    series = day_series(contents.counts, contents.plan.start.astimezone(contents.zone).date())
    daily = [sum(day.values()) for _, day in series]
    if sum(daily):
        sentences.append(
            say("say_days", days=DAYS, reports=number(sum(daily), 0), week=sum(daily[-7:]), before=sum(daily[-14:-7]))
        )
    return sentences


def _we_do(contents: ReportContents, names: Names) -> list[str]:
    plan, say = contents.plan, names.say
    if not plan.assignments:
        return []
    points = {one.id: priority_of(one) for one in plan.assignments}
    everything = sum(points.values()) + sum(one.priority for one in plan.unassigned)
    first = max(plan.assignments, key=lambda one: (points[one.id], one.incident))
    return [
        say(
            "say_do",
            crews=len({one.crew for one in plan.assignments}),
            all_crews=len(contents.crews),
            assigned=number(len(plan.assignments), 0),
            share=f"{100 * sum(points.values()) / everything:.0f} %" if everything else "0 %",
            cost=number(sum(sum(one.cost.values()) for one in plan.assignments), 0),
            currency=names.currency,
        ),
        say(
            "say_first",
            place=names.place(first.incident),
            category=names.category(first.incident),
            priority=number(points[first.id], 0),
            crew=names.crew.get(first.crew, first.crew),
        ),
    ]


def _left_out_text(plan: Plan, names: Names) -> list[str]:
    say = names.say
    if not plan.unassigned and not plan.assignments:
        return []
    if not plan.unassigned:
        return [say("say_left_none")]
    counts = Counter(one.reason for one in plan.unassigned)
    between = "、" if say.language == "zh" else ", "
    parts = between.join(
        f"{say(reason)} {counts[reason]} 起"
        if say.language == "zh"
        else f"{say(reason)[:1].lower()}{say(reason)[1:]} ({counts[reason]})"
        for reason in REASONS
        if counts[reason]
    )
    top = max(plan.unassigned, key=lambda one: (one.priority, one.incident))
    return [
        say("say_left", left=number(len(plan.unassigned), 0), parts=parts),
        say(
            "say_left_top",
            place=names.place(top.incident),
            category=names.category(top.incident),
            priority=number(top.priority, 0),
            why=top.why_zh if say.language == "zh" else top.why_en,
        ),
    ]


def _sheet(crew: Crew, contents: ReportContents, names: Names) -> CrewSheet:
    mine = sorted((one for one in contents.plan.assignments if one.crew == crew.id), key=lambda one: one.sequence)
    return CrewSheet(
        name=names.crew[crew.id],
        department=names.department.get(crew.department, crew.department),
        shift=f"{crew.shift.start:%H:%M}–{crew.shift.end:%H:%M}",
        cost=f"{number(sum(sum(one.cost.values()) for one in mine), 0)} {names.currency}",
        jobs=[_job(one, names) for one in mine],
    )


def _job(one: Assignment, names: Names) -> Job:
    zh = names.say.language == "zh"
    return _row(
        one.incident,
        names,
        sequence=one.sequence,
        points=number(priority_of(one), 0),
        km=f"{one.travel_metres / 1000:.1f}",
        cost=number(sum(one.cost.values()), 0),
        rules=[(rule.reason_zh if zh else rule.reason_en, f"{rule.points:+.0f}") for rule in priority_rules(one)],
        why=one.why_zh if zh else one.why_en,
    )


def _left(plan: Plan, names: Names) -> list[LeftOut]:
    groups: dict[str, list[Unassigned]] = defaultdict(list)
    for one in sorted(plan.unassigned, key=lambda one: (-one.priority, one.incident)):
        groups[one.reason].append(one)
    zh = names.say.language == "zh"
    return [
        LeftOut(
            reason=reason,
            title=names.say(reason),
            count=len(groups[reason]),
            rows=[
                _row(one.incident, names, points=number(one.priority, 0), why=one.why_zh if zh else one.why_en)
                for one in groups[reason][:_SHOWN]
            ],
            more=max(0, len(groups[reason]) - _SHOWN),
        )
        for reason in REASONS
        if groups[reason]
    ]


def _row(
    identifier: str,
    names: Names,
    *,
    points: str,
    why: str,
    sequence: int = 0,
    km: str = "",
    cost: str = "",
    rules: Sequence[tuple[str, str]] = (),
) -> Job:
    incident = names.incidents[identifier]
    return Job(
        sequence=sequence,
        incident=identifier,
        place=names.place(identifier),
        category=names.category(identifier),
        top=incident.category.split(".", 1)[0],
        district=names.district(incident.district),
        reports=incident.reports,
        points=points,
        km=km,
        cost=cost,
        rules=rules,
        why=why,
    )


def _most(counts: Mapping[str, int]) -> tuple[str, int]:
    return max(counts.items(), key=lambda item: (item[1], item[0]))
