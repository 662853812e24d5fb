"""Answers from the graph about reports, incidents, areas and places; plans are read in graph/plans.py."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import LiteralString

from core.classification import Doubt, Intent, Sentiment
from core.errors import NotFound
from core.types import Area, AreaKind, Place, Point
from graph.paging import cut_page, heat_key, read_all, time_key
from graph.queries import planning, reads
from graph.rows import (
    Row,
    area_of,
    area_view,
    assignment_view,
    incident_view,
    left_out_view,
    place_of,
    place_view,
    report_view,
)
from graph.store import Store
from graph.views import (
    AreaView,
    Count,
    IncidentDetail,
    IncidentView,
    NearReport,
    PlaceHistory,
    PlaceView,
    RelationView,
    ReportView,
)

__all__ = ["Reader"]

_LAST = datetime(9999, 1, 1, tzinfo=UTC)
_FIRST = datetime(1, 1, 2, tzinfo=UTC)


class Reader:
    """Reads the city graph; every answer is bounded by a limit and the store's time limit."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def report(self, identifier: str) -> ReportView:
        """One report; raises NotFound."""
        return report_view(self._one("report", reads.REPORT, identifier))

    def relations(self, identifier: str) -> tuple[RelationView, ...]:
        """What a report is related to: the area it lies in, the places it happens at, whom it complains about; () if unknown."""
        return tuple(RelationView(**row) for row in self._store.read(reads.REPORT_RELATIONS, id=identifier))

    def sealed(self, identifier: str) -> str | None:
        """A report's encrypted original, None where it has none; raises NotFound."""
        return self._one("report", reads.SEALED, identifier)["sealed"]

    def reports(
        self,
        *,
        district: str | None = None,
        category: str | None = None,
        status: str | None = None,
        doubt: Doubt | None = None,
        intent: Intent | None = None,
        sentiment: Sentiment | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> tuple[list[ReportView], str | None]:
        """Reports, latest first, and the key of the next page (None on the last); after: the key of this page.

        category: a top class, or a sub-code for the reports narrowed to it.
        """
        before, after_id = time_key(after) if after else (until or _LAST, "")
        rows = self._store.read(
            reads.REPORTS,
            district=district,
            category=category,
            status=status,
            doubt=doubt.value if doubt else None,
            intent=intent,
            sentiment=sentiment,
            since=since,
            before=before,
            after_id=after_id,
            limit=limit + 1,
        )
        found = [report_view(row) for row in rows]
        return cut_page(found, limit, lambda last: f"{last.reported_at.isoformat()}~{last.id}")

    def reports_near(self, point: Point, *, metres: float, limit: int = 50) -> list[NearReport]:
        """Reports within `metres` of a point, nearest first."""
        rows = self._store.read(
            reads.REPORTS_NEAR, longitude=point.longitude, latitude=point.latitude, metres=metres, limit=limit
        )
        return [NearReport(report_view(row), round(row["metres"], 1)) for row in rows]

    def incidents(
        self,
        *,
        district: str | None = None,
        category: str | None = None,
        status: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> tuple[list[IncidentView], str | None]:
        """Incidents seen in a period, hottest first, and the key of the next page."""
        below, after_id = heat_key(after) if after else (1e12, "")
        rows = self._store.read(
            reads.INCIDENTS,
            district=district,
            category=category,
            status=status,
            since=since or _FIRST,
            until=until or _LAST,
            below_heat=below,
            after_id=after_id,
            limit=limit + 1,
        )
        return cut_page(
            [incident_view(row["incident"]) for row in rows], limit, lambda last: f"{last.heat!r}~{last.id}"
        )

    def incident(self, identifier: str, *, reports: int = 100) -> IncidentDetail:
        """One incident with its reports and what the latest plan does about it; raises NotFound."""
        row = self._one("incident", reads.INCIDENT, identifier)
        members = self._store.read(reads.INCIDENT_REPORTS, id=identifier, limit=reports)
        assigned = self._store.read(planning.INCIDENT_ASSIGNMENT, id=identifier)
        left = self._store.read(planning.INCIDENT_LEFT_OUT, id=identifier)
        latest_is_left = bool(left) and (not assigned or left[0]["made_at"] > assigned[0]["made_at"])
        return IncidentDetail(
            incident=incident_view(row["incident"]),
            reports=tuple(report_view(member) for member in members),
            joined=tuple({"report": member["report"]["id"], **member["part"]} for member in members),
            place_zh=row["place_zh"],
            place_en=row["place_en"],
            assignment=assignment_view(assigned[0]) if assigned and not latest_is_left else None,
            left_out=left_out_view(left[0]) if latest_is_left else None,
        )

    def areas(
        self, kind: str, *, parent: str | None = None, after: str = "", limit: int = 100
    ) -> tuple[list[AreaView], str | None]:
        """Areas of a kind by id, and the key of the next page."""
        rows = self._store.read(reads.AREAS, kind=kind, parent=parent, after_id=after, limit=limit + 1)
        return cut_page([area_view(row["area"]) for row in rows], limit, lambda last: last.id)

    def area(self, identifier: str) -> AreaView:
        """One area; raises NotFound."""
        return area_view(self._one("area", reads.AREA, identifier)["area"])

    def places(
        self, *, district: str | None = None, after: str = "", limit: int = 100
    ) -> tuple[list[PlaceView], str | None]:
        """Places by id, and the key of the next page."""
        rows = self._store.read(reads.PLACES, district=district, after_id=after, limit=limit + 1)
        return cut_page([place_view(row["place"]) for row in rows], limit, lambda last: last.id)

    def place_history(self, identifier: str, *, limit: int = 50) -> PlaceHistory:
        """A place and its incidents, latest first; raises NotFound."""
        place = place_view(self._one("place", reads.PLACE, identifier)["place"])
        rows = self._store.read(reads.PLACE_HISTORY, id=identifier, limit=limit)
        return PlaceHistory(place, tuple(incident_view(row["incident"]) for row in rows))

    def counts(self, areas: Sequence[str], *, since: date, until: date, category: str | None = None) -> list[Count]:
        """Reports by area, category and day (city-local), days inclusive, in the order of the days."""
        rows = read_all(
            self._store,
            reads.COUNTS,
            lambda row: row["id"],
            areas=list(areas),
            since=since.isoformat(),
            until=until.isoformat(),
            category=category,
        )
        counts = [Count(row["area"], row["category"], row["day"], row["reports"]) for row in rows]
        return sorted(counts, key=lambda one: (one.day, one.area, one.category))

    def latest_report_at(self) -> datetime | None:
        """When the newest report was made; None in an empty graph."""
        rows = self._store.read(reads.LATEST_REPORT)
        return rows[0]["at"] if rows else None

    def is_synthetic(self) -> bool:
        """Whether the graph holds invented reports, as a demo city's are."""
        return bool(self._store.read(reads.SYNTHETIC))

    def count_reports(self) -> int:
        """How many reports the graph holds."""
        return self._store.read(reads.COUNT_REPORTS)[0]["reports"]

    def all_areas(self, kinds: Sequence[AreaKind] = tuple(AreaKind)) -> list[Area]:
        """Every area of these kinds with its names and geometry, as extraction needs them."""
        return [
            area_of(row["area"])
            for kind in kinds
            for row in read_all(self._store, reads.AREAS, lambda row: row["area"]["id"], kind=kind.value, parent=None)
        ]

    def all_places(self) -> list[Place]:
        """Every place with its names, as extraction needs them."""
        rows = read_all(self._store, reads.PLACES, lambda row: row["place"]["id"], district=None)
        return [place_of(row["place"]) for row in rows]

    def _one(self, kind: str, query: LiteralString, identifier: str) -> Row:
        rows = self._store.read(query, id=identifier)
        if not rows:
            raise NotFound(kind, identifier)
        return rows[0]
