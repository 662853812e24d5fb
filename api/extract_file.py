"""Every row of a file → what is read out of it, a line a row: the form in which a set of messages is measured."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any, Final

from api.answers import batches, whole_file, write_line
from api.extracted import ExtractedText, FieldMention, answer, untold
from api.extracting import TextExtractor
from core.errors import BadInput
from core.types import Language, RelationKind, Report, Role
from extraction.fold import has_chinese
from extraction.relations import PARTY_SURE
from graph.sources import Row, read_rows
from graph.views import RelationView

__all__ = ["FileOutcome", "extract_file", "masked_names", "masks_areas"]

_CHUNK: Final = 64  # rows read together
_LOOKED_AT: Final = 200  # rows
_MASKED: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z](?:市|[0-9]{1,2}[市区县])")
_BEGINNING: Final = 80  # characters of a text in which people say where they speak of
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of a file's rows. refused: "line 3: text: …" for each that could not be read."""

    answered: int
    refused: tuple[str, ...]


def masks_areas(file: Path) -> bool:
    """Whether a file's source writes letters and numbers for areas ("A市A3区"): one in five of its first rows does."""
    rows = list(islice(read_rows(file), _LOOKED_AT))
    masked = sum(any(isinstance(value, str) and _MASKED.search(value) for value in row.fields.values()) for row in rows)
    return bool(rows) and masked >= len(rows) / 5


def masked_names(city: str) -> Path | None:
    """What a city's file of masked names is, where the city, a packaged one or a folder, has one."""
    for folder in (Path(city), Path(str(files("demo").joinpath(city)))):
        path = folder / "aliases_masked.yaml"
        if path.is_file():
            return path
    return None


def extract_file(
    file: Path,
    out: Path,
    extractor: TextExtractor,
    language: Language | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> FileOutcome:
    """Write a line for every row of the file, in its order; one that cannot be read gets its line, field and error.

    language: of all texts; None: each row's, or its text's own. progress: called with the rows done since the last call.
    Raises BadInput where out is the file itself or cannot be written, UnreadableFile for the file as a whole.
    """
    rows = read_rows(file)
    if out.exists() and out.samefile(file):
        raise BadInput("out", str(out), "another file than the one that is read")
    answered = 0
    refused: list[str] = []
    with whole_file(out) as stream:
        for chunk in batches(rows, _CHUNK):
            for line in _lines(chunk, extractor, language):
                if "error" in line:
                    refused.append(f"line {line['line']}: {line['error']}")
                else:
                    answered += 1
                write_line(stream, line)
            progress(len(chunk))
    return FileOutcome(answered, tuple(refused))


def _lines(rows: Sequence[Row], extractor: TextExtractor, language: Language | None) -> list[dict[str, Any]]:
    """One answer a row, in their order."""
    lines: list[dict[str, Any]] = [{"id": _id(row)} for row in rows]
    accepted: list[tuple[int, Report]] = []
    now = datetime.now(UTC)
    for place, row in enumerate(rows):
        try:
            if row.error is not None:
                raise row.error
            fields = {**row.fields, "language": language} if language else row.fields
            accepted.append((place, extractor.accept(fields, now)))
        except BadInput as error:
            lines[place] |= {"line": row.number, "field": error.field, "error": str(error)}
    read = extractor.extract([report for _, report in accepted])
    for (place, _), one in zip(accepted, read, strict=True):
        lines[place] |= _line(answer(one, extractor))
    return lines


def _id(row: Row) -> object:
    given = row.fields.get("id")
    return row.number if given is None else given


def _line(said: ExtractedText) -> dict[str, Any]:
    """The answer as plain JSON; offsets count in the field as given, instants are UTC."""
    return {
        "language": said.language,
        "mentions": [
            {
                **_span(one),
                "role": one.role,
                "confidence": _round(one.confidence),
                "source": one.source,
                "target": one.target,
            }
            for one in said.mentions
        ],
        "relations": _relations(said),
        "party": next((one.name for one in said.party if one.confidence >= PARTY_SURE), None),
        "parties": [
            {"name": one.name, "confidence": _round(one.confidence), "reason": one.reason, "mention": one.mention}
            for one in said.party
        ],
        "places": [
            {
                **(_span(said.mentions[one.mention]) if one.mention is not None else _address(one.text)),
                "area": one.chosen.id if one.chosen else None,
                "name": one.chosen.name_zh if one.chosen else None,
                "score": _round(one.score),
            }
            for one in said.places
            if one.mention is None or _tells_where(said.mentions[one.mention])
        ],
        "location": {
            "area": said.location.area.id if said.location.area else None,
            "district": said.location.district.id if said.location.district else None,
            "longitude": said.location.point.longitude if said.location.point else None,
            "latitude": said.location.point.latitude if said.location.point else None,
            "confidence": _round(said.location.confidence),
            "method": said.location.method,
        },
        "times": [
            {
                "text": one.text,
                "start": one.start.isoformat() if one.start else None,
                "end": one.end.isoformat() if one.end else None,
                "recurrence": one.recurrence,
                "confidence": _round(one.confidence),
                "mention": one.mention,
            }
            for one in said.times
        ],
        "masked": {"subject": said.masked.subject, "text": said.masked.text},
    }


def _span(mention: FieldMention) -> dict[str, Any]:
    return {
        "field": mention.field,
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "type": mention.type.value,
    }


def _tells_where(mention: FieldMention) -> bool:
    """Whether a place is one that the message is about: it happens there, or a Chinese letter begins with it."""
    begins = mention.field == "subject" or mention.start < _BEGINNING
    return begins or mention.role is Role.WHERE or not has_chinese(mention.text)


def _address(text: str) -> dict[str, Any]:
    return {"field": "address", "start": None, "end": None, "text": text, "type": "address"}


def _relations(said: ExtractedText) -> list[dict[str, Any]]:
    """Links between mentions, and the report's relations to the city: one entry where both say the same.

    head, tail: indexes of mentions; head null: the trouble; tail null: an area that no words name. target: id in the city.
    """
    found: list[dict[str, Any]] = [
        {
            "kind": link.kind.value,
            "head": link.head,
            "tail": link.tail,
            "head_text": None if link.head is None else said.mentions[link.head].text,
            "tail_text": said.mentions[link.tail].text,
            "target": said.mentions[link.tail].target,
            "confidence": _round(link.confidence),
            "reason": link.reason,
            "negated": link.negated,
            "hearsay": link.hearsay,
        }
        for link in said.links
    ]
    found += [
        {
            "kind": relation.kind,
            "head": None,
            "tail": tail,
            "head_text": None,
            "tail_text": relation.name_zh if tail is None else said.mentions[tail].text,
            "target": relation.target,
            "confidence": _round(relation.confidence),
            "reason": relation.reason,
            "negated": False,
            "hearsay": False,
        }
        for relation in untold(said)
        for tail in (_tail(relation, said),)
    ]
    return found


def _tail(relation: RelationView, said: ExtractedText) -> int | None:
    """The mention that names it; None for an area that was found by a place in it or by coordinates."""
    if relation.mention is None or relation.kind != RelationKind.LOCATED_IN:
        return relation.mention
    return relation.mention if said.mentions[relation.mention].target == relation.target else None


def _round(value: float) -> float:
    return round(value, _DIGITS)
