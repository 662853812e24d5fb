"""Rows of the store → views: the one place that knows how properties are kept."""

import json
from typing import Any

from core.classification import Scored
from core.types import Area, AreaKind, FiredRule, Place, PlaceKind
from graph import classified, extracted
from graph.views import (
    AreaView,
    AssignmentView,
    CrewView,
    IncidentView,
    LeftOut,
    PlaceView,
    PlanSummary,
    ReportView,
)

__all__ = [
    "Row",
    "area_of",
    "area_view",
    "assignment_view",
    "crew_view",
    "incident_view",
    "left_out_view",
    "place_of",
    "place_view",
    "plan_summary",
    "report_view",
]

Row = dict[str, Any]


def report_view(row: Row) -> ReportView:
    """A report from its properties, its classification and its links."""
    report, verdict = row["report"], row["classified"]
    said = classified.kept(verdict, row["category"], report["full_text"])
    read = extracted.kept(report)
    return ReportView(
        id=report["id"],
        full_text=report["full_text"],
        subject=report.get("subject"),
        text=report["text"],
        language=report["language"],
        channel=report["channel"],
        source=report["source"],
        reported_at=report["reported_at"],
        received_at=report["received_at"],
        location=report.get("location"),
        location_confidence=report["location_confidence"],
        location_method=report["location_method"],
        location_reason=report["location_reason"],
        location_contradicted=read.contradicted,
        outside=report["outside"],
        district=report.get("district"),
        urgency=report["urgency"],
        status=report["status"],
        synthetic=report["synthetic"],
        category=row["category"],
        confidence=verdict["confidence"],
        abstained=verdict["abstained"],
        model=verdict["model"],
        ranking=tuple(
            Scored(code, probability)
            for code, probability in zip(verdict["ranking_codes"], verdict["ranking_probabilities"], strict=True)
        ),
        code=said.code,
        code_confidence=said.code_confidence,
        doubt=said.doubt,
        sentiment=said.sentiment,
        intent=said.intent,
        also=said.also,
        evidence=said.evidence,
        outside_probability=said.outside_probability,
        mentions=read.mentions,
        links=read.links,
        occasions=read.occasions,
        choices=read.choices,
        happened_from=read.happened_from,
        happened_to=read.happened_to,
        incident=row["incident"],
        duplicate_of=row["duplicate_of"],
    )


def incident_view(incident: Row) -> IncidentView:
    """An incident from its properties."""
    return IncidentView(
        id=incident["id"],
        category=incident["category"],
        status=incident["status"],
        opened_at=incident["opened_at"],
        last_seen_at=incident["last_seen_at"],
        title=incident["title"],
        language=incident["language"],
        location=incident.get("location"),
        precise=incident["precise"],
        location_method=incident["location_method"],
        area=incident.get("area"),
        district=incident.get("district"),
        place=incident.get("place"),
        heat=incident["heat"],
        reports=incident["reports"],
        urgency=incident["urgency"],
    )


def area_view(area: Row) -> AreaView:
    """An area from its properties, its geometry parsed."""
    geometry = area.get("geometry")
    return AreaView(
        id=area["id"],
        kind=area["kind"],
        name_zh=area["name_zh"],
        name_en=area["name_en"],
        centroid=area["centroid"],
        area_m2=area["area_m2"],
        population=area.get("population"),
        parent=area.get("parent"),
        geometry=json.loads(geometry) if geometry else None,
    )


def area_of(area: Row) -> Area:
    """An area from its properties, as extraction needs it: with aliases, its geometry as text."""
    return Area(
        id=area["id"],
        kind=AreaKind(area["kind"]),
        name_zh=area["name_zh"],
        name_en=area["name_en"],
        centroid=area["centroid"],
        area_m2=area["area_m2"],
        parent=area.get("parent"),
        population=area.get("population"),
        geometry=area.get("geometry"),
        aliases=tuple(area.get("aliases") or ()),
    )


def place_of(place: Row) -> Place:
    """A place from its properties, as extraction needs it: with aliases."""
    return Place(
        id=place["id"],
        name_zh=place["name_zh"],
        name_en=place["name_en"],
        kind=PlaceKind(place["kind"]),
        location=place["location"],
        area=place["district"],
        aliases=tuple(place.get("aliases") or ()),
        sensitive=place.get("sensitive"),
    )


def place_view(place: Row) -> PlaceView:
    """A place from its properties."""
    return PlaceView(
        id=place["id"],
        kind=place["kind"],
        name_zh=place["name_zh"],
        name_en=place["name_en"],
        location=place["location"],
        district=place["district"],
        sensitive=place.get("sensitive"),
    )


def crew_view(crew: Row) -> CrewView:
    """A crew from its properties."""
    lists: Row = {key: tuple(crew[key]) for key in ("skills", "shift_days", "covers")}
    return CrewView(**{**crew, **lists})


def assignment_view(row: Row) -> AssignmentView:
    """An assignment from its properties, with its crew and incident."""
    assignment = row["assignment"]
    return AssignmentView(
        id=assignment["id"],
        plan=assignment["plan"],
        crew=row["crew"],
        crew_zh=row["crew_zh"],
        crew_en=row["crew_en"],
        incident=row["incident"],
        incident_title=row["title"],
        incident_category=row["category"],
        incident_location=row["location"],
        sequence=assignment["sequence"],
        travel_metres=assignment["travel_metres"],
        value=assignment["value"],
        cost=json.loads(assignment["cost"]),
        fired=tuple(FiredRule(**rule) for rule in json.loads(assignment["fired"])),
        why_zh=assignment["why_zh"],
        why_en=assignment["why_en"],
    )


def left_out_view(row: Row) -> LeftOut:
    """An incident left out of a plan, with the reason."""
    return LeftOut(
        incident=row["incident"],
        incident_title=row["title"],
        incident_category=row["category"],
        reason=row["left"]["reason"],
        why_zh=row["left"]["why_zh"],
        why_en=row["left"]["why_en"],
        priority=row["left"]["priority"],
    )


def plan_summary(row: Row) -> PlanSummary:
    """A plan from its properties and counts."""
    return PlanSummary(**row["plan"], assignments=row["assignments"], left_out=row["left_out"])
