"""Random batches whose rows are about equally long."""

import random
from collections.abc import Iterator, Sequence
from typing import Final, Protocol, TypeVar

__all__ = ["random_batches"]

_CHUNK: Final = 16  # batches sorted by length together: little padding, still random


class _Row(Protocol):
    @property
    def ids(self) -> Sequence[int]: ...


_AnyRow = TypeVar("_AnyRow", bound=_Row)


def random_batches(rows: Sequence[_AnyRow], size: int, generator: random.Random) -> Iterator[list[_AnyRow]]:
    """Random batches of rows of similar length, by their token ids."""
    shuffled = list(rows)
    generator.shuffle(shuffled)
    batches: list[list[_AnyRow]] = []
    for start in range(0, len(shuffled), size * _CHUNK):
        chunk = sorted(shuffled[start : start + size * _CHUNK], key=lambda one: len(one.ids))
        batches.extend(chunk[at : at + size] for at in range(0, len(chunk), size))
    generator.shuffle(batches)
    yield from batches
