"""Categories as data: four top classes, their sub-codes, names in two languages, urgency and lifetime."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

import yaml

from core.errors import UnknownCategory
from core.types import Language

__all__ = ["TOP_CLASSES", "Category", "Taxonomy", "load_taxonomy"]

TOP_CLASSES = ("littering", "noise", "obstruction", "other")


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of trouble. standard: its 大类 in GB/T 30428, or None; urgency 1–3; lifetime_days of one incident."""

    code: str
    kind: Literal["event", "component"]
    standard: str | None
    name_zh: str
    name_en: str
    urgency: int
    lifetime_days: int

    @property
    def top(self) -> str:
        """The top class: the code's first part."""
        return self.code.split(".", 1)[0]

    @property
    def broader(self) -> str | None:
        """The code one level up, None for a top class."""
        return self.top if "." in self.code else None

    def name(self, language: Language) -> str:
        """The name a person reads."""
        return self.name_zh if language == "zh" else self.name_en


class Taxonomy:
    """The categories of a city, by code."""

    def __init__(self, version: int, categories: list[Category], urgent_words: list[str]) -> None:
        self.version = version
        self._urgent_words = tuple(word.casefold() for word in urgent_words)
        self._by_code = {category.code: category for category in categories}

    def __getitem__(self, code: str) -> Category:
        """The category with this code; raises UnknownCategory with the nearest code."""
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownCategory(code, known=self._by_code) from None

    def __iter__(self) -> Iterator[Category]:
        return iter(self._by_code.values())

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def speaks_of_danger(self, text: str) -> bool:
        """Whether one of the taxonomy's urgent words occurs in a text."""
        folded = text.casefold()
        return any(word in folded for word in self._urgent_words)

    def urgency(self, code: str, text: str) -> int:
        """How urgent a report is, 1–3: its category's default, or 3 where its words speak of danger."""
        return 3 if self.speaks_of_danger(text) else self[code].urgency

    def codes(self) -> list[str]:
        """All codes, top classes before their sub-codes."""
        return list(self._by_code)


@cache
def load_taxonomy() -> Taxonomy:
    """The taxonomy the package carries (core/taxonomy.yaml); a sub-code inherits kind and lifetime from its top class."""
    raw = cast("dict[str, Any]", yaml.safe_load(files("core").joinpath("taxonomy.yaml").read_text(encoding="utf-8")))
    rows = cast("list[dict[str, Any]]", raw["categories"])
    tops = {row["code"]: row for row in rows if "." not in row["code"]}
    categories = [Category(**{**_inherited(tops[row["code"].split(".", 1)[0]]), **row}) for row in rows]
    words = cast("dict[str, list[str]]", raw["urgent_words"])
    return Taxonomy(int(raw["version"]), categories, [word for language in words.values() for word in language])


def _inherited(top: dict[str, Any]) -> dict[str, Any]:
    return {key: top[key] for key in ("kind", "lifetime_days")}
