"""What is read out of a text, as it is answered: every offset in its own field, every id with its names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.extracting import Named, ReadText, TextExtractor
from api.fields import Field, boundary, span_in_field
from core.extraction import PLACE_KINDS
from core.types import (
    Considered,
    Extraction,
    Language,
    Link,
    Location,
    MentionKind,
    PlaceChoice,
    Point,
    RelationKind,
    Role,
)
from extraction.display import as_arrows, as_html
from graph.views import RelationView

__all__ = ["Drawing", "ExtractedText", "FieldMention", "answer", "choices_of", "untold"]


@dataclass(frozen=True, slots=True)
class FieldMention:
    """Words that name something. start, end: characters of `field` as it was given, end exclusive.

    target: id of the area, place or organisation meant. role: its part in the trouble: cause, where, near, affected.
    """

    field: Field
    start: int
    end: int
    text: str
    type: MentionKind
    role: Role | None
    confidence: float
    source: str
    target: str | None


@dataclass(frozen=True, slots=True)
class ConsideredPlace:
    """A candidate for what a mention means. parts: what its score is made of."""

    target: str
    name_zh: str
    name_en: str
    score: float
    parts: Mapping[str, float]
    reason: str


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """What a mention of a place means, and why. mention: index; None for the address field. considered: best first."""

    mention: int | None
    text: str
    chosen: Named | None
    score: float
    considered: tuple[ConsideredPlace, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class LocationFound:
    """Where it happened. area: the smallest known. contradicted: the district that the text names instead."""

    point: Point | None
    area: Named | None
    district: Named | None
    confidence: float
    method: str
    reason: str
    outside: bool
    contradicted: Named | None


@dataclass(frozen=True, slots=True)
class TimeFound:
    """When something happens. start, end: UTC, of the first occurrence; recurrence: RFC 5545, in the city's local time."""

    mention: int
    text: str
    start: datetime | None
    end: datetime | None
    recurrence: str | None
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Party:
    """Whom the text complains about; the surest first."""

    id: str
    name: str
    confidence: float
    reason: str
    mention: int | None


@dataclass(frozen=True, slots=True)
class MaskedText:
    """The fields with labels in place of personal data. hidden: how many pieces of it."""

    subject: str | None
    text: str
    hidden: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """displaCy's HTML: the text with coloured spans, and its links as arrows (empty where there are none)."""

    spans: str
    arrows: str


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """What is read out of a text.

    links: head, tail: indexes into mentions; head null: the trouble as a whole. sources: components and models that took part, with
    their versions. drawing: where asked for.
    """

    language: Language
    mentions: tuple[FieldMention, ...]
    relations: tuple[RelationView, ...]
    links: tuple[Link, ...]
    places: tuple[PlaceFound, ...]
    location: LocationFound
    times: tuple[TimeFound, ...]
    party: tuple[Party, ...]
    masked: MaskedText
    sources: tuple[str, ...]
    drawing: Drawing | None


def answer(read: ReadText, extractor: TextExtractor, *, draw: Language | None = None) -> ExtractedText:
    """What is answered for a text. draw: language of the drawing's labels; none without."""
    report, found = read.report, read.extraction
    at = boundary(report)
    mentions = tuple(
        FieldMention(
            span.field, span.start, span.end, one.text, one.kind, one.role, one.confidence, one.source, one.target
        )
        for one in found.mentions
        for span in (span_in_field(one.start, one.end, at),)
    )
    relations = tuple(
        RelationView(
            one.kind.value, one.target, name.name_zh, name.name_en, one.confidence, one.reason, one.source, one.mention
        )
        for one in found.relations
        for name in (extractor.named(one.target, found.organizations.get(one.target)),)
    )
    return ExtractedText(
        language=report.language,
        mentions=mentions,
        relations=relations,
        links=found.links,
        places=tuple(_place(one, found, extractor, report.address) for one in choices_of(found)),
        location=_location(found.location, extractor),
        times=tuple(
            TimeFound(
                one.mention,
                found.mentions[one.mention].text,
                one.start,
                one.end,
                one.recurrence,
                one.confidence,
                one.reason,
            )
            for one in found.occasions
        ),
        party=tuple(
            Party(one.target, one.name_zh, one.confidence, one.reason, one.mention)
            for one in sorted(relations, key=lambda one: -one.confidence)
            if one.kind == RelationKind.REPORTED_AGAINST
        ),
        masked=_masked(read),
        sources=tuple(sorted({one.source for one in (*found.mentions, *found.relations, *found.links)})),
        drawing=Drawing(as_html(report.full_text, found, draw), as_arrows(found, draw)) if draw else None,
    )


def _masked(read: ReadText) -> MaskedText:
    subject, text = read.masked["subject"], read.masked["text"]
    hidden = sum(len(field.hidden) for field in (subject, text) if field)
    return MaskedText(subject.text if subject else None, text.text if text else "", hidden)


def untold(said: ExtractedText) -> tuple[RelationView, ...]:
    """The relations to the city that no link of the trouble tells already."""
    told = {
        (link.kind.value, said.mentions[link.tail].target)
        for link in said.links
        if link.head is None or said.mentions[link.head].type is MentionKind.TRIGGER
    }
    return tuple(one for one in said.relations if (one.kind, one.target) not in told)


def choices_of(found: Extraction) -> tuple[PlaceChoice, ...]:
    """Its choices of places, in the text's order; for reports stored before choices were, what their names mean."""
    chosen = {one.mention for one in found.choices}
    plain = [
        PlaceChoice(index, one.target, one.confidence, (), "the only one of this name")
        for index, one in enumerate(found.mentions)
        if one.target and one.kind in PLACE_KINDS and index not in chosen
    ]
    return tuple(sorted((*found.choices, *plain), key=lambda one: -1 if one.mention is None else one.mention))


def _place(choice: PlaceChoice, found: Extraction, extractor: TextExtractor, address: str | None) -> PlaceFound:
    return PlaceFound(
        choice.mention,
        (address or "") if choice.mention is None else found.mentions[choice.mention].text,
        extractor.named(choice.chosen) if choice.chosen else None,
        choice.score,
        tuple(_considered(one, extractor) for one in choice.considered),
        choice.reason,
    )


def _considered(one: Considered, extractor: TextExtractor) -> ConsideredPlace:
    name = extractor.named(one.target, one.name)
    return ConsideredPlace(one.target, name.name_zh, name.name_en, one.score, one.parts, one.reason)


def _location(location: Location, extractor: TextExtractor) -> LocationFound:
    area, district, contradicted = (
        extractor.named(one) if one else None for one in (location.area, location.district, location.contradicted)
    )
    return LocationFound(
        location.point,
        area,
        district,
        location.confidence,
        location.method,
        location.reason,
        location.outside,
        contradicted,
    )
