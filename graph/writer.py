"""What we know → the graph: rows grouped by kind, nodes before relationships, one transaction for what belongs together."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import tzinfo
from typing import Any, LiteralString, TypeVar

from neo4j import ManagedTransaction

from core.taxonomy import Taxonomy
from core.types import Plan, RelationKind, UnderstoodReport
from graph.city import City
from graph.city_rows import area_row, place_row
from graph.incidents import Resolution
from graph.proposal_writer import keep_decisions
from graph.queries import writes
from graph.report_rows import mention_rows, relation_rows, report_row
from graph.store import Store

__all__ = ["write_batch", "write_city", "write_plan", "write_taxonomy"]

_Row = dict[str, Any]
_Item = TypeVar("_Item")
_ROWS = 2000  # rows a statement: large enough to amortise the trip, small enough for the transaction's memory


def write_taxonomy(store: Store, taxonomy: Taxonomy) -> None:
    """Write all categories and how they nest."""
    rows = [
        {
            "code": category.code,
            "kind": category.kind,
            "standard": category.standard,
            "name_zh": category.name_zh,
            "name_en": category.name_en,
            "level": 2 if category.broader else 1,
            "urgency": category.urgency,
            "broader": category.broader,
        }
        for category in taxonomy
    ]
    store.write(writes.MERGE_CATEGORIES, rows=rows)


def write_city(store: Store, city: City) -> None:
    """Write a city's areas, borders, places, departments and crews as its files say now; the taxonomy must be there.

    One transaction: a city is there wholly or not at all, and whoever reads or ingests meanwhile sees the one before.
    What the files name no longer is retired: it stays for the facts that rest on it, but is neither found nor planned with.
    Places and names that people confirmed stay.
    """
    store.transact(lambda tx: _write_city(tx, city))


def _write_city(tx: ManagedTransaction, city: City) -> None:
    tx.run(writes.LOCK, id="incidents", holder=city.info.id).consume()
    tx.run(writes.UNLINK_CITY).consume()
    _write_all(tx, writes.MERGE_AREAS, [area_row(area) for area in city.areas])
    parents = [{"id": area.id, "parent": area.parent} for area in city.areas if area.parent]
    _write_all(tx, writes.MERGE_PARENTS, parents)
    _write_all(tx, writes.MERGE_BORDERS, [asdict(border) for border in city.borders])
    _write_all(tx, writes.MERGE_PLACES, [place_row(place) for place in city.places])
    departments = [{**asdict(department), "categories": list(department.categories)} for department in city.departments]
    _write_all(tx, writes.MERGE_DEPARTMENTS, departments)
    crews = [
        {
            "id": crew.id,
            "name_zh": crew.name_zh,
            "name_en": crew.name_en,
            "department": crew.department,
            "skills": list(crew.skills),
            "capacity": crew.capacity,
            "shift_days": sorted(crew.shift.days),
            "shift_start": f"{crew.shift.start:%H:%M}",
            "shift_end": f"{crew.shift.end:%H:%M}",
            "longitude": crew.base.longitude,
            "latitude": crew.base.latitude,
            "speed_kmh": crew.speed_kmh,
            "hourly_cost": crew.hourly_cost,
            "covers": list(crew.covers),
        }
        for crew in city.crews
    ]
    _write_all(tx, writes.MERGE_CREWS, crews)
    tx.run(writes.RETIRE_AREAS, ids=[area.id for area in city.areas]).consume()
    tx.run(writes.RETIRE_PLACES, ids=[place.id for place in city.places]).consume()
    tx.run(writes.RETIRE_DEPARTMENTS, ids=[department.id for department in city.departments]).consume()
    tx.run(writes.RETIRE_CREWS, ids=[crew.id for crew in city.crews]).consume()
    keep_decisions(tx)


def write_batch(
    tx: ManagedTransaction,
    batch: Sequence[UnderstoodReport],
    resolution: Resolution,
    *,
    ingest: str,
    zone: tzinfo,
    city: str,
) -> None:
    """Write new reports and what resolution made of them, inside the caller's transaction.

    ingest: id of the Ingest node they come from. zone: the city's, for the day a report counts on. city: id of its Area.
    """
    models = {understood.classification.model for understood in batch}
    tx.run(writes.MERGE_MODELS, rows=[{"id": model, "kind": "classifier"} for model in sorted(models)]).consume()
    organizations = {key: name for understood in batch for key, name in understood.extraction.organizations.items()}
    rows = [{"id": key, "name": name, "kind": "mentioned"} for key, name in sorted(organizations.items())]
    tx.run(writes.MERGE_ORGANIZATIONS, rows=rows).consume()
    reports = [report_row(understood, ingest) for understood in batch]
    tx.run(writes.MERGE_REPORTS, rows=reports).consume()
    finer = [row for row in reports if row["classified"]["code"] != row["category"]]
    tx.run(writes.MERGE_NARROWED, rows=finer).consume()
    mentions = list(mention_rows(batch))
    for query in (
        writes.MERGE_MENTIONS_OF_AREAS,
        writes.MERGE_MENTIONS_OF_PLACES,
        writes.MERGE_MENTIONS_OF_ORGANIZATIONS,
    ):
        tx.run(query, rows=mentions).consume()
    for kind, query in _RELATION_QUERIES.items():
        tx.run(query, rows=list(relation_rows(batch, kind))).consume()
    _write_resolution(tx, resolution)
    tx.run(writes.MERGE_TALLIES, rows=_tally_rows(batch, zone, city)).consume()


def write_plan(store: Store, plan: Plan) -> None:
    """Write a plan, its assignments and what it left out, in one transaction."""

    def work(tx: ManagedTransaction) -> None:
        tx.run(
            writes.MERGE_PLAN,
            id=plan.id,
            made_at=plan.made_at,
            start=plan.start,
            end=plan.end,
            rules_version=plan.rules_version,
            objective=plan.objective,
            gap=plan.gap,
        ).consume()
        assignments = [
            {
                "id": assignment.id,
                "plan": plan.id,
                "crew": assignment.crew,
                "incident": assignment.incident,
                "sequence": assignment.sequence,
                "travel_metres": assignment.travel_metres,
                "value": assignment.value,
                "cost": _json(dict(assignment.cost)),
                "fired": _json([asdict(rule) for rule in assignment.fired]),
                "why_zh": assignment.why_zh,
                "why_en": assignment.why_en,
            }
            for assignment in plan.assignments
        ]
        for rows in _chunks(assignments):
            tx.run(writes.MERGE_ASSIGNMENTS, rows=rows).consume()
        for rows in _chunks([{**asdict(left), "plan": plan.id} for left in plan.unassigned]):
            tx.run(writes.MERGE_LEFT_OUT, rows=rows).consume()

    store.transact(work)


_RELATION_QUERIES: dict[RelationKind, LiteralString] = {
    RelationKind.LOCATED_IN: writes.MERGE_REPORTS_IN,
    RelationKind.AT: writes.MERGE_REPORTS_AT,
    RelationKind.REPORTED_AGAINST: writes.MERGE_REPORTS_AGAINST,
}


def _write_all(tx: ManagedTransaction, query: LiteralString, rows: Sequence[_Row]) -> None:
    for chunk in _chunks(rows):
        tx.run(query, rows=chunk).consume()


def _chunks(rows: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(rows), _ROWS):
        yield rows[start : start + _ROWS]


def _write_resolution(tx: ManagedTransaction, resolution: Resolution) -> None:
    joined: dict[str, list[_Row]] = {identifier: [] for identifier in resolution.incidents}
    for link in resolution.joined:
        joined[link.incident].append(asdict(link))
    rows: list[_Row] = [
        {
            "id": incident.id,
            "category": incident.category,
            "status": incident.status,
            "opened_at": incident.opened_at,
            "last_seen_at": incident.last_seen_at,
            "title": incident.title,
            "language": incident.language,
            "longitude": incident.location.longitude if incident.location else None,
            "latitude": incident.location.latitude if incident.location else None,
            "precise": incident.precise,
            "location_method": incident.location_method,
            "area": incident.area,
            "district": incident.district,
            "place": incident.place,
            "heat": incident.heat,
            "reports": incident.reports,
            "urgency": incident.urgency,
            "joined": joined[incident.id],
        }
        for incident in resolution.incidents.values()
    ]
    tx.run(writes.MERGE_INCIDENTS, rows=rows).consume()
    located = [row for row in rows if row["area"]]
    tx.run(writes.UNLINK_INCIDENTS_IN, rows=located).consume()
    tx.run(writes.MERGE_INCIDENTS_IN, rows=located).consume()
    tx.run(writes.MERGE_INCIDENTS_AT, rows=[row for row in rows if row["place"]]).consume()
    tx.run(writes.MERGE_DUPLICATES, rows=[asdict(duplicate) for duplicate in resolution.duplicates]).consume()


def _tally_rows(batch: Sequence[UnderstoodReport], zone: tzinfo, city: str) -> list[_Row]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for understood in batch:
        location = understood.extraction.location
        day = understood.report.reported_at.astimezone(zone).date().isoformat()
        category = understood.classification.category
        areas = {"outside"} if location.outside else {city, *filter(None, (location.district, location.area))}
        counts.update((area, category, day) for area in areas)
    return [
        {"id": f"{area}|{category}|{day}", "area": area, "category": category, "day": day, "reports": reports}
        for (area, category, day), reports in sorted(counts.items())
    ]


def _json(value: Mapping[str, Any] | list[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
