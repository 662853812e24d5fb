"""Examples → rows of numbers → padded batches of tensors."""

# torch is the extra [train]; the serving environment in which types are checked does not hold it.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from classifier.data import Example
from classifier.heads import TAGS
from classifier.tokens import TokenEncoder, Tokens

__all__ = ["ABSENT", "Batch", "Row", "class_weights", "collate", "outside_row", "row"]

ABSENT: Final = -1  # of a label that nobody gave
_ONE_OF: Final = ("top", "code", "urgency", "sentiment", "intent")


@dataclass(frozen=True, slots=True)
class Row:
    """One text as numbers, ABSENT where nobody said.

    one: head → label number; troubles: 0 or 1 a class; tags: a number a token; soft: a teacher's probabilities of the top
    classes, where there is a teacher.
    """

    ids: list[int]
    one: Mapping[str, int]
    troubles: list[int]
    outside: int
    tags: list[int]
    soft: Sequence[float] | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows padded to one width. ids, mask, tags (rows, tokens); one: head → (rows,); troubles (rows, classes); outside (rows,)."""

    ids: Tensor
    mask: Tensor
    one: Mapping[str, Tensor]
    troubles: Tensor
    outside: Tensor
    tags: Tensor
    soft: Tensor | None = field(default=None)


def row(
    example: Example, encoder: TokenEncoder, heads: Mapping[str, Sequence[str]], soft: Sequence[float] | None = None
) -> Row:
    """An example as numbers, ABSENT where it does not say."""
    tokens = encoder.encode(example.text)
    said = {
        "top": example.label,
        "code": example.code,
        "urgency": None if example.urgency is None else str(example.urgency),
        "sentiment": example.sentiment,
        "intent": example.intent,
    }
    one = {name: ABSENT if value is None else list(heads[name]).index(value) for name, value in said.items()}
    troubles = [_trouble(example, label) for label in heads["troubles"]]
    return Row(tokens.ids, one, troubles, 0, _tags(example, tokens), soft)


def outside_row(text: str, encoder: TokenEncoder, heads: Mapping[str, Sequence[str]]) -> Row:
    """A text that is no message to a city: nothing is said of it but that."""
    ids = encoder.encode(text).ids
    return Row(ids, dict.fromkeys(_ONE_OF, ABSENT), [ABSENT] * len(heads["troubles"]), 1, [ABSENT] * len(ids))


def class_weights(rows: Sequence[Row], classes: int, balance: float) -> npt.NDArray[np.float64]:
    """Inverse frequency, to the power of balance, of each top class that occurs; shape (classes,)."""
    labels = np.array([one.one["top"] for one in rows], dtype=np.int64)
    counts = np.bincount(labels[labels != ABSENT], minlength=classes)
    weights = np.where(counts > 0, counts.sum() / (np.count_nonzero(counts) * np.maximum(counts, 1)), 1.0)
    return weights**balance


def collate(rows: Sequence[Row], pad: int, device: torch.device) -> Batch:
    """Rows as one batch on a device, padded to the longest."""
    width = max(len(one.ids) for one in rows)

    def padded(values: Iterator[list[int]], filler: int) -> Tensor:
        return torch.tensor([one + [filler] * (width - len(one)) for one in values], device=device)

    return Batch(
        padded((one.ids for one in rows), pad),
        padded(([1] * len(one.ids) for one in rows), 0),
        {name: torch.tensor([one.one[name] for one in rows], device=device) for name in _ONE_OF},
        torch.tensor([one.troubles for one in rows], device=device),
        torch.tensor([one.outside for one in rows], device=device),
        padded((one.tags for one in rows), ABSENT),
        _softs(rows, device),
    )


def _softs(rows: Sequence[Row], device: torch.device) -> Tensor | None:
    """A teacher's probabilities, 0 for texts of which it was not asked, as those outside; None where it says nothing at all."""
    asked = next((one.soft for one in rows if one.soft is not None), None)
    if asked is None:
        return None
    absent = [0.0] * len(asked)
    return torch.tensor([absent if one.soft is None else one.soft for one in rows], dtype=torch.float32, device=device)


def _trouble(example: Example, label: str) -> int:
    if example.label == label:
        return 1
    return ABSENT if example.also is None else int(label in example.also)


def _tags(example: Example, tokens: Tokens) -> list[int]:
    """The tag of each token: the label's where its characters lie in the evidence, else O; ABSENT where nobody marked any."""
    if example.evidence is None:
        return [ABSENT] * len(tokens.ids)
    marked: set[int] = set()
    for words in example.evidence:
        start = example.text.find(words)
        marked.update(range(start, start + len(words)) if start >= 0 else ())
    tag = TAGS.index(example.label)
    return [ABSENT if end == 0 else tag if start in marked else 0 for start, end in tokens.spans]
