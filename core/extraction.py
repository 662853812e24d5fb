"""What is read out of a report: mentions, links between them, times, places and the personal data that is kept out.

Offsets are characters, end exclusive. Confidences and scores are in [0, 1]; a reason is short English words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from core.geography import Point

__all__ = [
    "NAME_KINDS",
    "PLACE_KINDS",
    "SPOT_KINDS",
    "Considered",
    "Extraction",
    "Link",
    "LinkKind",
    "Location",
    "Mention",
    "MentionKind",
    "Occasion",
    "PersonalKind",
    "PersonalSpan",
    "PlaceChoice",
    "Relation",
    "RelationKind",
    "Role",
    "Tagged",
]


class MentionKind(StrEnum):
    """What kind of thing a mention names."""

    DISTRICT = "district"  # any administrative area: city, district, subdistrict, town, village
    ROAD = "road"
    CROSSING = "crossing"  # named as one: "映霞路口"; two roads that cross are two roads
    ESTATE = "estate"  # with its phase, block and building where they follow
    POI = "poi"  # facilities and points of interest
    ADDRESS = "address"  # a house number, with its road where it names one: "银星路555号", "610 Lincoln St"
    ORGANIZATION = "organization"
    PERSON = "person"  # to be masked
    PEOPLE = "people"  # a group that suffers: "周边居民", "kids walking to school"
    OBJECT = "object"  # a thing the trouble is about: vehicle, stall, bin, dog, construction site
    TRIGGER = "trigger"  # the words that name the trouble itself: "噪音", "占道", "dumped"
    TIME = "time"


SPOT_KINDS: Final = frozenset(
    {MentionKind.ROAD, MentionKind.CROSSING, MentionKind.ESTATE, MentionKind.POI, MentionKind.ADDRESS}
)
PLACE_KINDS: Final = SPOT_KINDS | {MentionKind.DISTRICT}
NAME_KINDS: Final = PLACE_KINDS | {MentionKind.ORGANIZATION}  # what a city may have a place of


class Role(StrEnum):
    """What part a mention plays in the trouble."""

    CAUSE = "cause"  # it is complained about
    WHERE = "where"  # it happens there
    NEAR = "near"  # it only says what stands near
    AFFECTED = "affected"  # it suffers


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a report that name something.

    start, end: character offsets into `Report.full_text`, end exclusive.
    target: id of the Area, Place or Organization meant; None where nothing in the city matched.
    source: component and version, e.g. "gazetteer@1". role: None where it plays no part or nobody told.
    """

    start: int
    end: int
    text: str
    kind: MentionKind
    confidence: float
    source: str
    target: str | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a trained model sees in a text.

    mentions: in the order of the text, without overlap; targets are None. support: for each character the probability that it
    belongs to the name of a place, an area or an organisation, whether or not the model made a mention of it; shape (characters,).
    """

    mentions: tuple[Mention, ...]
    support: npt.NDArray[np.float64]


class LinkKind(StrEnum):
    """How two things that one report names relate."""

    LOCATED_IN = "LOCATED_IN"  # trouble or place → the area that holds it
    AT = "AT"  # trouble → the place where it happens
    NEAR = "NEAR"  # trouble or place → a place beside it
    BETWEEN = "BETWEEN"  # trouble or place → each of the two it lies between
    CAUSED_BY = "CAUSED_BY"  # trouble → organisation, site, shop
    AFFECTS = "AFFECTS"  # trouble → school, residents
    HAPPENS_AT = "HAPPENS_AT"  # trouble → time
    REPORTED_BEFORE = "REPORTED_BEFORE"  # trouble → the words that say so: "多次投诉未果"


@dataclass(frozen=True, slots=True)
class Link:
    """A relation between two mentions of one report.

    head, tail: indexes into `Extraction.mentions`; head None: the report's trouble as a whole.
    negated: the text denies it ("不是…"); hearsay: the text has it from others ("听说").
    """

    kind: LinkKind
    head: int | None
    tail: int
    confidence: float
    reason: str
    source: str
    negated: bool = False
    hearsay: bool = False


@dataclass(frozen=True, slots=True)
class Occasion:
    """When something happens, as words of a report tell it.

    mention: index into `Extraction.mentions`. start, end: aware instants in UTC, end exclusive, of the first occurrence
    where it recurs; None: open on that side. recurrence: an RFC 5545 RRULE in the city's local time ("FREQ=DAILY"),
    None for what happened once. reason: how the words were read.
    """

    mention: int
    start: datetime | None
    end: datetime | None
    recurrence: str | None
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Considered:
    """A candidate for what a mention means. target: id of an Area or Place; parts: what its score is made of, by name."""

    target: str
    name: str
    score: float
    parts: Mapping[str, float]
    reason: str


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """Which place of the city a mention means, and what else it might have meant.

    mention: index into `Extraction.mentions`; None for the report's address field. chosen: an id among those considered,
    None where nothing was sure enough. considered: best first.
    """

    mention: int | None
    chosen: str | None
    score: float
    considered: tuple[Considered, ...]
    reason: str


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
    outside: the coordinates given lie in no area of the city. contradicted: the district that the text names instead.
    """

    point: Point | None
    area: str | None
    district: str | None
    confidence: float
    method: str
    reason: str
    outside: bool = False
    contradicted: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a report names, how that hangs together, and where and when it happened."""

    mentions: tuple[Mention, ...]
    relations: tuple[Relation, ...]
    location: Location
    organizations: Mapping[str, str] = field(default_factory=dict[str, str])  # id → name, for the ones mentioned
    links: tuple[Link, ...] = ()
    occasions: tuple[Occasion, ...] = ()
    choices: tuple[PlaceChoice, ...] = ()


class PersonalKind(StrEnum):
    """What kind of personal data words are."""

    PHONE = "phone"
    ID_CARD = "id_card"
    EMAIL = "email"
    PLATE = "plate"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """Words of a text that tell who somebody is."""

    start: int
    end: int
    kind: PersonalKind
    confidence: float
    source: str
