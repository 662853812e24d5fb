"""The gazetteer: every name the city knows, found in a text; of names that overlap the longest.

All names are looked for at once (Aho–Corasick), so a search costs the length of the text, whatever the number of names.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ahocorasick_rs import AhoCorasick, Implementation

from core.types import Area, AreaKind, MentionKind, Place, PlaceKind
from extraction.candidate import Candidate, without_overlaps
from extraction.fold import STREET_WORDS, fold, has_chinese, normalised, read
from extraction.numerals import NUMERALS, spellings

__all__ = ["GAZETTEER_SOURCE", "Gazetteer"]

GAZETTEER_SOURCE: Final = "gazetteer@2"
_Bearers = tuple[MentionKind, tuple[str, ...]]  # the first one's kind, the ids of all
_SHORTEST: Final = 2  # one character names nothing
_CONFIDENCE: Final = 0.97
_SPELLING_CONFIDENCE: Final = 0.9  # of a spelling that no file of the city holds
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
_NUMBERED: Final = re.compile(f"[0-9{NUMERALS}]")
# 二十二中 is not 十二中, nor is 3.12中; 统一中 is no school.
_BEFORE_NUMBER: Final = re.compile(f"[-0-9.:/{NUMERALS}第统唯之单同每高初大小周期]")
_SCHOOL: Final = re.compile(f"(?:[0-9]+|[{NUMERALS}]+)中")
_AFTER_SCHOOL: Final = re.compile("[午心间国下旬途部央年等型队介文层秋期断止医药餐毒奖标招考班式]")  # 12中午, 一中心


@dataclass(frozen=True, slots=True)
class _Name:
    """A spelling and all that bear it. targets: ids of areas or places; own: whether a file of the city holds it."""

    text: str
    kind: MentionKind
    targets: tuple[str, ...]
    own: bool

    @property
    def confidence(self) -> float:
        """How sure it is that this spelling means its target."""
        if len(self.targets) > 1:
            return _SHARED_CONFIDENCE
        return _CONFIDENCE if self.own else _SPELLING_CONFIDENCE


class Gazetteer:
    """Names of areas (city, districts, subdistricts; grid cells have none that people use) and of places, zh and en.

    It also knows how such names are spelled otherwise: traditional characters, accents, "St" for "Street" (`read`),
    digits for Chinese numbers and the short names of numbered schools (`spellings`).
    """

    def __init__(self, areas: Iterable[Area], places: Iterable[Place]) -> None:
        own: dict[str, _Bearers] = {}
        self._verbatim: dict[
            str, set[str]
        ] = {}  # names of one street word, e.g. "Court": their short forms name nothing
        for names, kind, identifier in _rows(areas, places):
            bearer = (kind, (identifier,))
            for name in names:
                spelled = normalised(name)
                if len(spelled) >= _SHORTEST:
                    text = read(spelled).text
                    _add(own, text, bearer)
                    if text in STREET_WORDS:
                        self._verbatim.setdefault(text, set()).add(spelled)
        self._names = _names(own)
        patterns = (name.text for name in self._names)
        self._finder = AhoCorasick(patterns, implementation=Implementation.ContiguousNFA, store_patterns=False)

    def find(self, text: str) -> list[Candidate]:
        """The city's names in this text, longest first where they overlap, in the order of the text."""
        reading = read(text)
        found: list[Candidate] = []
        for index, start, end in self._finder.find_matches_as_indexes(reading.text, overlapping=True):
            name = self._names[index]
            if _stands_alone(reading.text, name, start):
                begin = reading.starts[start] if reading.starts else start
                stop = reading.ends[end] if reading.ends else end
                verbatim = self._verbatim.get(name.text)
                if verbatim is None or fold(text[begin:stop]) in verbatim:
                    found.append(Candidate(begin, stop, name.kind, name.confidence, GAZETTEER_SOURCE, name.targets))
        return without_overlaps(found) if len(found) > 1 else found


def _rows(areas: Iterable[Area], places: Iterable[Place]) -> Iterator[tuple[tuple[str, ...], MentionKind, str]]:
    for area in areas:
        if area.kind is not AreaKind.GRID:
            yield (area.name_zh, area.name_en, *area.aliases), MentionKind.DISTRICT, area.id
    for place in places:
        yield (place.name_zh, place.name_en, *place.aliases), _KIND[place.kind], place.id


def _names(own: dict[str, _Bearers]) -> list[_Name]:
    """The city's own names and their further spellings, each with all its bearers: those of their own name first."""
    further: dict[str, _Bearers] = {}
    for text, bearers in own.items():
        for spelling in spellings(text):
            _add(further, spelling, bearers)
    names = [_Name(text, kind, targets, own=True) for text, (kind, targets) in own.items() if text not in further]
    for text, bearers in further.items():
        known = text in own
        if known:
            _add(own, text, bearers)
        kind, targets = own[text] if known else bearers
        names.append(_Name(text, kind, targets, known))
    return names


def _add(bearers: dict[str, _Bearers], text: str, more: _Bearers) -> None:
    known = bearers.get(text)
    if known is None:
        bearers[text] = more
    elif more[1][0] not in known[1] or len(more[1]) > 1:
        bearers[text] = (known[0], tuple(dict.fromkeys((*known[1], *more[1]))))


def _stands_alone(text: str, name: _Name, start: int) -> bool:
    """Whether a match cuts through no Latin word or number, and no longer Chinese name that only begins like it."""
    end = start + len(name.text)
    if _joined(text, start) or _joined(text, end):
        return False
    if not name.own:
        return _numbered_alone(text, name.text, start)
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


def _numbered_alone(text: str, name: str, start: int) -> bool:
    """Whether a further spelling stands alone: it must not begin within a number, nor a school's end within a word."""
    if _NUMBERED.match(name) and _BEFORE_NUMBER.match(text, max(start - 1, 0), start):
        return False
    return not (_SCHOOL.fullmatch(name) and _AFTER_SCHOOL.match(text, start + len(name)))


def _joined(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    return all(_LATIN.match(c) and not has_chinese(c) for c in (left, right))
