"""The durable way from the inbox to the graph: validate, understand, resolve, write; each batch one transaction.

A batch is in the graph wholly or not at all, and a report that is there is never written again. So a run that was killed
is finished by running it again, and a file that was ingested twice leaves the graph as it was.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import timedelta, tzinfo
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from neo4j import ManagedTransaction

from core.classification import Classification
from core.errors import BadInput
from core.observe import INGESTED
from core.taxonomy import Taxonomy
from core.types import Classifier, Extractor, Report, UnderstoodReport
from graph.incidents import MEMBERS, Incident, Member, Resolution, Resolver, text_hash
from graph.intake import Intake
from graph.proposal_names import namings
from graph.proposal_writer import count_names
from graph.queries import reads, writes
from graph.sources import Row
from graph.store import Store
from graph.values import plain_row
from graph.writer import write_batch

__all__ = ["Accepted", "Fate", "Ingestor", "Outcome", "Rejected", "urgency_of"]

_BATCH = 200  # reports a transaction: about a second of model time, so little is lost by a kill


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken: its number in the file, and which field did not fit."""

    row: int
    field: str
    value: str
    reason: str


class Fate(StrEnum):
    """What became of a report that was handed in."""

    NEW = "new"
    REPEATED = "repeated"  # it is there already, word for word
    CONFLICT = "conflict"  # its id is taken by a report with another text


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of reports handed in: a fate for each, in order, and what was understood and resolved of the new ones."""

    fates: tuple[Fate, ...]
    new: tuple[UnderstoodReport, ...]
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts of an ingest; lines = new + repeated + rejected. outside, abstained, duplicates count among the new."""

    lines: int = 0
    new: int = 0
    repeated: int = 0
    rejected: int = 0
    outside: int = 0
    unlocated: int = 0
    abstained: int = 0
    duplicates: int = 0
    incidents: int = 0
    categories: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def accepted(self) -> int:
        """Rows that are in the graph now: new and repeated ones."""
        return self.new + self.repeated


def urgency_of(classification: Classification, text: str, taxonomy: Taxonomy) -> int:
    """How urgent a report is, 1–3: as its text was read, else its sub-code's default; always 3 where words speak of danger."""
    if classification.urgency is None or taxonomy.speaks_of_danger(text):
        return taxonomy.urgency(classification.code, text)
    return classification.urgency


class Ingestor:
    """Takes reports into the graph. city: id of the city's Area; zone: its time zone."""

    def __init__(
        self, store: Store, classifier: Classifier, extractor: Extractor, taxonomy: Taxonomy, *, city: str, zone: tzinfo
    ) -> None:
        self._store = store
        self._classifier = classifier
        self._extractor = extractor
        self._taxonomy = taxonomy
        self._city = city
        self._zone = zone

    def ingest_rows(
        self,
        rows: Iterable[Row],
        intake: Intake,
        *,
        ingest: str,
        rejects: Path,
        progress: Callable[[int], None] = lambda _: None,
    ) -> Outcome:
        """Take a file's rows; what does not fit goes to `rejects` (JSON lines: row, field, value, reason).

        ingest: id of the Ingest node. progress: called with the number of rows done since the last call.
        Raises BadInput where the file lacks a column every report needs; then nothing is written.
        """
        stream = iter(rows)
        first = list(islice(stream, _BATCH))
        if not first:
            raise BadInput("file", intake.source, "a file with at least one row")
        columns = {name for row in first for name in row.fields}
        if columns:
            intake.check_columns(columns)
        outcome = Outcome()
        rejects.parent.mkdir(parents=True, exist_ok=True)
        with rejects.open("w", encoding="utf-8") as reject_file:
            source = chain(first, stream)
            while batch := list(islice(source, _BATCH)):
                outcome = _add(outcome, self._ingest_batch(batch, intake, ingest, reject_file))
                progress(len(batch))
        if not outcome.rejected:
            rejects.unlink()
        self._store.write(
            writes.SEAL_INGEST,
            id=ingest,
            source=intake.source,
            lines=outcome.lines,
            accepted=outcome.accepted,
            rejected=outcome.rejected,
        )
        return outcome

    def accept(self, reports: Sequence[Report], *, ingest: str) -> Accepted:
        """Understand these reports and write those the graph does not hold yet, in one transaction."""
        hashes = [text_hash(report.full_text) for report in reports]
        there = self._existing([report.id for report in reports])
        fresh = {report.id: report for report in reversed(reports) if report.id not in there}
        ordered = [report for report in reports if fresh.get(report.id) is report]
        understood = self._understand(ordered)
        written, resolution = self._store.transact(lambda tx: self._write(tx, understood, ingest))
        fates = _fates(reports, hashes, there, {one.report.id for one in written})
        for fate in fates:
            INGESTED.labels(outcome=fate.value).inc()
        return Accepted(fates, written, resolution)

    def _ingest_batch(self, batch: Sequence[Row], intake: Intake, ingest: str, rejects: TextIO) -> Outcome:
        reports: list[tuple[int, Report]] = []
        rejected: list[Rejected] = []
        for row in batch:
            try:
                if row.error:
                    raise row.error
                reports.append((row.number, intake.accept(row.fields)))
            except BadInput as error:
                shown = intake.privacy.without_personal(error)
                rejected.append(Rejected(row.number, shown.field, repr(shown.value)[:200], str(shown)))
        accepted = self.accept([report for _, report in reports], ingest=ingest)
        for (number, report), fate in zip(reports, accepted.fates, strict=True):
            if fate is Fate.CONFLICT:
                error = BadInput("id", report.id, "a new id; it is taken by a report with another text")
                rejected.append(Rejected(number, error.field, report.id, str(error)))
        for one in sorted(rejected, key=lambda one: one.row):
            rejects.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
            INGESTED.labels(outcome="rejected").inc()
        locations = [one.extraction.location for one in accepted.new]
        return Outcome(
            lines=len(batch),
            new=len(accepted.new),
            repeated=accepted.fates.count(Fate.REPEATED),
            rejected=len(rejected),
            outside=sum(location.outside for location in locations),
            unlocated=sum(location.area is None and not location.outside for location in locations),
            abstained=sum(one.classification.abstained for one in accepted.new),
            duplicates=len(accepted.resolution.duplicates),
            incidents=sum(link.sequence == 1 for link in accepted.resolution.joined),
            categories=Counter(one.classification.category for one in accepted.new),
        )

    def _existing(self, ids: Sequence[str]) -> dict[str, str]:
        rows = self._store.read(reads.EXISTING_REPORTS, ids=list(ids))
        return {row["id"]: row["text_hash"] for row in rows}

    def _understand(self, reports: Sequence[Report]) -> list[UnderstoodReport]:
        if not reports:
            return []
        classified = self._classifier.classify([r.full_text for r in reports], [r.language for r in reports])
        extracted = self._extractor.extract(reports)
        return [
            UnderstoodReport(
                report, classification, extraction, urgency_of(classification, report.full_text, self._taxonomy)
            )
            for report, classification, extraction in zip(reports, classified, extracted, strict=True)
        ]

    def _write(
        self, tx: ManagedTransaction, understood: Sequence[UnderstoodReport], ingest: str
    ) -> tuple[tuple[UnderstoodReport, ...], Resolution]:
        """Resolve and write; runs again from the start where the store asks for a retry."""
        if not understood:
            return (), Resolution({}, [], [])
        tx.run(writes.LOCK, id="incidents", holder=ingest).consume()
        tx.run(writes.MERGE_INGEST, id=ingest, source=understood[0].report.source).consume()
        there = {row["id"] for row in tx.run(reads.EXISTING_REPORTS, ids=[one.report.id for one in understood])}
        fresh = tuple(one for one in understood if one.report.id not in there)
        resolution = Resolver(self._taxonomy, self._candidates(tx, fresh)).resolve(fresh)
        write_batch(tx, fresh, resolution, ingest=ingest, zone=self._zone, city=self._city)
        count_names(tx, namings(fresh))
        return fresh, resolution

    def _candidates(self, tx: ManagedTransaction, batch: Sequence[UnderstoodReport]) -> Iterator[Incident]:
        """Every open incident that any report of the batch could join: the same whatever the batch's size."""
        if not batch:
            return
        categories = {self._taxonomy[one.classification.category].top for one in batch}
        lifetime = timedelta(days=max(self._taxonomy[code].lifetime_days for code in categories))
        districts = {one.extraction.location.district for one in batch}
        around: list[str] | None = None
        if None not in districts:
            known = [district for district in districts if district]
            around = known + [row["id"] for row in tx.run(reads.NEIGHBOURING_DISTRICTS, districts=known)]
        rows = tx.run(
            reads.CANDIDATE_INCIDENTS,
            {
                "categories": sorted(categories),
                "from": min(one.report.reported_at for one in batch) - lifetime,
                "to": max(one.report.reported_at for one in batch) + lifetime,
                "districts": around,
                "members": MEMBERS,
            },
        )
        for row in rows:
            values = plain_row(row)
            members = tuple(Member(*member) for member in values.pop("members"))
            yield Incident(**values, members=members)


def _fates(
    reports: Sequence[Report], hashes: Sequence[str], there: Mapping[str, str], written: set[str]
) -> tuple[Fate, ...]:
    """A fate for each report: an id's first report in this call is the new one, later ones repeat it or contradict it."""
    said = dict(there)
    fates: list[Fate] = []
    for report, text in zip(reports, hashes, strict=True):
        if report.id not in said:
            said[report.id] = text
            fates.append(Fate.NEW if report.id in written else Fate.REPEATED)
        else:
            fates.append(Fate.REPEATED if said[report.id] == text else Fate.CONFLICT)
    return tuple(fates)


def _add(total: Outcome, part: Outcome) -> Outcome:
    sums = {f.name: getattr(total, f.name) + getattr(part, f.name) for f in fields(Outcome) if f.name != "categories"}
    return Outcome(**sums, categories=Counter(total.categories) + Counter(part.categories))
