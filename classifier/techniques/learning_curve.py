"""How many of its own labelled messages a city needs: macro-F1 by their number, cross-validated."""

# Reads finetune, whose types rest on the extra [train].
# pyright: reportUnknownMemberType=false

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from classifier.data import Example, Split, fold_by_family, load_extra
from classifier.finetune import FineTuned, finetune
from classifier.metrics import macro_f1
from classifier.settings import Settings
from classifier.train import SETTINGS, Corpus
from core.bert.base import write_base
from core.errors import BadInput
from core.observe import get_logger
from core.taxonomy import TOP_CLASSES
from core.types import Language

__all__ = ["COUNTS", "Point", "learning_curve"]

_log = get_logger(__name__)

COUNTS: Final = (0, 25, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class Point:
    """Own messages added, mean macro-F1 over the folds, and its standard deviation among them."""

    count: int
    mean: float
    deviation: float


def learning_curve(
    language: Language,
    base: str | None,
    corpus: Corpus,
    labelled: Path,
    *,
    counts: Sequence[int] = COUNTS,
    folds: int = 5,
    sample: int | None = 1000,
    settings: Settings | None = None,
    further: Settings | None = None,
    seed: int = 0,
) -> list[Point]:
    """Train with the first so many of a city's own labelled messages beside the corpus; judge on those of the fold left out.

    labelled: a file as load_extra reads it, cut in folds that spread labels evenly; each count's rows hold those of the smaller
    counts; a count beyond what the other folds hold becomes all they hold.
    sample: with a number, one network learns the corpus once, by settings; each point takes its encoder, gives it new heads and
    continues, by further, on so many texts of the corpus and the added rows, the point of 0 too, so that only these rows differ
    between points. With None each point is trained anew on corpus and rows, by settings: the honest figure, for folds × counts
    times the cost. settings: default, the language's; further: default, two epochs at half their rate. No epoch is chosen on
    tested rows. Raises BadInput where there are fewer rows than folds.
    """
    settings = settings or SETTINGS[language]
    further = further or replace(settings, epochs=2, learning_rate=settings.learning_rate / 2)
    own = load_extra(labelled)  # without near-duplicates: none stands in two folds
    if folds <= 1:
        raise BadInput("folds", folds, "at least two")
    fold = fold_by_family(own, folds, seed=seed)
    scores: dict[int, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        start, train, by = base, corpus.split.train, settings
        if sample is not None:
            first = finetune(language, base, split=corpus.split, settings=settings)
            write_base(first.network.encoder, first.encoder.tokenizer, Path(folder))
            start, by = folder, further
            train = tuple(random.Random(seed).sample(train, min(sample, len(train))))
        for left_out in range(folds):
            tested = tuple(one for one, number in zip(own, fold, strict=True) if number == left_out)
            pool = [one for one, number in zip(own, fold, strict=True) if number != left_out]
            random.Random(seed * 1000 + left_out).shuffle(pool)
            for count in _within(counts, len(own) - max(fold.count(number) for number in range(folds))):
                split = Split((*train, *pool[:count]), tested, corpus.split.outside)
                made = finetune(language, start, split=split, settings=by, keep_best=False)
                scores.setdefault(count, []).append(_score(made, tested, settings.other_prior))
                _log.info("point", language=language, fold=left_out, count=count, macro_f1=scores[count][-1])
    return [Point(count, float(np.mean(one)), float(np.std(one, ddof=1))) for count, one in sorted(scores.items())]


def _within(counts: Sequence[int], most: int) -> list[int]:
    return sorted({min(count, most) for count in counts})


def _score(made: FineTuned, tested: Sequence[Example], other_prior: float) -> float:
    logits = made.head("top").copy()
    logits[:, TOP_CLASSES.index("other")] += other_prior
    truth = np.array([TOP_CLASSES.index(one.label) for one in tested], dtype=np.int64)
    return macro_f1(truth, logits.argmax(axis=1), len(TOP_CLASSES))
