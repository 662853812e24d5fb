"""The error browser: one HTML file that needs nothing else, the messages with the worst extractions first.

It shows the messages themselves, so it belongs beside them, not in a repository.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from extraction.evaluation.answers import PLACE_TYPES, accused
from extraction.evaluation.faults import FaultKind, Judged

__all__ = ["Piece", "pieces", "render_errors"]

_WORDS: Final = {
    FaultKind.MISSED: ("漏掉", "missed"),
    FaultKind.INVENTED: ("多认", "invented"),
    FaultKind.BOUNDS: ("边界不对", "wrong bounds"),
    FaultKind.TYPE: ("类型不对", "wrong type"),
    FaultKind.PARTY: ("被投诉方不对", "wrong party"),
    FaultKind.DISTRICT: ("区划不对", "wrong district"),
}
_TYPES: Final = {
    "district": ("区划", "district"),
    "road": ("道路", "road"),
    "poi": ("地点", "place"),
    "party": ("被投诉方", "party"),
    "one": ("仅一人标注", "one reader only"),
}


class Piece(NamedTuple):
    """A run of a message's characters. mark: what it is marked as, None for what lies between marks."""

    text: str
    mark: str | None


def render_errors(judged: Iterable[Judged], *, title: str = "citygraph") -> str:
    """The page: messages with faults, the heaviest first, filtered by kind of fault and by language; every text is escaped."""
    faulty = sorted((one for one in judged if one.faults), key=lambda one: -one.weight)  # stable: in the files' order
    cards = [
        {
            "where": one.message.where,
            "language": one.message.report.language,
            "weight": f"{one.weight:g}",
            "kinds": " ".join(sorted({fault.kind.value for fault in one.faults})),
            "faults": one.faults,
            "gold": list(_gold_line(one)),
            "found": list(_found_line(one)),
            "party": (one.message.party, accused(one.extraction)),
        }
        for one in faulty
    ]
    return _template().render(
        title=title,
        cards=cards,
        words=_WORDS,
        types=_TYPES,
        kinds=list(FaultKind),
        languages=sorted({one.message.report.language for one in faulty}),
    )


def pieces(text: str, spans: Iterable[tuple[int, int, str]]) -> Iterator[Piece]:
    """A text cut at its spans (start, end, mark); of two that overlap the longer stays, of equals the first given.

    A party yields to the places within it: the line above names it anyway.
    """
    taken: list[tuple[int, int, str]] = []
    for start, end, mark in sorted(spans, key=lambda span: (span[2] == "party", span[0] - span[1])):
        if start < end and all(end <= a or b <= start for a, b, _ in taken):
            taken.append((start, end, mark))
    at = 0
    for start, end, mark in sorted(taken):
        if at < start:
            yield Piece(text[at:start], None)
        yield Piece(text[start:end], mark)
        at = end
    if at < len(text):
        yield Piece(text[at:], None)


def _gold_line(one: Judged) -> Iterator[Piece]:
    """The message with every occurrence of what its readers marked: they gave words, not offsets."""
    text = one.message.report.full_text
    both = {place.text: place.kind for place in one.message.places}
    names: dict[str, str] = {**both, **{name: "one" for name in sorted(one.message.either) if name not in both}}
    if one.message.party:
        names.setdefault(one.message.party, "party")
    return pieces(
        text, [(start, start + len(name), mark) for name, mark in names.items() for start in _starts(text, name)]
    )


def _found_line(one: Judged) -> Iterator[Piece]:
    said = accused(one.extraction)
    spans: list[tuple[int, int, str]] = [
        (m.start, m.end, PLACE_TYPES[m.kind]) for m in one.extraction.mentions if m.kind in PLACE_TYPES
    ]
    spans += [(m.start, m.end, "party") for m in one.extraction.mentions if said and m.text == said]
    return pieces(one.message.report.full_text, spans)


def _starts(text: str, name: str) -> Sequence[int]:
    starts: list[int] = []
    at = text.find(name) if name else -1
    while at >= 0:
        starts.append(at)
        at = text.find(name, at + len(name))
    return starts


@cache
def _template() -> Template:
    loader = PackageLoader("extraction.evaluation")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("errors.html.j2")
