"""Folding: one shape for the many ways a name is typed."""

import re
import unicodedata
from functools import cache
from hashlib import blake2b

__all__ = ["fold", "has_chinese", "normalised", "organization_id"]

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_SPACES = re.compile(r"\s+")


class _Folding(dict[int, str]):
    """Character → its folded form, filled as characters are met; always one character, so that offsets stay true."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


def fold(text: str) -> str:
    """The text in half width and lower case, character by character: same length, so offsets stay true.

    Lone surrogates become U+FFFD, which every encoder takes.
    """
    return text.translate(_FOLDING)


def normalised(name: str) -> str:
    """A name as it is compared: folded, without spaces at its ends, inner runs of spaces as one."""
    return _SPACES.sub(" ", fold(unicodedata.normalize("NFKC", name))).strip()


def has_chinese(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return _CHINESE.search(text) is not None


def organization_id(name: str) -> str:
    """The id of an organisation: a hash of its normalised name, so that the same name is the same node."""
    return f"org:{blake2b(normalised(name).encode(), digest_size=8).hexdigest()}"


@cache
def _folded(character: str) -> str:
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    narrow = unicodedata.normalize("NFKC", character)
    lower = (narrow if len(narrow) == 1 else character).lower()
    return lower if len(lower) == 1 else character


_FOLDING = _Folding()
