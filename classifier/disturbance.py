"""What changes a text but not what it says: chatter around it, slips of the hand, capitals, lost punctuation, other widths.

Training shows the network some texts so disturbed, other ones each epoch, that it may learn to look past it.
"""

import random
import string
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Final, cast

import yaml

from classifier.data import Example
from core.types import Language

__all__ = ["capitals", "disturb", "full_width", "slips", "unpunctuated"]

_SLIP_RATE: Final = 0.06  # of letters that a slip of the hand touches
_CHATTER_SHARE: Final = 0.6  # of the disturbed texts, how many get chatter and nothing else
# Characters that a pinyin keyboard or a tired hand takes for each other.
_ALIKE: Final = {
    "的": "地",
    "地": "的",
    "在": "再",
    "做": "作",
    "已": "以",
    "道": "到",
    "吵": "炒",
    "垃": "拉",
    "圾": "级",
}


def disturb(examples: Sequence[Example], language: Language, share: float, generator: random.Random) -> list[Example]:
    """The examples, this share of them disturbed in one way each; labels stay, evidence stays where its words do."""
    return [_disturbed(one, language, generator) if generator.random() < share else one for one in examples]


def slips(text: str, language: Language, generator: random.Random) -> str:
    """Slips of the hand: letters swapped, doubled or left out; in Chinese, characters of the same sound or look."""
    letters = list(text)
    for place, letter in enumerate(letters[:-1]):
        if language == "zh":
            if letter in _ALIKE and generator.random() < 10 * _SLIP_RATE:
                letters[place] = _ALIKE[letter]
        elif letter.isalpha() and generator.random() < _SLIP_RATE:
            way = generator.randrange(3)
            if way == 0:
                letters[place], letters[place + 1] = letters[place + 1], letter
            else:
                letters[place] = letter * 2 if way == 1 else ""
    return "".join(letters)


def capitals(text: str, _: Language, __: random.Random) -> str:
    """All letters as capitals."""
    return text.upper()


def unpunctuated(text: str, _: Language, __: random.Random) -> str:
    """A space for each sign of punctuation."""
    return "".join(" " if unicodedata.category(letter).startswith("P") else letter for letter in text)


def full_width(text: str, _: Language, __: random.Random) -> str:
    """Latin letters, digits and signs as wide as Chinese characters."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def _disturbed(example: Example, language: Language, generator: random.Random) -> Example:
    if generator.random() < _CHATTER_SHARE:
        return replace(example, text=_with_chatter(example.text, language, generator))
    text = generator.choice(_WAYS[language])(example.text, language, generator)
    evidence = example.evidence
    if evidence is not None and not all(words in text for words in evidence):
        evidence = None  # its words are no longer there to be marked
    return replace(example, text=text, evidence=evidence)


def _with_chatter(text: str, language: Language, generator: random.Random) -> str:
    """The text with something said before it, after it, or both."""
    chatter = _chatter()[language]
    sides = generator.choice(("before", "after", "both", "both"))
    before = "" if sides == "after" else generator.choice(chatter["before"])
    after = "" if sides == "before" else generator.choice(chatter["after"])
    if language == "en" and before and before[-2:] == ", " and text[:1] in string.ascii_uppercase:
        before = before.rstrip() + generator.choice((" ", "\n"))
    return f"{before}{text}{after}"


@cache
def _chatter() -> Mapping[str, Mapping[str, list[str]]]:
    text = files("classifier").joinpath("chatter.yaml").read_text(encoding="utf-8")
    return cast("Mapping[str, Mapping[str, list[str]]]", yaml.safe_load(text))


_WAYS: Final[Mapping[Language, tuple[Callable[[str, Language, random.Random], str], ...]]] = {
    "zh": (slips, unpunctuated),
    "en": (slips, slips, capitals, unpunctuated),
}
