"""What the tagger says of a token: which kind of mention it begins or continues, and what part that plays in the trouble."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from core.extraction import NAME_KINDS
from core.types import MentionKind, Role

__all__ = [
    "KINDS",
    "ROLES",
    "SCHEMA_VERSION",
    "TAGS",
    "Span",
    "naming",
    "spans_of",
    "tag_of",
]

SCHEMA_VERSION: Final = 1
# All kinds but times, which rules read whole.
KINDS: Final = tuple(kind for kind in MentionKind if kind is not MentionKind.TIME)
TAGS: Final = ("O", *(f"B-{kind}" for kind in KINDS), *(f"I-{kind}" for kind in KINDS))
ROLES: Final[tuple[Role | None, ...]] = (None, *Role)
_FIRST: Final = 1
_INSIDE: Final = 1 + len(KINDS)
_NAMING: Final = [n + k for k, kind in enumerate(KINDS) if kind in NAME_KINDS for n in (_FIRST, _INSIDE)]
_BEGINS: Final = 1  # of outside, begins, continues

Numbers = npt.NDArray[np.float64]


class Span(NamedTuple):
    """Tokens that make a mention: the first, the one after the last."""

    first: int
    stop: int
    kind: MentionKind
    confidence: float


def tag_of(kind: MentionKind, *, first: bool) -> int:
    """The number of the tag of a mention's token."""
    return (_FIRST if first else _INSIDE) + KINDS.index(kind)


def naming(tags: Numbers) -> Numbers:
    """For each token the probability that it belongs to the name of a place, an area or an organisation; shape (tokens,)."""
    return tags[:, _NAMING].sum(axis=1)


def spans_of(tags: Numbers) -> list[Span]:
    """The mentions that the tags' probabilities (tokens, TAGS) tell.

    Where a mention begins and ends is decided first, over all kinds together; then its kind, over all its tokens together: so that
    a network in doubt between two kinds within a name does not cut it. Its confidence is the mean probability of that kind.
    """
    begins, continues = tags[:, _FIRST:_INSIDE], tags[:, _INSIDE:]
    places = np.stack([tags[:, 0], begins.sum(axis=1), continues.sum(axis=1)], axis=1).argmax(axis=1)
    kinds = begins + continues
    spans: list[Span] = []
    first = 0
    for at in range(1, len(places) + 1):
        if places[first] == 0:
            first = at
        elif at == len(places) or places[at] in (0, _BEGINS):
            mean = kinds[first:at].mean(axis=0)
            best = int(mean.argmax())
            spans.append(Span(first, at, KINDS[best], float(mean[best])))
            first = at
    return spans
