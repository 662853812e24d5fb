"""Places that reports name and the city does not know: listed, explained, decided on by a person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final

from core.errors import BadInput, CityMissing, Conflict, NotFound, OutsideCity
from core.types import MentionKind, Place, PlaceKind, Point
from extraction.fold import name_key
from extraction.generic_words import is_bare
from graph import proposal_decisions
from graph.paging import cut_page
from graph.proposal_advice import KnownCity
from graph.proposal_decisions import Decision, DecisionKind, DecisionRecord, decisions_of, place_id
from graph.proposal_names import PROPOSED_KINDS
from graph.proposal_views import ProposalDetail, ProposalState, ProposalView, example, proposal_view
from graph.proposal_writer import count_stored
from graph.queries import proposals
from graph.reader import Reader
from graph.store import Store

__all__ = ["OPEN_FROM", "SENSITIVE", "Decided", "Proposals"]

OPEN_FROM: Final = 3  # distinct reports from which a name is proposed
SENSITIVE: Final = ("school", "kindergarten", "hospital", "elderly_care")
_MOST: Final = 2**31
_LONGEST_NAME, _LONGEST_WHY, _LONGEST_BY = 100, 1000, 100
_KINDS: Final = {
    MentionKind.ROAD: PlaceKind.ROAD,
    MentionKind.ESTATE: PlaceKind.ESTATE,
    MentionKind.POI: PlaceKind.POI,
    MentionKind.CROSSING: PlaceKind.POI,
}
_STORED: Final = {ProposalState.OPEN: "undecided", ProposalState.CANDIDATE: "undecided"}


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision came to."""

    record: DecisionRecord
    detail: ProposalDetail


class Proposals:
    """The review of proposed places. Thread-safe."""

    def __init__(self, store: Store, *, open_from: int = OPEN_FROM, learn: Callable[[], None] = lambda: None) -> None:
        """Review a store's proposals.

        open_from: distinct reports from which a name waits for a person. learn: called after a decision that changes what the
        city's places are called, so that who finds names in reports knows the new ones.
        """
        self._store = store
        self._reader = Reader(store)
        self._open_from = open_from
        self._learn = learn
        self._city: KnownCity | None = None
        self._lock = Lock()

    def proposals(
        self,
        *,
        state: ProposalState = ProposalState.OPEN,
        kind: str | None = None,
        district: str | None = None,
        min_reports: int | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> tuple[list[ProposalView], str | None]:
        """Proposals in a state, those met in most reports first, and the key of the next page; after: the key of this one.

        min_reports: for open ones, from how many distinct reports (default: the setting's); else, those with at least so many.
        Raises BadInput for an unknown kind or key.
        """
        if kind is not None and kind not in PROPOSED_KINDS:
            raise BadInput("kind", kind, f"one of {', '.join(sorted(PROPOSED_KINDS))}")
        open_from = min_reports if min_reports and state is ProposalState.OPEN else self._open_from
        below, after_id = _key(after) if after else (_MOST, "")
        rows = self._store.read(
            proposals.PROPOSALS,
            state=_STORED.get(state, state.value),
            least=open_from if state is ProposalState.OPEN else min_reports or 1,
            most=open_from if state is ProposalState.CANDIDATE else _MOST,
            kind=kind,
            district=district,
            below=below,
            after_id=after_id,
            limit=limit + 1,
        )
        names = self._known().districts
        found = [proposal_view(row, names, open_from) for row in rows]
        return cut_page(found, limit, lambda last: f"{last.reports}~{last.id}")

    def proposal(self, identifier: str, *, examples: int = 20) -> ProposalDetail:
        """One proposal with reports that use the name, names of the city like it and what seems right; raises NotFound."""
        city = self._known()
        row = self._row(identifier)
        view = proposal_view(row, city.districts, self._open_from)
        reports = self._store.read(proposals.NAMING_REPORTS, id=identifier, limit=examples)
        near = tuple(one for one in city.near(view) if one.target != view.place)
        return ProposalDetail(
            proposal=view,
            examples=tuple(example(one) for one in reports),
            near=near,
            suggestion=city.suggestion(view, near),
            decisions=decisions_of(row["proposal"]),
        )

    def decide(self, identifier: str, decision: Decision) -> Decided:
        """Confirm, alias, reject or undo, in one transaction; then whoever finds names learns of it.

        Raises NotFound for an unknown proposal or place, BadInput for what does not fit, OutsideCity for a location in no district,
        Conflict for a decision that the state does not allow, and for a place whose kind, district and name another one has.
        """
        _check(decision)
        place = self._place(identifier, decision) if decision.decision is DecisionKind.CONFIRM else None
        at = datetime.now(UTC)
        if decision.decision is DecisionKind.UNDO:
            record = self._store.transact(lambda tx: proposal_decisions.undo(tx, identifier, decision, at))
        else:
            record = self._store.transact(lambda tx: proposal_decisions.decide(tx, identifier, decision, place, at))
        if record.place is not None:
            self.forget()
            self._learn()
        return Decided(record, self.proposal(identifier))

    def count_stored(self) -> int:
        """Count the names of reports stored by a version that did not; returns how many reports had some."""
        return count_stored(self._store)

    def forget(self) -> None:
        """Read the city's names again at the next question."""
        with self._lock:
            self._city = None

    def _known(self) -> KnownCity:
        """The city's names; raises CityMissing where there is no city."""
        with self._lock:
            if self._city is None:
                areas = self._reader.all_areas()
                if not areas:
                    raise CityMissing("the graph holds no city yet: run `citygraph load-geography` first")
                self._city = KnownCity(areas, self._reader.all_places())
            return self._city

    def _row(self, identifier: str) -> dict[str, Any]:
        rows = self._store.read(proposals.PROPOSAL, id=identifier)
        if not rows:
            raise NotFound("proposed place", identifier)
        return rows[0]

    def _place(self, identifier: str, decision: Decision) -> Place:
        """The place that a confirmation makes."""
        row = self._row(identifier)
        city = self._known()
        view = proposal_view(row, city.districts, self._open_from)
        if row["proposal"]["state"] != "undecided":
            raise Conflict(f"the proposed place {identifier!r} is decided already ({view.state}): undo that first")
        location = decision.location or (view.location if view.location_basis == "reports" else None)
        if location is None:
            raise BadInput("location", None, "a point (WGS 84); give one, as no report that names it has coordinates")
        district = city.district_of(location, view.districts[0].id if view.districts else None)
        if district is None:
            raise OutsideCity(
                "location", f"{location.longitude},{location.latitude}", "a point in a district of the city"
            )
        kind = decision.kind or _KINDS[MentionKind(view.kind)]
        name_zh, name_en = decision.name_zh or view.name_zh, decision.name_en or view.name_en
        for field, name in (("name_zh", name_zh), ("name_en", name_en)):
            if namesakes := city.namesakes(name, kind, district):
                raise Conflict(
                    f"{field}: the city has a {kind} called {name!r} in that district: {namesakes}; decide alias"
                )
        spellings = tuple(one.text for one in view.spellings if one.text not in (name_zh, name_en))
        return Place(place_id(identifier), name_zh, name_en, kind, location, district, spellings, decision.sensitive)


def _key(key: str) -> tuple[int, str]:
    """Read a page key `reports~id`; raises BadInput."""
    reports, _, identifier = key.partition("~")
    if not reports.isascii() or not reports.isdigit() or len(reports) > len(str(_MOST)):
        raise BadInput("after", key, "a key taken from a Link header")
    return int(reports), identifier


def _check(decision: Decision) -> None:
    """Raises BadInput for what a decision must not say, lacks or says too long."""
    for field, text, longest in (("by", decision.by, _LONGEST_BY), ("why", decision.why or "", _LONGEST_WHY)):
        if len(text) > longest:
            raise BadInput(field, text, f"at most {longest} characters")
    if not decision.by.strip():
        raise BadInput("by", decision.by, "who decides")
    confirms = decision.decision is DecisionKind.CONFIRM
    if (decision.decision is DecisionKind.ALIAS) != (decision.place is not None):
        raise BadInput("place", decision.place, "the id of the place it means, for an alias and nothing else")
    for field in ("name_zh", "name_en", "kind", "location", "sensitive"):
        if getattr(decision, field) is not None and not confirms:
            raise BadInput(field, getattr(decision, field), f"for a {DecisionKind.CONFIRM} alone")
    for field, name in (("name_zh", decision.name_zh), ("name_en", decision.name_en)):
        if name is not None and (len(name) > _LONGEST_NAME or len(name_key(name)) < 2 or is_bare(name_key(name))):  # noqa: PLR2004
            raise BadInput(field, name, f"a name of 2 to {_LONGEST_NAME} characters that is no generic word")
    if decision.sensitive is not None and decision.sensitive not in SENSITIVE:
        raise BadInput("sensitive", decision.sensitive, f"one of {', '.join(SENSITIVE)}")
    _check_point(decision.location)


def _check_point(point: Point | None) -> None:
    if point and not (abs(point.longitude) <= 180 and abs(point.latitude) <= 90):  # noqa: PLR2004 - false for NaN too
        raise BadInput("location", f"{point.longitude},{point.latitude}", "WGS 84 degrees: longitude, latitude")
