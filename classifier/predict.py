"""The classifier that serves: int8 ONNX models of both languages, without torch."""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from classifier.manifest import MODEL_FILE, TOKENIZER_FILE, Manifest, packaged_models, read_manifest
from classifier.outcome import classification, softmax, unsaid
from classifier.tokens import TokenEncoder
from core.types import Classification, Language

__all__ = ["OnnxClassifier"]

_MIN_LETTERS: Final = 2


@dataclass(frozen=True, slots=True)
class _Model:
    manifest: Manifest
    encoder: TokenEncoder
    session: ort.InferenceSession


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
        self._lock = threading.Lock()

    def classify(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Classification]:
        """Classify each text in its language; answers in the order given.

        A text without words, or one that the model is less sure of than its threshold, comes back abstained.
        Raises ModelMissing, with the command that makes it, where a language's model is absent or altered.
        """
        models = {language: self._model(language) for language in sorted(set(languages))}
        jobs = [(models[language], text) for text, language in zip(texts, languages, strict=True)]
        if self._threads == 1 or len(jobs) <= 1:
            return [_classify(model, text) for model, text in jobs]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(_classify, [model for model, _ in jobs], [text for _, text in jobs]))

    def logits(self, texts: Sequence[str], language: Language) -> npt.NDArray[np.float64]:
        """Raw logits (n, classes) of texts of one language, before temperature; for measuring."""
        model = self._model(language)
        return np.stack([_logits(model, model.encoder.encode(text)) for text in texts])

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
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = ort.InferenceSession(str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"])
    return _Model(manifest, TokenEncoder.from_file(folder / TOKENIZER_FILE, manifest.max_len), session)


def _classify(model: _Model, text: str) -> Classification:
    manifest = model.manifest
    ids = model.encoder.encode(text)
    if not _says_something(text, ids, model.encoder.unknown):
        return unsaid(manifest.model)
    probabilities = softmax(_logits(model, ids), manifest.temperature)
    return classification(manifest.labels, probabilities.tolist(), threshold=manifest.threshold, model=manifest.model)


def _says_something(text: str, ids: list[int], unknown: int) -> bool:
    """Whether a text has two letters or more, and a token that the model knows."""
    letters = list(islice((character for character in text if character.isalpha()), _MIN_LETTERS))
    return len(letters) == _MIN_LETTERS and any(token != unknown for token in ids[1:-1])


def _logits(model: _Model, ids: list[int]) -> npt.NDArray[np.float64]:
    row = np.array([ids], dtype=np.int64)
    run = cast("Any", model.session.run)
    output = cast(
        "npt.NDArray[np.float32]", run(["logits"], {"input_ids": row, "attention_mask": np.ones_like(row)})[0]
    )
    return output[0].astype(np.float64)
