"""What is counted of a proposed place, report by report; pure, so that any order of batches gives the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any, Final, Self

from core.geography import metres_between
from core.types import Point
from graph.proposal_names import Naming, UnknownName

__all__ = ["BY_DISTRICT", "BY_REPORTS", "ProposalCount"]

BY_REPORTS, BY_DISTRICT = "reports", "district"  # what a proposed location rests on
_POSITIONS: Final = 100  # coordinates kept, the latest: they tell where it is, and that it is still there
_SPELLINGS: Final = 50  # kept; names have a handful, junk has many
_WITHIN: Final = 0.75  # share of the coordinates that the spread holds


@dataclass(slots=True)
class ProposalCount:
    """The counts of one proposal. spellings, districts: reports by spelling and by district id, in the order they were met."""

    id: str
    kind: str
    key: str
    reports: int = 0
    mentions: int = 0
    confidence_sum: float = 0.0
    located: int = 0  # reports with own coordinates
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    spellings: dict[str, int] = field(default_factory=dict[str, int])
    districts: dict[str, int] = field(default_factory=dict[str, int])
    positions: list[Point] = field(default_factory=list[Point])

    @classmethod
    def of(cls, properties: Mapping[str, Any]) -> Self:
        """The counts that a ProposedPlace has, as the store keeps them."""
        return cls(
            id=properties["id"],
            kind=properties["kind"],
            key=properties["key"],
            reports=properties["reports"],
            mentions=properties["mentions"],
            confidence_sum=properties["confidence_sum"],
            located=properties["located"],
            first_seen=properties["first_seen"],
            last_seen=properties["last_seen"],
            spellings=dict(zip(properties["spellings"], properties["spelling_reports"], strict=True)),
            districts=dict(zip(properties["districts"], properties["district_reports"], strict=True)),
            positions=[
                Point(longitude, latitude)
                for longitude, latitude in zip(properties["longitudes"], properties["latitudes"], strict=True)
            ],
        )

    def add(self, naming: Naming, names: list[UnknownName]) -> None:
        """Count one more report. names: how it names this place, at least one."""
        self.reports += 1
        self.mentions += len(names)
        self.confidence_sum += sum(name.confidence for name in names)
        self.first_seen = min(self.first_seen or naming.reported_at, naming.reported_at)
        self.last_seen = max(self.last_seen or naming.reported_at, naming.reported_at)
        for spelling in dict.fromkeys(name.spelling for name in names):
            if spelling in self.spellings or len(self.spellings) < _SPELLINGS:
                self.spellings[spelling] = self.spellings.get(spelling, 0) + 1
        if naming.district:
            self.districts[naming.district] = self.districts.get(naming.district, 0) + 1
        if naming.point:
            self.located += 1
            self.positions = [*self.positions, naming.point][-_POSITIONS:]

    @property
    def name(self) -> str:
        """The spelling most often used, of equals the first met."""
        return max(self.spellings, key=self.spellings.__getitem__)

    @property
    def district(self) -> str | None:
        """The district most often reported from."""
        return max(self.districts, key=self.districts.__getitem__, default=None)

    def properties(self) -> dict[str, Any]:
        """The counts as the store keeps them, with what follows from them."""
        point, spread = self.location()
        return {
            "kind": self.kind,
            "key": self.key,
            "name": self.name,
            "reports": self.reports,
            "mentions": self.mentions,
            "confidence_sum": self.confidence_sum,
            "confidence": round(self.confidence_sum / self.mentions, 3),
            "located": self.located,
            "first_seen": self.first_seen,
            "last_seen": self.last_seen,
            "spellings": list(self.spellings),
            "spelling_reports": list(self.spellings.values()),
            "districts": list(self.districts),
            "district_reports": list(self.districts.values()),
            "longitudes": [one.longitude for one in self.positions],
            "latitudes": [one.latitude for one in self.positions],
            "location_basis": BY_REPORTS if point else BY_DISTRICT if self.district else None,
            "spread_metres": spread,
        }

    def location(self) -> tuple[Point | None, float | None]:
        """The median of the reports' own coordinates, and the metres around it that hold three of four of them."""
        if not self.positions:
            return None, None
        middle = Point(
            round(median(one.longitude for one in self.positions), 6),
            round(median(one.latitude for one in self.positions), 6),
        )
        apart = sorted(metres_between(middle, one) for one in self.positions)
        return middle, round(apart[min(int(_WITHIN * len(apart)), len(apart) - 1)], 1)
