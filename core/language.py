"""Which of the two languages a text is in."""

import re
from typing import Final

from core.types import Language

__all__ = ["detect_language"]

_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_WORD: Final = re.compile(r"[A-Za-z\u00c0-\u024f]{2,}")


def detect_language(text: str, *, default: Language = "zh") -> Language:
    """The language most of a text is in: "zh" where Han characters are at least as many as words in Latin letters.

    A Chinese word has about two characters, so a Chinese sentence with a few foreign names stays Chinese, and an English one
    that quotes a shop's sign stays English. default: for a text with neither (digits, emoji, nothing).
    """
    han = len(_HAN.findall(text))
    words = len(_WORD.findall(text))
    if han == words == 0:
        return default
    return "zh" if han >= words else "en"
