"""Sound: Chinese characters as the syllables they are spoken with, because typing errors mostly sound right (芙容路 for 芙蓉路)."""

import re
from typing import Final

from anyascii import anyascii

__all__ = ["sounded"]

_FIRST: Final = 0xE000  # syllables are written as characters of the private use area
_CHINESE: Final = range(0x3400, 0xA000)
# Syllables that accents of the south do not tell apart, and that keyboards therefore take for each other.
_MERGED: Final = ((re.compile("^([zcs])h"), r"\1"), (re.compile("^n"), "l"), (re.compile("ng$"), "n"))


class _Sounds(dict[int, str]):
    """Character → its syllable as one character, filled as characters are met; others stay as they are."""

    def __init__(self) -> None:
        super().__init__()
        self._syllables: dict[str, str] = {}

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = sound = self._sound(character) if code in _CHINESE else character
        return sound

    def _sound(self, character: str) -> str:
        syllable = anyascii(character).lower()
        for pattern, merged in _MERGED:
            syllable = pattern.sub(merged, syllable)
        if not syllable:
            return character
        return self._syllables.setdefault(syllable, chr(_FIRST + len(self._syllables)))


def sounded(text: str) -> str:
    """A folded text with each Chinese character as its syllable: same length, the same syllable is the same character.

    One reading a character (anyascii's), without tones; zh/z, ch/c, sh/s, n/l and -ng/-n are one. Which character stands for
    a syllable depends on the order of calls: compare such texts, never keep them.
    """
    return text.translate(_SOUNDS)


_SOUNDS: Final = _Sounds()
