"""The report's maps as inline SVG: the city by district, and the incidents with the crews' ways close up."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Final, cast

import numpy as np
from markupsafe import Markup, escape
from shapely import Point as Geometry
from shapely import box, from_geojson, make_valid

from core.types import Area, Language, Point

__all__ = ["COLOURS", "Frame", "Mark", "Route", "city_map", "detail_map", "frame_of_areas", "frame_of_points", "symbol"]

COLOURS: Final = {"littering": "#b7791f", "noise": "#6b46c1", "obstruction": "#c53030", "other": "#4a5568"}
_STEPS: Final = ("#f4f1ea", "#e3e8ee", "#c5d3e0", "#9db6cc", "#7397b5")
_LEAST_SPAN: Final = 0.02  # degrees: a map of one point is not a map of one house
_APART: Final = 0.8  # pixels between drawn vertices of a border


@dataclass(frozen=True, slots=True)
class Mark:
    """An incident on the map. size: symbol radius, pixels; title: what hovering says."""

    point: Point
    top: str
    assigned: bool
    size: float
    title: str


@dataclass(frozen=True, slots=True)
class Route:
    """A crew's way: its base, then its jobs in order."""

    base: Point
    stops: Sequence[Point]
    title: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A window on the map, degrees to pixels by a local equirectangular projection."""

    west: float
    south: float
    east: float
    north: float
    width: float
    height: float

    def xy(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Pixels from the top left."""
        return (
            (longitude - self.west) / (self.east - self.west) * self.width,
            (self.north - latitude) / (self.north - self.south) * self.height,
        )

    def holds(self, point: Point) -> bool:
        """Whether the point lies in the window."""
        return self.west <= point.longitude <= self.east and self.south <= point.latitude <= self.north


def frame_of_areas(areas: Sequence[Area], width: float) -> Frame:
    """The window that holds all areas, as high as their shape needs."""
    points = [point for area in areas for ring in _rings(area) for point in ring]
    points += [(area.centroid.longitude, area.centroid.latitude) for area in areas]
    array = np.array(points or [(0.0, 0.0)])
    west, south = array.min(axis=0) - _LEAST_SPAN
    east, north = array.max(axis=0) + _LEAST_SPAN
    height = width * (north - south) / ((east - west) * cos(radians((north + south) / 2)))
    return Frame(float(west), float(south), float(east), float(north), width, float(height))


def frame_of_points(points: Sequence[Point], width: float, height: float) -> Frame:
    """The window around the middle 92 % of the points, in the shape width × height; far ones may lie outside."""
    array = np.array([(point.longitude, point.latitude) for point in points] or [(0.0, 0.0)])
    (west, south), (east, north) = np.quantile(array, 0.04, axis=0), np.quantile(array, 0.96, axis=0)
    middle_x, middle_y = float(west + east) / 2, float(south + north) / 2
    shrink = cos(radians(middle_y))
    span_y = max(_LEAST_SPAN, float(north - south) * 1.16, float(east - west) * 1.16 * shrink * height / width)
    span_x = span_y * width / height / shrink
    return Frame(
        middle_x - span_x / 2, middle_y - span_y / 2, middle_x + span_x / 2, middle_y + span_y / 2, width, height
    )


def city_map(
    areas: Sequence[Area], counts: Mapping[str, int], language: Language, inner: Frame | None, width: float
) -> Markup:
    """Districts shaded and labelled by their count; `inner` is drawn as the window of the close-up."""
    frame = frame_of_areas(areas, width)
    most = max(counts.values(), default=0)
    parts: list[str] = []
    for area in areas:
        count = counts.get(area.id, 0)
        step = 0 if not count else 1 + min(3, int(4 * (count - 1) / max(1, most)))
        name = escape(_name(area, language))
        parts.append(
            f'<path d="{_path(area, frame)}" fill="{_STEPS[step]}" class="border"><title>{name}: {count}</title></path>'
        )
    if inner is not None:
        (left, top), (right, bottom) = frame.xy(inner.west, inner.north), frame.xy(inner.east, inner.south)
        parts.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}" class="window"/>'
        )
    taken: list[tuple[float, float]] = []
    for area in sorted(areas, key=lambda one: -counts.get(one.id, 0)):
        x, y = frame.xy(area.centroid.longitude, area.centroid.latitude)
        if any(abs(x - other_x) < 26 and abs(y - other_y) < 15 for other_x, other_y in taken):  # noqa: PLR2004 - label size
            continue
        taken.append((x, y))
        parts.append(f'<text x="{x:.1f}" y="{y + 4:.1f}" class="count">{counts.get(area.id, 0)}</text>')
    return _svg(frame, parts)


def detail_map(
    areas: Sequence[Area], marks: Sequence[Mark], routes: Sequence[Route], language: Language, frame: Frame
) -> Markup:
    """Borders, the crews' ways and bases, and the incidents: filled where assigned, hollow where left out."""
    parts = [f'<path d="{_path(area, frame)}" class="land"/>' for area in areas]
    parts += [_route(route, frame) for route in routes]
    parts += [_base(route, frame) for route in routes if frame.holds(route.base)]
    for mark in sorted(marks, key=lambda one: (one.assigned, one.size)):
        if frame.holds(mark.point):
            x, y = frame.xy(mark.point.longitude, mark.point.latitude)
            parts.append(symbol(mark.top, x, y, mark.size, filled=mark.assigned, title=mark.title))
    for area in areas:
        spot = _label_spot(area, frame)
        if spot is not None:
            x, y = frame.xy(*spot)
            parts.append(f'<text x="{x:.1f}" y="{y:.1f}" class="place">{escape(_name(area, language))}</text>')
    return _svg(frame, parts)


def symbol(top: str, x: float, y: float, size: float, *, filled: bool, title: str = "") -> str:
    """A category's symbol: a shape and a colour of its own, so that it can be told apart without colours."""
    colour = COLOURS.get(top, COLOURS["other"])
    solid, hollow = (
        f'fill="{colour}" stroke="#fff" stroke-width="0.7"',
        f'fill="#fff" stroke="{colour}" stroke-width="1.4"',
    )
    paint = solid if filled else hollow + ' fill-opacity="0.75"'
    inside = f"<title>{escape(title)}</title>" if title else ""
    match top:
        case "littering":
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" {paint}>{inside}</circle>'
        case "noise":
            corners = ((0.0, -1.2), (1.1, 0.8), (-1.1, 0.8))
        case "obstruction":
            corners = ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9))
        case _:
            corners = ((0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0))
    points = " ".join(f"{x + right * size:.1f},{y + down * size:.1f}" for right, down in corners)
    return f'<polygon points="{points}" {paint}>{inside}</polygon>'


def _route(route: Route, frame: Frame) -> str:
    way = " ".join(
        f"{x:.1f},{y:.1f}" for x, y in (frame.xy(one.longitude, one.latitude) for one in (route.base, *route.stops))
    )
    return f'<polyline points="{way}" class="way"><title>{escape(route.title)}</title></polyline>'


def _base(route: Route, frame: Frame) -> str:
    x, y = frame.xy(route.base.longitude, route.base.latitude)
    return f'<path d="M{x - 4:.1f} {y:.1f}h8M{x:.1f} {y - 4:.1f}v8" class="base"><title>{escape(route.title)}</title></path>'


def _path(area: Area, frame: Frame) -> str:
    return "".join(_ring(ring, frame) for ring in _rings(area))


def _ring(ring: Iterable[tuple[float, float]], frame: Frame) -> str:
    kept: list[tuple[float, float]] = []
    for longitude, latitude in ring:
        x, y = frame.xy(longitude, latitude)
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= _APART:
            kept.append((x, y))
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept) + "Z" if len(kept) > 2 else ""  # noqa: PLR2004 - a ring needs three


def _rings(area: Area) -> list[list[tuple[float, float]]]:
    if area.geometry is None:
        return []
    geometry = cast("dict[str, Any]", json.loads(area.geometry))
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[(float(one[0]), float(one[1])) for one in ring] for polygon in polygons for ring in polygon]


def _label_spot(area: Area, frame: Frame) -> tuple[float, float] | None:
    """Where the name of an area stands: inside the part that the window shows, away from its edges."""
    margin_x, margin_y = (frame.east - frame.west) * 0.07, (frame.north - frame.south) * 0.05
    window = box(frame.west + margin_x, frame.south + margin_y, frame.east - margin_x, frame.north - margin_y)
    if area.geometry is None:
        return (area.centroid.longitude, area.centroid.latitude) if window.contains(_point(area.centroid)) else None
    seen = make_valid(from_geojson(area.geometry)).intersection(window)
    if seen.is_empty or seen.area < 0.01 * window.area:
        return None
    middle = seen.centroid if seen.contains(seen.centroid) else seen.representative_point()
    return middle.x, middle.y


def _point(point: Point) -> Geometry:
    return Geometry(point.longitude, point.latitude)


def _name(area: Area, language: Language) -> str:
    return area.name_zh if language == "zh" else area.name_en


def _svg(frame: Frame, parts: Sequence[str]) -> Markup:
    inside = "".join(parts)
    return Markup(f'<svg viewBox="0 0 {frame.width:.0f} {frame.height:.0f}" role="img">{inside}</svg>')  # noqa: S704 - built here, texts escaped
