"""How good a classifier is: on labelled messages, on corpus families it has not seen, on parts of them, and beside the baseline."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier import metrics
from classifier.data import Example
from core.classification import Classification
from core.errors import UnreadableFile
from core.lines import read_objects, required_text
from core.taxonomy import TOP_CLASSES
from core.types import Classifier, Language

__all__ = ["Evaluation", "Labelled", "Part", "evaluate", "held_out", "load_gold"]

_LENGTHS: Final = ((0, "short"), (60, "middle"), (200, "long"))  # characters from which a text counts as such
_PART: Final = 10  # rows from which a part is judged by itself
_COVERAGE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and its true top class. parts: what it belongs to, by kind, as {"length": "short", "district": "A5区"}.

    urgency: 1–3, None where nobody said.
    """

    text: str
    label: str
    parts: Mapping[str, str] = field(default_factory=dict[str, str])
    urgency: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Figures on the rows of one part, as ("length", "short")."""

    kind: str
    name: str
    rows: int
    accuracy: float
    macro_f1: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of one classifier on one set of texts, classes in the order of TOP_CLASSES.

    interval: 95 % bootstrap interval of macro_f1. per_class: label → (precision, recall, F1, support).
    confusion: rows truth, columns guess. coverage, risk: share answered at the model's own thresholds, and share of these wrong.
    accuracy_at_80: of the 80 % of rows with the highest confidence. area: under the risk-coverage curve, lower is better.
    urgency_within: share of rows whose urgency is within half a step of the readers' mean; None where they did not say.
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
    accuracy_at_80: float
    area: float
    parts: tuple[Part, ...] = ()
    urgency_within: float | None = None
    baseline_macro_f1: float | None = None
    p_value: float | None = None
    wrong: tuple[tuple[int, str, str], ...] = field(default=(), repr=False)  # row, truth, guess
    truth: tuple[int, ...] = field(default=(), repr=False)
    guess: tuple[int, ...] = field(default=(), repr=False)
    probabilities: tuple[tuple[float, ...], ...] = field(default=(), repr=False)


def evaluate(
    classifier: Classifier, language: Language, gold: Path | Sequence[Labelled], *, baseline: Classifier | None = None
) -> Evaluation:
    """Judge a classifier, and a baseline beside it, on a gold file (see load_gold) or on labelled texts."""
    rows = load_gold(gold) if isinstance(gold, Path) else list(gold)
    truth = np.array([TOP_CLASSES.index(row.label) for row in rows], dtype=np.int64)
    answers = _answers(classifier, language, rows)
    probabilities = _probabilities(answers)
    guess = _guesses(answers)
    classes = len(TOP_CLASSES)
    answered = np.array([not answer.abstained for answer in answers])
    other = None if baseline is None else _guesses(_answers(baseline, language, rows))
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
        accuracy_at_80=metrics.accuracy_at(truth, probabilities, _COVERAGE),
        area=metrics.risk_coverage_area(truth, probabilities),
        parts=_parts(rows, truth, guess),
        urgency_within=_urgency(rows, answers),
        baseline_macro_f1=None if other is None else metrics.macro_f1(truth, other, classes),
        p_value=None if other is None else metrics.mcnemar(truth, guess, other),
        wrong=tuple((int(i), TOP_CLASSES[truth[i]], TOP_CLASSES[guess[i]]) for i in np.flatnonzero(truth != guess)),
        truth=tuple(truth.tolist()),
        guess=tuple(guess.tolist()),
        probabilities=tuple(tuple(row) for row in probabilities.tolist()),
    )


def load_gold(path: Path) -> list[Labelled]:
    """The labelled rows of a JSONL file with text, label and, where there is one, subject (put before the text, as served).

    Rows whose label is null (its readers differed) are left out. A row's district, and its urgency by one or two readers, are read
    where they are given. Raises UnreadableFile where a line does not fit.
    """
    rows: list[Labelled] = []
    for where, row in read_objects(path):
        if "label" not in row or row["label"] not in (None, *TOP_CLASSES):
            raise UnreadableFile(where, row.get("label"), f"a label of {', '.join(TOP_CLASSES)}, or null")
        if row["label"] is not None:
            said = required_text(row, where)
            urgency = row.get("urgency")
            mean = float(np.mean(urgency)) if urgency is not None else None
            rows.append(Labelled(said, row["label"], {"length": _length(said), **_district(row)}, mean))
    if not rows:
        raise UnreadableFile(path.name, "no labelled row", "at least one JSON object with text and label")
    return rows


def held_out(examples: Sequence[Example]) -> list[Labelled]:
    """Corpus examples as labelled texts, for judging on families a model has not seen."""
    return [
        Labelled(one.text, one.label, {"length": _length(one.text), "register": one.register}, one.urgency)
        for one in examples
    ]


def _length(text: str) -> str:
    return [name for start, name in _LENGTHS if len(text) >= start][-1]


def _district(row: Mapping[str, Any]) -> dict[str, str]:
    named = [place["text"] for place in row.get("places") or () if place.get("type") == "district"]
    return {"district": named[0]} if named else {}


def _answers(classifier: Classifier, language: Language, rows: Sequence[Labelled]) -> list[Classification]:
    return classifier.classify([row.text for row in rows], [language for _ in rows])


def _guesses(answers: Sequence[Classification]) -> npt.NDArray[np.int64]:
    return np.array([TOP_CLASSES.index(answer.category) for answer in answers], dtype=np.int64)


def _probabilities(answers: Sequence[Classification]) -> npt.NDArray[np.float64]:
    by_label = [{scored.category: scored.probability for scored in answer.ranking} for answer in answers]
    return np.array([[row[label] for label in TOP_CLASSES] for row in by_label])


def _per_class(truth: metrics.Labels, guess: metrics.Labels) -> dict[str, tuple[float, float, float, int]]:
    table = metrics.per_class(truth, guess, len(TOP_CLASSES)).tolist()
    return {label: (p, r, f1, int(n)) for label, (p, r, f1, n) in zip(TOP_CLASSES, table, strict=True)}


def _parts(rows: Sequence[Labelled], truth: metrics.Labels, guess: metrics.Labels) -> tuple[Part, ...]:
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        for part in row.parts.items():
            members[part].append(index)
    return tuple(
        Part(
            kind,
            name,
            len(indexes),
            metrics.accuracy(truth[indexes], guess[indexes]),
            metrics.macro_f1(truth[indexes], guess[indexes], len(TOP_CLASSES)),
        )
        for (kind, name), indexes in sorted(members.items())
        if len(indexes) >= _PART
    )


def _urgency(rows: Sequence[Labelled], answers: Sequence[Classification]) -> float | None:
    pairs = [
        (row.urgency, answer.urgency)
        for row, answer in zip(rows, answers, strict=True)
        if row.urgency is not None and answer.urgency is not None
    ]
    return float(np.mean([abs(true - said) <= 0.5 for true, said in pairs])) if pairs else None  # noqa: PLR2004
