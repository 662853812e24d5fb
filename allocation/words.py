"""How numbers, codes and spans of time are written for people, in Chinese and in English."""

from core.taxonomy import load_taxonomy
from core.types import Language

__all__ = ["category_name", "distance", "number"]


def number(value: float, digits: int = 1) -> str:
    """A number without trailing zeros: 3, 2.5, 1,240."""
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def distance(metres: float, language: Language) -> str:
    """A distance in metres below one kilometre, else in kilometres."""
    if metres < 1000:  # noqa: PLR2004
        return f"{metres:.0f} {'米' if language == 'zh' else 'm'}"
    return f"{metres / 1000:.1f} {'公里' if language == 'zh' else 'km'}"


def category_name(code: str, language: Language) -> str:
    """The name of a category, its code where the taxonomy does not hold it."""
    taxonomy = load_taxonomy()
    return taxonomy[code].name(language) if code in taxonomy else code
