"""How well mentions found agree with mentions marked: precision, recall, F1 by kind, exact spans."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Score", "scores"]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of exact spans: hits, found, wanted."""

    hits: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        """Share of those found that were wanted; 0 where none was found."""
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of those wanted that were found; 0 where none was wanted."""
        return self.hits / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.hits / (self.found + self.wanted) if self.found + self.wanted else 0.0


def scores(pairs: Iterable[tuple[Iterable[tuple[str, object]], Iterable[tuple[str, object]]]]) -> dict[str, Score]:
    """Scores by kind, and of all together under "all", over texts.

    pairs: for each text what was found and what was wanted, as (kind, what identifies it within the text).
    """
    hits, found, wanted = Counter[str](), Counter[str](), Counter[str]()
    for one, other in pairs:
        mine, truth = set(one), set(other)
        for counter, items in ((hits, mine & truth), (found, mine), (wanted, truth)):
            counter.update(kind for kind, _ in items)
            counter["all"] += len(items)
    return {kind: Score(hits[kind], found[kind], wanted[kind]) for kind in sorted(found | wanted | Counter({"all": 1}))}
