"""Self-training: a network's own confident answers on unlabelled texts as labels (Lee 2013).

The confidence mask is that of Xie et al. 2020 (UDA); equal numbers a class keep its mistakes from tipping the classes' balance.
"""

# Reads finetune, whose types rest on the extra [train].
# pyright: reportUnknownMemberType=false

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.data import Example, normalise
from classifier.finetune import FineTuned
from classifier.outcome import sigmoid, within
from core.bert.softmax import softmax
from core.taxonomy import TOP_CLASSES

__all__ = ["Pseudo", "pseudo_label"]


@dataclass(frozen=True, slots=True)
class Pseudo:
    """What was labelled. given: texts looked at, without repetitions; outside: of these, no messages to a city.

    confident: class → texts above the threshold; taken: class → texts among the examples.
    """

    examples: tuple[Example, ...]
    given: int
    outside: int
    confident: Mapping[str, int]
    taken: Mapping[str, int]


def pseudo_label(
    trained: FineTuned,
    texts: Sequence[str],
    *,
    threshold: float = 0.9,
    per_class: int | None = None,
    temperature: float = 1.0,
) -> Pseudo:
    """Examples of the texts of which the network is confident, the most confident first within each class.

    Each has a label, the likeliest code under it and a family of its own; nothing is said of its marks. per_class: at most so
    many; default, as many as the rarest class that has any. temperature: of the probabilities that threshold judges.
    """
    unique = list(dict.fromkeys(text for text in (normalise(one) for one in texts) if text))
    if not unique:
        return Pseudo((), 0, 0, dict.fromkeys(TOP_CLASSES, 0), dict.fromkeys(TOP_CLASSES, 0))
    numbers = trained.say(unique)
    chances = softmax(trained.head("top", numbers), temperature)
    inside = sigmoid(trained.head("outside", numbers))[:, 0] < 0.5  # noqa: PLR2004 - likelier than not
    codes, logits = list(trained.heads["code"]), trained.head("code", numbers)
    order = np.argsort(-chances.max(axis=1), kind="stable")
    sure = [int(place) for place in order if inside[place] and chances[place].max() >= threshold]
    found = {label: [place for place in sure if chances[place].argmax() == number] for number, label in _classes()}
    limit = per_class if per_class is not None else min((len(places) for places in found.values() if places), default=0)
    examples: list[Example] = []
    for label, places in found.items():
        under = within(codes, label)
        for place in places[:limit]:
            code = codes[under[int(logits[place, under].argmax())]]
            examples.append(Example(unique[place], label, code, f"pseudo-{place}", "message"))
    return Pseudo(
        tuple(examples),
        len(unique),
        int((~inside).sum()),
        {label: len(places) for label, places in found.items()},
        {label: min(limit, len(places)) for label, places in found.items()},
    )


def _classes() -> list[tuple[int, str]]:
    return list(enumerate(TOP_CLASSES))
