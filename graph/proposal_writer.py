"""Proposed places in the graph: counting names as reports come, tying reports to the places that their names turn out to mean."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from neo4j import ManagedTransaction

from graph import extracted
from graph.proposal_counts import ProposalCount
from graph.proposal_names import Naming, UnknownName, unknown_names
from graph.queries import proposals, writes
from graph.store import Store
from graph.values import plain_row

__all__ = ["REVIEW_SOURCE", "count_names", "count_stored", "keep_decisions", "link_reports", "unlink_reports"]

REVIEW_SOURCE: Final = "review@1"  # of what a person's decision made
_AT: Final = 0.85  # × the mention's confidence, as geocoding takes a place that a report names
_PAGE: Final = 500  # reports a statement
_Row = dict[str, Any]


def count_names(tx: ManagedTransaction, namings: Sequence[Naming]) -> None:
    """Count what these new reports name, in the caller's transaction, which must hold the lock of ingest.

    Names that people have decided on meanwhile are tied to their place at once.
    """
    if not namings:
        return
    ids = sorted({name.proposal for naming in namings for name in naming.names})
    known = {row["proposal"]["id"]: row["proposal"] for row in map(plain_row, tx.run(proposals.COUNTED, ids=ids))}
    counts = {identifier: ProposalCount.of(properties) for identifier, properties in known.items()}
    for naming in namings:
        for identifier, names in _by_proposal(naming).items():
            first = names[0]
            count = counts.setdefault(identifier, ProposalCount(identifier, first.kind.value, first.key))
            count.add(naming, names)
    tx.run(proposals.MERGE_PROPOSALS, rows=[_count_row(counts[identifier]) for identifier in ids]).consume()
    tx.run(proposals.MERGE_NAMES, rows=list(_name_rows(namings))).consume()
    for identifier, properties in known.items():
        if properties.get("place"):
            reports = [one.report for one in namings if any(name.proposal == identifier for name in one.names)]
            link_reports(tx, identifier, properties["place"], only=reports)


def count_stored(store: Store) -> int:
    """Count the names of reports that were stored before names were counted; returns how many reports had some.

    Running it again changes nothing.
    """
    after: str | None = ""
    counted = 0
    while after is not None:
        after, found = store.transact(lambda tx, after=after: _count_page(tx, after or ""))
        counted += found
    return counted


def link_reports(tx: ManagedTransaction, proposal: str, place: str, *, only: Sequence[str] | None = None) -> int:
    """Tie the reports that use a proposal's name to the place it means; returns how many there are. only: these reports alone.

    They get MENTIONS, their mentions the place as target; AT where the name stands for where it happens and the report lies in
    no other district. Their location and incidents stay as they are.
    """
    living = tx.run(proposals.LIVING_PLACE, id=place).single()
    if living is None:
        return 0
    here = plain_row(living)["place"]
    linked = 0
    for page in _pages(tx, proposal, only):
        linked += len(page)
        mentions = [_mention_row(row["id"], name, place, proposal) for row in page for name in row["names"]]
        tx.run(proposals.LINK_MENTIONS, rows=mentions).consume()
        tx.run(proposals.LINK_AT, rows=[at for row in page for at in _at_rows(row, here)]).consume()
        tx.run(proposals.SET_MENTIONS, rows=[_retargeted(row, None, place) for row in page]).consume()
    return linked


def unlink_reports(tx: ManagedTransaction, proposal: str, place: str) -> int:
    """Untie what `link_reports` tied; returns how many reports there are."""
    unlinked = 0
    for page in _pages(tx, proposal, None):
        unlinked += len(page)
        ids = [row["id"] for row in page]
        tx.run(proposals.UNLINK_MENTIONS, reports=ids, proposal=proposal).consume()
        tx.run(proposals.UNLINK_AT, reports=ids, place=place, source=REVIEW_SOURCE).consume()
        tx.run(proposals.SET_MENTIONS, rows=[_retargeted(row, place, None) for row in page]).consume()
    return unlinked


def keep_decisions(tx: ManagedTransaction) -> None:
    """After a city's files were written: the places and names that people gave it are still there."""
    kept = [row["id"] for row in tx.run(proposals.CONFIRMED_PLACES)]
    if kept:
        tx.run(proposals.KEEP_CONFIRMED, ids=kept).consume()
    named: dict[str, list[str]] = {}
    for row in map(plain_row, tx.run(proposals.NAMED_ALIASES)):
        aliases = named.setdefault(row["id"], list(row["aliases"] or ()))
        own = {row["name_zh"], row["name_en"], *aliases}
        aliases += [name for name in json.loads(row["decisions"])[-1]["aliases"] if name not in own]
    for identifier, aliases in named.items():
        tx.run(proposals.SET_ALIASES, id=identifier, aliases=aliases).consume()


def _by_proposal(naming: Naming) -> dict[str, list[UnknownName]]:
    names: dict[str, list[UnknownName]] = {}
    for name in naming.names:
        names.setdefault(name.proposal, []).append(name)
    return names


def _count_row(count: ProposalCount) -> _Row:
    point, _ = count.location()
    return {
        "id": count.id,
        "properties": count.properties(),
        "longitude": point.longitude if point else None,
        "latitude": point.latitude if point else None,
        "district": count.district,
    }


def _name_rows(namings: Iterable[Naming]) -> Iterator[_Row]:
    for naming in namings:
        for name in naming.names:
            yield {
                "report": naming.report,
                "proposal": name.proposal,
                "start": name.start,
                "end": name.end,
                "text": name.text,
                "spelling": name.spelling,
                "kind": name.kind.value,
                "role": name.role.value if name.role else None,
                "confidence": name.confidence,
            }


def _count_page(tx: ManagedTransaction, after: str) -> tuple[str | None, int]:
    tx.run(writes.LOCK, id="incidents", holder="counting names").consume()
    rows = [plain_row(row) for row in tx.run(proposals.UNCOUNTED_REPORTS, after_id=after, limit=_PAGE)]
    found: list[Naming] = []
    for row in rows:
        kept = extracted.kept(row)
        names = () if row["counted"] else tuple(unknown_names(kept.mentions, kept.choices))
        if names:
            own = row["method"] == "coordinates" and not row["outside"] and kept.contradicted is None
            point = row["location"] if own else None
            found.append(Naming(row["id"], row["reported_at"], row["district"], point, names))
    count_names(tx, found)
    return (rows[-1]["id"] if len(rows) == _PAGE else None), len(found)


def _pages(tx: ManagedTransaction, proposal: str, only: Sequence[str] | None) -> Iterator[list[_Row]]:
    """The reports that use a proposal's name, so many at a time."""
    after: str | None = ""
    while after is not None:
        rows = tx.run(proposals.REPORTS_TO_LINK, id=proposal, after_id=after, only=only, limit=_PAGE)
        page = [plain_row(row) for row in rows]
        if page:
            yield page
        after = page[-1]["id"] if len(page) == _PAGE else None


def _mention_row(report: str, name: _Row, place: str, proposal: str) -> _Row:
    words = {key: name.get(key) for key in ("start", "end", "text", "kind", "role", "confidence")}
    return {**words, "report": report, "place": place, "proposal": proposal, "source": REVIEW_SOURCE}


def _at_rows(row: _Row, place: _Row) -> Iterator[_Row]:
    """How a report is at the place, by the surest of its names that say so."""
    elsewhere = row["district"] is not None and row["district"] != place["district"]
    sure = max((name["confidence"] for name in row["names"] if name.get("role") in (None, "where")), default=None)
    if sure is not None and not elsewhere:
        reason = f"named {place['name_en'] or place['name_zh']}, which people made known later"
        yield {
            "report": row["id"],
            "place": place["id"],
            "confidence": round(_AT * sure, 3),
            "reason": reason,
            "source": REVIEW_SOURCE,
        }


def _retargeted(row: _Row, old: str | None, new: str | None) -> _Row:
    """A report's mentions with the target changed of those that use the name."""
    spans = {(name["start"], name["end"]) for name in row["names"]}
    mentions: list[_Row] = json.loads(row["mentions"])
    for mention in mentions:
        if (mention["start"], mention["end"]) in spans and mention["target"] == old:
            mention["target"] = new
    return {"report": row["id"], "mentions": json.dumps(mentions, ensure_ascii=False, separators=(",", ":"))}
