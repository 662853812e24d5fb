"""Answers as GeoJSON (RFC 7946): WGS 84, a Feature an item; what has no place has a null geometry."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from core.types import Point
from graph.views import AreaView, IncidentView, PlaceView, ReportView

__all__ = ["GEOJSON_RESPONSES", "feature_collection"]

_MEDIA_TYPE = "application/geo+json"
GEOJSON_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            _MEDIA_TYPE: {
                "schema": {"type": "object", "description": "a FeatureCollection (RFC 7946)"},
                "example": {"type": "FeatureCollection", "features": []},
            }
        }
    }
}


def feature_collection(
    views: Sequence[ReportView | IncidentView | AreaView | PlaceView], headers: Mapping[str, str]
) -> JSONResponse:
    """The views as one FeatureCollection; all their other fields are properties."""
    body = {"type": "FeatureCollection", "features": [_feature(view) for view in views]}
    return JSONResponse(body, headers=dict(headers), media_type=_MEDIA_TYPE)


def _feature(view: ReportView | IncidentView | AreaView | PlaceView) -> dict[str, Any]:
    properties: dict[str, Any] = jsonable_encoder(view)
    if isinstance(view, AreaView):
        geometry = properties.pop("geometry") or _point(view.centroid)
    else:
        properties.pop("location")
        geometry = _point(view.location) if view.location else None
    return {"type": "Feature", "id": view.id, "geometry": geometry, "properties": properties}


def _point(point: Point) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [point.longitude, point.latitude]}
