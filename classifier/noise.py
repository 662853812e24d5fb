"""Texts without sense: what a keyboard, a broken encoding or a bored hand produces. A model learns to doubt from them."""

import random
import string
from collections.abc import Callable
from typing import Final

from core.types import Language

__all__ = ["make_noise"]

_SYLLABLES: Final = "啊哦嗯呃嘿哈嘻哇哎咯啦噗"
_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_CONSONANTS: Final = "bcdfghjklmnpqrstvwxz"
_PIECES: Final = (2, 12)  # words or runs of a text


def make_noise(language: Language, count: int, *, seed: int = 0) -> list[str]:
    """Texts without sense in a language's script, a few words long each; the same for the same seed."""
    generator = random.Random(seed)
    kinds = _KINDS[language]
    return [_text(generator, kinds, "" if language == "zh" and generator.random() < 0.7 else " ") for _ in range(count)]  # noqa: PLR2004


def _text(generator: random.Random, kinds: tuple[Callable[[random.Random], str], ...], joint: str) -> str:
    chosen = generator.sample(kinds, k=generator.randint(1, 2))  # one or two kinds of noise a text
    return joint.join(generator.choice(chosen)(generator) for _ in range(generator.randint(*_PIECES)))


def _letters(generator: random.Random) -> str:
    return "".join(generator.choices(string.ascii_lowercase, k=generator.randint(3, 9)))


def _consonants(generator: random.Random) -> str:
    return "".join(generator.choices(_CONSONANTS, k=generator.randint(3, 7)))


def _keys(generator: random.Random) -> str:
    return "".join(generator.choices(generator.choice(_KEYS), k=generator.randint(3, 8)))


def _han(generator: random.Random) -> str:
    return "".join(_common(generator) for _ in range(generator.randint(1, 4)))


def _repeated(generator: random.Random) -> str:
    return _common(generator) * generator.randint(2, 5)


def _common(generator: random.Random) -> str:
    """One of the 3,755 characters of everyday Chinese: the first level of GB 2312."""
    return bytes([generator.randint(0xB0, 0xD6), generator.randint(0xA1, 0xFE)]).decode("gb2312")


def _syllables(generator: random.Random) -> str:
    return "".join(generator.choices(_SYLLABLES, k=generator.randint(1, 3)))


_KINDS: Final[dict[Language, tuple[Callable[[random.Random], str], ...]]] = {
    "zh": (_han, _han, _repeated, _syllables, _keys, _letters),
    "en": (_letters, _consonants, _keys),
}
