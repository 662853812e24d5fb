"""Points to districts and grid cells."""

from time import perf_counter

import numpy as np
import shapely

from benchmarks.bench import COMMAND, Bench, Row, demo_city, one_core
from extraction.area_index import AreaIndex

__all__ = ["run"]

_POINTS = 500_000
_TARGET = 500_000  # points a second


def run(_bench: Bench) -> list[Row]:
    """District and grid cell of random points, on one core; the best of three."""
    city = demo_city()
    index = AreaIndex(city.areas)
    polygons = [shapely.from_geojson(area.geometry) for area in city.areas if area.geometry]
    west, south, east, north = shapely.total_bounds(polygons)
    random = np.random.default_rng(0)
    x, y = random.uniform(west, east, _POINTS), random.uniform(south, north, _POINTS)
    seconds: list[float] = []
    with one_core():
        for _ in range(3):
            began = perf_counter()
            index.locate(x, y)
            seconds.append(perf_counter() - began)
    rate = _POINTS / min(seconds)
    return [
        Row(
            "district and grid cell of points",
            f"≥ {_TARGET:,} points/s",
            f"{rate:,.0f} points/s",
            f"{_POINTS:,} points, {len(polygons):,} polygons, one core",
            f"{COMMAND} --only geography",
            rate >= _TARGET,
        )
    ]
