"""What is answered about proposed places: one frozen type an answer, and how rows of the store become one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal

from core.types import Language, Point
from extraction.fold import has_chinese
from extraction.name_index import How
from graph.proposal_decisions import DecisionKind, DecisionRecord

__all__ = [
    "DistrictReports",
    "Example",
    "NearName",
    "ProposalDetail",
    "ProposalState",
    "ProposalView",
    "Spelling",
    "Suggestion",
    "example",
    "proposal_view",
]

_AROUND: Final = 90  # characters of a sentence that are shown on each side of the name
_ENDS: Final = "。！？!?\n；;"


class ProposalState(StrEnum):
    """How far a proposed place is. A candidate is named in too few reports yet, an open one waits for a person."""

    CANDIDATE = "candidate"
    OPEN = "open"
    CONFIRMED = "confirmed"
    ALIAS = "alias"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Spelling:
    """A way to write the name, and in how many reports it is written so."""

    text: str
    reports: int


@dataclass(frozen=True, slots=True)
class DistrictReports:
    """A district, and how many of the reports happened there."""

    id: str
    name_zh: str
    name_en: str
    reports: int


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A name that reports use and the city does not know.

    name_zh, name_en: its likeliest names in each language, the same where reports use one language only.
    location_basis: "reports": the median of their own coordinates (located: how many have some), spread_metres around it hold
    three of four; "district": no report has any, so it is the middle of the district. confidence: of the mentions, their mean.
    place: id of the Place that it became or means. decided_*: the decision that holds, None before any.
    """

    id: str
    kind: str
    name: str
    name_zh: str
    name_en: str
    state: ProposalState
    reports: int
    first_seen: datetime
    last_seen: datetime
    spellings: tuple[Spelling, ...]
    districts: tuple[DistrictReports, ...]
    location: Point | None
    location_basis: Literal["reports", "district"] | None
    spread_metres: float | None
    located: int
    confidence: float
    place: str | None
    place_zh: str | None
    place_en: str | None
    decided_by: str | None
    decided_at: datetime | None
    decided_why: str | None


@dataclass(frozen=True, slots=True)
class Example:
    """A report that uses the name. sentence: the part of it around the name; start, end: the name in it, end exclusive."""

    report: str
    reported_at: datetime
    language: Language
    sentence: str
    start: int
    end: int
    district: str | None
    location: Point | None
    synthetic: bool


@dataclass(frozen=True, slots=True)
class NearName:
    """Something of the city with a name like it.

    label: "Place" or "Area"; name: the one of its names that is near; similarity in [0, 1] and how: see `NameIndex`.
    metres: from the proposed location, None where reports have no coordinates. why_zh, why_en: what speaks for and against it.
    """

    target: str
    label: Literal["Place", "Area"]
    kind: str
    name: str
    name_zh: str
    name_en: str
    how: How
    similarity: float
    district: str | None
    metres: float | None
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What seems right, for a person to agree with or not; decision None: too little is known. place: for an alias."""

    decision: DecisionKind | None
    place: str | None
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True)
class ProposalDetail:
    """A proposed place with all that a person needs to decide. examples: the latest reports; decisions: the latest last."""

    proposal: ProposalView
    examples: tuple[Example, ...]
    near: tuple[NearName, ...]
    suggestion: Suggestion
    decisions: tuple[DecisionRecord, ...]


def proposal_view(row: Mapping[str, Any], names: Mapping[str, tuple[str, str]], least: int) -> ProposalView:
    """A proposal from its properties. names: of districts, by id, zh and en; least: reports from which it is open."""
    kept = row["proposal"]
    spellings = [
        Spelling(text, reports) for text, reports in zip(kept["spellings"], kept["spelling_reports"], strict=True)
    ]
    spellings.sort(key=lambda one: -one.reports)  # stable: of equals the first met
    zh = next((one.text for one in spellings if has_chinese(one.text)), kept["name"])
    en = next((one.text for one in spellings if not has_chinese(one.text)), kept["name"])
    undecided = ProposalState.OPEN if kept["reports"] >= least else ProposalState.CANDIDATE
    districts = sorted(zip(kept["districts"], kept["district_reports"], strict=True), key=lambda one: -one[1])
    return ProposalView(
        id=kept["id"],
        kind=kept["kind"],
        name=kept["name"],
        name_zh=zh,
        name_en=en,
        state=undecided if kept["state"] == "undecided" else ProposalState(kept["state"]),
        reports=kept["reports"],
        first_seen=kept["first_seen"],
        last_seen=kept["last_seen"],
        spellings=tuple(spellings),
        districts=tuple(DistrictReports(one, *names.get(one, (one, one)), reports) for one, reports in districts),
        location=kept.get("location"),
        location_basis=kept.get("location_basis") if kept.get("location") else None,
        spread_metres=kept.get("spread_metres"),
        located=kept["located"],
        confidence=kept["confidence"],
        place=row["place"],
        place_zh=row["place_zh"],
        place_en=row["place_en"],
        decided_by=kept.get("decided_by"),
        decided_at=kept.get("decided_at"),
        decided_why=kept.get("decided_why"),
    )


def example(row: Mapping[str, Any]) -> Example:
    """A report's sentence around the name."""
    text, name = row["full_text"], row["names"]
    start, end = name["start"], name["end"]
    first = max((text.rfind(mark, 0, start) for mark in _ENDS), default=-1) + 1
    last = min((at + 1 for mark in _ENDS if (at := text.find(mark, end)) >= 0), default=len(text))
    first += len(text[first:start]) - len(text[first:start].lstrip())
    last -= len(text[end:last]) - len(text[end:last].rstrip())
    before, after = text[first:start], text[end:last]
    if len(before) > _AROUND:
        before = "…" + before[-_AROUND:]
    if len(after) > _AROUND:
        after = after[:_AROUND] + "…"
    return Example(
        report=row["id"],
        reported_at=row["reported_at"],
        language=row["language"],
        sentence=f"{before}{text[start:end]}{after}",
        start=len(before),
        end=len(before) + end - start,
        district=row["district"],
        location=row["location"] if row["method"] == "coordinates" else None,
        synthetic=bool(row["synthetic"]),
    )
