"""How well what was found agrees with what was wanted: precision, recall, F1, and how far chance may have moved the last."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Agreement", "Tally", "agreement"]

_ROUNDS: Final = 2000
_CHUNK: Final = 200  # rounds drawn at once: 200 × 3,000 texts of 8 bytes are 5 MB


class Tally(NamedTuple):
    """Counts of one text. right: of those found; met: of those wanted; the two differ where a part of a name counts."""

    right: int
    found: int
    met: int
    wanted: int

    @classmethod
    def of(cls, found: AbstractSet[object], wanted: AbstractSet[object]) -> "Tally":
        """What is in both sets is right."""
        hits = len(found & wanted)
        return cls(hits, len(found), hits, len(wanted))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Figures in [0, 1] over all texts together (micro). interval: 95 % of F1, texts drawn with replacement."""

    precision: float
    recall: float
    f1: float
    interval: tuple[float, float]
    found: int
    wanted: int


def agreement(tallies: Sequence[Tally], *, seed: int = 0) -> Agreement:
    """The figures of some texts; the same for the same seed. A share of nothing is 0.

    Source of the interval: percentile bootstrap, Efron & Tibshirani 1993, ch. 13.
    """
    counts = np.array(tallies, dtype=np.int64).reshape(-1, 4)
    precision, recall, f1 = (float(value[0]) for value in _figures(counts.sum(axis=0, keepdims=True)))
    _, found, _, wanted = counts.sum(axis=0).tolist()
    return Agreement(precision, recall, f1, _interval(counts, seed), found, wanted)


def _figures(sums: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.float64], ...]:
    """Precision, recall and F1 of rows of sums (rounds, 4)."""
    right, found, met, wanted = sums.T
    precision, recall = right / np.maximum(found, 1), met / np.maximum(wanted, 1)
    return precision, recall, 2 * precision * recall / np.maximum(precision + recall, 1e-12)


def _interval(counts: npt.NDArray[np.int64], seed: int) -> tuple[float, float]:
    if not len(counts):
        return 0.0, 0.0
    generator = np.random.default_rng(seed)
    even = np.full(len(counts), 1 / len(counts))
    drawn = [generator.multinomial(len(counts), even, size=_CHUNK) @ counts for _ in range(_ROUNDS // _CHUNK)]
    low, high = np.percentile(_figures(np.concatenate(drawn))[2], [2.5, 97.5])
    return float(low), float(high)
