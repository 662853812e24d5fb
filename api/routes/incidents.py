"""/incidents: what is going on in the city."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.deps import After, CategoryFilter, DistrictFilter, Limit, NextPage, NodeId, Period, ReadGraph, WantsGeoJson
from api.geojson import GEOJSON_RESPONSES, feature_collection
from graph.views import IncidentDetail, IncidentView

__all__ = ["router"]

router = APIRouter(prefix="/incidents", tags=["incidents"])


@router.get("", summary="List incidents, hottest first", responses=GEOJSON_RESPONSES, response_model=list[IncidentView])
@router.get(".geojson", include_in_schema=False, response_model=None)
def list_incidents(
    reader: ReadGraph,
    period: Period,
    category: CategoryFilter,
    page: NextPage,
    as_geojson: WantsGeoJson,
    district: DistrictFilter = None,
    status: Annotated[Literal["open", "closed"] | None, Query()] = None,
    after: After = None,
    limit: Limit = 50,
) -> list[IncidentView] | JSONResponse:
    """Incidents seen in a period, in a district, of a category."""
    found, key = reader.incidents(
        district=district, category=category, status=status, since=period.since, until=period.until, after=after,
        limit=limit,
    )  # fmt: skip
    headers = page.link(key)
    return feature_collection(found, headers) if as_geojson else found


@router.get("/{identifier:path}", summary="One incident, its reports, and what the plan does about it")
def one(identifier: NodeId, reader: ReadGraph) -> IncidentDetail:
    """The incident with its reports in the order they joined and why, and its assignment or why it was left out."""
    return reader.incident(identifier)
