"""/reports: what people said."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic.dataclasses import dataclass

from api.deps import (
    After,
    CategoryFilter,
    DistrictFilter,
    Latitude,
    Limit,
    Longitude,
    NextPage,
    NodeId,
    Period,
    ReadGraph,
    Reading,
    Served,
    WantsGeoJson,
    WithKey,
)
from api.geojson import GEOJSON_RESPONSES, feature_collection
from api.schemas import ReportRequest
from core.errors import Conflict
from core.types import Point
from graph.ingest import Fate
from graph.intake import Intake
from graph.views import NearReport, ReportView

__all__ = ["router"]

router = APIRouter(prefix="/reports", tags=["reports"])


@dataclass(frozen=True)
class Receipt:
    """What became of a report: new, or repeated where it was there already; and what was understood."""

    fate: Literal["new", "repeated"]
    report: ReportView


@router.post("", status_code=201, dependencies=[WithKey], summary="Take in a report")
def take_in(sent: ReportRequest, services: Served) -> Receipt:
    """Classify it, find its places, write it to the graph and give it its incident.

    Sent again with the same `id`, or without one with the same text, place and `reported_at`, it changes nothing.
    """
    now = datetime.now(UTC)
    intake = Intake(
        source="api", zone=services.city.timezone, now=now, fields={}, channel="web", privacy=services.privacy
    )
    row: dict[str, Any] = {
        **sent.model_dump(),
        "reported_at": sent.reported_at or (services.clock()[0] if services.reader.is_synthetic() else now),
    }
    report = intake.accept(row)
    accepted = services.ingestor.accept([report], ingest="api")
    if accepted.fates[0] is Fate.CONFLICT:
        raise Conflict(f"id: {sent.id!r} is taken by a report with another text; send a new id")
    fate: Literal["new", "repeated"] = "new" if accepted.fates[0] is Fate.NEW else "repeated"
    return Receipt(fate, services.reader.report(report.id))


@router.get("", summary="List reports, latest first", responses=GEOJSON_RESPONSES, response_model=list[ReportView])
@router.get(".geojson", include_in_schema=False, response_model=None)
def list_reports(
    reader: ReadGraph,
    period: Period,
    category: CategoryFilter,
    reading: Reading,
    page: NextPage,
    as_geojson: WantsGeoJson,
    district: DistrictFilter = None,
    status: Annotated[Literal["received", "review"] | None, Query(description="review: a person decides")] = None,
    after: After = None,
    limit: Limit = 50,
) -> list[ReportView] | JSONResponse:
    """Reports of a district, a period and a category: a top class or a sub-code.

    GeoJSON by `Accept: application/geo+json` or `/reports.geojson`.
    """
    found, key = reader.reports(
        district=district, category=category, status=status, doubt=reading.doubt, intent=reading.intent,
        sentiment=reading.sentiment, since=period.since, until=period.until, after=after, limit=limit,
    )  # fmt: skip
    headers = page.link(key)
    return feature_collection(found, headers) if as_geojson else found


@router.get("/near", summary="Reports near a point, nearest first")
def near(
    reader: ReadGraph,
    longitude: Longitude,
    latitude: Latitude,
    metres: Annotated[float, Query(gt=0, le=20_000)] = 500,
    limit: Limit = 50,
) -> list[NearReport]:
    """Reports within some metres of a WGS 84 point."""
    return reader.reports_near(Point(longitude, latitude), metres=metres, limit=limit)


@router.get("/{identifier:path}", summary="One report, with what was understood of it")
def one(identifier: NodeId, reader: ReadGraph) -> ReportView:
    """The report, its category with all probabilities, sub-code and evidence, its mentions with character offsets, its incident."""
    return reader.report(identifier)
