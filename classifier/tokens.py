"""Text → token ids, the same in training and serving, each with the characters of the text it stands for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from rapidfuzz.distance import Levenshtein
from tokenizers import Tokenizer

from classifier.data import normalise

__all__ = ["TokenEncoder", "Tokens"]

_HEAD_SHARE: Final = 0.75  # of the tokens a long text keeps, how many from its beginning; the rest from its end
_CHARACTERS_A_TOKEN: Final = 16  # a text longer than this many characters a token is cut before tokenising


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text. spans: each one's characters in the text as given, end exclusive; (0, 0) of [CLS] and [SEP]."""

    ids: list[int]
    spans: list[tuple[int, int]]


class TokenEncoder:
    """A BERT tokenizer that keeps the beginning and the end of long texts.

    max_len: tokens of one input, [CLS] and [SEP] counted. Safe to share between threads.
    """

    def __init__(self, tokenizer: Tokenizer, max_len: int) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.tokenizer = tokenizer
        self.max_len = max_len
        self.cls = _id(tokenizer, "[CLS]")
        self.sep = _id(tokenizer, "[SEP]")
        self.pad = _id(tokenizer, "[PAD]")
        self.unknown = _id(tokenizer, "[UNK]")
        self.mask = _id(tokenizer, "[MASK]")

    @classmethod
    def from_file(cls, path: Path, max_len: int) -> "TokenEncoder":
        """Read a `tokenizer.json`."""
        return cls(Tokenizer.from_file(str(path)), max_len)

    def encode(self, text: str) -> Tokens:
        """[CLS], the tokens of the normalised text, [SEP]; of a long text three quarters from its head, the rest from its tail."""
        room = self.max_len - 2
        kept, dropped_from, dropped = _ends(text, room * _CHARACTERS_A_TOKEN)
        plain = normalise(kept)
        encoding = self.tokenizer.encode(plain, add_special_tokens=False)
        ids = encoding.ids
        where = _positions(kept, plain)
        spans = [(where[start], where[end]) for start, end in cast("Sequence[tuple[int, int]]", encoding.offsets)]
        if len(ids) > room:
            head = round(room * _HEAD_SHARE)
            tail = len(ids) - (room - head)
            ids, spans = ids[:head] + ids[tail:], spans[:head] + spans[tail:]
        if dropped:
            spans = [(a + dropped, b + dropped) if a >= dropped_from else (a, b) for a, b in spans]
        return Tokens([self.cls, *ids, self.sep], [(0, 0), *spans, (0, 0)])


def _ends(text: str, characters: int) -> tuple[str, int, int]:
    """Both ends of a very long text, so that a 10 MB line costs no more than a page; where the cut is, and how much it dropped."""
    if len(text) <= 2 * characters:
        return text, len(text), 0
    return f"{text[:characters]} {text[-characters:]}", characters + 1, len(text) - 2 * characters - 1


def _positions(given: str, plain: str) -> Sequence[int]:
    """For each character of the normalised text, and its end, the position in the text given.

    What stands between two stretches that are equal in both is spread evenly: the letters of [phone] over the digits it masks.
    """
    if given == plain:
        return range(len(plain) + 1)
    answer: list[int] = []
    there = 0
    for block in Levenshtein.editops(plain, given).as_matching_blocks():
        changed, width = block.a - len(answer), block.b - there
        answer += [there + offset * width // changed for offset in range(changed)]
        answer += range(block.b, block.b + block.size)
        there = block.b + block.size
    return [*answer, len(given)]


def _id(tokenizer: Tokenizer, token: str) -> int:
    number = tokenizer.token_to_id(token)
    if number is None:  # pyright: ignore[reportUnnecessaryComparison] - the stub leaves None out
        msg = f"the tokenizer has no {token} token"
        raise ValueError(msg)
    return number
