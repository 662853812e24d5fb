"""The bars BERT must clear: TF-IDF of character and word n-grams with a linear model. Needs scikit-learn, no GPU, seconds."""

from collections.abc import Sequence
from typing import Any, Literal, cast

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.svm import LinearSVC

from classifier.data import Example, normalise
from classifier.outcome import ranked
from core.bert.softmax import softmax
from core.classification import Classification
from core.taxonomy import TOP_CLASSES
from core.types import Language

__all__ = ["BaselineClassifier"]


class BaselineClassifier:
    """A linear classifier over TF-IDF, one for each language it was given examples of; never abstains.

    linear: logistic regression, or a support vector machine, whose "probabilities" are a softmax of its margins.
    """

    def __init__(self, *, linear: Literal["logistic", "svm"] = "logistic", seed: int = 0) -> None:
        self._linear = linear
        self._seed = seed
        self._pipelines: dict[Language, Any] = {}

    def fit(self, examples: Sequence[Example], language: Language) -> "BaselineClassifier":
        """Learn from the examples of one language, classes weighted to count alike; returns itself."""
        if self._linear == "svm":
            linear: Any = LinearSVC(C=0.5, class_weight="balanced", random_state=self._seed)
        else:
            linear = LogisticRegression(C=10.0, class_weight="balanced", max_iter=2000, random_state=self._seed)
        pipeline = Pipeline([("features", _features(language)), ("linear", linear)])
        pipeline.fit([example.text for example in examples], [example.label for example in examples])
        self._pipelines[language] = pipeline
        return self

    def classify(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Classification]:
        """Classify each text with its language's model; answers in the order given."""
        answers: list[Classification | None] = [None] * len(texts)
        for language in sorted(set(languages)):
            indexes = [index for index, other in enumerate(languages) if other == language]
            pipeline = self._pipelines[language]
            given = [normalise(texts[i]) for i in indexes]
            if self._linear == "svm":
                scores = softmax(np.asarray(pipeline.decision_function(given)))
            else:
                scores = np.asarray(pipeline.predict_proba(given))
            labels = cast("list[str]", pipeline.classes_.tolist())
            for index, row in zip(indexes, scores.tolist(), strict=True):
                by_label = dict(zip(labels, row, strict=True))
                probabilities = [by_label.get(label, 0.0) for label in TOP_CLASSES]
                answers[index] = ranked(TOP_CLASSES, probabilities, {}, f"{language}-tfidf-{self._linear}@1")
        return [answer for answer in answers if answer is not None]


def _features(language: Language) -> FeatureUnion:
    """Character n-grams for Chinese; words and character n-grams within words for English."""
    if language == "zh":
        return FeatureUnion(
            [("char", TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True))]
        )
    return FeatureUnion(
        [
            ("word", TfidfVectorizer(analyzer="word", ngram_range=(1, 2), min_df=2, sublinear_tf=True)),
            ("char", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True)),
        ]
    )
