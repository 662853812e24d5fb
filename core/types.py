"""The words everybody here uses: what flows from a report to a plan. Nothing in this module does anything.

Coordinates are WGS 84 (EPSG:4326) degrees, distances metres, times aware datetimes in UTC, confidences probabilities in [0, 1].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal, Protocol

from core.classification import Classification
from core.extraction import (
    Considered,
    Extraction,
    Link,
    LinkKind,
    Location,
    Mention,
    MentionKind,
    Occasion,
    PlaceChoice,
    Relation,
    RelationKind,
    Role,
    Tagged,
)
from core.geography import Area, AreaKind, Place, PlaceKind, Point

__all__ = [
    "Area",
    "AreaKind",
    "Assignment",
    "Classifier",
    "Considered",
    "Crew",
    "Demand",
    "Department",
    "Extraction",
    "Extractor",
    "FiredRule",
    "Language",
    "Link",
    "LinkKind",
    "Location",
    "Mention",
    "MentionKind",
    "NearPlace",
    "Occasion",
    "OpenIncident",
    "Place",
    "PlaceChoice",
    "PlaceKind",
    "Plan",
    "Point",
    "Relation",
    "RelationKind",
    "Report",
    "Role",
    "Shift",
    "Tagged",
    "Tagger",
    "Unassigned",
    "UnderstoodReport",
]

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody said.

    id: deterministic, `source:source_id`, or a content hash where the source gives no id.
    subject: a headline where the channel has one; `full_text` joins both as the models see them.
    location: where the reporter's device was or pointed; None where unknown.
    sealed: the original of a masked report, encrypted; None where nothing was masked or originals are dropped.
    """

    id: str
    text: str
    language: Language
    channel: str
    source: str
    reported_at: datetime
    received_at: datetime
    subject: str | None = None
    location: Point | None = None
    address: str | None = None
    synthetic: bool = False
    sealed: str | None = None

    @property
    def full_text(self) -> str:
        """Subject and text as one string; every mention's offsets count in it."""
        return f"{self.subject}\n{self.text}" if self.subject else self.text


@dataclass(frozen=True, slots=True)
class UnderstoodReport:
    """A report with what the models made of it: the unit that is written to the graph."""

    report: Report
    classification: Classification
    extraction: Extraction
    urgency: int  # 1 routine, 2 soon, 3 at once


@dataclass(frozen=True, slots=True)
class Department:
    """Who answers for which categories (codes of the taxonomy, top or sub)."""

    id: str
    name_zh: str
    name_en: str
    kind: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """Working hours, city-local. days: 0 Monday … 6 Sunday; end ≤ start means it runs past midnight."""

    days: frozenset[int]
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Crew:
    """People who can be sent. capacity: jobs a shift; covers: district ids; hourly_cost: city currency."""

    id: str
    name_zh: str
    name_en: str
    department: str
    skills: tuple[str, ...]
    shift: Shift
    capacity: int
    base: Point
    covers: tuple[str, ...]
    speed_kmh: float
    hourly_cost: float


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A rule that applied, and what it added. points: added to the priority (or the penalty of a soft rule)."""

    rule: str
    points: float
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class NearPlace:
    """A sensitive place near an incident. kind: as `Place.sensitive`."""

    kind: str
    name_zh: str
    name_en: str
    metres: float


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident that waits for a crew, as planning sees it.

    category: code of the taxonomy. heat: reports weighted by urgency.
    sensitive: the sensitive places near, nearest first. repeats: earlier ones of its category at its place.
    """

    id: str
    category: str
    district: str | None
    location: Point | None
    opened_at: datetime
    last_seen_at: datetime
    reports: int
    urgency: int
    heat: float
    sensitive: tuple[NearPlace, ...] = ()
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Demand:
    """How much an incident asks for a crew: heat × importance, with the rules that made it so."""

    incident: str
    category: str
    district: str | None
    location: Point | None
    priority: float
    heat: float
    service_minutes: float
    fired: tuple[FiredRule, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """A crew sent to an incident, with which rules fired, what it costs and why this crew.

    cost: parts by name ("travel", "labour", soft-rule penalties); runner_up: next-best eligible crew and its extra cost.
    """

    id: str
    crew: str
    incident: str
    sequence: int
    travel_metres: float
    cost: Mapping[str, float]
    value: float
    fired: tuple[FiredRule, ...]
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Unassigned:
    """An incident left out of a plan, and the reason."""

    incident: str
    reason: Literal["no_skill", "no_area", "no_shift", "no_location", "capacity", "not_worth"]
    priority: float
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Which crews go where in a horizon. objective: value minus cost; gap: proven distance from the optimum in [0, 1]."""

    id: str
    made_at: datetime
    start: datetime
    end: datetime
    rules_version: str
    objective: float
    gap: float
    assignments: tuple[Assignment, ...]
    unassigned: tuple[Unassigned, ...]


class Classifier(Protocol):
    """Text → category."""

    def classify(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Classification]:
        """Classify each text; answers in the order given."""
        ...


class Extractor(Protocol):
    """Report → mentions, relations, location."""

    def extract(self, reports: Sequence[Report]) -> list[Extraction]:
        """Extract from each report; answers in the order given."""
        ...


class Tagger(Protocol):
    """Text → mentions, as a trained model sees them."""

    def tag(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Tagged]:
        """What it sees in each text; answers in the order given."""
        ...
