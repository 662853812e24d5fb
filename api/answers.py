"""Files of answers, a line a row: there wholly or not at all."""

import json
import os
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final, TextIO

from core.errors import BadInput
from graph.sources import Row

__all__ = ["batches", "whole_file", "write_line"]

_HALF: Final = re.compile("[\ud800-\udfff]")


@contextmanager
def whole_file(out: Path) -> Generator[TextIO]:
    """A file to write that gets its name once it is whole; what bears the name stays until then, and where something fails.

    Raises BadInput for a folder, and where the folder is not there.
    """
    if out.is_dir() or not out.parent.is_dir():
        raise BadInput("out", str(out), "a file in a folder that exists")
    unfinished = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with unfinished.open("w", encoding="utf-8") as stream:
            yield stream
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)


def batches(rows: Iterator[Row], size: int) -> Iterator[tuple[Row, ...]]:
    """The rows, `size` at a time."""
    while chunk := tuple(islice(rows, size)):
        yield chunk


def write_line(stream: TextIO, line: dict[str, Any]) -> None:
    """Write a line of JSON, readable; in ASCII where it holds half a character (a lone surrogate)."""
    readable = json.dumps(line, ensure_ascii=False, default=str)
    whole = readable.isascii() or not _HALF.search(readable)
    stream.write((readable if whole else json.dumps(line, default=str)) + "\n")
