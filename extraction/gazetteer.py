"""The gazetteer: every name the city knows, found in a text by longest match."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.types import Area, AreaKind, MentionKind, Place, PlaceKind
from extraction.candidate import Candidate, without_overlaps
from extraction.fold import fold, has_chinese, normalised

__all__ = ["GAZETTEER_SOURCE", "Gazetteer", "Name"]

GAZETTEER_SOURCE: Final = "gazetteer@1"
_SHORTEST = 2  # one character names nothing
_CONFIDENCE: Final = 0.97
_SHARED_CONFIDENCE: Final = 0.7  # several things bear this name
_KIND: Final = {
    PlaceKind.ROAD: MentionKind.ROAD,
    PlaceKind.ESTATE: MentionKind.ESTATE,
    PlaceKind.FACILITY: MentionKind.POI,
    PlaceKind.POI: MentionKind.POI,
}
_CODE: Final = re.compile(r"[a-z]\d{1,2}")
_BUILDING: Final = re.compile(
    "[栋座幢号楼单期馆门口排高-]|地块|级|类|型"
)  # "A1" is an area's masked name, "A1栋" is none
_LONGER: Final = re.compile("[河坡桥亭阁门]")  # 浏阳 is a city, 浏阳河 a river elsewhere; 望城坡 is not in 望城
_LATIN: Final = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Name:
    """A name and all that bear it. targets: ids of areas or places."""

    text: str
    kind: MentionKind
    targets: tuple[str, ...]


class Gazetteer:
    """Names of areas (city, districts, subdistricts; grid cells have none that people use) and of places, zh and en."""

    def __init__(self, areas: Iterable[Area], places: Iterable[Place]) -> None:
        bearers: dict[str, tuple[MentionKind, list[str]]] = {}
        for area in areas:
            if area.kind is not AreaKind.GRID:
                _add(bearers, (area.name_zh, area.name_en, *area.aliases), MentionKind.DISTRICT, area.id)
        for place in places:
            _add(bearers, (place.name_zh, place.name_en, *place.aliases), _KIND[place.kind], place.id)
        self._by_head: dict[str, list[Name]] = {}
        for text, (kind, targets) in sorted(bearers.items(), key=lambda row: (-len(row[0]), row[0])):
            self._by_head.setdefault(text[:_SHORTEST], []).append(Name(text, kind, tuple(targets)))

    def find(self, text: str) -> list[Candidate]:
        """The city's names in this text, longest first where they overlap, in the order of the text."""
        folded = fold(text)
        found: list[Candidate] = []
        end = 0
        for start in range(len(folded) - _SHORTEST + 1):
            for name in self._by_head.get(folded[start : start + _SHORTEST], ()):
                if folded.startswith(name.text, start) and _stands_alone(folded, name, start):
                    if start + len(name.text) > end:
                        end = start + len(name.text)
                        found.append(_candidate(name, start))
                    break
        return without_overlaps(found)


def _add(
    bearers: dict[str, tuple[MentionKind, list[str]]], names: Sequence[str], kind: MentionKind, identifier: str
) -> None:
    for name in names:
        text = normalised(name)
        if len(text) >= _SHORTEST:
            _, targets = bearers.setdefault(text, (kind, []))
            if identifier not in targets:
                targets.append(identifier)


def _candidate(name: Name, start: int) -> Candidate:
    confidence = _CONFIDENCE if len(name.targets) == 1 else _SHARED_CONFIDENCE
    return Candidate(start, start + len(name.text), name.kind, confidence, GAZETTEER_SOURCE, name.targets)


def _stands_alone(text: str, name: Name, start: int) -> bool:
    """Whether a match cuts through no Latin word or number, and no longer Chinese name that only begins like it."""
    end = start + len(name.text)
    if _joined(text, start) or _joined(text, end):
        return False
    if name.kind is not MentionKind.DISTRICT:
        return True
    longer = (
        _LONGER
        if len(name.text) == _SHORTEST and has_chinese(name.text)
        else _BUILDING
        if _CODE.fullmatch(name.text)
        else None
    )
    return longer is None or longer.match(text, end) is None


def _joined(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    return all(_LATIN.match(c) and not has_chinese(c) for c in (left, right))
