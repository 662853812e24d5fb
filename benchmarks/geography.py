"""Points to districts, subdistricts and grid cells; the names of a report to places."""

from collections.abc import Sequence
from dataclasses import replace
from time import process_time

import numpy as np
import shapely

from benchmarks.bench import COMMAND, Bench, Row, demo_city, demo_reports, one_core
from core.types import Area, AreaKind
from extraction.area_index import AreaIndex
from extraction.choices import Chooser
from extraction.geocode import Geocoder
from extraction.name_index import NameIndex
from extraction.pipeline import Pipeline

__all__ = ["run"]

_POINTS = 500_000
_TARGET = 500_000  # points a second
_CHOICE_TARGET = 0.5  # milliseconds a report


def run(_bench: Bench) -> list[Row]:
    """Both, in CPU time of one core, so that what else runs does not count."""
    return [_points(), _choices()]


def _points() -> Row:
    """District, subdistrict and grid cell of random points; the best of three."""
    areas = [*_drawn(demo_city().areas), *(a for a in demo_city().areas if a.kind is not AreaKind.SUBDISTRICT)]
    index = AreaIndex(areas)
    polygons = [shapely.from_geojson(area.geometry) for area in areas if area.geometry]
    west, south, east, north = shapely.total_bounds(polygons)
    random = np.random.default_rng(0)
    x, y = random.uniform(west, east, _POINTS), random.uniform(south, north, _POINTS)
    seconds: list[float] = []
    with one_core():
        for _ in range(3):
            began = process_time()
            index.levels(x, y)
            seconds.append(process_time() - began)
    rate = _POINTS / min(seconds)
    return Row(
        "district, subdistrict and grid cell of points",
        f"≥ {_TARGET:,} points/s",
        f"{rate:,.0f} points/s",
        f"{_POINTS:,} points, {len(polygons):,} polygons, one core",
        f"{COMMAND} --only geography",
        rate >= _TARGET,
    )


def _choices() -> Row:
    """What the names in each of the demo's reports mean and where it happened, each name looked up anew."""
    city, reports = demo_city(), demo_reports()
    read = Pipeline(city.areas, city.places).extract(reports)
    found = [[replace(mention, target=None) for mention in extraction.mentions] for extraction in read]
    geocoder = Geocoder(city.areas, city.places, AreaIndex(city.areas))
    chooser = Chooser(NameIndex(city.areas, city.places), geocoder)
    milliseconds: list[float] = []
    with one_core():
        for report, mentions in zip(reports, found, strict=True):
            began = process_time()
            choices = chooser.choose(report.full_text, mentions, point=report.location)
            geocoder.resolve(report.full_text, mentions, choices, point=report.location)
            milliseconds.append((process_time() - began) * 1e3)
    median, high = np.percentile(milliseconds, [50, 95])
    return Row(
        "places chosen for a report's names",
        f"≤ {_CHOICE_TARGET} ms (median)",
        f"{median:.2f} ms, p95 {high:.2f} ms",
        f"{len(reports):,} reports, {len(city.places):,} places, one core",
        f"{COMMAND} --only geography",
        bool(median <= _CHOICE_TARGET),
    )


def _drawn(areas: Sequence[Area]) -> list[Area]:
    """The subdistricts, which the demo knows by their seats only, with polygons: all ground that is nearest to a seat."""
    drawn: list[Area] = []
    for district in (area for area in areas if area.kind is AreaKind.DISTRICT):
        outline = shapely.from_geojson(district.geometry)
        seats = [area for area in areas if area.kind is AreaKind.SUBDISTRICT and area.parent == district.id]
        points = [shapely.Point(area.centroid.longitude, area.centroid.latitude) for area in seats]
        cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=outline))
        for area, point in zip(seats, points, strict=True):
            ground = next(shapely.intersection(cell, outline) for cell in cells if shapely.intersects(cell, point))
            drawn.append(replace(area, geometry=shapely.to_geojson(ground)))
    return drawn
