"""The pre-trained models that everything here is fine-tuned from, one a language."""

from pathlib import Path
from typing import Final

from core.types import Language

__all__ = ["HUB_IDS", "provenance"]

HUB_IDS: Final[dict[Language, str]] = {
    "zh": "BAAI/bge-small-zh-v1.5",
    "en": "sentence-transformers/all-MiniLM-L6-v2",
}
_LICENCES: Final[dict[Language, str]] = {"zh": "MIT", "en": "Apache-2.0"}


def provenance(language: Language, base: str | None) -> tuple[str, str]:
    """Hub id and licence of the base; a local copy is known by its folder's name. None: the language's own."""
    hub = HUB_IDS[language]
    if base is None or base == hub or Path(base).name == hub.split("/")[1]:
        return hub, _LICENCES[language]
    return base, "as the base's"
