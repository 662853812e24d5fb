"""/areas, /places and /categories: the city itself."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from api.deps import After, DistrictFilter, Limit, NextPage, NodeId, ReadGraph, Served, WantsGeoJson
from api.geojson import GEOJSON_RESPONSES, feature_collection
from core.types import AreaKind
from graph.views import AreaView, PlaceHistory, PlaceView

__all__ = ["router"]

router = APIRouter(tags=["city"])


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A category in both languages. standard: its 大类 in GB/T 30428; urgency 1–3."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    standard: str | None
    broader: str | None
    urgency: int


@router.get("/categories", summary="All categories, in both languages")
def categories(services: Served) -> list[CategoryView]:
    """The taxonomy: four top classes and their sub-codes."""
    return [
        CategoryView(one.code, one.name_zh, one.name_en, one.kind, one.standard, one.broader, one.urgency)
        for one in services.taxonomy
    ]


@router.get("/areas", summary="List areas of a kind", responses=GEOJSON_RESPONSES, response_model=list[AreaView])
@router.get("/areas.geojson", include_in_schema=False, response_model=None)
def list_areas(
    reader: ReadGraph,
    page: NextPage,
    as_geojson: WantsGeoJson,
    kind: Annotated[AreaKind, Query(description="level")] = AreaKind.DISTRICT,
    parent: Annotated[str | None, Query(description="id of the area they are part of")] = None,
    after: After = None,
    limit: Limit = 100,
) -> list[AreaView] | JSONResponse:
    """City, districts, subdistricts or grid cells, with their polygons in WGS 84."""
    found, key = reader.areas(kind.value, parent=parent, after=after or "", limit=limit)
    headers = page.link(key)
    return feature_collection(found, headers) if as_geojson else found


@router.get("/areas/{identifier:path}", summary="One area")
def one_area(identifier: NodeId, reader: ReadGraph) -> AreaView:
    """An area with its polygon, size and population."""
    return reader.area(identifier)


@router.get("/places", summary="List places", responses=GEOJSON_RESPONSES, response_model=list[PlaceView])
@router.get("/places.geojson", include_in_schema=False, response_model=None)
def list_places(
    reader: ReadGraph,
    page: NextPage,
    as_geojson: WantsGeoJson,
    district: DistrictFilter = None,
    after: After = None,
    limit: Limit = 100,
) -> list[PlaceView] | JSONResponse:
    """Roads, estates, facilities and points of interest."""
    found, key = reader.places(district=district, after=after or "", limit=limit)
    headers = page.link(key)
    return feature_collection(found, headers) if as_geojson else found


@router.get("/places/{identifier:path}/history", summary="What happened at a place, latest first")
def history(identifier: NodeId, reader: ReadGraph, limit: Limit = 50) -> PlaceHistory:
    """The incidents at a place."""
    return reader.place_history(identifier, limit=limit)
