"""The training examples beside their model, as vectors: which of them a new text is most like."""

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from classifier.data import Example
from classifier.manifest import EXAMPLES_FILE
from core.errors import ModelMissing
from core.fingerprint import sha256
from core.types import Language

__all__ = ["Examples", "Neighbour", "read_examples", "write_examples"]

_STEPS: Final = 127  # of an 8-bit coordinate


class Encodes(Protocol):
    """Texts → vectors of length 1."""

    def vectors(self, texts: Sequence[str], language: Language) -> npt.NDArray[np.float64]:
        """Vectors (n, hidden) of texts of one language."""
        ...


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A training example near a text. similarity: cosine of their vectors."""

    text: str
    label: str
    code: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples with their vectors (n, hidden), float32, of length 1."""

    rows: tuple[tuple[str, str, str], ...]  # text, label, code
    vectors: npt.NDArray[np.float32]

    def nearest(self, vector: npt.NDArray[np.floating], count: int) -> list[Neighbour]:
        """The examples most like a vector of length 1, nearest first."""
        similarity = self.vectors @ vector.astype(np.float32)
        best = np.argsort(-similarity, kind="stable")[:count]
        return [Neighbour(*self.rows[place], similarity=min(1.0, float(similarity[place]))) for place in best]


def write_examples(encoder: Encodes, language: Language, examples: Sequence[Example], folder: Path) -> dict[str, str]:
    """Write the examples with their vectors, in 8 bits a coordinate, into a model folder; returns SHA-256 by file name."""
    vectors = encoder.vectors([one.text for one in examples], language)
    scale = np.abs(vectors).max() / _STEPS
    rows = json.dumps([[one.text, one.label, one.code] for one in examples], ensure_ascii=False).encode()
    packed = io.BytesIO()
    np.savez_compressed(
        packed,
        vectors=np.round(vectors / scale).astype(np.int8),
        scale=np.float32(scale),
        rows=np.frombuffer(rows, dtype=np.uint8),
    )
    (folder / EXAMPLES_FILE).write_bytes(packed.getvalue())
    return {EXAMPLES_FILE: sha256(folder / EXAMPLES_FILE)}


def read_examples(folder: Path, expected: str) -> Examples:
    """The examples of a model folder; raises ModelMissing where they are not those with the SHA-256 its manifest names."""
    packed = (folder / EXAMPLES_FILE).read_bytes()
    if hashlib.sha256(packed).hexdigest() != expected:
        raise ModelMissing(f"{folder / EXAMPLES_FILE} has changed since the model was loaded; start again")
    with np.load(io.BytesIO(packed), allow_pickle=False) as stored:
        vectors = stored["vectors"].astype(np.float32) * stored["scale"]
        rows = json.loads(stored["rows"].tobytes().decode())
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return Examples(tuple((text, label, code) for text, label, code in rows), vectors)
