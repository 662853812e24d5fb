"""From what a network says of families it has not seen: temperatures, thresholds and limits."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier import metrics
from classifier.batches import ABSENT, Row, row
from classifier.data import Example
from classifier.finetune import FineTuned
from classifier.outcome import find_evidence, sigmoid, within
from classifier.tokens import Tokens
from core.bert.softmax import softmax
from core.taxonomy import TOP_CLASSES

__all__ = ["Calibration", "calibrate"]

_ONE_OF: Final = ("urgency", "sentiment", "intent")
_EVIDENCE_LIMITS: Final = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
_LOWEST: Final = 0.2  # limit of "outside"
_KEPT: Final = 0.99  # share of true messages that the limit of "outside" lets pass


@dataclass(frozen=True, slots=True)
class Calibration:
    """How to read a network's numbers (see Manifest), and how good each head is on the dev texts."""

    temperatures: Mapping[str, float]
    thresholds: Mapping[str, float]
    limits: Mapping[str, float]
    figures: Mapping[str, float]


def calibrate(
    trained: FineTuned, dev: Sequence[Example], outside: Sequence[str], *, other_prior: float = 0.0
) -> Calibration:
    """Fit on the dev texts, which the network has not learnt, and on texts that are no messages to a city, held out too.

    other_prior: by how much the log-odds of "other" are higher where the model serves than here: thresholds are fitted with the
    probabilities moved and the rows weighted accordingly. The limits of further troubles and of evidence are fitted on one half of
    the families, their figures measured on the other.
    """
    rows = [row(one, trained.encoder, trained.heads) for one in dev]
    truth = _labels(rows, "top")
    logits = trained.head("top")
    other = trained.heads["top"].index("other")
    temperatures = {"top": metrics.fit_temperature(truth, logits)}
    served = logits + other_prior * temperatures["top"] * (np.arange(logits.shape[1]) == other)
    thresholds = metrics.fit_thresholds(
        truth, softmax(served, temperatures["top"]), TOP_CLASSES, np.where(truth == other, np.exp(other_prior), 1.0)
    )
    figures: dict[str, float] = {}
    temperatures["code"], figures["code_accuracy"] = _codes(trained, dev)
    for head in _ONE_OF:
        labels = _labels(rows, head)
        known = labels != ABSENT
        numbers = trained.head(head)[known]
        if known.any():
            temperatures[head] = metrics.fit_temperature(labels[known], numbers)
            figures[f"{head}_macro_f1"] = metrics.macro_f1(labels[known], numbers.argmax(axis=1), numbers.shape[1])
    fitted = np.array([zlib.crc32(one.family.encode()) % 2 == 0 for one in dev], dtype=bool)
    limits: dict[str, float] = {}
    limits["also"], figures["also_f1"] = _also(trained, dev, fitted)
    limits["evidence"], figures["evidence_f1"] = _evidence(trained, dev, fitted)
    inside = sigmoid(trained.head("outside"))[:, 0]
    limits["outside"] = max(_LOWEST, float(np.quantile(inside, _KEPT)))
    if outside:
        beyond = sigmoid(trained.head("outside", trained.say(outside)))[:, 0]
        figures["outside_auroc"] = metrics.auroc(beyond, inside)
        figures["outside_found"] = float((beyond >= limits["outside"]).mean())
    return Calibration(_rounded(temperatures), _rounded(thresholds), _rounded(limits), figures)


def _labels(rows: Sequence[Row], head: str) -> npt.NDArray[np.int64]:
    return np.array([one.one[head] for one in rows], dtype=np.int64)


def _codes(trained: FineTuned, dev: Sequence[Example]) -> tuple[float, float]:
    """Temperature of the sub-codes under each true top class (fitted on all together), and the share right there."""
    numbers, names = trained.head("code"), list(trained.heads["code"])
    logits = np.full_like(numbers, -1e4)
    for index, example in enumerate(dev):
        places = within(names, example.label)
        logits[index, places] = numbers[index, places]
    labels = np.array([names.index(one.code) for one in dev], dtype=np.int64)
    return metrics.fit_temperature(labels, logits), metrics.accuracy(labels, logits.argmax(axis=1))


def _also(trained: FineTuned, dev: Sequence[Example], fitted: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """The limit with the best F1 of further troubles on one half, the main class left aside, and its F1 on the other half."""
    chances = sigmoid(trained.head("troubles"))
    asked = [
        (bool(fitted[i]), float(chances[i, j]), label in one.also)
        for i, one in enumerate(dev)
        if one.also is not None
        for j, label in enumerate(trained.heads["troubles"])
        if label != one.label
    ]
    limit, _ = metrics.fit_limit([score for fit, score, _ in asked if fit], [true for fit, _, true in asked if fit])
    said = [(score >= limit, true) for fit, score, true in asked if not fit]
    return limit, _f1(sum(a and b for a, b in said), sum(a for a, _ in said), sum(b for _, b in said))


def _evidence(trained: FineTuned, dev: Sequence[Example], fitted: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """The limit whose spans, as served, share most characters with the marked words on one half; that F1 on the other."""
    halves: dict[bool, list[tuple[Example, Tokens, npt.NDArray[np.float64]]]] = {True: [], False: []}
    for fit, one, tags in zip(fitted.tolist(), dev, trained.dev.tags, strict=True):
        if one.evidence is not None:
            halves[fit].append((one, trained.encoder.encode(one.text), softmax(tags)))
    best = (0.5, -1.0)
    for limit in _EVIDENCE_LIMITS:
        best = max(best, (limit, _overlap(halves[True], limit)), key=lambda pair: pair[1])
    return best[0], _overlap(halves[False], best[0])


def _overlap(marked: Sequence[tuple[Example, Tokens, npt.NDArray[np.float64]]], limit: float) -> float:
    """F1 by character of the spans found, from a text's tokens and their tags' chances, against the words marked."""
    both = said = true = 0
    for one, tokens, chances in marked:
        spans = find_evidence(chances, tokens, one.text, limit)
        found = {place for span in spans for place in range(span.start, span.end)}
        starts = [(one.text.find(words), len(words)) for words in one.evidence or ()]
        words = {place for start, length in starts for place in range(start, start + length)}
        both, said, true = both + len(found & words), said + len(found), true + len(words)
    return _f1(both, said, true)


def _f1(both: int, said: int, true: int) -> float:
    return 2 * both / (said + true) if said + true else 0.0


def _rounded(values: Mapping[str, Any]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in values.items()}
