"""One rule for what several components say of the same characters.

1. Names of places take along the phase, block, building and room that follow them, roads their house number or 口.
2. What is guessed by its form stays where the tagger, if there is one, bears it out. In Chinese, where a form tells little of where
   a name begins, it must see the very same words, and estates and facilities must play a part in the trouble; of organisations, and
   in English, it must take the characters for a name (mean support of 0.3).
3. Chinese names side by side that the tagger sees as one are one (0.6), but for an area that says what it is: "A3区", "黄花镇".
4. Names the city knows, times, and guesses that are left: the longest wins; ties go to the lower rank, then the earlier.
5. What only the tagger saw is added where it is sure and the characters are free, but for Chinese places: there it needs a second
   witness. Where the characters are not free, it tells what is there which part it plays.
6. A name found once in a message is found wherever it stands in it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from core.extraction import NAME_KINDS, PLACE_KINDS
from core.types import MentionKind
from extraction.candidate import Candidate, without_overlaps
from extraction.fold import has_chinese

__all__ = ["reconcile"]

_SUPPORTED: Final = 0.3
_ONE_NAME: Final = 0.6
_SURE: Final = 0.5  # of what is no place
_SURE_OF_A_PLACE: Final = 0.85
_SURE_OF_A_FIRM: Final = 0.9  # in Chinese
_SHORTEST_REPEATED: Final = 3  # characters of a name that is looked for again
_BUILT: Final = frozenset({MentionKind.ESTATE, MentionKind.POI})
_N: Final = "[0-9０-９一二三四五六七八九十]{1,4}"
_BUILDING: Final = re.compile(
    f"(?:第?{_N}期)?(?:[A-Za-z][0-9]?区|[东南西北]区)?(?:{_N}批)?"
    f"(?:[A-Za-z]?{_N}(?:[、,，]{_N}){{0,4}}(?:栋|幢|座|号楼)|[A-Za-z]{{1,2}}(?:栋|座))?(?:[A-Za-z]座)?(?:{_N}单元)?(?:{_N}室)?"
)
_HOUSE: Final = re.compile(r"[0-9０-９]{1,5}(?:[-－][0-9０-９]{1,5})?号(?![线楼])")
_CORNER: Final = re.compile("口(?![子径味岸])")
# An area of a masked city before the name of what lies in it: "A3区|桐梓坡路"; but A市大道, A1区南路 and A3区实验中学 are names.
_MASKED: Final = re.compile(r"[A-Z][0-9]{0,2}[市区县](?=..)")
_LEVEL: Final = re.compile("[市区县镇乡村]$|街道$|社区$")
_JOINED: Final = re.compile(
    "[东南西北中]|大道|[路街]|第?[一二三四五六七八九十]+[中小]|第[一二三四五六七八九十]|实验|人民|中心|政府|华庭|[\u4e00-\u9fff]{0,3}[局委办]"
)


def reconcile(
    text: str, candidates: Sequence[Candidate], support: npt.NDArray[np.float64] | None = None
) -> list[Candidate]:
    """The candidates that stay, none overlapping another, in the order of the text.

    support: the tagger's, a probability a character; None: there is no tagger.
    """
    given = [_with_tail(one, text) for one in candidates if not one.seen]
    seen = [_with_tail(part, text) for one in candidates if one.seen for part in _parted(one, text)]
    told = [one for one in given if support is None or not one.guess or _borne_out(one, seen, support, text)]
    kept = without_overlaps([*told, *(one for one in seen if _joins(one, told, text))])
    kept = [_with_role(one, seen) for one in kept]
    kept += _free((one for one in seen if _sure(one, text)), kept)
    kept += _free(_repeated(kept, text), kept)
    return sorted(kept, key=lambda one: one.start)


def _borne_out(guess: Candidate, seen: Sequence[Candidate], support: npt.NDArray[np.float64], text: str) -> bool:
    if guess.kind is not MentionKind.ORGANIZATION and has_chinese(text[guess.start : guess.end]):
        same = next((one for one in seen if (one.start, one.end) == (guess.start, guess.end)), None)
        return same is not None and (guess.kind not in _BUILT or same.role is not None)
    return float(support[guess.start : guess.end].mean()) >= _SUPPORTED


def _joins(seen: Candidate, told: Sequence[Candidate], text: str) -> bool:
    """Whether the tagger sees as one what others only found pieces of."""
    if seen.kind not in PLACE_KINDS or seen.confidence < _ONE_NAME or not has_chinese(text[seen.start : seen.end]):
        return False
    inside = [one for one in told if seen.start <= one.start and one.end <= seen.end and one.kind in NAME_KINDS]
    whole = any(one.start == seen.start and one.end == seen.end for one in inside)
    return bool(inside) and not whole and not any(_LEVEL.search(text, one.start, one.end) for one in inside)


def _sure(one: Candidate, text: str) -> bool:
    chinese = has_chinese(text[one.start : one.end])
    if one.kind in PLACE_KINDS:
        return one.confidence >= _SURE_OF_A_PLACE and not chinese
    return one.confidence >= (_SURE_OF_A_FIRM if chinese and one.kind is MentionKind.ORGANIZATION else _SURE)


def _with_tail(one: Candidate, text: str) -> Candidate:
    """The candidate with the building or house number that follows it; a road and 口 are a crossing."""
    if one.kind is MentionKind.ROAD and _CORNER.match(text, one.end) and has_chinese(text[one.start : one.end]):
        return replace(one, end=one.end + 1, kind=MentionKind.CROSSING)
    tail = _BUILDING if one.kind in _BUILT else _HOUSE if one.kind is MentionKind.ROAD else None
    match = tail.match(text, one.end) if tail else None
    if match is None or match.end() == one.end:
        return one
    kind = MentionKind.ADDRESS if one.kind is MentionKind.ROAD else one.kind
    return replace(one, end=match.end(), kind=kind)


def _parted(one: Candidate, text: str) -> list[Candidate]:
    """What the tagger ran together: the masked areas at the beginning of a name, and the name."""
    parts: list[Candidate] = []
    while one.kind in PLACE_KINDS:
        area = _MASKED.match(text, one.start, one.end)
        if area is None or _JOINED.match(text, area.end()):
            break
        parts.append(replace(one, end=area.end(), kind=MentionKind.DISTRICT, role=None))
        one = replace(one, start=area.end())
    return [*parts, one]


def _with_role(one: Candidate, seen: Sequence[Candidate]) -> Candidate:
    """The candidate with the role of what the tagger saw on most of its characters."""
    over = [(min(one.end, s.end) - max(one.start, s.start), s.confidence, s) for s in seen if s.role is not None]
    widest = max(over, default=None, key=lambda row: row[:2])
    return one if widest is None or widest[0] <= 0 else replace(one, role=widest[2].role)


def _free(more: Iterable[Candidate], kept: Sequence[Candidate]) -> list[Candidate]:
    """Those of further candidates that overlap nothing kept, nor one another: the longest first."""
    taken = {at for one in kept for at in range(one.start, one.end)}
    return without_overlaps(one for one in more if taken.isdisjoint(range(one.start, one.end)))


def _repeated(kept: Sequence[Candidate], text: str) -> list[Candidate]:
    """Further occurrences of the names kept."""
    names = {
        text[one.start : one.end]: one
        for one in reversed(kept)
        if one.kind in PLACE_KINDS or one.kind is MentionKind.ORGANIZATION
    }
    return [
        replace(one, start=match.start(), end=match.end())
        for name, one in names.items()
        if len(name) >= _SHORTEST_REPEATED
        for match in re.finditer(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text)
    ]
