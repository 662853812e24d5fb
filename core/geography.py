"""The city's geography as everybody here sees it: points, areas, places. Coordinates are WGS 84 (EPSG:4326) degrees."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["Area", "AreaKind", "Place", "PlaceKind", "Point", "metres_between"]

_EARTH_RADIUS: Final = 6_371_008.8  # metres, mean radius, IUGG


@dataclass(frozen=True, slots=True)
class Point:
    """A position, WGS 84 degrees."""

    longitude: float
    latitude: float


class AreaKind(StrEnum):
    """Levels of the city's geography."""

    CITY = "city"
    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"
    GRID = "grid"


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the city. geometry: GeoJSON geometry as a string, WGS 84; None for areas known as a point only."""

    id: str
    kind: AreaKind
    name_zh: str
    name_en: str
    centroid: Point
    area_m2: float
    parent: str | None = None
    population: int | None = None
    geometry: str | None = None
    aliases: tuple[str, ...] = ()


class PlaceKind(StrEnum):
    """What kind of place it is."""

    ROAD = "road"
    ESTATE = "estate"
    FACILITY = "facility"
    POI = "poi"


@dataclass(frozen=True, slots=True)
class Place:
    """A named place. sensitive: "school", "hospital", "elderly_care", "kindergarten" or None."""

    id: str
    name_zh: str
    name_en: str
    kind: PlaceKind
    location: Point
    area: str  # district id
    aliases: tuple[str, ...] = ()
    sensitive: str | None = None


def metres_between(first: Point, second: Point) -> float:
    """Great-circle distance in metres (haversine; Sinnott 1984)."""
    north = math.radians(second.latitude - first.latitude) / 2
    east = math.radians(second.longitude - first.longitude) / 2
    along = math.cos(math.radians(first.latitude)) * math.cos(math.radians(second.latitude))
    return 2 * _EARTH_RADIUS * math.asin(min(1.0, math.sqrt(math.sin(north) ** 2 + along * math.sin(east) ** 2)))
