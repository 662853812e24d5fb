"""Areas and places → rows of the statements that write them."""

from core.types import Area, Place
from graph.report_rows import Row

__all__ = ["area_row", "place_row"]


def area_row(area: Area) -> Row:
    """An area with its outline."""
    return {
        "id": area.id,
        "kind": area.kind.value,
        "name_zh": area.name_zh,
        "name_en": area.name_en,
        "longitude": area.centroid.longitude,
        "latitude": area.centroid.latitude,
        "area_m2": area.area_m2,
        "population": area.population,
        "geometry": area.geometry,
        "aliases": list(area.aliases),
        "parent": area.parent,
    }


def place_row(place: Place) -> Row:
    """A place, with the id of the district it lies in."""
    return {
        "id": place.id,
        "name_zh": place.name_zh,
        "name_en": place.name_en,
        "kind": place.kind.value,
        "aliases": list(place.aliases),
        "sensitive": place.sensitive,
        "district": place.area,
        "longitude": place.location.longitude,
        "latitude": place.location.latitude,
    }
