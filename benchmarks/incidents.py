"""How well reports are gathered into incidents and placed, against what the authors of the demo's reports meant.

Pairwise: of all pairs of reports that are put into one incident, how many belong together (precision); of all that belong
together, how many are put into one (recall). Run: python -m benchmarks --only incidents
"""

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from itertools import combinations
from typing import Any

from benchmarks.bench import COMMAND, Bench, Row, demo_city, demo_rows
from benchmarks.ingest import ingest, load_city_into
from classifier.predict import OnnxClassifier
from core.types import Language
from extraction.pipeline import Pipeline
from graph.reader import Reader
from graph.views import ReportView

__all__ = ["run"]

_SOURCE = "truth"
_LANGUAGES: tuple[Language | None, ...] = (None, "zh", "en")


def run(bench: Bench) -> list[Row]:
    """One row a quality, for both languages together and for each; none is a target of speed."""
    truth = _truth()
    if not truth:
        return [
            _row("incidents against the authors' truth", "left out: demo/changsha/reports_truth.jsonl is not there", "")
        ]
    load_city_into(bench)
    pipeline = Pipeline(demo_city().areas, demo_city().places)
    ingest(bench, demo_rows(), _SOURCE, OnnxClassifier(), pipeline)
    reports = {report.id.partition(":")[2]: report for report in _all_reports(Reader(bench.store))}
    rows: list[Row] = []
    for language in _LANGUAGES:
        some = {key: one for key, one in reports.items() if key in truth and language in (None, one.language)}
        if some:
            rows += _qualities(language or "zh + en", some, truth)
    return rows


def _qualities(name: str, reports: Mapping[str, ReportView], truth: Mapping[str, dict[str, Any]]) -> list[Row]:
    found = {key: report.incident for key, report in reports.items()}
    meant = {key: truth[key]["incident"] or f"alone:{key}" for key in reports}
    precision, recall = pairwise(found, meant)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    copies = [(key, report.duplicate_of.partition(":")[2]) for key, report in reports.items() if report.duplicate_of]
    copies = [(key, first) for key, first in copies if first in meant]
    right_copies = sum(meant[key] == meant[first] for key, first in copies)
    places = {place.id: place.area for place in demo_city().places}
    placed = [key for key in reports if truth[key].get("place") in places]
    known = sum(reports[key].district is not None for key in placed)
    right = sum(reports[key].district == places[truth[key]["place"]] for key in placed)
    decided = [key for key in reports if not reports[key].abstained]
    labelled = sum(reports[key].category == truth[key]["label"] for key in decided)
    size = f"{len(reports)} demo reports, {len(set(meant.values()))} true incidents"
    return [
        _row(
            f"incident resolution ({name})",
            f"pairwise F1 {f1:.2f} (precision {precision:.2f}, recall {recall:.2f})",
            f"{size}, {len(set(found.values()))} found",
        ),
        _row(
            f"duplicates ({name})",
            f"{right_copies / max(len(copies), 1):.1%} of the links join reports of one true incident",
            f"{len(copies)} links",
        ),
        _row(
            f"district ({name})",
            f"{right / max(len(placed), 1):.1%} right, {known / max(len(placed), 1):.1%} found",
            f"{len(placed)} reports with a known place",
        ),
        _row(
            f"top category ({name})",
            f"{labelled / max(len(decided), 1):.1%} right of those decided",
            f"{len(reports)} demo reports, {1 - len(decided) / len(reports):.1%} left to a person",
        ),
    ]


def pairwise(found: Mapping[str, Hashable], meant: Mapping[str, Hashable]) -> tuple[float, float]:
    """Precision and recall over pairs of reports in one group; 1 where there is no pair to be wrong about."""
    together, true = _pairs(found.items()), _pairs(meant.items())
    hits = len(together & true)
    return hits / len(together) if together else 1.0, hits / len(true) if true else 1.0


def _pairs(groups: Iterable[tuple[str, Hashable]]) -> set[tuple[str, str]]:
    members: defaultdict[Hashable, list[str]] = defaultdict(list)
    for key, group in groups:
        members[group].append(key)
    return {pair for keys in members.values() for pair in combinations(sorted(keys), 2)}


def _truth() -> dict[str, dict[str, Any]]:
    path = demo_city().info.rules.parent / "reports_truth.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {row["id"]: row for row in map(json.loads, lines)}


def _all_reports(reader: Reader) -> Iterable[ReportView]:
    after: str | None = None
    while True:
        page, after = reader.reports(after=after, limit=500)
        yield from page
        if after is None:
            return


def _row(what: str, measured: str, sizes: str) -> Row:
    return Row(what, "", measured, sizes, f"{COMMAND} --only incidents")
