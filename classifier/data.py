"""The training corpus: reading, normalising, removing duplicates, splitting without leaks.

The corpus is authored for this project, one JSON object a line: text, label (top class), code (of the taxonomy), family (the
situation it tells of; texts of one family never stand on both sides of a split) and register (how it is written).
"""

import hashlib
import json
import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from core.errors import BadInput, UnreadableFile
from core.taxonomy import TOP_CLASSES, load_taxonomy
from core.types import Language

__all__ = [
    "Example",
    "Split",
    "corpus_digest",
    "corpus_folder",
    "fold_by_family",
    "load_corpus",
    "normalise",
    "remove_duplicates",
    "split_by_family",
]

_LINK: Final = re.compile(r"(?:https?://|www\.)[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+", re.IGNORECASE)
_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
# Seven or more digits or mask characters, with the separators phone numbers have; masked identity and case numbers match too.
_PHONE: Final = re.compile(
    r"(?<![0-9A-Za-z*])\+?(?:\([0-9*]{2,4}\) ?)?[0-9*](?:[0-9*]|[ -](?=[0-9*])){6,}(?![0-9A-Za-z*])"
)
_SPACE: Final = re.compile(r"\s+")
_SHINGLE: Final = 3  # characters
_NEAR: Final = 0.85  # Jaccard similarity of shingles from which two texts count as one


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text. label: a top class; code: of the taxonomy; family: the situation; register: how it is written."""

    text: str
    label: str
    code: str
    family: str
    register: str


@dataclass(frozen=True, slots=True)
class Split:
    """Two disjoint parts of a corpus: no family stands in both."""

    train: tuple[Example, ...]
    dev: tuple[Example, ...]


def normalise(text: str) -> str:
    """The text as the models see it: NFKC (which also unifies width), no control characters, single spaces, numbers masked.

    Links, e-mail addresses and phone-like numbers, masked by their source or not, become [link], [email], [phone]: they name
    persons and say nothing about the trouble. Idempotent.
    """
    composed = unicodedata.normalize("NFKC", text)
    kept = "".join(
        " " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in composed if c not in "\u200b\u200d\ufeff"
    )
    composed = unicodedata.normalize("NFKC", kept)
    masked = _PHONE.sub("[phone]", _EMAIL.sub("[email]", _LINK.sub("[link]", composed)))
    return _SPACE.sub(" ", masked).strip()


def corpus_folder() -> Path:
    """Where the packaged corpus lies."""
    return Path(str(files("classifier").joinpath("corpus")))


def load_corpus(language: Language, folder: Path | None = None) -> list[Example]:
    """All examples of a language, from `{language}_*.jsonl` in file order; texts normalised, near-duplicates removed.

    folder: default, the packaged corpus. Raises UnreadableFile with file and line where a row does not fit.
    """
    rows: list[Example] = []
    for path in _paths(language, folder or corpus_folder()):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                rows.append(_example(line, f"{path.name}:{number}"))
    return remove_duplicates(rows)


def corpus_digest(language: Language, folder: Path | None = None) -> str:
    """SHA-256 over the corpus files of a language, in name order: which texts a model was made from."""
    digest = hashlib.sha256()
    for path in _paths(language, folder or corpus_folder()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def remove_duplicates(examples: Sequence[Example]) -> list[Example]:
    """The examples without repetitions: of texts (nearly) equal, Jaccard ≥ 0.85 of character trigrams, the first stays."""
    kept: list[Example] = []
    sizes: list[int] = []
    holders: dict[str, list[int]] = defaultdict(list)  # shingle → indexes into kept
    seen: set[str] = set()
    for example in examples:
        key = example.text.casefold()
        shingles = _shingles(key)
        shared = Counter(index for shingle in shingles for index in holders[shingle])
        near = any(count / (sizes[index] + len(shingles) - count) >= _NEAR for index, count in shared.items())
        if key in seen or near:
            continue
        seen.add(key)
        for shingle in shingles:
            holders[shingle].append(len(kept))
        kept.append(example)
        sizes.append(len(shingles))
    return kept


def fold_by_family(examples: Sequence[Example], folds: int, *, seed: int = 0) -> list[int]:
    """A fold number for each example; a family stays together, and each label spreads evenly.

    Families come largest first (ties by seed) to the fold that holds least of the family's labels. Raises BadInput where
    there are fewer families than folds.
    """
    families: dict[str, list[int]] = defaultdict(list)
    for index, example in enumerate(examples):
        families[example.family].append(index)
    if len(families) < folds:
        raise BadInput("folds", folds, f"at most the number of families, {len(families)}")
    order = list(families)
    random.Random(seed).shuffle(order)
    order.sort(key=lambda family: -len(families[family]))
    totals = Counter(example.label for example in examples)
    held: list[Counter[str]] = [Counter() for _ in range(folds)]
    answer = [0] * len(examples)
    for family in order:
        labels = Counter(examples[index].label for index in families[family])
        fold = min(range(folds), key=lambda f: (sum(held[f][x] / totals[x] for x in labels), sum(held[f].values()), f))
        held[fold].update(labels)
        for index in families[family]:
            answer[index] = fold
    return answer


def split_by_family(examples: Sequence[Example], *, folds: int = 5, seed: int = 0) -> Split:
    """Train and dev parts that share no family; dev is about 1/folds of each label."""
    fold = fold_by_family(examples, folds, seed=seed)
    return Split(
        train=tuple(example for example, number in zip(examples, fold, strict=True) if number != 0),
        dev=tuple(example for example, number in zip(examples, fold, strict=True) if number == 0),
    )


def _paths(language: Language, folder: Path) -> list[Path]:
    paths = sorted(folder.glob(f"{language}_*.jsonl"))
    if not paths:
        raise UnreadableFile("corpus", str(folder), f"a folder with {language}_*.jsonl files")
    return paths


def _example(line: str, where: str) -> Example:
    try:
        row = json.loads(line)
        example = Example(normalise(row["text"]), row["label"], row["code"], row["family"], row["register"])
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableFile(where, line, "a JSON object with text, label, code, family, register") from error
    if example.label not in TOP_CLASSES:
        raise UnreadableFile(where, example.label, f"a label of {', '.join(TOP_CLASSES)}")
    if load_taxonomy()[example.code].top != example.label:
        raise UnreadableFile(where, example.code, f"a code under {example.label}")
    return example


def _shingles(text: str) -> set[str]:
    return {text[i : i + _SHINGLE] for i in range(max(1, len(text) - _SHINGLE + 1))}
