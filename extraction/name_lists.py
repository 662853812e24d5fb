"""Word lists that come along as text: sections under [headings], words between spaces, comments behind #."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

__all__ = ["name_lists"]


@cache
def name_lists(file: str) -> Mapping[str, tuple[str, ...]]:
    """The sections of a list in this folder: heading → words, in their order."""
    sections: dict[str, list[str]] = {}
    words: list[str] = []
    for line in files("extraction").joinpath(file).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            words = sections.setdefault(line.strip("[] "), [])
        elif not line.startswith("#"):
            words += line.split()
    return {heading: tuple(found) for heading, found in sections.items()}
