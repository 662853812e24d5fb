"""How far small changes of a text, which change nothing of what it says, move a classifier."""

import random
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from classifier.evaluate import Labelled, evaluate
from classifier.techniques.augment import Synonyms
from core.types import Classifier, Language

__all__ = ["CHANGES", "Robustness", "measure_robustness"]

_CHATTER: Final[Mapping[Language, tuple[tuple[str, str], ...]]] = {
    "zh": (
        ("您好，打扰了，第一次写信，不知道找谁。", "盼回复，谢谢，祝工作顺利！"),
        ("领导辛苦了！", "以上情况属实，本人愿意配合。"),
        ("各位好，", "麻烦了，周末愉快。"),
    ),
    "en": (
        ("Hi there, hope you are well. ", " Thanks for all you do and have a great weekend!"),
        ("Not sure who to ask about this. ", " Sent from my phone."),
        ("Good morning. ", " Please let me know if you need anything else from me."),
    ),
}
# Characters that a pinyin keyboard or a tired hand takes for each other.
_SLIPS_ZH: Final = {
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
_RATE: Final = 0.06  # of letters that a slip of the hand touches


@dataclass(frozen=True, slots=True)
class Robustness:
    """What one change did: macro-F1 on the changed texts, points of macro-F1 lost, share of answers that stayed the same."""

    change: str
    macro_f1: float
    drop: float
    same: float


def measure_robustness(
    classifier: Classifier, language: Language, rows: Sequence[Labelled], *, seed: int = 0
) -> list[Robustness]:
    """Judge the classifier on the rows as they are and under each change; the first entry is the texts unchanged."""
    plain = evaluate(classifier, language, rows)
    answers = [Robustness("none", plain.macro_f1, 0.0, 1.0)]
    for name, change in CHANGES.items():
        generator = random.Random(seed)
        changed = [replace(row, text=change(row.text, language, generator)) for row in rows]
        judged = evaluate(classifier, language, changed)
        same = sum(a == b for a, b in zip(plain.guess, judged.guess, strict=True)) / len(rows)
        answers.append(Robustness(name, judged.macro_f1, plain.macro_f1 - judged.macro_f1, same))
    return answers


def _typos(text: str, language: Language, generator: random.Random) -> str:
    """Slips of the hand: letters swapped, doubled or left out; in Chinese, characters of the same sound or look."""
    letters = list(text)
    for place, letter in enumerate(letters[:-1]):
        if language == "zh":
            if letter in _SLIPS_ZH and generator.random() < 10 * _RATE:
                letters[place] = _SLIPS_ZH[letter]
        elif letter.isalpha() and generator.random() < _RATE:
            way = generator.randrange(3)
            if way == 0:
                letters[place], letters[place + 1] = letters[place + 1], letter
            else:
                letters[place] = letter * 2 if way == 1 else ""
    return "".join(letters)


def _synonyms(text: str, language: Language, generator: random.Random) -> str:
    return Synonyms(language)(text, generator)


def _capitals(text: str, _: Language, __: random.Random) -> str:
    return text.upper()


def _unpunctuated(text: str, _: Language, __: random.Random) -> str:
    return "".join(" " if unicodedata.category(letter).startswith("P") else letter for letter in text)


def _full_width(text: str, _: Language, __: random.Random) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def _with_chatter(text: str, language: Language, generator: random.Random) -> str:
    before, after = generator.choice(_CHATTER[language])
    return f"{before}{text}{after}"


CHANGES: Final[Mapping[str, Callable[[str, Language, random.Random], str]]] = {
    "typos": _typos,
    "synonyms": _synonyms,
    "upper case": _capitals,
    "no punctuation": _unpunctuated,
    "full width": _full_width,
    "chatter around": _with_chatter,
}
