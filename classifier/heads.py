"""What the network says of a text: the label schema, its version, and where each answer stands among the numbers."""

from collections.abc import Mapping, Sequence
from typing import Final, get_args

from core.classification import Intent, Sentiment
from core.taxonomy import TOP_CLASSES, load_taxonomy

__all__ = ["SCHEMA_VERSION", "TAGS", "TROUBLES", "default_heads", "head_slices"]

SCHEMA_VERSION: Final = 2  # 1 knew the top classes only
TROUBLES: Final = tuple(label for label in TOP_CLASSES if label != "other")  # which may come beside the main one
TAGS: Final = ("O", *TOP_CLASSES)  # of a token: no evidence, or evidence of a class


def default_heads() -> dict[str, tuple[str, ...]]:
    """Head → labels, in the order in which one row of the network's numbers holds them.

    top: one class; code: one of the taxonomy's codes, read within the top class; urgency, sentiment, intent: one each;
    troubles: any number of classes complained of; outside: one number, whether this is no message to a city.
    """
    return {
        "top": TOP_CLASSES,
        "code": tuple(load_taxonomy().codes()),
        "urgency": ("1", "2", "3"),
        "sentiment": get_args(Sentiment),
        "intent": get_args(Intent),
        "troubles": TROUBLES,
        "outside": ("outside",),
    }


def head_slices(heads: Mapping[str, Sequence[str]]) -> dict[str, slice]:
    """Where each head's numbers stand in a row."""
    slices: dict[str, slice] = {}
    start = 0
    for name, labels in heads.items():
        slices[name] = slice(start, start + len(labels))
        start += len(labels)
    return slices
