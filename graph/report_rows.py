"""A batch of understood reports → rows of the statements that write them."""

from collections.abc import Iterator, Sequence
from typing import Any

from core.types import RelationKind, UnderstoodReport
from graph import classified, extracted
from graph.incidents import comparable, text_hash

__all__ = ["Row", "mention_rows", "relation_rows", "report_row"]

Row = dict[str, Any]


def report_row(understood: UnderstoodReport, ingest: str) -> Row:
    """A report with what was understood of it. ingest: id of the Ingest node it comes from."""
    report, classification, location = understood.report, understood.classification, understood.extraction.location
    return {
        "id": report.id,
        "text": report.text,
        "subject": report.subject,
        "full_text": report.full_text,
        "language": report.language,
        "channel": report.channel,
        "source": report.source,
        "reported_at": report.reported_at,
        "received_at": report.received_at,
        "address": report.address,
        "longitude": location.point.longitude if location.point else None,
        "latitude": location.point.latitude if location.point else None,
        "location_confidence": location.confidence,
        "location_method": location.method,
        "location_reason": location.reason,
        "outside": location.outside,
        "district": location.district,
        "urgency": understood.urgency,
        "status": "review" if classification.abstained else "received",
        "synthetic": report.synthetic,
        "text_hash": text_hash(report.full_text),
        "bare": comparable(report.full_text),
        "sealed": report.sealed,
        "category": classification.category,
        "classified": classified.properties(classification),
        "extracted": extracted.properties(understood.extraction),
        "ingest": ingest,
    }


def mention_rows(batch: Sequence[UnderstoodReport]) -> Iterator[Row]:
    """The mentions of a batch that mean something the graph holds."""
    for understood in batch:
        for mention in understood.extraction.mentions:
            if mention.target is not None:
                yield {
                    "report": understood.report.id,
                    "target": mention.target,
                    "start": mention.start,
                    "end": mention.end,
                    "text": mention.text,
                    "kind": mention.kind.value,
                    "role": mention.role.value if mention.role else None,
                    "confidence": mention.confidence,
                    "source": mention.source,
                }


def relation_rows(batch: Sequence[UnderstoodReport], kind: RelationKind) -> Iterator[Row]:
    """The relations of a kind in a batch."""
    for understood in batch:
        for relation in understood.extraction.relations:
            if relation.kind is kind:
                yield {
                    "report": understood.report.id,
                    "target": relation.target,
                    "confidence": relation.confidence,
                    "reason": relation.reason,
                    "source": relation.source,
                }
