"""Whether the words that an explanation names are those that the model went by: the deletion curve against random words."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from classifier.explain import weigh
from classifier.heads import head_slices
from classifier.predict import OnnxClassifier
from core.bert.softmax import softmax
from core.errors import BadInput
from core.types import Language

__all__ = ["Faithfulness", "measure_faithfulness"]

_SHARES: Final = (0.0, 0.1, 0.2, 0.3, 0.5)
_DRAWS: Final = 5  # random orders a text


@dataclass(frozen=True, slots=True)
class Faithfulness:
    """Mean probability of the category first given, after masking a share of the tokens: those named first, or random ones.

    gap: mean difference of the two curves beyond share 0 (comprehensiveness over random; DeYoung et al. 2020); above 0 where the
    words named matter more.
    """

    texts: int
    shares: tuple[float, ...]
    named: tuple[float, ...]
    chance: tuple[float, ...]
    gap: float


def measure_faithfulness(
    classifier: OnnxClassifier, language: Language, texts: Sequence[str], *, seed: int = 0
) -> Faithfulness:
    """The two deletion curves over texts that have words."""
    generator = random.Random(seed)
    named: list[list[float]] = []
    chance: list[list[float]] = []
    for text in texts:
        category = classifier.classify([text], [language])[0].category
        tokens = classifier.tokens(text, language)
        weighed = weigh(classifier, text, language, category)
        if not weighed:
            continue
        places = [place for place, (start, end) in enumerate(tokens.spans) if end > start]
        rank = {
            place: order
            for order, one in enumerate(sorted(weighed, key=lambda one: -one.weight))
            for place in places
            if one.start <= tokens.spans[place][0] and tokens.spans[place][1] <= one.end
        }
        best = sorted(places, key=lambda place: rank.get(place, len(rank)))
        named.append(_curve(classifier, language, tokens.ids, best, category))
        draws = [
            _curve(classifier, language, tokens.ids, generator.sample(places, len(places)), category)
            for _ in range(_DRAWS)
        ]
        chance.append(np.mean(draws, axis=0).tolist())
    if not named:
        raise BadInput("texts", len(texts), "at least one text with words")
    by_name, by_chance = np.mean(named, axis=0), np.mean(chance, axis=0)
    return Faithfulness(
        len(named), _SHARES, tuple(by_name.tolist()), tuple(by_chance.tolist()), float((by_chance - by_name)[1:].mean())
    )


def _curve(
    classifier: OnnxClassifier, language: Language, ids: Sequence[int], order: Sequence[int], category: str
) -> list[float]:
    manifest, mask = classifier.manifest(language), classifier.mask(language)
    top = head_slices(manifest.heads)["top"]
    number = manifest.heads["top"].index(category)
    answer: list[float] = []
    for share in _SHARES:
        hidden = set(order[: round(share * len(order))])
        said = classifier.run([mask if place in hidden else token for place, token in enumerate(ids)], language)
        answer.append(float(softmax(said.sentence[top], manifest.temperatures["top"])[number]))
    return answer
