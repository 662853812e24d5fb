"""Which area holds a point: districts, subdistricts and grid cells by their polygons, for many points at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from core.errors import BadGeometry
from core.types import Area, AreaKind

__all__ = ["AreaIndex", "Ids"]

Ids: TypeAlias = NDArray[np.object_]
_POLYGONS: Final = {"Polygon", "MultiPolygon"}
_NOWHERE: Final = -1


class AreaIndex:
    """The city's polygons, indexed. A border belongs to the area given first."""

    def __init__(self, areas: Sequence[Area]) -> None:
        layers = {kind: [area for area in areas if area.kind is kind and area.geometry] for kind in AreaKind}
        parents = {area.id: area for area in areas}
        self._city = _Layer(layers[AreaKind.CITY])
        self._districts = _Layer(layers[AreaKind.DISTRICT])
        self._subdistricts = _Layer(layers[AreaKind.SUBDISTRICT])
        self._grid = _Layer(layers[AreaKind.GRID])
        grid = layers[AreaKind.GRID]
        self._grid_districts = _ids(_holder(area, AreaKind.DISTRICT, parents) for area in grid)
        self._grid_subdistricts = _ids(self._subdistricts.sole_holders(self._grid))
        self._grid_cities = _ids(_holder(area, AreaKind.CITY, parents) for area in grid)

    def locate(self, longitudes: ArrayLike, latitudes: ArrayLike) -> tuple[Ids, Ids]:
        """The district and the grid cell of each point.

        longitudes, latitudes: WGS 84 degrees, shape (n,). Points that are no numbers lie nowhere.
        Returns two arrays of ids, shape (n,), None where there is none.
        """
        points = _points(longitudes, latitudes)
        cells = self._grid.holders(points)
        return _filled(self._grid_districts[cells], self._districts, points), self._grid.ids[cells]

    def levels(self, longitudes: ArrayLike, latitudes: ArrayLike) -> tuple[Ids, Ids, Ids, Ids]:
        """City, district, subdistrict and grid cell of each point, as `locate`; four arrays of ids, shape (n,)."""
        points = _points(longitudes, latitudes)
        cells = self._grid.holders(points)
        return (
            _filled(self._grid_cities[cells], self._city, points),
            _filled(self._grid_districts[cells], self._districts, points),
            _filled(self._grid_subdistricts[cells], self._subdistricts, points),
            self._grid.ids[cells],
        )

    def subdistricts(self, longitudes: ArrayLike, latitudes: ArrayLike) -> Ids:
        """The subdistrict of each point, None where no polygon is known; shape (n,)."""
        return self._subdistricts.ids[self._subdistricts.holders(_points(longitudes, latitudes))]

    def cities(self, longitudes: ArrayLike, latitudes: ArrayLike) -> Ids:
        """The city's id for each point within its outline, None outside; shape (n,)."""
        return self._city.ids[self._city.holders(_points(longitudes, latitudes))]


class _Layer:
    """Polygons of one level."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self.ids = _ids(area.id for area in areas)
        self.shapes: NDArray[np.object_] = np.array([_shape(area) for area in areas], dtype=object)
        shapely.prepare(self.shapes)
        self._tree = shapely.STRtree(self.shapes)

    def holders(self, points: "_Points") -> NDArray[np.intp]:
        """The position of the first polygon that holds each point, -1 where none does; shape (n,)."""
        holder = np.full(len(points.x), len(self.shapes), dtype=np.intp)
        if len(self.shapes):
            # The tree gives candidates by bounding box, prepared polygons decide: 3× faster than its predicate.
            at, shapes = self._tree.query(points.shapes)
            held: NDArray[np.bool_] = shapely.intersects_xy(self.shapes[shapes], points.x[at], points.y[at])
            np.minimum.at(holder, at[held], shapes[held])
        holder[holder == len(self.shapes)] = _NOWHERE
        return holder

    def sole_holders(self, other: "_Layer") -> list[str | None]:
        """For each polygon of the other layer the id of the one here that holds all of it, if no second one touches it."""
        holders: list[str | None] = [None] * len(other.shapes)
        if len(self.shapes) and len(other.shapes):
            inner, outer = self._tree.query(other.shapes, predicate="intersects")
            touched = np.bincount(inner, minlength=len(holders))
            alone = touched[inner] == 1
            inner, outer = inner[alone], outer[alone]
            held: NDArray[np.bool_] = shapely.covers(self.shapes[outer], other.shapes[inner])
            for at, by in zip(inner[held], outer[held], strict=True):
                holders[at] = self.ids[by]
        return holders


@dataclass(frozen=True, slots=True)
class _Points:
    """Points as coordinates and as shapely's points; making the latter is half of the work, so it is done once."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    shapes: NDArray[np.object_]

    def take(self, at: NDArray[np.intp]) -> "_Points":
        return _Points(self.x[at], self.y[at], self.shapes[at])


def _points(longitudes: ArrayLike, latitudes: ArrayLike) -> _Points:
    x = np.atleast_1d(np.asarray(longitudes, dtype=np.float64))
    y = np.atleast_1d(np.asarray(latitudes, dtype=np.float64))
    wrong = ~(np.isfinite(x) & np.isfinite(y))
    x, y = np.where(wrong, np.inf, x), np.where(wrong, np.inf, y)
    return _Points(x, y, np.asarray(shapely.points(x, y), dtype=object))


def _shape(area: Area) -> Any:  # noqa: ANN401 - shapely's own type for arrays
    try:
        shape = shapely.from_geojson(area.geometry)
    except shapely.GEOSException as error:
        raise BadGeometry(f"area {area.id}: geometry", area.geometry, "GeoJSON of a polygon") from error
    if shape is None or shape.is_empty or shape.geom_type not in _POLYGONS:
        raise BadGeometry(f"area {area.id}: geometry", area.geometry, "GeoJSON of a polygon")
    return shape


def _filled(ids: Ids, layer: _Layer, points: _Points) -> Ids:
    """What the grid cells told, and for points in none what the layer's own polygons tell."""
    loose = np.flatnonzero(ids == None)  # noqa: E711 - element by element
    ids[loose] = layer.ids[layer.holders(points.take(loose))]
    return ids


def _ids(ids: Iterable[str | None]) -> Ids:
    """Ids with a None at the end, so that -1 (nowhere) indexes it."""
    return np.array([*ids, None], dtype=object)


def _holder(area: Area, kind: AreaKind, areas: dict[str, Area]) -> str | None:
    parent = areas.get(area.parent) if area.parent else None
    while parent and parent.kind is not kind:
        parent = areas.get(parent.parent) if parent.parent else None
    return parent.id if parent else None
