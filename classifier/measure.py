"""Everything that the model card says of the served models, measured on labelled real messages in one go."""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from classifier.bag import BagClassifier
from classifier.baseline import BaselineClassifier
from classifier.data import load_corpus
from classifier.evaluate import Evaluation, evaluate, load_gold
from classifier.faithfulness import Faithfulness, measure_faithfulness
from classifier.manifest import Manifest
from classifier.metrics import mcnemar
from classifier.predict import OnnxClassifier
from classifier.robustness import Robustness, measure_robustness
from core.types import Classifier, Language

__all__ = ["Measured", "measure"]

_SAMPLE = 60  # texts on which explanations are judged


@dataclass(frozen=True, slots=True)
class Measured:
    """One language's model on its real messages. baselines: name, figures, McNemar's p of the model against it."""

    manifest: Manifest
    evaluation: Evaluation
    baselines: tuple[tuple[str, Evaluation, float], ...]
    robustness: tuple[Robustness, ...]
    faithfulness: Faithfulness


def measure(gold: Path, models_dir: Path | None = None) -> list[Measured]:
    """Judge both languages' models on gold_dev_{zh,en}.jsonl of a folder, beside baselines fitted on the whole corpus.

    Needs the extra [train], for the baselines.
    """
    classifier = OnnxClassifier(models_dir)
    return [_measure(classifier, language, gold / f"gold_dev_{language}.jsonl") for language in get_args(Language)]


def _measure(classifier: OnnxClassifier, language: Language, path: Path) -> Measured:
    rows = load_gold(path)
    corpus = load_corpus(language)
    bars: tuple[tuple[str, Classifier], ...] = (
        ("TF-IDF, logistic regression", BaselineClassifier().fit(corpus, language)),
        ("TF-IDF, linear SVM", BaselineClassifier(linear="svm").fit(corpus, language)),
        ("bag of n-gram vectors, as fastText", BagClassifier().fit(corpus, language)),
    )
    judged = evaluate(classifier, language, rows)
    baselines = [(name, evaluate(bar, language, rows)) for name, bar in bars]
    sampled = random.Random(0).sample(rows, min(_SAMPLE, len(rows)))
    return Measured(
        classifier.manifest(language),
        judged,
        tuple((name, other, _against(judged, other)) for name, other in baselines),
        tuple(measure_robustness(classifier, language, rows)),
        measure_faithfulness(classifier, language, [row.text for row in sampled]),
    )


def _against(one: Evaluation, other: Evaluation) -> float:
    return mcnemar(np.array(one.truth), np.array(one.guess), np.array(other.guess))
