"""Which reports are about the same thing: a report joins the best matching open incident, or opens one.

Resolution is a pure fold over reports in their order; the same reports in the same order give the same incidents, however
they are cut into batches. An incident's id comes from the report that opened it.
"""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rapidfuzz import fuzz

from core.geography import metres_between
from core.taxonomy import Taxonomy
from core.types import Language, Point, RelationKind, UnderstoodReport

__all__ = [
    "MEMBERS",
    "Duplicate",
    "Incident",
    "Joined",
    "Member",
    "Resolution",
    "Resolver",
    "comparable",
    "text_hash",
]

_NEAR = 150.0  # metres: a block's length; nearer reports are at the same place
_FAR = 500.0  # metres: beyond, two located reports are about two things
_JOIN = 0.55  # score from which a report joins; chosen on the demo city's truth, see benchmarks/incidents.py
_SAME_ROAD = 0.45  # similarity of texts that name the same road or place without a point
_NEAR_DUPLICATE = 0.82  # similarity of texts from which one repeats the other
MEMBERS = 20  # texts of an incident a new report is compared with
_COMPARED = 400  # characters of a text that are compared
_HEAT = {1: 1.0, 2: 1.5, 3: 2.5}  # what a report adds to an incident's heat, by urgency
_TITLE = 80  # characters
_EXACTNESS = {"coordinates": 4, "place": 3, "road": 2, "area": 1, "none": 0}  # how near a way of locating comes


@dataclass(frozen=True, slots=True)
class Member:
    """A report of an incident, as far as later reports are compared with it."""

    report: str
    text: str
    text_hash: str


@dataclass(frozen=True, slots=True)
class Incident:
    """What is going on somewhere: the state that reports add to. category: a top class; heat: reports weighted by urgency."""

    id: str
    category: str
    opened_at: datetime
    last_seen_at: datetime
    title: str
    language: Language
    location: Point | None
    precise: bool  # the location is a point or a place, not the middle of a road or an area
    location_method: str  # as Location.method
    area: str | None
    district: str | None
    place: str | None
    heat: float
    reports: int
    urgency: int
    status: str = "open"
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """A report's way into an incident: with which score, and why."""

    report: str
    incident: str
    sequence: int  # 1 for the report that opened it
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A report that repeats an earlier one. why: "exact" or "near"."""

    report: str
    first: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a batch did: the incidents it opened or changed, who joined which, who repeats whom."""

    incidents: Mapping[str, Incident]
    joined: Sequence[Joined]
    duplicates: Sequence[Duplicate]


class Resolver:
    """Folds reports into incidents. candidates: the open incidents that a report of the batch could belong to."""

    def __init__(self, taxonomy: Taxonomy, candidates: Iterable[Incident]) -> None:
        self._taxonomy = taxonomy
        self._by_category: dict[str, dict[str, Incident]] = defaultdict(dict)
        for incident in candidates:
            self._by_category[incident.category][incident.id] = incident

    def resolve(self, batch: Sequence[UnderstoodReport]) -> Resolution:
        """Give every report of the batch its incident, in order."""
        changed: dict[str, Incident] = {}
        joined: list[Joined] = []
        duplicates: list[Duplicate] = []
        for understood in batch:
            new = _open(understood, self._taxonomy)
            found = self._best(new)
            incident, link, duplicate = found or (new, Joined(understood.report.id, new.id, 1, 1.0, "opened it"), None)
            if found:
                incident = _join(incident, new)
            if duplicate:
                duplicates.append(duplicate)
            self._by_category[incident.category][incident.id] = incident
            changed[incident.id] = incident
            joined.append(link)
        return Resolution(changed, joined, duplicates)

    def _best(self, new: Incident) -> tuple[Incident, Joined, Duplicate | None] | None:
        lifetime = timedelta(days=self._taxonomy[new.category].lifetime_days)
        best: tuple[float, str, Incident, str] | None = None
        for incident in self._by_category[new.category].values():
            if not (incident.opened_at - lifetime <= new.opened_at <= incident.last_seen_at + lifetime):
                continue
            score, why = _score(incident, new)
            if score >= _JOIN and (best is None or (score, incident.id) > best[:2]):
                best = (score, incident.id, incident, why)
        if best is None:
            return None
        score, _, incident, why = best
        member = new.members[0]
        return (
            incident,
            Joined(member.report, incident.id, incident.reports + 1, round(score, 3), why),
            _duplicate(incident, member),
        )


def text_hash(text: str) -> str:
    """The same for texts that differ only in case, width, spaces and punctuation."""
    return hashlib.sha256(_bare(text).encode()).hexdigest()[:32]


def comparable(text: str) -> str:
    """The part of a text that duplicates are compared by: its first letters and digits, folded."""
    return _bare(text)[:_COMPARED]


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if unicodedata.category(c)[0] in "LN")


def _open(understood: UnderstoodReport, taxonomy: Taxonomy) -> Incident:
    """The incident this report would open."""
    report, location = understood.report, understood.extraction.location
    places = [r.target for r in understood.extraction.relations if r.kind is RelationKind.AT]
    full_text = report.full_text
    title = report.subject or report.text
    return Incident(
        id="incident:" + hashlib.sha256(report.id.encode()).hexdigest()[:20],
        category=taxonomy[understood.classification.category].top,
        opened_at=report.reported_at,
        last_seen_at=report.reported_at,
        title=title if len(title) <= _TITLE else title[: _TITLE - 1] + "…",
        language=report.language,
        location=location.point,
        precise=location.method in {"coordinates", "place"},
        location_method=location.method,
        area=location.area,
        district=location.district,
        place=places[0] if places else None,
        heat=_HEAT[understood.urgency],
        reports=1,
        urgency=understood.urgency,
        members=(Member(report.id, comparable(full_text), text_hash(full_text)),),
    )


def _join(incident: Incident, new: Incident) -> Incident:
    # A report from outside the city does not draw an incident out of it.
    better = new.area is not None and _EXACTNESS[new.location_method] > _EXACTNESS[incident.location_method]
    where = new if better else incident
    return replace(
        incident,
        opened_at=min(incident.opened_at, new.opened_at),
        last_seen_at=max(incident.last_seen_at, new.last_seen_at),
        location=where.location,
        precise=where.precise,
        location_method=where.location_method,
        area=where.area,
        district=where.district,
        place=incident.place or new.place,
        heat=round(incident.heat + new.heat, 3),
        reports=incident.reports + 1,
        urgency=max(incident.urgency, new.urgency),
        members=(*incident.members, *new.members)[:MEMBERS],
    )


def _score(incident: Incident, new: Incident) -> tuple[float, str]:
    """How likely both are one thing, in [0, 1], and why in words; 0 where place or words speak against it."""
    if incident.precise and new.precise and incident.location and new.location:
        metres = metres_between(incident.location, new.location)
        if metres > _FAR:
            return 0.0, ""
        near = 1.0 if metres <= _NEAR else 1.0 - 0.6 * (metres - _NEAR) / (_FAR - _NEAR)
        text = _likeness(incident, new, _floor(new))
        weight = 0.5 if new.category == "other" else 0.6  # "other" holds many troubles: the words must agree more
        return (weight * near + (1 - weight) * text if text else 0.0), f"{metres:.0f} m apart, texts {text:.0%} alike"
    if incident.district and new.district and incident.district != new.district:
        return 0.0, ""
    same_road = incident.place is not None and incident.place == new.place
    text = _likeness(incident, new, _SAME_ROAD if same_road else _NEAR_DUPLICATE)
    if not text:
        return 0.0, ""
    if same_road:
        return max(text, _JOIN), f"at the same place {new.place}, texts {text:.0%} alike"
    return text, f"texts {text:.0%} alike, place not contradicted"


def _likeness(incident: Incident, new: Incident, least: float) -> float:
    """The best likeness of the new text with a member's; 0 below `least`."""
    best = max(_similarity(member, new.members[0], least) for member in incident.members)
    return best if best >= least else 0.0


def _floor(new: Incident) -> float:
    """The least likeness of words for one incident: "other" holds many troubles, the three classes one each."""
    return 0.35 if new.category == "other" else 0.12


def _similarity(member: Member, other: Member, least: float = 0.0) -> float:
    """Likeness of two texts in [0, 1] (normalised indel similarity); 0 below `least`, which is found sooner."""
    if member.text_hash == other.text_hash:
        return 1.0
    return fuzz.ratio(member.text, other.text, score_cutoff=100.0 * least) / 100.0


def _duplicate(incident: Incident, new: Member) -> Duplicate | None:
    scored = [(_similarity(member, new), member) for member in incident.members]
    score, first = max(scored, key=lambda pair: pair[0])
    if score < _NEAR_DUPLICATE:
        return None
    return Duplicate(new.report, first.report, round(score, 3), "exact" if first.text_hash == new.text_hash else "near")
