"""Texts of any caller → what is read out of them, against a city; nothing is kept and no store is needed."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Final, get_args

from api.fields import Field, boundary, span_in_field, within_fields
from core.personal import Masked
from core.types import (
    Area,
    Extraction,
    Extractor,
    Language,
    Location,
    Mention,
    MentionKind,
    Place,
    Relation,
    RelationKind,
    Report,
    Tagger,
)
from extraction.personal import find_personal, mask
from extraction.pipeline import Pipeline
from extraction.tagging.tagger import OnnxTagger
from graph.intake import Intake, ReportField
from graph.views import RelationView, ReportView

__all__ = ["Named", "ReadText", "TextExtractor", "make_extractor", "mask_fields", "stored"]

_FIELDS: Final[dict[ReportField, str]] = {name: name for name in get_args(ReportField)}  # by our names alone
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)  # a time to count from may lie ahead, unlike that of a report


@dataclass(frozen=True, slots=True)
class Named:
    """An area, a place or an organisation, and what it is called."""

    id: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class ReadText:
    """What is read out of a text.

    report: its subject and text as given, but for control characters, which are spaces; offsets count in its full_text.
    extraction: no mention spans subject and text. masked: each field with labels for personal data.
    """

    report: Report
    extraction: Extraction
    masked: Mapping[Field, Masked | None]


def make_extractor(
    areas: Sequence[Area], places: Sequence[Place], language: Language, zone: tzinfo, tagger: Tagger | None = None
) -> Pipeline:
    """The extractor as everything here composes it.

    language: for texts that are neither zh nor en. zone: the city's, in which texts tell times. tagger: one that is loaded already,
    else the packaged models. Raises BadGeometry.
    """
    return Pipeline(areas, places, tagger=tagger or OnnxTagger(), language_default=language, zone=zone)


class TextExtractor:
    """Reads texts against a city's areas and places. zone: of times that carry none."""

    def __init__(self, extractor: Extractor, areas: Sequence[Area], places: Sequence[Place], zone: tzinfo) -> None:
        self._extractor = extractor
        self._zone = zone
        self.learn(areas, places)

    def learn(self, areas: Sequence[Area], places: Sequence[Place]) -> None:
        """Know what the city's areas and places are called now."""
        self._names = {one.id: Named(one.id, one.name_zh, one.name_en) for one in (*areas, *places)}

    def accept(self, row: Mapping[str, object], now: datetime) -> Report:
        """A report from a row with text and, where there are, subject, reported_at (else now), place and language.

        Raises BadInput with field, value and what was expected.
        """
        given = row.get("reported_at")
        intake = Intake(source="extract", zone=self._zone, now=_LATEST, fields=_FIELDS)
        report = intake.accept(
            {**row, "id": None, "channel": None, "reported_at": now if given in (None, "") else given}
        )
        subject = _as_given(row.get("subject")) if report.subject else None
        return replace(report, text=_as_given(row["text"]), subject=subject, received_at=now)

    def extract(self, reports: Sequence[Report]) -> list[ReadText]:
        """What is read out of each, in the order given."""
        return [
            ReadText(report, read, mask_fields(report, read.mentions))
            for report, found in zip(reports, self._extractor.extract(reports), strict=True)
            for read in (within_fields(found, boundary(report)),)
        ]

    def named(self, identifier: str, name: str | None = None) -> Named:
        """What an id is called; name: for what is no area or place of the city, such as an organisation."""
        return self._names.get(identifier) or Named(identifier, name or identifier, name or identifier)


def stored(view: ReportView, relations: Sequence[RelationView]) -> ReadText:
    """What was read out of a report when it was taken in. relations: the report's, from the graph."""
    report = Report(
        id=view.id,
        text=view.text,
        language=view.language,
        channel=view.channel,
        source=view.source,
        reported_at=view.reported_at,
        received_at=view.received_at,
        subject=view.subject,
        location=view.location,
    )
    area = next((one.target for one in relations if one.kind == RelationKind.LOCATED_IN), None)
    extraction = Extraction(
        mentions=view.mentions,
        relations=tuple(
            Relation(RelationKind(one.kind), one.target, one.confidence, one.reason, one.source, one.mention)
            for one in relations
        ),
        location=Location(
            view.location,
            area,
            view.district,
            view.location_confidence,
            view.location_method,
            view.location_reason,
            view.outside,
            view.location_contradicted,
        ),
        organizations={one.target: one.name_zh for one in relations if one.kind == RelationKind.REPORTED_AGAINST},
        links=view.links,
        occasions=view.occasions,
        choices=view.choices,
    )
    return ReadText(report, within_fields(extraction, boundary(report)), mask_fields(report, view.mentions))


def mask_fields(report: Report, mentions: Sequence[Mention]) -> dict[Field, Masked | None]:
    """Subject and text with labels for personal data, also for the persons among these mentions of its full_text."""
    at = boundary(report)
    fields: dict[Field, str | None] = {"subject": report.subject, "text": report.text}
    persons: dict[Field, list[Mention]] = {"subject": [], "text": []}
    for mention in mentions:
        if mention.kind is MentionKind.PERSON:
            span = span_in_field(mention.start, mention.end, at)
            persons[span.field].append(replace(mention, start=span.start, end=span.end))
    return {
        field: mask(words, find_personal(words, persons[field]), report.language) if words else None
        for field, words in fields.items()
    }


def _as_given(value: object) -> str:
    """The text character for character, so that offsets count in what was sent; spaces for what is no part of a message."""
    return "".join(c if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in str(value))
