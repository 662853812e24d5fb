"""The marked messages that the tagger learns from: authored for this project, one JSON object a line.

`extraction/corpus/README.md` says what each field means.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, cast

from core.errors import BadInput, UnreadableFile
from core.lines import read_objects
from core.types import Language, MentionKind, Role
from extraction.tagging.labels import KINDS

__all__ = ["Mark", "Marked", "load_marked", "marked_digest", "split_by_family"]

_HELD_OUT: Final = 0.12  # of the families


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a text: characters from start to end, end exclusive."""

    start: int
    end: int
    kind: MentionKind
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with its mentions, in order, without overlap. family: the situation it tells of; a split never parts one."""

    text: str
    marks: tuple[Mark, ...]
    family: str


def load_marked(language: Language, folder: Path | None = None) -> list[Marked]:
    """All marked texts of a language, from `{language}_*.jsonl` in file order.

    folder: default, the packaged corpus. Raises UnreadableFile with file and line where a row does not fit, and where there
    is none.
    """
    rows = [_marked(row, where) for path in _paths(language, folder) for where, row in read_objects(path)]
    if not rows:
        raise UnreadableFile("corpus", str(folder or _folder()), f"a folder with marked texts, {language}_*.jsonl")
    return rows


def marked_digest(language: Language, folder: Path | None = None) -> str:
    """SHA-256 over the corpus files of a language, in name order: which texts a model was made from."""
    digest = hashlib.sha256()
    for path in _paths(language, folder):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def split_by_family(texts: Sequence[Marked], *, seed: int = 0) -> tuple[list[Marked], list[Marked]]:
    """Texts to learn from and texts to judge on; about one family in eight is for judging. The same for the same seed.

    Raises BadInput where either part is empty.
    """

    def held(family: str) -> bool:
        drawn = hashlib.sha256(f"{seed}:{family}".encode()).digest()
        return int.from_bytes(drawn[:4], "big") < _HELD_OUT * 2**32

    learnt = [one for one in texts if not held(one.family)]
    judged = [one for one in texts if held(one.family)]
    if not learnt or not judged:
        raise BadInput(
            "corpus", f"{len(texts)} texts", "texts of enough families to learn from some and judge on others"
        )
    return learnt, judged


def _folder() -> Path:
    return Path(str(files("extraction").joinpath("corpus")))


def _paths(language: Language, folder: Path | None) -> list[Path]:
    return sorted((folder or _folder()).glob(f"{language}_*.jsonl"))


def _marked(row: dict[str, Any], where: str) -> Marked:
    text, family = row.get("text"), row.get("family")
    if not isinstance(text, str) or not text.strip():
        raise UnreadableFile(f"{where}: text", text, "a text that is not empty")
    if not isinstance(family, str) or not family:
        raise UnreadableFile(f"{where}: family", family, "the name of the situation it tells of")
    marks = [_mark(one, text, where) for one in cast("list[Any]", row.get("mentions") or [])]
    marks.sort(key=lambda mark: mark.start)
    for one, following in pairwise(marks):
        if following.start < one.end:
            raise UnreadableFile(
                f"{where}: mentions", text[following.start : following.end], "words outside other mentions"
            )
    return Marked(text, tuple(marks), family)


def _mark(given: Any, text: str, where: str) -> Mark:  # noqa: ANN401 - what JSON holds
    try:
        start, end, kind, *role = given
        mark = Mark(int(start), int(end), MentionKind(kind), Role(role[0]) if role else None)
    except (TypeError, ValueError) as error:
        raise UnreadableFile(f"{where}: mentions", given, "[start, end, kind] or [start, end, kind, role]") from error
    if not 0 <= mark.start < mark.end <= len(text) or mark.kind not in KINDS:
        raise UnreadableFile(
            f"{where}: mentions", given, f"characters of a text of {len(text)}, and a kind the tagger learns"
        )
    return mark
