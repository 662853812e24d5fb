"""What people decide about proposed places, and what that does to the graph: each decision one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from neo4j import ManagedTransaction
from pydantic import TypeAdapter

from core.errors import Conflict, NotFound
from core.types import Place, PlaceKind, Point
from graph.city_rows import place_row
from graph.proposal_writer import link_reports, unlink_reports
from graph.queries import proposals, writes
from graph.values import plain_row

__all__ = ["Decision", "DecisionKind", "DecisionRecord", "decide", "decisions_of", "place_id", "undo"]

_Row = dict[str, Any]


class DecisionKind(StrEnum):
    """What a person may say of a proposed place."""

    CONFIRM = "confirm"  # it is a place of its own
    ALIAS = "alias"  # it is another name of a place the city has
    REJECT = "reject"  # it is no place; it is not proposed again
    UNDO = "undo"  # the last decision was wrong


_STATES: Final = {
    DecisionKind.CONFIRM: "confirmed",
    DecisionKind.ALIAS: "alias",
    DecisionKind.REJECT: "rejected",
    DecisionKind.UNDO: "undecided",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decides. by: who; why: in their words.

    place: for an alias, the id of the Place that is meant. The rest is for a confirmation, None as proposed; kind: what kind of
    place it becomes; location: WGS 84; sensitive: as `Place.sensitive`.
    """

    decision: DecisionKind
    by: str
    why: str | None = None
    place: str | None = None
    name_zh: str | None = None
    name_en: str | None = None
    kind: PlaceKind | None = None
    location: Point | None = None
    sensitive: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """What somebody decided. undoes: of an undo, what it took back. aliases: names that the place got by it.

    reports: how many reports were tied to the place by it, or untied.
    """

    decision: DecisionKind
    by: str
    at: datetime
    why: str | None
    place: str | None = None
    name_zh: str | None = None
    name_en: str | None = None
    kind: PlaceKind | None = None
    sensitive: str | None = None
    location: Point | None = None
    aliases: tuple[str, ...] = ()
    reports: int = 0
    undoes: DecisionKind | None = None


_RECORDS: Final = TypeAdapter(tuple[DecisionRecord, ...])


def decisions_of(proposal: _Row) -> tuple[DecisionRecord, ...]:
    """The decisions that a ProposedPlace keeps in its properties, the latest last."""
    return _RECORDS.validate_json(proposal.get("decisions") or "[]")


def place_id(proposal: str) -> str:
    """The id of the Place that a confirmed proposal becomes."""
    return f"proposed:{proposal}"


def decide(
    tx: ManagedTransaction, proposal: str, decision: Decision, place: Place | None, at: datetime
) -> DecisionRecord:
    """Confirm, alias or reject, and tie the reports that use the name to the place.

    place: the one that a confirmation makes. Raises NotFound for an unknown proposal or place, Conflict where it is decided
    already.
    """
    kept = _locked(tx, proposal, decision.by)
    if kept["state"] != "undecided":
        raise Conflict(f"the proposed place {proposal!r} is decided already ({kept['state']}): undo that first")
    record = DecisionRecord(decision.decision, decision.by, at, decision.why)
    if decision.decision is DecisionKind.CONFIRM and place is not None:
        _make_place(tx, place, proposal)
        record = replace(
            record, place=place.id, name_zh=place.name_zh, name_en=place.name_en, kind=place.kind, sensitive=place.sensitive,
            location=place.location, aliases=place.aliases,
        )  # fmt: skip
    elif decision.decision is DecisionKind.ALIAS and decision.place is not None:
        record = replace(record, place=decision.place, aliases=_name_place(tx, decision.place, kept["spellings"]))
    if record.place is not None:
        tx.run(proposals.MERGE_MEANING, id=proposal, place=record.place).consume()
        record = replace(record, reports=link_reports(tx, proposal, record.place))
    _keep(tx, kept, record)
    return record


def undo(tx: ManagedTransaction, proposal: str, decision: Decision, at: datetime) -> DecisionRecord:
    """Take the last decision back: the proposal waits again, the reports are untied, the names go from the place.

    A place that the decision made is deleted, or retired where something else points at it. Raises NotFound, and Conflict where
    nothing is decided or another proposal means the place.
    """
    kept = _locked(tx, proposal, decision.by)
    if kept["state"] == "undecided":
        raise Conflict(f"nothing is decided about the proposed place {proposal!r}")
    last = decisions_of(kept)[-1]
    record = DecisionRecord(DecisionKind.UNDO, decision.by, at, decision.why, last.place, undoes=last.decision)
    if last.place is not None:
        if last.decision is DecisionKind.CONFIRM:
            others = [row["id"] for row in tx.run(proposals.OTHER_MEANINGS, place=last.place, id=proposal)]
            if others:
                raise Conflict(f"{others} are other names of the place {last.place!r}: undo these first")
        record = replace(record, reports=unlink_reports(tx, proposal, last.place))
        tx.run(proposals.FORGET_MEANING, id=proposal).consume()
        if last.decision is DecisionKind.CONFIRM:
            _remove_place(tx, last.place)
        else:
            others = tx.run(proposals.OTHER_MEANINGS, place=last.place, id=proposal)
            used = {spelling for row in others for spelling in row["spellings"]}
            _unname_place(tx, last.place, set(last.aliases) - used)
    _keep(tx, kept, record)
    return record


def _locked(tx: ManagedTransaction, proposal: str, holder: str) -> _Row:
    """The proposal as it is now, while nobody else ingests, decides or loads a city."""
    tx.run(writes.LOCK, id="incidents", holder=holder).consume()
    found = tx.run(proposals.PROPOSAL, id=proposal).single()
    if found is None:
        raise NotFound("proposed place", proposal)
    return plain_row(found)["proposal"]


def _keep(tx: ManagedTransaction, kept: _Row, record: DecisionRecord) -> None:
    """Write the decision down. After an undo none holds, so who and why are only in the history."""
    undone = record.decision is DecisionKind.UNDO
    tx.run(
        proposals.DECIDE,
        id=kept["id"],
        state=_STATES[record.decision],
        by=None if undone else record.by,
        at=None if undone else record.at,
        why=None if undone else record.why,
        place=None if undone else record.place,
        decisions=_RECORDS.dump_json((*decisions_of(kept), record)).decode(),
    ).consume()


def _make_place(tx: ManagedTransaction, place: Place, proposal: str) -> None:
    tx.run(writes.MERGE_PLACES, rows=[place_row(place)]).consume()
    tx.run(proposals.MARK_PLACE, id=place.id, proposal=proposal).consume()


def _remove_place(tx: ManagedTransaction, place: str) -> None:
    pointing = tx.run(proposals.POINTING_AT, id=place).single()
    if pointing is not None and pointing["relations"]:
        tx.run(proposals.RETIRE_PLACE, id=place).consume()
    else:
        tx.run(proposals.DELETE_PLACE, id=place).consume()


def _name_place(tx: ManagedTransaction, place: str, spellings: Sequence[str]) -> tuple[str, ...]:
    """Give a place these names too; returns those it did not have."""
    found = tx.run(proposals.LIVING_PLACE, id=place).single()
    if found is None:
        raise NotFound("place", place)
    here = plain_row(found)["place"]
    aliases = list(here.get("aliases") or ())
    new = tuple(name for name in spellings if name not in {here["name_zh"], here["name_en"], *aliases})
    tx.run(proposals.SET_ALIASES, id=place, aliases=[*aliases, *new]).consume()
    return new


def _unname_place(tx: ManagedTransaction, place: str, names: Collection[str]) -> None:
    found = tx.run(proposals.LIVING_PLACE, id=place).single()
    if found is not None:
        aliases = [name for name in plain_row(found)["place"].get("aliases") or () if name not in names]
        tx.run(proposals.SET_ALIASES, id=place, aliases=aliases).consume()
