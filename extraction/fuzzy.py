"""Names that look or sound almost alike: candidates by the pieces they share, then measured one by one.

Pieces are pairs of syllables for Chinese, so that a wrong character that sounds right changes nothing, and three letters
for Latin script.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from extraction.fold import has_chinese
from extraction.generic_words import split_type
from extraction.sound import sounded

__all__ = ["NearNames", "likeness"]

_END: Final = "\n"  # between two names; letters beside it are a word's first and last
_ASCII: Final = 128
_POSTINGS: Final = 6_000  # looked at for one question: the rarest pieces first
_SOUND: Final = 0.6  # share of sound in how alike two Chinese names are
_OTHER_TYPE: Final = 0.8  # × 暮云大道 for 暮云新村
_NO_TYPE: Final = 0.85  # × where only one says its type: 月亮岛路 for 月亮岛
_OTHER_ORDER: Final = 0.95  # × "Lake Meixi" for "Meixi Lake"
_WITHIN: Final = (0.7, 0.25)  # one name within the other: the floor, and how much their lengths add
_WITHIN_LEAST: Final = (3, 6)  # characters such a name must have, Chinese and Latin
_NUMBER: Final = re.compile(r"\d+")
_DIRECTION: Final = re.compile(r"[东南西北中](?=[路街段区门站]|大道)|\b(?:[nsew]|[ns][ew]|middle)\b")


class NearNames:
    """Finds which of many keys share the rarest pieces with a text; a question looks at a bounded number of names."""

    def __init__(self, keys: Sequence[str]) -> None:
        joined = sounded(f"{_END}{_END.join(keys)}{_END}")
        characters = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)
        self._alphabet = np.unique(characters)
        self._names = len(keys)
        pieces, at = self._pieces(characters)
        owners = np.cumsum(characters == ord(_END))[at]  # a name's first piece may begin at the end before it
        pairs = np.unique(pieces * (self._names + 1) + owners - 1)
        self._owners = (pairs % (self._names + 1)).astype(np.int32)
        self._known, first = np.unique(pairs // (self._names + 1), return_index=True)
        self._first = np.append(first, len(pairs))
        self._sizes = np.bincount(self._owners, minlength=self._names)

    def near(self, text: str, count: int, allowed: NDArray[np.bool_]) -> list[int]:
        """Indexes of the keys most likely to be like this one, at most `count`, best first.

        allowed: which keys may be answered, shape (keys,).
        """
        characters = np.frombuffer(sounded(f"{_END}{text}{_END}").encode("utf-32-le"), dtype=np.uint32)
        characters = characters[np.isin(characters, self._alphabet)]
        pieces = np.unique(self._pieces(characters)[0])
        rows = np.searchsorted(self._known, pieces)
        rows = rows[rows < len(self._known)]
        rows = rows[np.isin(self._known[rows], pieces)]
        if not len(rows):
            return []
        found = self._first[rows + 1] - self._first[rows]
        order = np.argsort(found, kind="stable")
        enough = max(1, int(np.searchsorted(np.cumsum(found[order]), _POSTINGS, side="right")))
        chosen = order[:enough]
        weights = np.repeat(np.log1p(self._names / found[chosen]), found[chosen])
        owners = np.concatenate([self._owners[self._first[row] : self._first[row + 1]] for row in rows[chosen]])
        kept = allowed[owners]
        names, inverse = np.unique(owners[kept], return_inverse=True)
        scores = np.bincount(inverse, weights=weights[kept], minlength=len(names)) / np.sqrt(self._sizes[names] + 1)
        best = np.lexsort((names, -scores))[:count]
        return [int(name) for name in names[best]]

    def _pieces(self, characters: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The pieces in these characters as numbers, and where each begins: pairs with a Chinese character, else triples."""
        if len(characters) < 3:  # noqa: PLR2004 - a triple
            return np.empty(0, np.int64), np.empty(0, np.int64)
        width = len(self._alphabet)
        codes = np.searchsorted(self._alphabet, characters).astype(np.int64)
        latin, end = characters < _ASCII, characters == ord(_END)
        one, two, three = slice(None, -2), slice(1, -1), slice(2, None)
        pairs = np.flatnonzero(~end[one] & ~end[two] & ~(latin[one] & latin[two]))
        triples = np.flatnonzero(latin[one] & latin[two] & latin[three] & ~end[two])
        return (
            np.concatenate(
                (
                    codes[pairs] * width + codes[pairs + 1],
                    width**2 + (codes[triples] * width + codes[triples + 1]) * width + codes[triples + 2],
                )
            ),
            np.concatenate((pairs, triples)),
        )


def likeness(one: str, other: str) -> float:
    """How alike two keys are, in [0, 1]; 0 where they hold different numbers or directions.

    Optimal string alignment of their stems (without 路, 小区, "st"); for Chinese 0.4 × by characters + 0.6 × by sound.
    """
    for pattern in (_NUMBER, _DIRECTION):
        told, told_too = set(pattern.findall(one)), set(pattern.findall(other))
        if told and told_too and told != told_too:
            return 0.0
    (stem, kind), (stem_too, kind_too) = split_type(one), split_type(other)
    score = _alike(stem, stem_too)
    if kind != kind_too:
        score *= _OTHER_TYPE if kind and kind_too else _NO_TYPE
    if has_chinese(one) and sounded(one) == sounded(other):  # the wrong character may stand in the type: 丽法新成
        score = max(score, _SOUND + (1 - _SOUND) * OSA.normalized_similarity(one, other))
    return score


def _alike(one: str, other: str) -> float:
    written = OSA.normalized_similarity(one, other)
    zh = has_chinese(one) or has_chinese(other)
    if zh:
        written = (1 - _SOUND) * written + _SOUND * OSA.normalized_similarity(sounded(one), sounded(other))
    elif " " in one or " " in other:
        sorted_words = (" ".join(sorted(name.split(" "))) for name in (one, other))
        written = max(written, _OTHER_ORDER * OSA.normalized_similarity(*sorted_words))
    short, long = sorted((one, other), key=len)
    if len(short) >= _WITHIN_LEAST[not zh] and 2 * len(short) >= len(long) and short in long:
        floor, more = _WITHIN
        return max(written, floor + more * len(short) / len(long))
    return written
