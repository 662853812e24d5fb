"""How an extraction is kept on a Report, and read back: lists as JSON text, the surest time as two instants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter

from core.types import Extraction, Link, Mention, Occasion, PlaceChoice

__all__ = ["Kept", "kept", "properties"]

_MENTIONS: Final = TypeAdapter(tuple[Mention, ...])
_LINKS: Final = TypeAdapter(tuple[Link, ...])
_OCCASIONS: Final = TypeAdapter(tuple[Occasion, ...])
_CHOICES: Final = TypeAdapter(tuple[PlaceChoice, ...])


@dataclass(frozen=True, slots=True)
class Kept:
    """What a stored report says of its extraction beside its place.

    Reports stored by an earlier version have mentions alone; the rest is None and empty.
    """

    mentions: tuple[Mention, ...]
    links: tuple[Link, ...]
    occasions: tuple[Occasion, ...]
    choices: tuple[PlaceChoice, ...]
    happened_from: datetime | None
    happened_to: datetime | None
    contradicted: str | None


def properties(extraction: Extraction) -> dict[str, Any]:
    """The properties of an extraction as the store keeps them."""
    when = _surest(extraction.occasions)
    return {
        "mentions": _MENTIONS.dump_json(extraction.mentions).decode(),
        "links": _LINKS.dump_json(extraction.links).decode(),
        "occasions": _OCCASIONS.dump_json(extraction.occasions).decode(),
        "choices": _CHOICES.dump_json(extraction.choices).decode(),
        "happened_from": when.start if when else None,
        "happened_to": when.end if when else None,
        "location_contradicted": extraction.location.contradicted,
    }


def kept(report: dict[str, Any]) -> Kept:
    """Read the properties of a Report."""
    return Kept(
        mentions=_MENTIONS.validate_json(report["mentions"]),
        links=_LINKS.validate_json(report.get("links") or "[]"),
        occasions=_OCCASIONS.validate_json(report.get("occasions") or "[]"),
        choices=_CHOICES.validate_json(report.get("choices") or "[]"),
        happened_from=report.get("happened_from"),
        happened_to=report.get("happened_to"),
        contradicted=report.get("location_contradicted"),
    )


def _surest(occasions: Sequence[Occasion]) -> Occasion | None:
    """The surest time with a beginning or an end; of equally sure ones the first told."""
    known = [one for one in occasions if one.start or one.end]
    return max(known, key=lambda one: one.confidence, default=None)
