"""A candidate: words that one component takes for a name, before the components are reconciled."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.types import MentionKind, Role

__all__ = ["Candidate", "without_overlaps"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that one component takes for a name.

    start, end: character offsets into the text, end exclusive. source: component@version.
    targets: ids of all areas or places of that name, empty where the city knows none.
    rank: breaks ties of length, low wins. guess: it only looks like a name. seen: by the trained tagger. role: the part it plays,
    where the tagger told.
    """

    start: int
    end: int
    kind: MentionKind
    confidence: float
    source: str
    targets: tuple[str, ...] = ()
    rank: int = 0
    guess: bool = False
    seen: bool = False
    role: Role | None = None


def without_overlaps(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The longest candidates, none overlapping another, in text order; ties go to the lower rank, then the earlier."""
    taken: list[Candidate] = []
    occupied: set[int] = set()
    for candidate in sorted(candidates, key=lambda c: (c.start - c.end, c.rank, c.start, c.kind)):
        span = range(candidate.start, candidate.end)
        if candidate.end > candidate.start and occupied.isdisjoint(span):
            occupied.update(span)
            taken.append(candidate)
    return sorted(taken, key=lambda c: c.start)
