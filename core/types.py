"""The words everybody here uses: what flows from a report to a plan. Nothing in this module does anything.

Coordinates are WGS 84 (EPSG:4326) degrees, distances metres, times aware datetimes in UTC, confidences probabilities in [0, 1].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Literal, Protocol

from core.classification import Classification

__all__ = [
    "Area",
    "AreaKind",
    "Assignment",
    "Classifier",
    "Crew",
    "Demand",
    "Department",
    "Extraction",
    "Extractor",
    "FiredRule",
    "Language",
    "Location",
    "Mention",
    "MentionKind",
    "NearPlace",
    "OpenIncident",
    "Place",
    "PlaceKind",
    "Plan",
    "Point",
    "Relation",
    "RelationKind",
    "Report",
    "Shift",
    "Unassigned",
    "UnderstoodReport",
]

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Point:
    """A position, WGS 84 degrees."""

    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody said.

    id: deterministic, `source:source_id`, or a content hash where the source gives no id.
    subject: a headline where the channel has one; `full_text` joins both as the models see them.
    location: where the reporter's device was or pointed; None where unknown.
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

    @property
    def full_text(self) -> str:
        """Subject and text as one string; every mention's offsets count in it."""
        return f"{self.subject}\n{self.text}" if self.subject else self.text


class MentionKind(StrEnum):
    """What kind of thing a mention names."""

    DISTRICT = "district"  # any administrative area: city, district, subdistrict, town
    ROAD = "road"
    ESTATE = "estate"
    POI = "poi"  # facilities and points of interest
    ORGANIZATION = "organization"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a report that name something.

    start, end: character offsets into `Report.full_text`, end exclusive.
    target: id of the Area, Place or Organization meant; None where nothing in the city matched.
    source: component and version, e.g. "gazetteer@1".
    """

    start: int
    end: int
    text: str
    kind: MentionKind
    confidence: float
    source: str
    target: str | None = None


class RelationKind(StrEnum):
    """How a report relates to what it names."""

    LOCATED_IN = "LOCATED_IN"  # → Area
    AT = "AT"  # → Place
    REPORTED_AGAINST = "REPORTED_AGAINST"  # → Organization


@dataclass(frozen=True, slots=True)
class Relation:
    """A report's relation to an area, a place or an organisation, with why we think so.

    target: id of the Area, Place or Organization. reason: short English words, e.g. "named 岳麓区" or "point in polygon".
    mention: index into `Extraction.mentions`; None where it rests on coordinates.
    """

    kind: RelationKind
    target: str
    confidence: float
    reason: str
    source: str
    mention: int | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """Where a report happened, as well as we know it.

    area: id of the smallest area known. method: "coordinates", "place", "road", "area"; area-only locations use its centroid.
    outside: the coordinates given lie in no area of the city.
    """

    point: Point | None
    area: str | None
    district: str | None
    confidence: float
    method: str
    reason: str
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a report names, and where it happened."""

    mentions: tuple[Mention, ...]
    relations: tuple[Relation, ...]
    location: Location
    organizations: Mapping[str, str] = field(default_factory=dict[str, str])  # id → name, for the ones mentioned


@dataclass(frozen=True, slots=True)
class UnderstoodReport:
    """A report with what the models made of it: the unit that is written to the graph."""

    report: Report
    classification: Classification
    extraction: Extraction
    urgency: int  # 1 routine, 2 soon, 3 at once


class AreaKind(StrEnum):
    """Levels of the city's geography."""

    CITY = "city"
    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"
    GRID = "grid"


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the city. geometry: GeoJSON geometry as a string, WGS 84; None for areas known as a point only."""

    id: str
    kind: AreaKind
    name_zh: str
    name_en: str
    centroid: Point
    area_m2: float
    parent: str | None = None
    population: int | None = None
    geometry: str | None = None
    aliases: tuple[str, ...] = ()


class PlaceKind(StrEnum):
    """What kind of place it is."""

    ROAD = "road"
    ESTATE = "estate"
    FACILITY = "facility"
    POI = "poi"


@dataclass(frozen=True, slots=True)
class Place:
    """A named place. sensitive: "school", "hospital", "elderly_care", "kindergarten" or None."""

    id: str
    name_zh: str
    name_en: str
    kind: PlaceKind
    location: Point
    area: str  # district id
    aliases: tuple[str, ...] = ()
    sensitive: str | None = None


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
