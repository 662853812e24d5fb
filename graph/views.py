"""What the graph answers: one frozen type an answer, the same for Python callers and (as JSON) for the API."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.classification import Doubt, Evidence, Intent, Scored, Sentiment
from core.types import FiredRule, Language, Link, Mention, Occasion, PlaceChoice, Point

__all__ = [
    "AreaView",
    "AssignmentView",
    "Count",
    "CrewView",
    "GraphEdge",
    "GraphNode",
    "IncidentDetail",
    "IncidentView",
    "LeftOut",
    "NearReport",
    "PlaceHistory",
    "PlaceView",
    "PlanSummary",
    "PlanView",
    "RelationView",
    "ReportView",
    "Subgraph",
]


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report with its category, place, incident and duplicates.

    outside: its coordinates lie outside the city; outside_probability: that its text is no message to a city.
    code: the finest category known, code_confidence given the category. evidence: in full_text. What the model that read it did
    not say is None or empty, and code then the category. mentions: offsets in full_text; links, occasions, choices point to them.
    happened_from, happened_to: the surest of the occasions. location_contradicted: id of the district that the text names instead.
    """

    id: str
    full_text: str
    subject: str | None
    text: str
    language: Language
    channel: str
    source: str
    reported_at: datetime
    received_at: datetime
    location: Point | None
    location_confidence: float
    location_method: str
    location_reason: str
    location_contradicted: str | None
    outside: bool
    district: str | None
    urgency: int
    status: str
    synthetic: bool
    category: str
    confidence: float
    abstained: bool
    model: str
    ranking: tuple[Scored, ...]
    code: str
    code_confidence: float | None
    doubt: Doubt | None
    sentiment: Sentiment | None
    intent: Intent | None
    also: tuple[Scored, ...]
    evidence: tuple[Evidence, ...]
    outside_probability: float | None
    mentions: tuple[Mention, ...]
    links: tuple[Link, ...]
    occasions: tuple[Occasion, ...]
    choices: tuple[PlaceChoice, ...]
    happened_from: datetime | None
    happened_to: datetime | None
    incident: str | None
    duplicate_of: str | None


@dataclass(frozen=True, slots=True)
class RelationView:
    """A report's relation to an area, a place or an organisation; see core.extraction.Relation."""

    kind: str
    target: str
    name_zh: str
    name_en: str
    confidence: float
    reason: str
    source: str
    mention: int | None = None


@dataclass(frozen=True, slots=True)
class NearReport:
    """A report and its distance from the point asked about, in metres."""

    report: ReportView
    metres: float


@dataclass(frozen=True, slots=True)
class IncidentView:
    """What is going on somewhere. location: WGS 84; precise: a point or a place, not the middle of a road or an area.

    location_method: how it is known: "coordinates", "place", "road", "area" (its middle) or "none".
    """

    id: str
    category: str
    status: str
    opened_at: datetime
    last_seen_at: datetime
    title: str
    language: str
    location: Point | None
    precise: bool
    location_method: str
    area: str | None
    district: str | None
    place: str | None
    heat: float
    reports: int
    urgency: int


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """A crew sent to an incident, and why. cost: parts by name, in the city's currency."""

    id: str
    plan: str
    crew: str
    crew_zh: str
    crew_en: str
    incident: str
    incident_title: str
    incident_category: str
    incident_location: Point | None
    sequence: int
    travel_metres: float
    value: float
    cost: dict[str, float]
    fired: tuple[FiredRule, ...]
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An incident that a plan leaves out, and the reason."""

    incident: str
    incident_title: str
    incident_category: str
    reason: str
    why_zh: str
    why_en: str
    priority: float


@dataclass(frozen=True, slots=True)
class IncidentDetail:
    """An incident with its reports (in the order they joined), and what the latest plan does about it."""

    incident: IncidentView
    reports: tuple[ReportView, ...]
    joined: tuple[dict[str, Any], ...]  # report, sequence, score, why
    place_zh: str | None
    place_en: str | None
    assignment: AssignmentView | None
    left_out: LeftOut | None


@dataclass(frozen=True, slots=True)
class AreaView:
    """A part of the city. geometry: a GeoJSON geometry (RFC 7946), or None for areas known as a point."""

    id: str
    kind: str
    name_zh: str
    name_en: str
    centroid: Point
    area_m2: float
    population: int | None
    parent: str | None
    geometry: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A named place. kind: road, estate, facility or poi; sensitive: school, hospital … or None."""

    id: str
    kind: str
    name_zh: str
    name_en: str
    location: Point
    district: str
    sensitive: str | None


@dataclass(frozen=True, slots=True)
class PlaceHistory:
    """What happened at a place, latest first."""

    place: PlaceView
    incidents: tuple[IncidentView, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """Reports of a category in an area on a day (city-local, YYYY-MM-DD)."""

    area: str
    category: str
    day: str
    reports: int


@dataclass(frozen=True, slots=True)
class CrewView:
    """A crew as stored: see core.types.Crew. shift_days: 0 Monday … 6 Sunday."""

    id: str
    name_zh: str
    name_en: str
    department: str
    skills: tuple[str, ...]
    capacity: int
    shift_days: tuple[int, ...]
    shift_start: str
    shift_end: str
    base: Point
    covers: tuple[str, ...]
    speed_kmh: float
    hourly_cost: float


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A node of a sub-graph. key: "Label:id", unique in the graph; name: what to write beside it."""

    key: str
    label: str
    id: str
    name: str
    properties: dict[str, Any]


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A relationship of a sub-graph, between the keys of two nodes."""

    source: str
    target: str
    type: str
    properties: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subgraph:
    """Part of the graph. cut: there was more, past the limits asked for."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan in a list."""

    id: str
    made_at: datetime
    start: datetime
    end: datetime
    rules_version: str
    objective: float
    gap: float
    assignments: int
    left_out: int


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan, explained: every assignment with its rules, cost and reason, every incident left out with why."""

    plan: PlanSummary
    assignments: tuple[AssignmentView, ...]
    left_out: tuple[LeftOut, ...]
