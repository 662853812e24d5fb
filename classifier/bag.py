"""A bar for BERT between TF-IDF and a transformer: a bag of learnt n-gram vectors, as in fastText (Joulin et al. 2017)."""

# torch is the extra [train]; the serving environment in which types are checked does not hold it.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

import random
import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import torch
from torch import nn
from torch.nn import functional

from classifier.data import Example, normalise
from classifier.outcome import ranked
from core.classification import Classification
from core.taxonomy import TOP_CLASSES
from core.types import Language

__all__ = ["BagClassifier"]

_BUCKETS: Final = 2**17  # of hashed n-grams
_SIZE: Final = 100
_EPOCHS: Final = 12
_BATCH: Final = 32
_RATE: Final = 5e-3


class BagClassifier:
    """Words and character n-grams, hashed, one learnt vector each; their mean → linear. One for each language; never abstains."""

    def __init__(self, *, seed: int = 0) -> None:
        self._seed = seed
        self._networks: dict[Language, Any] = {}

    def fit(self, examples: Sequence[Example], language: Language) -> "BagClassifier":
        """Learn from the examples of one language, classes weighted to count alike; returns itself."""
        torch.manual_seed(self._seed)
        network = nn.Sequential(
            nn.EmbeddingBag(_BUCKETS, _SIZE, mode="mean", sparse=True), nn.Linear(_SIZE, len(TOP_CLASSES))
        )
        rows = [(_grams(one.text, language), TOP_CLASSES.index(one.label)) for one in examples]
        counts = torch.bincount(torch.tensor([label for _, label in rows]), minlength=len(TOP_CLASSES))
        weight = counts.sum() / (len(TOP_CLASSES) * counts.clamp_min(1))
        optimisers = (
            torch.optim.SparseAdam(list(network[0].parameters()), lr=_RATE),
            torch.optim.Adam(network[1].parameters(), lr=_RATE),
        )
        order = random.Random(self._seed)
        for _ in range(_EPOCHS):
            order.shuffle(rows)
            for start in range(0, len(rows), _BATCH):
                batch = rows[start : start + _BATCH]
                loss = functional.cross_entropy(
                    _logits(network, [grams for grams, _ in batch]), torch.tensor([y for _, y in batch]), weight=weight
                )
                network.zero_grad()
                loss.backward()
                for optimiser in optimisers:
                    optimiser.step()
        self._networks[language] = network
        return self

    def classify(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Classification]:
        """Classify each text with its language's model; answers in the order given."""
        answers: list[Classification] = []
        with torch.inference_mode():
            for text, language in zip(texts, languages, strict=True):
                logits = _logits(self._networks[language], [_grams(normalise(text), language)])
                answers.append(ranked(TOP_CLASSES, logits.softmax(-1)[0].tolist(), {}, f"{language}-bag@1"))
        return answers


def _grams(text: str, language: Language) -> list[int]:
    """Buckets of n-grams: characters, pairs and triples of them in Chinese; words, their pairs and their pieces in English."""
    folded = text.casefold()
    if language == "zh":
        found = [folded[i : i + n] for n in (1, 2, 3) for i in range(len(folded) - n + 1)]
    else:
        words = folded.split()
        found = words + [f"{a} {b}" for a, b in pairwise(words)]
        found += [f"<{word}>"[i : i + n] for word in words for n in (3, 4, 5) for i in range(len(word) + 3 - n)]
    return [zlib.crc32(gram.encode()) % _BUCKETS for gram in found] or [0]


def _logits(network: Any, rows: Sequence[list[int]]) -> torch.Tensor:  # noqa: ANN401
    ids = torch.tensor([gram for row in rows for gram in row])
    starts = torch.tensor([0, *[len(row) for row in rows[:-1]]]).cumsum(0)
    return network[1](network[0](ids, starts))
