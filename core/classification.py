"""What the classifier says of a text: which trouble, how sure, how urgent, in what tone, and by which words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

__all__ = ["Classification", "Doubt", "Evidence", "Intent", "Scored", "Sentiment"]

Sentiment = Literal["negative", "neutral", "positive"]
Intent = Literal["complaint", "question", "suggestion", "thanks", "chasing"]


class Doubt(StrEnum):
    """Why a person should decide."""

    WORDLESS = "wordless"  # the text has no words that the model knows
    OUTSIDE = "outside"  # not a message to a city: news, advertising, another language
    UNSURE = "unsure"  # the best class is not probable enough


@dataclass(frozen=True, slots=True)
class Scored:
    """A category with its calibrated probability."""

    category: str
    probability: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that carry the trouble. start, end: character offsets into the text classified, end exclusive."""

    start: int
    end: int
    text: str
    category: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Classification:
    """Which trouble a report is about.

    category: the best top class. ranking: all top classes, best first, probabilities sum to 1.
    doubt: why a person decides, None where the model is sure enough. model: name@version.
    code: the best sub-code under the category (or the category itself, where none fits better), code_confidence given the
    category. urgency 1–3, sentiment, intent: None from a model that does not say. also: further top classes that the same
    message complains of, best first. evidence: in the order of the text. outside: probability that this is no message to a city.
    """

    category: str
    confidence: float
    ranking: tuple[Scored, ...]
    doubt: Doubt | None
    model: str
    code: str
    code_confidence: float = 0.0
    urgency: int | None = None
    sentiment: Sentiment | None = None
    intent: Intent | None = None
    also: tuple[Scored, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    outside: float = 0.0

    @property
    def abstained(self) -> bool:
        """Whether a person decides."""
        return self.doubt is not None
