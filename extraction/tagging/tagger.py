"""The tagger that serves: int8 ONNX models of both languages, without torch."""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import numpy as np
import onnxruntime as ort

from core.bert.model_folder import TOKENIZER_FILE, open_session
from core.bert.softmax import softmax
from core.types import Language, Mention, MentionKind, Role, Tagged
from extraction.tagging.labels import ROLES, TAGS, Numbers, naming, spans_of
from extraction.tagging.manifest import (
    OUTPUTS,
    TaggerManifest,
    packaged_taggers,
    read_manifest,
)
from extraction.tagging.windows import Window, Windows

__all__ = ["OnnxTagger", "joined", "tagged"]

_ROLE_SURE: Final = 0.4  # mean probability from which a mention is said to play a part
_EDGES: Final = " \t\r\n,，。.;；:：!！?？、\"'“”‘’()（）《》【】[]-–—/&#*~"  # no name begins or ends with one


class _Model(NamedTuple):
    manifest: TaggerManifest
    windows: Windows
    session: ort.InferenceSession


class OnnxTagger:
    """Texts of both languages → mentions. Implements `core.types.Tagger`; safe to share between threads.

    models_dir: a folder with one folder a language; default, the packaged models. A language's model is loaded at its first text.
    threads: texts worked on at once, each on one core; default, as many as there are cores.
    """

    def __init__(self, models_dir: Path | None = None, *, threads: int | None = None) -> None:
        self._folder = models_dir or packaged_taggers()
        self._threads = threads or os.cpu_count() or 1
        self._models: dict[Language, _Model] = {}
        self._lock = threading.Lock()

    def tag(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Tagged]:
        """What its language's model sees in each text; answers in the order given.

        Raises ModelMissing, with the command that makes it, where the language's model is absent or altered.
        """
        jobs = [(self._model(language), text) for text, language in zip(texts, languages, strict=True)]
        if self._threads == 1 or len(jobs) <= 1:
            return [_tag(model, text) for model, text in jobs]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(_tag, [model for model, _ in jobs], [text for _, text in jobs]))

    def manifest(self, language: Language) -> TaggerManifest:
        """What the language's model says about itself; raises ModelMissing where it is absent."""
        return self._model(language).manifest

    def _model(self, language: Language) -> _Model:
        with self._lock:
            if language not in self._models:
                self._models[language] = _load(self._folder / language, language)
            return self._models[language]


def _tag(model: _Model, text: str) -> Tagged:
    windows, characters = model.windows.encode(text)
    if not characters:
        return Tagged((), np.zeros(len(text)))
    tags, roles = joined(windows, len(characters), [_run(model, window) for window in windows])
    return tagged(text, characters, tags, roles, model.manifest.model)


def joined(windows: list[Window], tokens: int, said: list[tuple[Numbers, Numbers]]) -> tuple[Numbers, Numbers]:
    """What the windows say, as probabilities of all the text's tokens; where two overlap, the one further from its edge tells.

    said: tags (tokens, TAGS) and roles (tokens, ROLES) of each window, [CLS] and [SEP] among its tokens, before the softmax.
    """
    tags, roles = np.zeros((tokens, len(TAGS))), np.zeros((tokens, len(ROLES)))
    depth = np.full(tokens, -1)
    for window, (some_tags, some_roles) in zip(windows, said, strict=True):
        width = len(window.ids) - 2
        inward = np.minimum(np.arange(width), np.arange(width)[::-1])
        here = slice(window.first, window.first + width)
        better = inward > depth[here]
        depth[here] = np.maximum(depth[here], inward)
        tags[here][better] = some_tags[1:-1][better]
        roles[here][better] = some_roles[1:-1][better]
    return softmax(tags), softmax(roles)


def tagged(text: str, characters: list[tuple[int, int]], tags: Numbers, roles: Numbers, source: str) -> Tagged:
    """What probabilities of tags (tokens, TAGS) and roles (tokens, ROLES) tell of a text.

    characters: of each token. A mention ends with whole Latin words and numbers, never with punctuation.
    """
    support = np.zeros(len(text))
    for (start, end), probability in zip(characters, naming(tags), strict=True):
        support[start:end] = probability
    mentions: list[Mention] = []
    for span in spans_of(tags):
        start, end = _whole(text, characters[span.first][0], characters[span.stop - 1][1])
        start = max(start, mentions[-1].end if mentions else 0)
        while start < end and text[start] in _EDGES:
            start += 1
        while end > start and text[end - 1] in _EDGES:
            end -= 1
        if start >= end:
            continue
        role = _role(roles[span.first : span.stop], span.kind)
        words = text[start:end]
        mentions.append(Mention(start, end, words, span.kind, round(span.confidence, 3), source, role=role))
    return Tagged(tuple(mentions), support)


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and _latin(text[start]) and _latin(text[start - 1]):
        start -= 1
    while end < len(text) and _latin(text[end - 1]) and _latin(text[end]):
        end += 1
    return start, end


def _latin(character: str) -> bool:
    return character.isalnum() and character < "\u0250"


def _role(roles: Numbers, kind: MentionKind) -> Role | None:
    if kind in (MentionKind.OBJECT, MentionKind.TRIGGER):
        return None
    mean = roles.mean(axis=0)
    best = int(mean.argmax())
    return ROLES[best] if mean[best] >= _ROLE_SURE else None


def _load(folder: Path, language: Language) -> _Model:
    manifest = read_manifest(folder, language)
    session = open_session(folder)
    return _Model(manifest, Windows.from_file(folder / TOKENIZER_FILE, manifest.window), session)


def _run(model: _Model, window: Window) -> tuple[Numbers, Numbers]:
    row = np.array([window.ids], dtype=np.int64)
    run = cast("Any", model.session.run)
    tags, roles = run(list(OUTPUTS), {"input_ids": row, "attention_mask": np.ones_like(row)})
    return tags[0].astype(np.float64), roles[0].astype(np.float64)
