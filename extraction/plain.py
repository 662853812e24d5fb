"""The plain view of a text: one shape for digits, signs and spaces however they were typed, offsets kept."""

import unicodedata
from typing import Final

__all__ = ["plain", "with_spoken_digits"]

_DASHES: Final = "‐‑‒–—―−－﹣ー"
_DOTS: Final = "•・‧∙●᛫"
_INVISIBLE: Final = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_KEPT: Final = "，：；！？（）"  # the lexer reads a Chinese text better with its own signs
_SPOKEN: Final = str.maketrans("幺零〇○一二三四五六七八九壹贰叁肆伍陆柒捌玖", "1000" + "123456789" * 2)


class _Plain(dict[int, str]):
    """Character → its plain form, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = made = _plain(chr(code))
        return made


def plain(text: str) -> str:
    """The text with ASCII digits, letters, dashes and spaces for their full-width and odd forms; Chinese ，：（ and the like stay.

    Character by character, so offsets stay true; case is kept, and ① stays ① (it counts a list and is no digit of a number).
    """
    return text.translate(_TABLE)


def with_spoken_digits(text: str) -> str:
    """The text with 幺零一二三… as digits, for numbers that are spelled; offsets stay true."""
    return text.translate(_SPOKEN)


def _plain(character: str) -> str:
    if "\uff01" <= character <= "\uff5e" and character not in _KEPT:
        return chr(ord(character) - 0xFEE0)
    if character in _DASHES:
        return "-"
    if character in _DOTS:
        return "·"
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.digit(character))
    return " " if kind == "Zs" or character in _INVISIBLE else character


_TABLE: Final = _Plain()
