"""Text → token ids, the same in training and serving."""

from pathlib import Path
from typing import Final

from tokenizers import Tokenizer

from classifier.data import normalise

__all__ = ["TokenEncoder"]

_HEAD_SHARE: Final = 0.75  # of the tokens a long text keeps, how many from its beginning; the rest from its end
_CHARACTERS_A_TOKEN: Final = 16  # a text longer than this many characters a token is cut before tokenising


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

    @classmethod
    def from_file(cls, path: Path, max_len: int) -> "TokenEncoder":
        """Read a `tokenizer.json`."""
        return cls(Tokenizer.from_file(str(path)), max_len)

    def encode(self, text: str) -> list[int]:
        """[CLS], the tokens of the normalised text, [SEP]; of a long text three quarters from its head, the rest from its tail."""
        room = self.max_len - 2
        text = normalise(_ends(text, room * _CHARACTERS_A_TOKEN))
        ids = self.tokenizer.encode(text, add_special_tokens=False).ids
        if len(ids) > room:
            head = round(room * _HEAD_SHARE)
            ids = ids[:head] + ids[len(ids) - (room - head) :]
        return [self.cls, *ids, self.sep]


def _ends(text: str, characters: int) -> str:
    """Both ends of a very long text, so that a 10 MB line costs no more than a page."""
    return text if len(text) <= 2 * characters else f"{text[:characters]} {text[-characters:]}"


def _id(tokenizer: Tokenizer, token: str) -> int:
    number = tokenizer.token_to_id(token)
    if number is None:  # pyright: ignore[reportUnnecessaryComparison] - the stub leaves None out
        msg = f"the tokenizer has no {token} token"
        raise ValueError(msg)
    return number
