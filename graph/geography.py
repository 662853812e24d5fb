"""Boundaries → areas: districts from GeoJSON, GeoPackage or Shapefile, grid cells cut from them, and who borders whom.

Lengths and areas are computed in the city's projected CRS, in metres; what leaves this module is WGS 84 (EPSG:4326).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import geopandas as gpd
import numpy as np
import pyogrio.errors
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from core.errors import BadGeometry, UnreadableFile
from core.types import Area, AreaKind, Point
from graph.datum import check_datum, to_wgs84

if TYPE_CHECKING:
    from shapely.geometry import Point as ShapelyPoint

__all__ = ["Adjacency", "Boundary", "border_pairs", "cut_grid", "make_areas", "read_boundaries"]

_WGS84 = "EPSG:4326"
_POLYGONS = {"Polygon", "MultiPolygon"}


@dataclass(frozen=True, slots=True)
class Boundary:
    """What is known of one district beside its polygon."""

    id: str
    name_zh: str
    name_en: str
    population: int | None = None


@dataclass(frozen=True, slots=True)
class Adjacency:
    """Two areas of one kind that share a border; metres: its length. first < second."""

    first: str
    second: str
    metres: float


def read_boundaries(path: Path, *, datum: str = "wgs84") -> gpd.GeoDataFrame:
    """Read polygons from GeoJSON, GeoPackage or Shapefile and bring them to WGS 84.

    datum: "wgs84" (the file's own CRS is honoured), "gcj02" or "bd09" (shifted back); raises BadInput for others.
    A ring that touches itself in a point, as many published boundaries do, is split there: the same ground, drawn validly.
    Raises UnreadableFile for what no driver can read, BadGeometry for features that are not valid polygons.
    """
    known = check_datum(datum)
    if not path.is_file():
        raise UnreadableFile("boundaries", str(path), "a file that exists")
    try:
        frame = gpd.read_file(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeDecodeError, ValueError) as error:
        raise UnreadableFile("boundaries", str(path), "GeoJSON, GeoPackage or Shapefile") from error
    if "geometry" not in frame.columns or frame.empty:
        raise UnreadableFile("boundaries", str(path), "a layer with at least one polygon")
    frame = frame.set_geometry(_mend_touching(frame))
    check_polygons(frame)
    if known != "wgs84":
        shifted = shapely.transform(
            frame.geometry.to_numpy(), lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], known))
        )
        return frame.set_geometry(gpd.GeoSeries(shifted, index=frame.index, crs=_WGS84))
    return frame.set_crs(_WGS84) if frame.crs is None else frame.to_crs(_WGS84)


def _mend_touching(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """The frame's shapes, rings that only touch themselves redrawn; one that crosses itself covers other ground, so it stays."""
    shapes = np.asarray(frame.geometry.to_numpy())
    redrawn = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    same = np.isclose(shapely.area(shapes), shapely.area(redrawn), rtol=1e-9, atol=0)
    return gpd.GeoSeries(np.where(shapely.is_valid(shapes) | ~same, shapes, redrawn), index=frame.index, crs=frame.crs)


def check_polygons(frame: gpd.GeoDataFrame) -> None:
    """Refuse what is no valid polygon, naming the feature; raises BadGeometry."""
    for position, shape in enumerate(cast("list[BaseGeometry | None]", list(frame.geometry))):
        where = f"features[{position}].geometry"
        if shape is None or shape.is_empty:
            raise BadGeometry(where, None, "a polygon; it is empty")
        if shape.geom_type not in _POLYGONS:
            raise BadGeometry(where, shape.geom_type, "a Polygon or MultiPolygon")
        if not shape.is_valid:
            raise BadGeometry(where, explain_validity(shape), "a valid polygon; mend the ring that crosses itself")
        west, south, east, north = shape.bounds
        if (frame.crs is None or frame.crs.is_geographic) and not (
            -180 <= west <= east <= 180 and -90 <= south <= north <= 90  # noqa: PLR2004
        ):
            raise BadGeometry(where, shape.bounds, "within longitude ±180 and latitude ±90")


def make_areas(
    frame: gpd.GeoDataFrame, boundaries: Mapping[str, Boundary], city: Boundary, *, projected_crs: str
) -> list[Area]:
    """The city and its districts as areas.

    frame: polygons in WGS 84, indexed by district id, one for each of `boundaries`. The city is their union.
    """
    metric = frame.to_crs(projected_crs)
    whole = metric.geometry.union_all()
    rows = [_area(city, AreaKind.CITY, whole, projected_crs, None)]
    for identifier, shape in zip(metric.index, metric.geometry, strict=True):
        rows.append(_area(boundaries[str(identifier)], AreaKind.DISTRICT, shape, projected_crs, city.id))
    return rows


def cut_grid(frame: gpd.GeoDataFrame, *, cell_metres: float, projected_crs: str) -> list[Area]:
    """Unit grid cells (单元网格): squares of `cell_metres`, cut along district borders so that each lies in one district.

    frame: polygons in WGS 84, indexed by district id. GB/T 30428 asks for about 10,000 m² (100 m); a demo uses larger ones.
    """
    metric = frame.to_crs(projected_crs)
    west, south, east, north = metric.total_bounds
    columns = np.arange(np.floor(west / cell_metres), np.ceil(east / cell_metres))
    rows = np.arange(np.floor(south / cell_metres), np.ceil(north / cell_metres))
    column, row = (grid.ravel() for grid in np.meshgrid(columns, rows))
    boxes = shapely.box(column * cell_metres, row * cell_metres, (column + 1) * cell_metres, (row + 1) * cell_metres)
    shapes = metric.geometry.to_numpy()
    tree = shapely.STRtree(boxes)
    district, box = tree.query(shapes, predicate="intersects")
    pieces = shapely.intersection(boxes[box], shapes[district])
    kept = shapely.area(pieces) > 1.0  # slivers below a square metre are rounding
    pieces, district, box = pieces[kept], district[kept], box[kept]
    pieces = np.array([_polygonal(piece) for piece in pieces], dtype=object)
    names = [f"{metric.index[d]}-{int(column[b])}-{int(row[b])}" for d, b in zip(district, box, strict=True)]
    return list(_cells(pieces, names, [str(metric.index[d]) for d in district], projected_crs))


def border_pairs(areas: list[Area], *, projected_crs: str, tolerance: float = 5.0) -> list[Adjacency]:
    """Which of these areas border each other, and along how many metres.

    tolerance: metres within which two borders count as one (sources draw the same border twice). Corners do not count.
    """
    drawn = np.asarray(shapely.from_geojson([area.geometry for area in areas]))
    shapes = gpd.GeoSeries(drawn, crs=_WGS84).to_crs(projected_crs)
    polygons = np.asarray(shapes.to_numpy())
    first, second = shapely.STRtree(polygons).query(polygons, predicate="dwithin", distance=tolerance)
    once = np.array([areas[i].id < areas[j].id for i, j in zip(first, second, strict=True)], dtype=bool)
    first, second = first[once], second[once]
    grown = shapely.buffer(polygons, tolerance)
    metres = shapely.length(shapely.intersection(shapely.boundary(polygons[first]), grown[second]))
    return [
        Adjacency(areas[i].id, areas[j].id, round(float(length), 1))
        for i, j, length in zip(first, second, metres, strict=True)
        if length > 4 * tolerance
    ]


def _polygonal(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of an intersection, which may also hold the lines and points where borders only touch."""
    if shape.geom_type in _POLYGONS:
        return shape
    parts = cast("list[BaseGeometry]", list(shapely.get_parts(shape)))
    return shapely.union_all([part for part in parts if part.geom_type == "Polygon"])


def _area(boundary: Boundary, kind: AreaKind, shape: BaseGeometry, crs: str, parent: str | None) -> Area:
    series = gpd.GeoSeries([shape, shape.representative_point()], crs=crs).to_crs(_WGS84)
    outline, centre = cast("tuple[BaseGeometry, ShapelyPoint]", tuple(series))
    return Area(
        id=boundary.id,
        kind=kind,
        name_zh=boundary.name_zh,
        name_en=boundary.name_en,
        centroid=Point(round(centre.x, 6), round(centre.y, 6)),
        area_m2=round(shape.area, 1),
        parent=parent,
        population=boundary.population,
        geometry=_geojson(outline),
    )


def _cells(pieces: np.ndarray[Any, np.dtype[Any]], names: list[str], districts: list[str], crs: str) -> Iterator[Area]:
    metric = gpd.GeoSeries(list(pieces), crs=crs)
    outlines = metric.to_crs(_WGS84)
    centres = metric.representative_point().to_crs(_WGS84)
    points = cast("list[ShapelyPoint]", list(centres))
    for name, district, piece, outline, centre in zip(names, districts, pieces, outlines, points, strict=True):
        yield Area(
            id=name,
            kind=AreaKind.GRID,
            name_zh=f"网格 {name}",
            name_en=f"Grid cell {name}",
            centroid=Point(round(centre.x, 6), round(centre.y, 6)),
            area_m2=round(piece.area, 1),
            parent=district,
            geometry=_geojson(outline),
        )


def _geojson(shape: BaseGeometry) -> str:
    """RFC 7946 text: six decimals, exterior rings counter-clockwise."""
    rounded = shapely.transform(shapely.orient_polygons(shape), lambda xy: np.round(xy, 6))
    return json.dumps(shapely.geometry.mapping(rounded))
