"""An extraction in the terms of those who mark messages: places of three types, one party, districts named in full."""

from collections.abc import Mapping, Sequence
from typing import Final

from core.types import Area, AreaKind, Extraction, LinkKind, MentionKind, RelationKind
from extraction.evaluation.gold import PlaceType

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
_PARTIES: Final = frozenset({MentionKind.ORGANIZATION, MentionKind.PERSON})
_FULL_NAME_ENDS: Final = ("区", "县", "市", "District", "County", "City")  # "岳麓" alone is also a mountain


def places_found(extraction: Extraction) -> dict[str, PlaceType]:
    """The distinct names of places, in the text's order, each with the type it has where it stands first."""
    found: dict[str, PlaceType] = {}
    for mention in extraction.mentions:
        if mention.kind in PLACE_TYPES:
            found.setdefault(mention.text, PLACE_TYPES[mention.kind])
    return found


def accused(extraction: Extraction) -> str | None:
    """The words for the surest party that is complained about, None where nobody is."""
    against = [one for one in extraction.relations if one.kind is RelationKind.REPORTED_AGAINST]
    if against:
        surest = max(against, key=lambda one: one.confidence)  # the first of equals
        if surest.mention is not None:
            return extraction.mentions[surest.mention].text
        return extraction.organizations.get(surest.target)
    causes = [
        one
        for one in extraction.links
        if one.kind is LinkKind.CAUSED_BY and not one.negated and extraction.mentions[one.tail].kind in _PARTIES
    ]
    return extraction.mentions[max(causes, key=lambda one: one.confidence).tail].text if causes else None


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
