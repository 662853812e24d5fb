"""An extraction in the terms of those who mark messages: places of three types, one party, districts named in full."""

from collections.abc import Mapping, Sequence
from typing import Final

from core.types import Area, AreaKind, Extraction, MentionKind, RelationKind
from extraction.evaluation.gold import PlaceType
from extraction.relations import PARTY_SURE

__all__ = ["PLACE_TYPES", "accused", "districts_named", "overlap", "places_found"]

# What the readers call a kind of ours; they have no type for a crossing, an estate or an address.
PLACE_TYPES: Final[Mapping[MentionKind, PlaceType]] = {
    MentionKind.DISTRICT: "district",
    MentionKind.ROAD: "road",
    MentionKind.CROSSING: "road",
    MentionKind.ESTATE: "poi",
    MentionKind.POI: "poi",
    MentionKind.ADDRESS: "poi",
}
_FULL_NAME_ENDS: Final = ("区", "县", "市", "District", "County", "City")  # "岳麓" alone is also a mountain


def places_found(extraction: Extraction) -> dict[str, PlaceType]:
    """The distinct names of places, in the text's order, each with the type it has where it stands first."""
    found: dict[str, PlaceType] = {}
    for mention in extraction.mentions:
        if mention.kind in PLACE_TYPES:
            found.setdefault(mention.text, PLACE_TYPES[mention.kind])
    return found


def accused(extraction: Extraction) -> str | None:
    """What the surest party that is complained about is called, None where none is sure enough to be the report's."""
    against = [
        one
        for one in extraction.relations
        if one.kind is RelationKind.REPORTED_AGAINST and one.confidence >= PARTY_SURE
    ]
    surest = max(against, key=lambda one: one.confidence, default=None)  # the first of equals
    return extraction.organizations.get(surest.target) if surest else None


def districts_named(areas: Sequence[Area], text: str) -> set[str]:
    """Ids of the districts whose full name, or a full name among their aliases ("A3区"), stands in a text."""
    return {
        area.id
        for area in areas
        if area.kind is AreaKind.DISTRICT
        and any(name in text for name in (area.name_zh, area.name_en, *area.aliases) if name.endswith(_FULL_NAME_ENDS))
    }


def overlap(one: str, other: str) -> bool:
    """Whether one name holds the other."""
    return one in other or other in one
