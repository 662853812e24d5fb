"""What planning reads from the graph, and plans as it keeps them: incidents and crews in, explained plans out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from core.errors import NotFound
from core.geography import metres_between
from core.types import Crew, Department, NearPlace, OpenIncident, Shift
from graph.paging import read_all
from graph.queries import planning
from graph.rows import Row, assignment_view, crew_view, incident_view, left_out_view, plan_summary
from graph.store import Store
from graph.views import CrewView, PlanSummary, PlanView

__all__ = ["PlanReader", "Waiting"]

_SENSITIVE_METRES = 500.0  # how far around an incident sensitive places are told to the rules
_PLANNED_DAYS = 45  # incidents not seen for longer do not wait for a crew any more
_LAST = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The incidents that wait for a crew, and words for where each is: (zh, en) by incident id."""

    incidents: Sequence[OpenIncident]
    places: Mapping[str, tuple[str, str]]


class PlanReader:
    """Reads crews and plans from the graph."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def waiting(self, at: datetime) -> Waiting:
        """Open incidents at a moment, with the sensitive places around them and how often they recur; read in pages."""
        sensitive = [
            row["place"] for row in read_all(self._store, planning.SENSITIVE_PLACES, lambda row: row["place"]["id"])
        ]
        since = at - timedelta(days=_PLANNED_DAYS)
        rows = list(
            read_all(self._store, planning.OPEN_INCIDENTS, lambda row: row["incident"]["id"], since=since, until=at)
        )
        places = {row["incident"]["id"]: (row["place_zh"], row["place_en"]) for row in rows if row["place_zh"]}
        return Waiting([_open_incident(row, sensitive) for row in rows], places)

    def departments(self) -> list[Department]:
        """All departments, with the categories they answer for."""
        return [
            Department(**row["department"], categories=tuple(row["categories"]))
            for row in self._store.read(planning.DEPARTMENTS)
        ]

    def crews(self) -> list[CrewView]:
        """All crews, by id."""
        return [crew_view(row["crew"]) for row in read_all(self._store, planning.CREWS, lambda row: row["crew"]["id"])]

    def crews_for_planning(self) -> list[Crew]:
        """All crews, as planning needs them."""
        return [_crew(view) for view in self.crews()]

    def plans(self, *, before: datetime | None = None, limit: int = 20) -> list[PlanSummary]:
        """Plans, latest first; before: only those made earlier."""
        return [plan_summary(row) for row in self._store.read(planning.PLANS, before=before or _LAST, limit=limit)]

    def plan(self, identifier: str) -> PlanView:
        """A plan, explained: every assignment by crew and order, everything left out by priority; raises NotFound."""
        rows = self._store.read(planning.PLAN, id=identifier)
        if not rows:
            raise NotFound("plan", identifier)
        assigned = [
            assignment_view(row)
            for row in read_all(
                self._store, planning.PLAN_ASSIGNMENTS, lambda row: row["assignment"]["id"], id=identifier
            )
        ]
        left_out = [
            left_out_view(row)
            for row in read_all(self._store, planning.PLAN_LEFT_OUT, lambda row: row["incident"], id=identifier)
        ]
        return PlanView(
            plan_summary(rows[0]),
            tuple(sorted(assigned, key=lambda one: (one.crew, one.sequence))),
            tuple(sorted(left_out, key=lambda one: (-one.priority, one.incident))),
        )


def _crew(view: CrewView) -> Crew:
    return Crew(
        id=view.id,
        name_zh=view.name_zh,
        name_en=view.name_en,
        department=view.department,
        skills=view.skills,
        shift=Shift(
            frozenset(view.shift_days), time.fromisoformat(view.shift_start), time.fromisoformat(view.shift_end)
        ),
        capacity=view.capacity,
        base=view.base,
        covers=view.covers,
        speed_kmh=view.speed_kmh,
        hourly_cost=view.hourly_cost,
    )


def _open_incident(row: Row, sensitive: Sequence[Row]) -> OpenIncident:
    incident = incident_view(row["incident"])
    around: list[NearPlace] = []
    if incident.location and incident.precise:
        metres = ((place, metres_between(incident.location, place["location"])) for place in sensitive)
        around = [
            NearPlace(place["sensitive"], place["name_zh"], place["name_en"], round(far, 1))
            for place, far in metres
            if far <= _SENSITIVE_METRES
        ]
    return OpenIncident(
        id=incident.id,
        category=incident.category,
        district=incident.district,
        # The middle of a whole area is no place to send a crew to.
        location=incident.location if incident.location_method in {"coordinates", "place", "road"} else None,
        opened_at=incident.opened_at,
        last_seen_at=incident.last_seen_at,
        reports=incident.reports,
        urgency=incident.urgency,
        heat=incident.heat,
        sensitive=tuple(sorted(around, key=lambda one: one.metres)),
        repeats=row["repeats"],
    )
