"""How good a classifier is: on labelled messages, on corpus families it has not seen, and beside the baseline."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from classifier import metrics
from classifier.data import Example
from core.errors import UnreadableFile
from core.taxonomy import TOP_CLASSES
from core.types import Classification, Classifier, Language

__all__ = ["Evaluation", "Labelled", "evaluate", "held_out", "load_gold"]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and its true top class."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of one classifier on one set of texts, classes in the order of TOP_CLASSES.

    interval: 95 % bootstrap interval of macro_f1. per_class: label → (precision, recall, F1, support).
    confusion: rows truth, columns guess. coverage, risk: share answered at the model's own threshold, and share of these wrong.
    baseline_macro_f1, p_value: the baseline on the same texts, and McNemar's exact p of the difference; None without one.
    """

    model: str
    language: Language
    rows: int
    accuracy: float
    macro_f1: float
    interval: tuple[float, float]
    per_class: dict[str, tuple[float, float, float, int]]
    confusion: tuple[tuple[int, ...], ...]
    calibration_error: float
    coverage: float
    risk: float
    baseline_macro_f1: float | None = None
    baseline_accuracy: float | None = None
    p_value: float | None = None
    wrong: tuple[tuple[int, str, str], ...] = field(default=(), repr=False)  # row, truth, guess


def evaluate(
    classifier: Classifier, language: Language, gold: Path | Sequence[Labelled], *, baseline: Classifier | None = None
) -> Evaluation:
    """Judge a classifier, and a baseline beside it, on a gold file (see load_gold) or on labelled texts."""
    rows = load_gold(gold) if isinstance(gold, Path) else list(gold)
    truth = np.array([TOP_CLASSES.index(row.label) for row in rows], dtype=np.int64)
    answers = _answers(classifier, language, rows)
    probabilities = _probabilities(answers)
    guess = probabilities.argmax(axis=1).astype(np.int64)
    classes = len(TOP_CLASSES)
    answered = np.array([not answer.abstained for answer in answers])
    other = (
        None if baseline is None else _probabilities(_answers(baseline, language, rows)).argmax(axis=1).astype(np.int64)
    )
    return Evaluation(
        model=answers[0].model,
        language=language,
        rows=len(rows),
        accuracy=metrics.accuracy(truth, guess),
        macro_f1=metrics.macro_f1(truth, guess, classes),
        interval=metrics.bootstrap_interval(truth, guess, classes),
        per_class=_per_class(truth, guess),
        confusion=tuple(tuple(row) for row in metrics.confusion(truth, guess, classes).tolist()),
        calibration_error=metrics.calibration_error(truth, probabilities),
        coverage=float(answered.mean()),
        risk=float((guess != truth)[answered].mean()) if answered.any() else 0.0,
        baseline_macro_f1=None if other is None else metrics.macro_f1(truth, other, classes),
        baseline_accuracy=None if other is None else metrics.accuracy(truth, other),
        p_value=None if other is None else metrics.mcnemar(truth, guess, other),
        wrong=tuple((int(i), TOP_CLASSES[truth[i]], TOP_CLASSES[guess[i]]) for i in np.flatnonzero(truth != guess)),
    )


def load_gold(path: Path) -> list[Labelled]:
    """The labelled rows of a JSONL file with text, label and, where there is one, subject (put before the text, as served).

    Rows whose label is null (its readers differed) are left out. Raises UnreadableFile where a line does not fit.
    """
    rows: list[Labelled] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = cast("dict[str, Any]", json.loads(line))
            label, text, subject = row["label"], row["text"], row.get("subject")
        except (ValueError, TypeError, KeyError) as error:
            raise UnreadableFile(f"{path.name}:{number}", line, "a JSON object with text and label") from error
        if label is not None:
            rows.append(Labelled(f"{subject}\n{text}" if subject else text, label))
    return rows


def held_out(examples: Sequence[Example]) -> list[Labelled]:
    """Corpus examples as labelled texts, for judging on families a model has not seen."""
    return [Labelled(example.text, example.label) for example in examples]


def _answers(classifier: Classifier, language: Language, rows: Sequence[Labelled]) -> list[Classification]:
    return classifier.classify([row.text for row in rows], [language for _ in rows])


def _probabilities(answers: Sequence[Classification]) -> npt.NDArray[np.float64]:
    by_label = [{scored.category: scored.probability for scored in answer.ranking} for answer in answers]
    return np.array([[row[label] for label in TOP_CLASSES] for row in by_label])


def _per_class(truth: metrics.Labels, guess: metrics.Labels) -> dict[str, tuple[float, float, float, int]]:
    table = metrics.per_class(truth, guess, len(TOP_CLASSES)).tolist()
    return {label: (p, r, f1, int(n)) for label, (p, r, f1, n) in zip(TOP_CLASSES, table, strict=True)}
