"""Figures of merit, on plain arrays: labels are class numbers (n,), probabilities (n, classes), rows sum to 1."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support, roc_auc_score

__all__ = [
    "accuracy",
    "accuracy_at",
    "auroc",
    "bootstrap_interval",
    "calibration_error",
    "confusion",
    "fit_limit",
    "fit_temperature",
    "fit_thresholds",
    "macro_f1",
    "mcnemar",
    "per_class",
    "reliability",
    "risk_coverage",
    "risk_coverage_area",
]

Labels = npt.NDArray[np.int64]
Probabilities = npt.NDArray[np.float64]

_BINS: Final = 10
_TEMPERATURES: Final = np.geomspace(0.25, 8.0, 161)
_THRESHOLDS: Final = np.linspace(0.0, 0.95, 96)
_LIMITS: Final = np.linspace(0.05, 0.95, 91)


def accuracy(truth: Labels, guess: Labels) -> float:
    """Share of guesses that are right."""
    return float((truth == guess).mean())


def confusion(truth: Labels, guess: Labels, classes: int) -> npt.NDArray[np.int64]:
    """Counts, shape (classes, classes): rows are the truth, columns the guess."""
    return np.asarray(confusion_matrix(truth, guess, labels=range(classes)), dtype=np.int64)


def per_class(truth: Labels, guess: Labels, classes: int) -> npt.NDArray[np.float64]:
    """Precision, recall, F1 and support of each class, shape (classes, 4); 0 where nothing was guessed or true."""
    table = precision_recall_fscore_support(
        truth,
        guess,
        labels=range(classes),
        zero_division=0,  # pyright: ignore[reportArgumentType] - its stub knows only "warn"
    )
    return np.stack([np.asarray(column, dtype=np.float64) for column in table], axis=1)


def macro_f1(truth: Labels, guess: Labels, classes: int) -> float:
    """Mean F1 of the classes that occur in truth or guess; counted here, not by scikit-learn, for thousands of bootstrap rounds."""
    hits = np.bincount(truth[truth == guess], minlength=classes)
    both = np.bincount(truth, minlength=classes) + np.bincount(guess, minlength=classes)
    return float((2 * hits[both > 0] / both[both > 0]).mean())


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
    return sum(abs(said - was) * rows for said, was, rows in reliability(truth, probabilities)) / truth.size


def reliability(truth: Labels, probabilities: Probabilities) -> list[tuple[float, float, int]]:
    """Mean confidence, accuracy and rows of each bin of calibration_error that holds any."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    bins = np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)
    return [
        (float(confidence[bins == b].mean()), float(right[bins == b].mean()), int((bins == b).sum()))
        for b in range(_BINS)
        if (bins == b).any()
    ]


def risk_coverage(truth: Labels, probabilities: Probabilities) -> npt.NDArray[np.float64]:
    """Share wrong among the k most confident rows, for k = 1 … n, shape (n,); ties in the order of the rows."""
    order = np.argsort(-probabilities.max(axis=1), kind="stable")
    wrong = (probabilities.argmax(axis=1) != truth)[order]
    return np.cumsum(wrong) / np.arange(1, truth.size + 1)


def risk_coverage_area(truth: Labels, probabilities: Probabilities) -> float:
    """Mean of the risk-coverage curve (AURC; Geifman & El-Yaniv 2017): 0 without errors, low where they come last."""
    return float(risk_coverage(truth, probabilities).mean())


def accuracy_at(truth: Labels, probabilities: Probabilities, coverage: float) -> float:
    """Share right among the most confident rows, as many as the coverage says."""
    return 1.0 - float(risk_coverage(truth, probabilities)[max(1, round(coverage * truth.size)) - 1])


def fit_temperature(truth: Labels, logits: npt.NDArray[np.float64]) -> float:
    """The temperature with least negative log-likelihood on held-out rows (Guo et al. 2017)."""
    losses: list[float] = []
    for temperature in _TEMPERATURES:
        scaled = logits / temperature
        top = scaled.max(axis=1, keepdims=True)
        partition = np.log(np.exp(scaled - top).sum(axis=1)) + top[:, 0]
        losses.append(float((partition - scaled[np.arange(truth.size), truth]).mean()))
    return float(_TEMPERATURES[int(np.argmin(losses))])


def fit_thresholds(
    truth: Labels,
    probabilities: Probabilities,
    labels: Sequence[str],
    weights: npt.NDArray[np.float64],
    *,
    risk: float = 0.05,
    coverage: float = 0.75,
) -> dict[str, float]:
    """For each class, the lowest threshold at which answers of this class err at most at the given risk.

    weights: how much each row counts, (n,): where classes are as frequent elsewhere as they are here, 1. At least the given share
    of the rows that get this answer stay answered. 0 where no row gets it.
    """
    guess = probabilities.argmax(axis=1)
    wrong, confidence = guess != truth, probabilities.max(axis=1)
    return {
        label: _threshold(wrong[guess == number], confidence[guess == number], weights[guess == number], risk, coverage)
        for number, label in enumerate(labels)
    }


def _threshold(
    wrong: npt.NDArray[np.bool_],
    confidence: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    risk: float,
    coverage: float,
) -> float:
    best = 0.0
    for threshold in _THRESHOLDS if wrong.size else ():
        answered = confidence >= threshold
        if weights[answered].sum() < coverage * weights.sum():
            break
        best = float(threshold)
        if weights[answered & wrong].sum() <= risk * weights[answered].sum():
            break
    return best


def fit_limit(scores: Sequence[float], truth: Sequence[bool]) -> tuple[float, float]:
    """The probability from which to say yes for the best F1, between 0.05 and 0.95, and that F1; 0.5 and 0 without a true one."""
    given, true = np.asarray(scores), np.asarray(truth, dtype=bool)
    best = (0.5, 0.0)
    for limit in _LIMITS if true.any() else ():
        said = given >= limit
        f1 = 2.0 * float((said & true).sum()) / float(said.sum() + true.sum())
        if f1 > best[1]:
            best = (float(limit), f1)
    return best


def auroc(higher: Probabilities, lower: Probabilities) -> float:
    """Probability that a score of the first kind is above one of the second; ties count half (Mann-Whitney)."""
    return float(roc_auc_score([1] * len(higher) + [0] * len(lower), np.concatenate([higher, lower])))


def mcnemar(truth: Labels, first: Labels, second: Labels) -> float:
    """Two-sided exact p that two classifiers err equally often on the same rows (McNemar 1947, binomial form)."""
    only_first = int(((first == truth) & (second != truth)).sum())
    only_second = int(((second == truth) & (first != truth)).sum())
    discordant = only_first + only_second
    if discordant == 0:
        return 1.0
    tail = sum(math.comb(discordant, k) for k in range(min(only_first, only_second) + 1))
    return min(1.0, 2.0 * tail / 2.0**discordant)
