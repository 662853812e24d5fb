"""The classifier that serves: int8 ONNX models of both languages, without torch."""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from classifier.examples import Examples, read_examples
from classifier.manifest import (
    EXAMPLES_FILE,
    OUTPUTS,
    Manifest,
    packaged_models,
    read_manifest,
)
from classifier.outcome import outcome, unsaid
from classifier.tokens import TokenEncoder, Tokens
from core.bert.model_folder import TOKENIZER_FILE, open_session
from core.classification import Classification
from core.types import Language

__all__ = ["OnnxClassifier", "Said"]

_MIN_LETTERS: Final = 2
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Model:
    manifest: Manifest
    encoder: TokenEncoder
    session: ort.InferenceSession


class Said(NamedTuple):
    """What the model says of one text: sentence (labels of all heads,), tags (tokens, TAGS), vector (hidden,)."""

    sentence: Numbers
    tags: Numbers
    vector: Numbers


class OnnxClassifier:
    """Texts of both languages → classifications. Implements `core.types.Classifier`; safe to share between threads.

    A text's answer depends on the text alone: int8 activations are scaled by what runs together, so each text runs by itself,
    without padding, and is the same in any company. models_dir: a folder with one folder a language; default, the packaged
    models. threads: texts worked on at once, each on one core; default, as many as there are cores. A language's model is
    loaded at its first text.
    """

    def __init__(self, models_dir: Path | None = None, *, threads: int | None = None) -> None:
        self._folder = models_dir or packaged_models()
        self._threads = threads or os.cpu_count() or 1
        self._models: dict[Language, _Model] = {}
        self._examples: dict[Language, Examples] = {}
        self._lock = threading.Lock()
        self._reading = threading.Lock()  # of examples, so that nobody who only classifies waits for them

    def classify(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Classification]:
        """Classify each text in its language; answers in the order given.

        A text without words, one that is no message to a city, or one that the model is less sure of than its class's threshold,
        comes back abstained, with its doubt.
        Raises ModelMissing, with the command that makes it, where a language's model is absent or altered.
        """
        models = {language: self._model(language) for language in sorted(set(languages))}
        jobs = [(models[language], text) for text, language in zip(texts, languages, strict=True)]
        if self._threads == 1 or len(jobs) <= 1:
            return [_classify(model, text) for model, text in jobs]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(_classify, [model for model, _ in jobs], [text for _, text in jobs]))

    def sentences(self, texts: Sequence[str], language: Language) -> Numbers:
        """All heads' raw numbers (n, labels) of texts of one language, before temperature; for measuring."""
        model = self._model(language)
        return np.stack([_run(model, model.encoder.encode(text).ids).sentence for text in texts])

    def vectors(self, texts: Sequence[str], language: Language) -> Numbers:
        """The texts' vectors (n, hidden), of length 1: near where two texts tell of the same kind of trouble."""
        model = self._model(language)
        vectors = np.stack([_run(model, model.encoder.encode(text).ids).vector for text in texts])
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)

    def tokens(self, text: str, language: Language) -> Tokens:
        """The text's tokens, as the language's model reads them."""
        return self._model(language).encoder.encode(text)

    def run(self, ids: Sequence[int], language: Language) -> Said:
        """What the language's model says of token ids; for explaining."""
        return _run(self._model(language), ids)

    def mask(self, language: Language) -> int:
        """The token that stands for a hidden one."""
        return self._model(language).encoder.mask

    def examples(self, language: Language) -> Examples:
        """The examples that the language's model learnt from; read at the first call."""
        expected = self.manifest(language).files[EXAMPLES_FILE]
        with self._reading:
            if language not in self._examples:
                self._examples[language] = read_examples(self._folder / language, expected)
            return self._examples[language]

    def manifest(self, language: Language) -> Manifest:
        """What the language's model says about itself; raises ModelMissing where it is absent."""
        return self._model(language).manifest

    def _model(self, language: Language) -> _Model:
        with self._lock:
            if language not in self._models:
                self._models[language] = _load(self._folder / language, language)
            return self._models[language]


def _load(folder: Path, language: Language) -> _Model:
    manifest = read_manifest(folder, language)
    session = open_session(folder)
    return _Model(manifest, TokenEncoder.from_file(folder / TOKENIZER_FILE, manifest.max_len), session)


def _classify(model: _Model, text: str) -> Classification:
    tokens = model.encoder.encode(text)
    if not _says_something(text, tokens.ids, model.encoder.unknown):
        return unsaid(model.manifest.model)
    said = _run(model, tokens.ids)
    return outcome(model.manifest, said.sentence, said.tags, tokens, text)


def _says_something(text: str, ids: list[int], unknown: int) -> bool:
    """Whether a text has two letters or more, and a token that the model knows."""
    letters = list(islice((character for character in text if character.isalpha()), _MIN_LETTERS))
    return len(letters) == _MIN_LETTERS and any(token != unknown for token in ids[1:-1])


def _run(model: _Model, ids: Sequence[int]) -> Said:
    row = np.array([ids], dtype=np.int64)
    run = cast("Any", model.session.run)
    outputs = run(list(OUTPUTS), {"input_ids": row, "attention_mask": np.ones_like(row)})
    return Said(*(cast("npt.NDArray[np.float32]", one)[0].astype(np.float64) for one in outputs))
