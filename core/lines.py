"""JSON Lines → objects: one reader for the corpus, a city's own messages and labelled sets."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from core.errors import UnreadableFile

__all__ = ["read_objects", "required_text"]


def read_objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a UTF-8 file with where each stands, as "file:line"; empty lines are skipped.

    Raises UnreadableFile where the file is absent or not UTF-8, or a line is no JSON object.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile("file", str(path), "a file in UTF-8 that is there") from error
    for number, line in enumerate(text.split("\n"), start=1):  # splitlines() would part a text at U+2028
        if not line.strip():
            continue
        where = f"{path.name}:{number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UnreadableFile(where, line, "a JSON object") from error
        if not isinstance(row, dict):
            raise UnreadableFile(where, line, "a JSON object")
        yield where, cast("dict[str, Any]", row)


def required_text(row: dict[str, Any], where: str) -> str:
    """A row's text with its subject, where there is one, before it, as served; raises UnreadableFile where there is no text."""
    text, subject = row.get("text"), row.get("subject")
    if not isinstance(text, str) or not text.strip():
        raise UnreadableFile(where, text, "a text that is not empty")
    return f"{subject}\n{text}" if subject else text
