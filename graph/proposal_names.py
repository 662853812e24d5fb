"""Names that reports use and the city does not know: which count, and under which key two spellings are one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from core.types import Mention, MentionKind, PlaceChoice, Point, Role, UnderstoodReport
from extraction.fold import name_key
from extraction.gazetteer import GAZETTEER_SOURCE
from extraction.generic_words import is_generic
from extraction.short_names import Shortener

__all__ = ["PROPOSED_KINDS", "Naming", "UnknownName", "namings", "place_key", "unknown_names"]

# Areas are administrative: their names come with their boundaries, from the city's files. An address is a spot, not a name.
PROPOSED_KINDS: Final = frozenset({MentionKind.ROAD, MentionKind.ESTATE, MentionKind.POI, MentionKind.CROSSING})
_SHORTEST, _LONGEST = 2, 64  # characters of a key
_REMEMBERED: Final = 8192  # names
_ESTATE: Final = "小区"  # what estates end with or not
_STEM: Final = 3  # characters that name an estate without it: 丽发新城, not 沁园
_BY_COORDINATES: Final = "coordinates"  # how `Location.method` calls a report's own ones
_SHORTENER: Final = Shortener({})


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name as a report uses it. key: what its spellings share; spelling: the words of it without building, gate or room.

    start, end: offsets of all its words in `Report.full_text`, end exclusive.
    """

    kind: MentionKind
    key: str
    spelling: str
    start: int
    end: int
    text: str
    confidence: float
    role: Role | None

    @property
    def proposal(self) -> str:
        """The id of its proposal."""
        return f"{self.kind.value}:{self.key}"


@dataclass(frozen=True, slots=True)
class Naming:
    """A report as far as it tells of unknown names. point: its own coordinates, where they lie where it says it happened."""

    report: str
    reported_at: datetime
    district: str | None
    point: Point | None
    names: tuple[UnknownName, ...]


def namings(batch: Sequence[UnderstoodReport]) -> list[Naming]:
    """The reports of a batch that use names the city does not know, in its order."""
    found: list[Naming] = []
    for understood in batch:
        names = tuple(unknown_names(understood.extraction.mentions, understood.extraction.choices))
        if names:
            report, location = understood.report, understood.extraction.location
            own = location.method == _BY_COORDINATES and not location.outside and location.contradicted is None
            found.append(
                Naming(report.id, report.reported_at, location.district, location.point if own else None, names)
            )
    return found


def unknown_names(mentions: Sequence[Mention], choices: Iterable[PlaceChoice] = ()) -> Iterator[UnknownName]:
    """The names among these mentions that mean nothing in the city.

    A name that several places of the city bear is known, though left open; generic words (小区门口, "the park") are no names.
    """
    considered = _considered(choices)
    for index, mention in enumerate(mentions):
        if mention.target is not None or mention.kind not in PROPOSED_KINDS or _is_gazetteers(mention.source):
            continue
        key, spelling = place_key(mention.text, mention.kind)
        if not _SHORTEST <= len(key) <= _LONGEST or is_generic(key) or key in considered.get(index, ()):
            continue
        yield UnknownName(
            mention.kind, key, spelling, mention.start, mention.end, mention.text, mention.confidence, mention.role
        )


@lru_cache(maxsize=_REMEMBERED)
def place_key(name: str, kind: MentionKind) -> tuple[str, str]:
    """The key of the place that a name means, and the words of the name that have this key.

    What is behind the place (building, phase, gate, 附近) is dropped: 沁园小区3栋 and 沁园小区 are one; a crossing keeps its 口.
    丽发新城 and 丽发新城小区 have one key too, but are two spellings.
    """
    whole = name_key(name)
    place = whole if kind is MentionKind.CROSSING else _SHORTENER.forms(whole)[1].text
    spelling = name if place == whole else next((words for words in _parts(name) if name_key(words) == place), place)
    stem = place.removesuffix(_ESTATE)
    named = kind is MentionKind.ESTATE and len(stem) >= _STEM and not is_generic(stem)
    return stem if named else place, " ".join(spelling.split())


def _parts(name: str) -> Iterator[str]:
    """The parts of a name, longest first: without what is behind, then without its first word too."""
    first, _, rest = name.partition(" ")
    for words in (name, rest) if rest else (first,):
        yield from (words[:end] for end in range(min(len(words), 4 * _LONGEST), 0, -1))


def _considered(choices: Iterable[PlaceChoice]) -> Mapping[int, frozenset[str]]:
    """Keys of the city's names that each mention was compared with."""
    return {
        choice.mention: frozenset(name_key(one.name) for one in choice.considered)
        for choice in choices
        if choice.mention is not None and choice.considered
    }


def _is_gazetteers(source: str) -> bool:
    """Whether the city's own list of names found it, in whichever version."""
    return source.partition("@")[0] == GAZETTEER_SOURCE.partition("@")[0]
