"""/reports/…/original: what a report said before it was masked, for the one role that may read it."""

import secrets
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from pydantic.dataclasses import dataclass

from api.deps import NodeId, ReadGraph, Served
from core.errors import NotFound, Unauthorised
from core.extraction import PersonalKind
from core.observe import get_logger

__all__ = ["router"]

router = APIRouter(tags=["reports"])


@dataclass(frozen=True)
class HiddenView:
    """Words that are masked in the report. part: subject, text, address or channel; start, end: offsets in its original."""

    part: str
    kind: PersonalKind
    start: int
    end: int
    words: str


@dataclass(frozen=True)
class OriginalView:
    """A report's fields as they were sent, where they held personal data."""

    id: str
    fields: dict[str, str]
    hidden: list[HiddenView]


def _with_reader_key(
    services: Served,
    x_reader_key: Annotated[
        str | None, Header(description="CITYGRAPH_PERSONAL_READER_KEY; the key for writes does not do")
    ] = None,
) -> None:
    if services.reader_key is None:
        raise Unauthorised("nobody may read originals here: no CITYGRAPH_PERSONAL_READER_KEY is set")
    if x_reader_key is None or not secrets.compare_digest(x_reader_key.encode(), services.reader_key.encode()):
        raise Unauthorised("send the key for originals in the header X-Reader-Key")


@router.get(
    "/reports/{identifier:path}/original",
    dependencies=[Depends(_with_reader_key)],
    summary="What a report said before it was masked",
)
def original(identifier: NodeId, reader: ReadGraph, services: Served) -> OriginalView:
    """Only with `X-Reader-Key`; 404 where nothing is sealed. Each reading is logged: the report and when, never the words."""
    sealed = reader.sealed(identifier)
    if sealed is None or services.seal is None:
        raise NotFound("sealed original", identifier)
    opened = services.seal.open(sealed)
    get_logger(__name__).info("original read", report=identifier, at=datetime.now(UTC).isoformat())
    return OriginalView(identifier, dict(opened.fields), [HiddenView(**asdict(words)) for words in opened.hidden])
