"""Which area holds a point: districts, subdistricts and grid cells by their polygons, for many points at once."""

from collections.abc import Sequence
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
        grid_districts = [_district_of(area, parents) for area in layers[AreaKind.GRID]]
        self._grid_districts: Ids = np.array([*grid_districts, None], dtype=object)

    def locate(self, longitudes: ArrayLike, latitudes: ArrayLike) -> tuple[Ids, Ids]:
        """The district and the grid cell of each point.

        longitudes, latitudes: WGS 84 degrees, shape (n,). Points that are no numbers lie nowhere.
        Returns two arrays of ids, shape (n,), None where there is none.
        """
        points = _points(longitudes, latitudes)
        cells = self._grid.holders(points)
        districts: Ids = self._grid_districts[cells]
        loose = np.flatnonzero(districts == None)  # noqa: E711 - element by element
        districts[loose] = self._districts.ids[self._districts.holders(points.take(loose))]
        return districts, self._grid.ids[cells]

    def subdistricts(self, longitudes: ArrayLike, latitudes: ArrayLike) -> Ids:
        """The subdistrict of each point, None where no polygon is known; shape (n,)."""
        return self._subdistricts.ids[self._subdistricts.holders(_points(longitudes, latitudes))]

    def cities(self, longitudes: ArrayLike, latitudes: ArrayLike) -> Ids:
        """The city's id for each point within its outline, None outside; shape (n,)."""
        return self._city.ids[self._city.holders(_points(longitudes, latitudes))]


class _Layer:
    """Polygons of one level. `ids` holds None at its end, so that -1 (nowhere) indexes it."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self.ids: Ids = np.array([*(area.id for area in areas), None], dtype=object)
        self._shapes: NDArray[np.object_] = np.array([_shape(area) for area in areas], dtype=object)
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    def holders(self, points: "_Points") -> NDArray[np.intp]:
        """The position of the first polygon that holds each point, -1 where none does; shape (n,)."""
        holder = np.full(len(points.x), len(self._shapes), dtype=np.intp)
        if len(self._shapes):
            # The tree gives candidates by bounding box, prepared polygons decide: 3× faster than its predicate.
            at, shapes = self._tree.query(points.shapes)
            held: NDArray[np.bool_] = shapely.intersects_xy(self._shapes[shapes], points.x[at], points.y[at])
            np.minimum.at(holder, at[held], shapes[held])
        holder[holder == len(self._shapes)] = _NOWHERE
        return holder


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


def _district_of(area: Area, areas: dict[str, Area]) -> str | None:
    parent = areas.get(area.parent) if area.parent else None
    while parent and parent.kind is not AreaKind.DISTRICT:
        parent = areas.get(parent.parent) if parent.parent else None
    return parent.id if parent else None
