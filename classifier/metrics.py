"""Figures of merit, on plain arrays: labels are class numbers (n,), probabilities (n, classes), rows sum to 1."""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = [
    "accuracy",
    "bootstrap_interval",
    "calibration_error",
    "confusion",
    "coverage_risk",
    "fit_temperature",
    "fit_threshold",
    "macro_f1",
    "mcnemar",
    "per_class",
]

Labels = npt.NDArray[np.int64]
Probabilities = npt.NDArray[np.float64]

_BINS: Final = 10
_TEMPERATURES: Final = np.geomspace(0.25, 8.0, 161)
_THRESHOLDS: Final = np.linspace(0.0, 0.95, 96)


def accuracy(truth: Labels, guess: Labels) -> float:
    """Share of guesses that are right."""
    return float((truth == guess).mean())


def confusion(truth: Labels, guess: Labels, classes: int) -> npt.NDArray[np.int64]:
    """Counts, shape (classes, classes): rows are the truth, columns the guess."""
    table = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(table, (truth, guess), 1)
    return table


def per_class(truth: Labels, guess: Labels, classes: int) -> npt.NDArray[np.float64]:
    """Precision, recall, F1 and support of each class, shape (classes, 4); 0 where nothing was guessed or true."""
    table = confusion(truth, guess, classes)
    hits = np.diag(table).astype(np.float64)
    guessed, true = table.sum(axis=0), table.sum(axis=1)
    precision = hits / np.maximum(guessed, 1)
    recall = hits / np.maximum(true, 1)
    f1 = 2 * hits / np.maximum(guessed + true, 1)
    return np.stack([precision, recall, f1, true.astype(np.float64)], axis=1)


def macro_f1(truth: Labels, guess: Labels, classes: int) -> float:
    """Mean F1 of the classes that occur in truth or guess."""
    table = confusion(truth, guess, classes)
    occurring = (table.sum(axis=0) + table.sum(axis=1)) > 0
    return float(per_class(truth, guess, classes)[occurring, 2].mean())


def bootstrap_interval(
    truth: Labels, guess: Labels, classes: int, *, rounds: int = 2000, seed: int = 0
) -> tuple[float, float]:
    """95 % percentile interval of macro-F1, rows drawn with replacement within each true class."""
    generator = np.random.default_rng(seed)
    groups = [np.flatnonzero(truth == label) for label in range(classes) if (truth == label).any()]
    values: list[float] = []
    for _ in range(rounds):
        rows = np.concatenate([generator.choice(group, size=group.size) for group in groups])
        values.append(macro_f1(truth[rows], guess[rows], classes))
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def calibration_error(truth: Labels, probabilities: Probabilities) -> float:
    """Expected calibration error over ten bins of confidence (Guo et al. 2017): mean gap of confidence and accuracy."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    bins = np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)
    gaps = [
        abs(float(right[bins == b].mean()) - float(confidence[bins == b].mean())) * float((bins == b).mean())
        for b in range(_BINS)
        if (bins == b).any()
    ]
    return float(sum(gaps))


def coverage_risk(truth: Labels, probabilities: Probabilities, threshold: float) -> tuple[float, float]:
    """Share of rows answered at a threshold, and share of these that are wrong (0 where none is answered)."""
    answered = probabilities.max(axis=1) >= threshold
    if not answered.any():
        return 0.0, 0.0
    wrong = probabilities.argmax(axis=1)[answered] != truth[answered]
    return float(answered.mean()), float(wrong.mean())


def fit_temperature(truth: Labels, logits: npt.NDArray[np.float64]) -> float:
    """The temperature with least negative log-likelihood on held-out rows (Guo et al. 2017)."""
    losses: list[float] = []
    for temperature in _TEMPERATURES:
        scaled = logits / temperature
        top = scaled.max(axis=1, keepdims=True)
        partition = np.log(np.exp(scaled - top).sum(axis=1)) + top[:, 0]
        losses.append(float((partition - scaled[np.arange(truth.size), truth]).mean()))
    return float(_TEMPERATURES[int(np.argmin(losses))])


def fit_threshold(truth: Labels, probabilities: Probabilities, *, risk: float = 0.05, coverage: float = 0.85) -> float:
    """The lowest threshold whose answers err at most at the given risk, but answering at least the given share of rows."""
    best = 0.0
    for threshold in _THRESHOLDS:
        covered, erred = coverage_risk(truth, probabilities, float(threshold))
        if covered < coverage:
            break
        best = float(threshold)
        if erred <= risk:
            break
    return best


def mcnemar(truth: Labels, first: Labels, second: Labels) -> float:
    """Two-sided exact p that two classifiers err equally often on the same rows (McNemar 1947, binomial form)."""
    only_first = int(((first == truth) & (second != truth)).sum())
    only_second = int(((second == truth) & (first != truth)).sum())
    discordant = only_first + only_second
    if discordant == 0:
        return 1.0
    tail = sum(math.comb(discordant, k) for k in range(min(only_first, only_second) + 1))
    return min(1.0, 2.0 * tail / 2.0**discordant)
