"""Why a text got its category: the words that moved the decision, those that spoke against it, and the examples most like it.

Words are weighed by occlusion (Zeiler & Fergus 2014; Li, Monroe & Jurafsky 2016): each is masked in turn, and its weight is how far
the category's log-odds fall. That asks the very model that serves, needs no gradient, and says what attention does not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from classifier.examples import Neighbour
from classifier.heads import head_slices
from classifier.predict import OnnxClassifier
from classifier.tokens import Tokens
from core.bert.softmax import softmax
from core.classification import Classification, Doubt
from core.types import Language

__all__ = ["Explanation", "Weighed", "explain", "weigh"]

_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_WINDOW: Final = 2  # Chinese characters masked together: most words have two
_SHOWN: Final = 8  # words each way
_LEAST: Final = 0.05  # log-odds from which a word counts as having moved anything
_SHARE: Final = 0.15  # of the strongest word's weight: what a word needs to be named
_NEIGHBOURS: Final = 5


@dataclass(frozen=True, slots=True)
class Weighed:
    """Words of a text and what they did. weight: their share of the fall of the category's log-odds without them; negative: a rise.

    start, end: character offsets into the text, end exclusive.
    """

    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a text got its category. moved, against: strongest first; neighbours: nearest first."""

    classification: Classification
    moved: tuple[Weighed, ...]
    against: tuple[Weighed, ...]
    neighbours: tuple[Neighbour, ...]


def explain(classifier: OnnxClassifier, text: str, language: Language) -> Explanation:
    """The text's classification with the words for and against it and the training examples most like it.

    Runs the model once a word: tens of milliseconds for a line, about half a second for a page. A text without words has no reason.
    """
    classification = classifier.classify([text], [language])[0]
    if classification.doubt is Doubt.WORDLESS:
        return Explanation(classification, (), (), ())
    weighed = weigh(classifier, text, language, classification.category)
    least = max([_LEAST, *(_SHARE * abs(one.weight) for one in weighed)])
    rising = sorted((one for one in weighed if one.weight >= least), key=lambda one: -one.weight)
    falling = sorted((one for one in weighed if one.weight <= -least), key=lambda one: one.weight)
    neighbours = classifier.examples(language).nearest(classifier.vectors([text], language)[0], _NEIGHBOURS)
    return Explanation(classification, tuple(rising[:_SHOWN]), tuple(falling[:_SHOWN]), tuple(neighbours))


def weigh(classifier: OnnxClassifier, text: str, language: Language, category: str) -> list[Weighed]:
    """All words of a text, in its order, with what each did for a category."""
    tokens = classifier.tokens(text, language)
    units = _units(tokens, text)
    if not units:
        return []
    whole = _log_odds(classifier, [tokens.ids], language, category)[0]
    masked = [_masked(tokens.ids, unit, classifier.mask(language)) for unit in units]
    falls = whole - _log_odds(classifier, masked, language, category)
    weight = np.zeros(len(tokens.ids))
    times = np.zeros(len(tokens.ids))
    for unit, fall in zip(units, falls, strict=True):
        weight[unit] += fall / len(unit)
        times[unit] += 1
    return _joined(tokens, text, weight / np.maximum(times, 1))


def _units(tokens: Tokens, text: str) -> list[list[int]]:
    """What is masked together: the pieces of a word, or two neighbouring Chinese characters."""
    places = [place for place, (start, end) in enumerate(tokens.spans) if end > start and text[start:end].strip()]
    han = [place for place in places if _HAN.match(text[tokens.spans[place][0]])]
    pairs = [[a, b] for a, b in pairwise(han) if b == a + 1]
    alone = {place for pair in pairs for place in pair}
    words: list[list[int]] = [[place] for place in han if place not in alone]
    chosen = set(han)
    for place in places:
        start, end = tokens.spans[place]
        if place in chosen or not any(character.isalnum() for character in text[start:end]):
            continue
        if words and words[-1][-1] == place - 1 and tokens.spans[place - 1][1] == start and place - 1 not in chosen:
            words[-1].append(place)
        else:
            words.append([place])
    return sorted(words + pairs)


def _masked(ids: Sequence[int], places: Sequence[int], mask: int) -> list[int]:
    return [mask if place in places else token for place, token in enumerate(ids)]


def _log_odds(
    classifier: OnnxClassifier, rows: Sequence[list[int]], language: Language, category: str
) -> npt.NDArray[np.float64]:
    manifest = classifier.manifest(language)
    top = head_slices(manifest.heads)["top"]
    said = np.stack([classifier.run(ids, language).sentence[top] for ids in rows])
    chance = np.clip(softmax(said)[:, manifest.heads["top"].index(category)], 1e-9, 1 - 1e-9)
    return np.log(chance) - np.log1p(-chance)


def _joined(tokens: Tokens, text: str, weight: npt.NDArray[np.float64]) -> list[Weighed]:
    """Neighbouring tokens without a space between that pull the same way, as one; its weight is the sum of their shares."""
    answer: list[Weighed] = []
    for place, (start, end) in enumerate(tokens.spans):
        if end <= start or weight[place] == 0:
            continue
        last = answer[-1] if answer else None
        if last is not None and last.end == start and (last.weight > 0) == (weight[place] > 0):
            answer[-1] = Weighed(last.start, end, text[last.start : end], last.weight + float(weight[place]))
        else:
            answer.append(Weighed(start, end, text[start:end], float(weight[place])))
    return answer
