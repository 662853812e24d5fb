"""Text → windows of token ids with the characters each token stands for; the same in training and serving."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tokenizers import Tokenizer

from core.errors import BadInput
from extraction.fold import fold

__all__ = ["Window", "Windows"]

_OVERLAP: Final = 0.2  # of a window, shared with the next: a name at the edge of one stands inside the other


@dataclass(frozen=True, slots=True)
class Window:
    """A run of a text's tokens between [CLS] and [SEP]. first: the text's token that ids[1] is."""

    ids: list[int]
    first: int


class Windows:
    """A BERT tokenizer that parts long texts. size: tokens of a window, [CLS] and [SEP] counted. Safe to share between threads."""

    def __init__(self, tokenizer: Tokenizer, size: int) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.tokenizer = tokenizer
        self.size = size
        self.cls, self.sep, self.pad = (_id(tokenizer, token) for token in ("[CLS]", "[SEP]", "[PAD]"))

    @classmethod
    def from_file(cls, path: Path, size: int) -> "Windows":
        """Read a `tokenizer.json`."""
        return cls(Tokenizer.from_file(str(path)), size)

    def encode(self, text: str) -> tuple[list[Window], list[tuple[int, int]]]:
        """The text's windows, and for each token of the text its characters, end exclusive."""
        encoding = self.tokenizer.encode(fold(text), add_special_tokens=False)
        ids, room = encoding.ids, self.size - 2
        step = max(1, round(room * (1 - _OVERLAP)))
        starts = [0] if len(ids) <= room else range(0, len(ids) - round(room * _OVERLAP), step)
        windows = [Window([self.cls, *ids[start : start + room], self.sep], start) for start in starts]
        return windows, encoding.offsets


def _id(tokenizer: Tokenizer, token: str) -> int:
    number = tokenizer.token_to_id(token)
    if number is None:  # pyright: ignore[reportUnnecessaryComparison] - the stub leaves None out
        raise BadInput("tokenizer", token, "one of its tokens")
    return number
