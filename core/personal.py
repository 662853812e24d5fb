"""Personal data taken out of a text: what is left, what was hidden, and who takes it out."""

from dataclasses import dataclass, field
from typing import Protocol

from core.extraction import PersonalSpan
from core.types import Language

__all__ = ["Hidden", "Masked", "PersonalMasker"]


@dataclass(frozen=True, slots=True)
class Hidden:
    """Words that were hidden. span: where they stood in the text as given; words: never shown by repr, so never in a log."""

    span: PersonalSpan
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with labels such as [电话] or [phone] for its personal data, and what they stand for, in the text's order."""

    text: str
    hidden: tuple[Hidden, ...] = ()


class PersonalMasker(Protocol):
    """Text → text without personal data."""

    def mask(self, text: str, language: Language) -> Masked:
        """Put a label in the text's language for every piece of personal data; masking again changes nothing."""
        ...
