"""The training corpus: reading, normalising, removing duplicates, splitting without leaks.

The corpus is authored for this project, one JSON object a line; `classifier/corpus/README.md` says what each field means.
"""

import hashlib
import math
import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, cast, get_args

from core.classification import Intent, Sentiment
from core.errors import BadInput, UnreadableFile
from core.lines import read_objects, required_text
from core.taxonomy import TOP_CLASSES, load_taxonomy
from core.types import Language

__all__ = [
    "Example",
    "Split",
    "corpus_digest",
    "corpus_folder",
    "fold_by_family",
    "load_corpus",
    "load_extra",
    "load_outside",
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
    """A labelled text. label: a top class; code: of the taxonomy; family: the situation; register: how it is written.

    urgency 1–3, sentiment, intent: None where nobody said. also: further top classes it complains of, None where nobody looked.
    evidence: the words of the text that carry its trouble, None where nobody marked them.
    """

    text: str
    label: str
    code: str
    family: str
    register: str
    urgency: int | None = None
    sentiment: Sentiment | None = None
    intent: Intent | None = None
    also: tuple[str, ...] | None = None
    evidence: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """Two disjoint parts of a corpus: no family stands in both. outside: texts that are no messages to a city, to learn from."""

    train: tuple[Example, ...]
    dev: tuple[Example, ...]
    outside: tuple[str, ...] = ()


def normalise(text: str) -> str:
    """The text as the models see it: NFKC (which also unifies width), no control characters, single spaces, numbers masked.

    Links, e-mail addresses and phone-like numbers, masked by their source or not, become [link], [email], [phone]: they name
    persons and say nothing about the trouble. Idempotent.
    """
    composed = unicodedata.normalize("NFKC", text)
    kept = "".join(
        " " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c
        for c in composed
        if c not in "\u200b\u200d\ufeff"
    )
    composed = _SPACE.sub(" ", unicodedata.normalize("NFKC", kept))
    masked = _PHONE.sub("[phone]", _EMAIL.sub("[email]", _LINK.sub("[link]", composed)))
    return _SPACE.sub(" ", masked).strip()


def corpus_folder() -> Path:
    """Where the packaged corpus lies."""
    return Path(str(files("classifier").joinpath("corpus")))


def load_corpus(language: Language, folder: Path | None = None) -> list[Example]:
    """All examples of a language, from `{language}_*.jsonl` in file order; texts normalised, near-duplicates removed.

    folder: default, the packaged corpus. Raises UnreadableFile with file and line where a row does not fit.
    """
    paths = _paths(language, folder or corpus_folder())
    return remove_duplicates([_example(row, where) for path in paths for where, row in read_objects(path)])


def corpus_digest(language: Language, folder: Path | None = None, extra: Path | None = None) -> str:
    """SHA-256 over the corpus files of a language, in name order, and a city's own file: which texts a model was made from."""
    digest = hashlib.sha256()
    folder = folder or corpus_folder()
    outside = folder.glob(f"outside_{language}.jsonl")
    for path in [*_paths(language, folder), *outside, *([] if extra is None else [extra])]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def remove_duplicates(examples: Sequence[Example]) -> list[Example]:
    """The examples without repetitions: of texts (nearly) equal, Jaccard ≥ 0.85 of character trigrams, the first stays.

    Two sets so alike share one of their rarest few: only texts that do are compared (prefix filtering; Chaudhuri et al. 2006).
    """
    sets = [_shingles(example.text.casefold()) for example in examples]
    frequency = Counter(shingle for shingles in sets for shingle in shingles)
    holders: dict[str, list[int]] = defaultdict(list)  # rare shingle → examples kept
    kept: list[int] = []
    for index, shingles in enumerate(sets):
        rarest = sorted(shingles, key=lambda shingle: (frequency[shingle], shingle))
        prefix = rarest[: len(rarest) - math.ceil(_NEAR * len(rarest)) + 1]
        rivals = {other for shingle in prefix for other in holders[shingle]}
        if any(_alike(shingles, sets[other]) for other in rivals):
            continue
        for shingle in prefix:
            holders[shingle].append(index)
        kept.append(index)
    return [examples[index] for index in kept]


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


def load_extra(path: Path) -> list[Example]:
    """A city's own labelled messages, from a JSONL file with text, label and, where there are, subject and the corpus's fields.

    Each row is a family of its own; the subject is put before the text, as served; rows whose label is null are left out, and so
    are marks in another form than the corpus has (an urgency by two readers). Near-duplicates are removed.
    Raises UnreadableFile with file and line where a row does not fit.
    """
    examples: list[Example] = []
    for where, row in read_objects(path):
        if row.get("label") is not None:
            marked = {name: row[name] for name in _MARKS if row.get(name) is not None and _fits(name, row[name])}
            usual = {"code": row["label"], "family": where, "register": "message"}
            examples.append(
                _example({**usual, **marked, "label": row["label"], "text": required_text(row, where)}, where)
            )
    if not examples:
        raise UnreadableFile(path.name, "no labelled row", "at least one JSON object with text and label")
    return remove_duplicates(examples)


def load_outside(language: Language, folder: Path | None = None) -> list[tuple[str, str]]:
    """Texts that are no messages to a city, with their family, from `outside_{language}.jsonl`; none where there is no such file.

    News, advertising, other languages, other prose: from these a model learns to doubt.
    """
    path = (folder or corpus_folder()) / f"outside_{language}.jsonl"
    rows = read_objects(path) if path.is_file() else ()
    return [(normalise(required_text(row, where)), str(row.get("family", where))) for where, row in rows]


def _paths(language: Language, folder: Path) -> list[Path]:
    paths = sorted(folder.glob(f"{language}_*.jsonl"))
    if not paths:
        raise UnreadableFile("corpus", str(folder), f"a folder with {language}_*.jsonl files")
    return paths


_MARKS: Final[dict[str, tuple[Any, ...] | None]] = {  # optional fields, and what each may be
    "code": None,
    "urgency": (1, 2, 3),
    "sentiment": get_args(Sentiment),
    "intent": get_args(Intent),
    "also": None,
    "evidence": None,
}


def _fits(name: str, value: Any) -> bool:  # noqa: ANN401 - from JSON
    allowed = _MARKS[name]
    return allowed is None or value in allowed


def _example(row: dict[str, Any], where: str) -> Example:
    try:
        said = Example(
            normalise(required_text({"text": row["text"]}, where)),
            row["label"],
            row["code"],
            row["family"],
            row["register"],
            **{name: row.get(name) for name in ("urgency", "sentiment", "intent")},
            also=_several(row, "also", where),
            evidence=_several(row, "evidence", where),
        )
    except KeyError as error:
        raise UnreadableFile(where, row, "a JSON object with text, label, code, family, register") from error
    if said.label not in TOP_CLASSES:
        raise UnreadableFile(where, said.label, f"a label of {', '.join(TOP_CLASSES)}")
    if said.code not in load_taxonomy() or load_taxonomy()[said.code].top != said.label:
        raise UnreadableFile(where, said.code, f"a code under {said.label}")
    for name in ("urgency", "sentiment", "intent"):
        if getattr(said, name) is not None and not _fits(name, getattr(said, name)):
            raise UnreadableFile(where, getattr(said, name), f"{name} of {_MARKS[name]}")
    if any(label not in TOP_CLASSES or label == said.label for label in said.also or ()):
        raise UnreadableFile(where, said.also, "further labels in also, other than the main one")
    if any(words not in said.text for words in said.evidence or ()):
        raise UnreadableFile(where, said.evidence, "words in evidence that stand in the text")
    return said


def _several(row: dict[str, Any], name: str, where: str) -> tuple[str, ...] | None:
    """A field that lists texts, normalised; None where the row has none."""
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(one, str) for one in cast("list[Any]", value)):
        raise UnreadableFile(where, value, f"a list of texts in {name}")
    return tuple(normalise(one) for one in cast("list[str]", value))


def _alike(one: set[str], other: set[str]) -> bool:
    """Whether the Jaccard similarity of two sets is at least _NEAR; sizes too far apart rule it out at once."""
    smaller, larger = sorted((len(one), len(other)))
    return smaller >= _NEAR * larger and len(one & other) >= _NEAR / (1 + _NEAR) * (len(one) + len(other))


def _shingles(text: str) -> set[str]:
    return {text[i : i + _SHINGLE] for i in range(max(1, len(text) - _SHINGLE + 1))}
