"""/extract and /reports/…/extraction: what is read out of a text, and how it was understood."""

from datetime import UTC, datetime

from fastapi import APIRouter

from api.deps import AskLanguage, NodeId, ReadGraph, Served
from api.extracted import ExtractedText, answer
from api.extracting import stored
from api.schemas import ExtractRequest

__all__ = ["router"]

router = APIRouter(tags=["extraction"])


@router.post("/extract", summary="Read a text")
def extract(sent: ExtractRequest, services: Served) -> ExtractedText:
    """What `POST /reports` would find in it: mentions, relations, places with all candidates, times, personal data masked.

    Nothing is kept, so no key is needed. Offsets count in the field as it was sent.
    """
    now = services.clock()[0] if services.reader.is_synthetic() else datetime.now(UTC)
    report = services.texts.accept(sent.model_dump(exclude={"draw"}), now)
    read = services.texts.extract([report])[0]
    return answer(read, services.texts, draw=sent.draw)


@router.get("/reports/{identifier:path}/extraction", summary="What was read out of a report")
def extraction(identifier: NodeId, reader: ReadGraph, services: Served, language: AskLanguage) -> ExtractedText:
    """As it was stored when the report was taken in, with the drawing labelled in the language asked for."""
    read = stored(reader.report(identifier), reader.relations(identifier))
    return answer(read, services.texts, draw=language)
