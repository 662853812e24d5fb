"""Subject and text of a report, apart: where in which of the two a mention stands."""

from dataclasses import dataclass, replace
from typing import Literal

from core.types import Extraction, Mention, Report

__all__ = ["Field", "Span", "boundary", "span_in_field", "within_fields"]

Field = Literal["subject", "text"]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of one field, end exclusive."""

    field: Field
    start: int
    end: int


def boundary(report: Report) -> int:
    """Where the line break between subject and text stands in `full_text`; -1 without a subject."""
    return len(report.subject) if report.subject else -1


def span_in_field(start: int, end: int, at: int) -> Span:
    """A span of `full_text`, on one side of the break at `at`, as one of its field."""
    return Span("subject", start, end) if end <= at else Span("text", start - at - 1, end - at - 1)


def within_fields(extraction: Extraction, at: int) -> Extraction:
    """The same with no mention that spans subject and text: such a one is split at their break, `at`.

    What pointed to it points to its longer piece.
    """
    mentions: list[Mention] = []
    now: dict[int, int] = {}
    for index, mention in enumerate(extraction.mentions):
        pieces = _pieces(mention, at)
        if pieces:
            now[index] = len(mentions) + max(range(len(pieces)), key=lambda n: len(pieces[n].text))
        mentions += pieces
    if tuple(mentions) == extraction.mentions:
        return extraction
    return replace(
        extraction,
        mentions=tuple(mentions),
        relations=tuple(
            replace(one, mention=now.get(one.mention) if one.mention is not None else None)
            for one in extraction.relations
        ),
        links=tuple(
            replace(one, head=None if one.head is None else now[one.head], tail=now[one.tail])
            for one in extraction.links
            if one.tail in now and (one.head is None or one.head in now)
        ),
        occasions=tuple(replace(one, mention=now[one.mention]) for one in extraction.occasions if one.mention in now),
        choices=tuple(
            replace(one, mention=None if one.mention is None else now[one.mention])
            for one in extraction.choices
            if one.mention is None or one.mention in now
        ),
    )


def _pieces(mention: Mention, at: int) -> list[Mention]:
    if not mention.start <= at < mention.end:
        return [mention]
    halves = ((mention.start, at), (at + 1, mention.end))
    cut = [
        replace(mention, start=a, end=b, text=mention.text[a - mention.start : b - mention.start]) for a, b in halves
    ]
    return [piece for piece in cut if piece.text.strip()]
