"""Names exchanged for others of their kind, so that the tagger learns what surrounds a name, not the name."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from core.extraction import NAME_KINDS
from core.types import Language, MentionKind
from extraction.tagging.corpus import Mark, Marked

__all__ = ["Swap"]

_NAMES: Final = NAME_KINDS | {MentionKind.PERSON}
_CROSSED: Final = 0.25  # of the new names, how many are put together of two
_ENCLOSED: Final = 0.25  # of the Chinese names that get what they lie in put before them
_LIES_IN: Final[Mapping[MentionKind, tuple[tuple[MentionKind, ...], ...]]] = {
    MentionKind.ROAD: ((MentionKind.DISTRICT,), (MentionKind.DISTRICT, MentionKind.DISTRICT)),
    MentionKind.ESTATE: (
        (MentionKind.DISTRICT,),
        (MentionKind.ROAD,),
        (MentionKind.DISTRICT, MentionKind.ROAD),
        (MentionKind.DISTRICT, MentionKind.DISTRICT),
    ),
    MentionKind.POI: ((MentionKind.DISTRICT,), (MentionKind.ROAD,), (MentionKind.DISTRICT, MentionKind.ROAD)),
    MentionKind.ADDRESS: ((MentionKind.DISTRICT,),),
}
_SHOUTED: Final = 0.05  # of English texts
_SMALL: Final = 0.15
_CUT: Final = 3  # characters, or 2 words, that a name put together of two must have
_SLIPPED: Final = 0.25  # of English texts
_SLIP_RATE: Final = 0.05  # of the letters outside mentions in such a text: a mistyped word is no name


class Swap:
    """Exchanges the names of texts; a name that stands twice in a text is exchanged alike."""

    def __init__(self, texts: Sequence[Marked], language: Language) -> None:
        pools: dict[MentionKind, set[str]] = defaultdict(set)
        for one in texts:
            for mark in one.marks:
                if mark.kind in _NAMES:
                    pools[mark.kind].add(one.text[mark.start : mark.end])
        self._pools: Mapping[MentionKind, list[str]] = {kind: sorted(names) for kind, names in pools.items()}
        self._language = language

    def __call__(self, text: Marked, share: float, generator: random.Random) -> Marked:
        """The text, with this probability its names exchanged; English now and then mistyped or in one case."""
        changed = self._exchanged(text, generator) if generator.random() < share else text
        if self._language == "en":
            if generator.random() < _SLIPPED:
                changed = _slipped(changed, generator)
            drawn = generator.random()
            if drawn < _SHOUTED + _SMALL:
                said = changed.text.upper() if drawn < _SHOUTED else changed.text.lower()
                return replace(changed, text=said) if len(said) == len(changed.text) else changed
        return changed

    def _exchanged(self, text: Marked, generator: random.Random) -> Marked:
        chosen: dict[str, str] = {}
        pieces: list[str] = []
        marks: list[Mark] = []
        done = length = 0
        for mark in text.marks:
            name = text.text[mark.start : mark.end]
            if mark.kind in _NAMES and name not in chosen:
                chosen[name] = self._other(name, mark.kind, generator)
            new = chosen.get(name, name)
            length += mark.start - done
            pieces.append(text.text[done : mark.start])
            for kind in self._enclosing(mark, marks, length, generator):
                area = generator.choice(self._pools[kind])
                marks.append(Mark(length, length + len(area), kind))
                pieces.append(area)
                length += len(area)
            marks.append(replace(mark, start=length, end=length + len(new)))
            pieces.append(new)
            done, length = mark.end, length + len(new)
        return replace(text, text="".join((*pieces, text.text[done:])), marks=tuple(marks))

    def _enclosing(
        self, mark: Mark, before: Sequence[Mark], at: int, generator: random.Random
    ) -> tuple[MentionKind, ...]:
        """What to put right before a Chinese name, as letters to a city do: the area or the road it lies in, or both."""
        lies_in = _LIES_IN.get(mark.kind)
        if (
            self._language == "en"
            or lies_in is None
            or (before and before[-1].end == at)
            or generator.random() > _ENCLOSED
        ):
            return ()
        return tuple(kind for kind in generator.choice(lies_in) if self._pools.get(kind))

    def _other(self, name: str, kind: MentionKind, generator: random.Random) -> str:
        pool = self._pools[kind]
        new = generator.choice(pool)
        if generator.random() < _CROSSED:
            new = self._crossed(new, generator.choice(pool))
        return new.lower() if name.islower() else new

    def _crossed(self, one: str, other: str) -> str:
        """The beginning of one name with the end of another."""
        if self._language == "en":
            words, rest = one.split(" "), other.split(" ")
            return " ".join((words[0], *rest[1:])) if len(words) > 1 and len(rest) > 1 else one
        if len(one) < _CUT or len(other) < _CUT:
            return one
        return one[: len(one) // 2] + other[len(other) // 2 :]


def _slipped(text: Marked, generator: random.Random) -> Marked:
    """The text with letters outside its mentions exchanged with the next, as a hasty hand does; lengths stay."""
    letters = list(text.text)
    inside = {at for mark in text.marks for at in range(mark.start - 1, mark.end + 1)}
    for at in range(len(letters) - 1):
        free = at not in inside and at + 1 not in inside
        if free and letters[at].isalpha() and letters[at + 1].isalnum() and generator.random() < _SLIP_RATE:
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return replace(text, text="".join(letters))
