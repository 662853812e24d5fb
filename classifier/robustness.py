"""How far small changes of a text, which change nothing of what it says, move a classifier."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from classifier.disturbance import capitals, full_width, slips, unpunctuated
from classifier.evaluate import Labelled, evaluate
from classifier.techniques.augment import Synonyms
from core.types import Classifier, Language

__all__ = ["CHANGES", "Robustness", "measure_robustness"]

# None of it stands in chatter.yaml, from which training learns to look past chatter.
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


def _synonyms(text: str, language: Language, generator: random.Random) -> str:
    return Synonyms(language)(text, generator)


def _with_chatter(text: str, language: Language, generator: random.Random) -> str:
    before, after = generator.choice(_CHATTER[language])
    return f"{before}{text}{after}"


CHANGES: Final[Mapping[str, Callable[[str, Language, random.Random], str]]] = {
    "typos": slips,
    "synonyms": _synonyms,
    "upper case": capitals,
    "no punctuation": unpunctuated,
    "full width": full_width,
    "chatter around": _with_chatter,
}
