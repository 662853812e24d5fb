"""A section of a model card: what stands between its two markers, written by the measuring code, never by hand."""

import re
from pathlib import Path

from core.errors import UnreadableFile

__all__ = ["write_section"]


def write_section(path: Path, name: str, text: str) -> None:
    """Put a text between a section's markers, `<!-- NAME: begin (…) -->` and `<!-- NAME: end -->`.

    Raises UnreadableFile where the card is absent or lacks the markers.
    """
    try:
        card = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile("card", str(path), "a model card in UTF-8 that is there") from error
    begin = re.search(rf"<!-- {re.escape(name)}: begin[^\n]*-->", card)
    end = card.find(f"<!-- {name}: end -->", begin.end()) if begin else -1
    if not begin or end < 0:
        raise UnreadableFile("card", str(path), f"a model card with the markers of its {name}")
    path.write_text(f"{card[: begin.end()]}\n\n{text}\n\n{card[end:]}", encoding="utf-8")
