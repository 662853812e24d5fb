"""An out-of-domain check: Chinese delivery addresses, cut into chunks.

They are those of Li, Lu, Xie and Li, Neural Chinese Address Parsing, NAACL 2019 (aclanthology.org/N19-1346); the extraction learnt
nothing from them. Their chunks in our terms, after their annotation guideline:

    prov, city, district, town, community      district   an administrative area of any level
    road, subroad                              road
    roadno, subroadno                          number
    poi, subpoi                                poi        ours: POI, estate, organisation

An address of ours ("银星路555号") is parted into a road and a number, and a building is cut off an estate ("…小区3栋" → "…小区").
Left out on both sides, because messages to a city hardly hold them or because ours are parts of other names: country, devzone,
houseno, cellno, floorno, roomno, person, assist, redundant, otherinfo. What is found wholly within such a chunk does not count.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from core.errors import UnreadableFile
from core.types import Extractor, Mention, MentionKind
from extraction.evaluation.agreement import Agreement, Tally, agreement
from extraction.evaluation.gold import as_report

__all__ = ["AddressFigures", "ChunkedAddress", "Span", "evaluate_addresses", "load_addresses", "spans_of"]

_OURS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("prov", "city", "district", "town", "community"), "district"),
    **dict.fromkeys(("road", "subroad"), "road"),
    **dict.fromkeys(("roadno", "subroadno"), "number"),
    **dict.fromkeys(("poi", "subpoi"), "poi"),
}
_LEFT_OUT: Final = frozenset(
    "country devzone houseno cellno floorno roomno person assist redundant otherinfo".split()  # noqa: SIM905 - reads as the list above
)
_KINDS: Final[Mapping[MentionKind, str]] = {
    MentionKind.DISTRICT: "district",
    MentionKind.ROAD: "road",
    MentionKind.CROSSING: "road",
    MentionKind.POI: "poi",
    MentionKind.ESTATE: "poi",
    MentionKind.ORGANIZATION: "poi",
}
_NUMBER: Final = re.compile(r"[0-9０-９][0-9０-９A-Za-z、~～—－\-]{0,20}[号弄號]{0,2}(?:[0-9０-９]{1,6}号)?$")
_BUILDING: Final = re.compile(
    r"(?:[0-9０-９A-Za-z一二三四五六七八九十]{1,6}(?:号楼|栋|幢|座|单元|室|层|楼|户|号){1,2}){1,4}$"
)
_TAIL: Final = 40  # characters looked at for a number or a building
_SHORTEST: Final = 2  # characters of a name from which a building is cut off


class Span(NamedTuple):
    """Characters from start to end, end exclusive. kind: district, road, number, poi; None for a chunk that is left out."""

    start: int
    end: int
    kind: str | None


@dataclass(frozen=True, slots=True)
class ChunkedAddress:
    """An address and its chunks in our terms, in order. where: "file:line" of its first character."""

    where: str
    text: str
    chunks: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class AddressFigures:
    """Figures by type and of "all" types together. partial: a chunk and a name of its type share a character."""

    addresses: int
    exact: Mapping[str, Agreement]
    partial: Mapping[str, Agreement]


def load_addresses(path: Path) -> list[ChunkedAddress]:
    """Read lines "characters tag", a tag being O, B-label or I-label, an empty line after each address.

    Labels that differ in case are one. Raises UnreadableFile with file:line where a line does not fit, and where there is none.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile("file", str(path), "a file in UTF-8 that is there") from error
    addresses: list[ChunkedAddress] = []
    pieces: list[tuple[str, str, str]] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            pieces.append((f"{path.name}:{number}", *_piece(line.rstrip("\r"), f"{path.name}:{number}")))
        elif pieces:
            addresses.append(_address(pieces))
            pieces = []
    if not addresses:
        raise UnreadableFile(path.name, "no address", "lines of characters and a tag")
    return addresses


def evaluate_addresses(extractor: Extractor, addresses: Sequence[ChunkedAddress]) -> AddressFigures:
    """Judge an extractor, as it is, on chunked addresses."""
    extractions = extractor.extract([as_report(one.text, "zh") for one in addresses])
    pairs = [
        (_counted(spans_of(extraction.mentions), one.chunks), [chunk for chunk in one.chunks if chunk.kind])
        for one, extraction in zip(addresses, extractions, strict=True)
    ]
    kinds = dict.fromkeys(_OURS.values())
    some = {"all": pairs, **{kind: [(_of(a, kind), _of(b, kind)) for a, b in pairs] for kind in kinds}}
    return AddressFigures(
        addresses=len(addresses),
        exact={name: agreement([Tally.of(set(a), set(b)) for a, b in those]) for name, those in some.items()},
        partial={name: agreement([_partly(a, b) for a, b in those]) for name, those in some.items()},
    )


def spans_of(mentions: Iterable[Mention]) -> list[Span]:
    """Mentions in the terms of the addresses: an address parted, a building cut off."""
    return [span for mention in mentions for span in _spans(mention)]


def _spans(mention: Mention) -> Iterator[Span]:
    start, end, text = mention.start, mention.end, mention.text
    if mention.kind is MentionKind.ADDRESS:
        number = _NUMBER.search(text, max(0, len(text) - _TAIL))
        cut = start + number.start() if number else end
        if start < cut:
            yield Span(start, cut, "road")
        if cut < end:
            yield Span(cut, end, "number")
    elif mention.kind in _KINDS:
        building = _BUILDING.search(text, max(0, len(text) - _TAIL)) if mention.kind is not MentionKind.ROAD else None
        if building and building.start() >= _SHORTEST:
            end = start + building.start()
        yield Span(start, end, _KINDS[mention.kind])


def _counted(spans: Iterable[Span], chunks: Iterable[Span]) -> list[Span]:
    """The spans that do not lie wholly within what is left out."""
    dropped = {at for chunk in chunks if chunk.kind is None for at in range(chunk.start, chunk.end)}
    return [span for span in spans if not dropped.issuperset(range(span.start, span.end))]


def _of(spans: Iterable[Span], kind: str) -> list[Span]:
    return [span for span in spans if span.kind == kind]


def _partly(found: Sequence[Span], wanted: Sequence[Span]) -> Tally:
    def met(span: Span, others: Sequence[Span]) -> bool:
        return any(span.kind == one.kind and span.start < one.end and one.start < span.end for one in others)

    return Tally(
        sum(met(span, wanted) for span in found), len(found), sum(met(span, found) for span in wanted), len(wanted)
    )


def _piece(line: str, where: str) -> tuple[str, str]:
    characters, _, tag = line.rpartition(" ")
    label = tag[2:].lower()
    if not characters or not (tag == "O" or (tag[:2] in ("B-", "I-") and (label in _OURS or label in _LEFT_OUT))):
        raise UnreadableFile(where, line, "characters, a space, and O, B- or I- with a label of the address corpus")
    return characters, tag


def _address(pieces: Sequence[tuple[str, str, str]]) -> ChunkedAddress:
    chunks: list[tuple[int, int, str]] = []
    at = 0
    for _, characters, tag in pieces:
        label = "" if tag == "O" else tag[2:].lower()
        if tag.startswith("I-") and chunks and chunks[-1][2] == label and chunks[-1][1] == at:
            chunks[-1] = (chunks[-1][0], at + len(characters), label)
        elif label:
            chunks.append((at, at + len(characters), label))
        at += len(characters)
    text = "".join(characters for _, characters, _ in pieces)
    return ChunkedAddress(pieces[0][0], text, tuple(Span(a, b, _OURS.get(label)) for a, b, label in chunks))
