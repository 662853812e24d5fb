"""Extraction in numbers: span F1, districts found, reports a second, points a second. Run: python -m benchmarks.extraction

Parts that need the real messages (../shared/data, no part of the project) are left out where these are absent.
"""

import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import numpy as np
import shapely
from rich.console import Console
from rich.table import Table

from core.language import detect_language
from core.types import Extraction, Language, MentionKind, Report
from extraction.area_index import AreaIndex
from extraction.pipeline import Pipeline
from graph.city import City, load_city

SHARED = Path(__file__).parents[2] / "shared" / "data"
DEMO = Path(str(files("demo"))) / "changsha"
PLACES = {MentionKind.DISTRICT, MentionKind.ROAD, MentionKind.ESTATE, MentionKind.POI}
MASKED = {
    "A1区": "430102", "A2区": "430103", "A3区": "430104", "A4区": "430105", "A5区": "430111",
    "A6区": "430112", "A7县": "430121", "A8市": "430182", "A8县": "430182", "A9市": "430181",
}  # fmt: skip
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def as_report(row: dict[str, Any], language: Language) -> Report:
    return Report(
        id=row.get("id", ""), text=row["text"], language=language, channel="file", source="benchmark",
        reported_at=NOW, received_at=NOW, subject=row.get("subject"),
    )  # fmt: skip


def language_of(row: dict[str, Any]) -> Language:
    return row.get("language") or detect_language(row["text"])


def best_of(runs: int, work: Callable[[], object]) -> float:
    """CPU seconds of the fastest run."""
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def span_scores(golds: Iterable[dict[str, Any]], extractions: Iterable[Extraction]) -> tuple[float, ...]:
    """Exact and partial precision, recall, F1 over the distinct place names of each report; partial: one holds the other."""
    exact = found = wanted = found_partly = wanted_partly = 0
    for gold, extraction in zip(golds, extractions, strict=True):
        predicted = {mention.text for mention in extraction.mentions if mention.kind in PLACES}
        true = {place["text"] for place in gold["places"]}
        exact, found, wanted = exact + len(predicted & true), found + len(predicted), wanted + len(true)
        found_partly += sum(any(a in b or b in a for b in true) for a in predicted)
        wanted_partly += sum(any(a in b or b in a for b in predicted) for a in true)
    scores = []
    for hits_found, hits_wanted in ((exact, exact), (found_partly, wanted_partly)):
        precision, recall = hits_found / max(found, 1), hits_wanted / max(wanted, 1)
        scores += [precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)]
    return tuple(scores)


def spans(pipeline: Pipeline) -> Table:
    table = Table("language", "reports", "P", "R", "F1 exact", "P", "R", "F1 partial", title="Place spans (gold_dev)")
    for language in get_args(Language):
        golds = rows(SHARED / f"gold_dev_{language}.jsonl")
        if golds:
            extractions = pipeline.extract([as_report(row, language) for row in golds])
            scores = span_scores(golds, extractions)
            table.add_row(language, str(len(golds)), *(f"{score:.3f}" for score in scores))
    return table


def districts(pipeline: Pipeline) -> Table:
    table = Table("messages naming", "count", "a district found", "one of those named", title="Districts (reports_zh)")
    messages = rows(SHARED / "reports_zh.jsonl")
    reports = [as_report(row, "zh") for row in messages]
    extractions = pipeline.extract(reports)
    totals = np.zeros(3, dtype=int)
    for mask, identifier in MASKED.items():
        some = [e.location.district for r, e in zip(reports, extractions, strict=True) if mask in r.full_text]
        if not some:
            continue
        table.add_row(
            mask, str(len(some)), f"{np.mean([d is not None for d in some]):.1%}",
            f"{np.mean([d == identifier for d in some]):.1%}",
        )  # fmt: skip
    for report, extraction in zip(reports, extractions, strict=True):
        named = {identifier for mask, identifier in MASKED.items() if mask in report.full_text}
        district = extraction.location.district
        totals += [bool(named), bool(named and district), bool(named and district in named)]
    table.add_row("any", str(totals[0]), f"{totals[1] / totals[0]:.1%}", f"{totals[2] / totals[0]:.1%}")
    return table


def truth(city: City) -> Table:
    table = Table("demo reports", "with a true place", "found", "right", "right of found", title="Districts (demo)")
    district_of = {place.id: place.area for place in city.places}
    true = {row["id"]: district_of.get(row["place"]) for row in rows(DEMO / "reports_truth.jsonl")}
    pipeline = Pipeline(city.areas, city.places)
    located = [row for row in rows(DEMO / "reports.jsonl") if true.get(row["id"])]
    for language in get_args(Language):
        some = [row for row in located if language_of(row) == language]
        found = [e.location.district for e in pipeline.extract([as_report(row, language) for row in some])]
        known = sum(district is not None for district in found)
        right = sum(district == true[row["id"]] for district, row in zip(found, some, strict=True))
        shares = (known / len(some), right / len(some), right / max(known, 1))
        table.add_row(language, str(len(some)), *(f"{share:.1%}" for share in shares))
    return table


def speed(city: City) -> Table:
    table = Table("reports", "count", "characters", "ms each", "reports/s", title="Extraction, CPU time of one core")
    demo = rows(DEMO / "reports.jsonl")[:1000]
    sets: list[tuple[str, Sequence[Report]]] = [("demo", [as_report(row, language_of(row)) for row in demo])]
    for language in get_args(Language):
        real = rows(SHARED / f"reports_{language}.jsonl")[:1000]
        sets.append((f"real {language}", [as_report(row, language) for row in real]))
    for name, reports in sets:
        if reports:
            pipeline = Pipeline(city.areas, city.places)
            pipeline.extract([as_report({"text": "预热"}, "zh"), as_report({"text": "warm"}, "en")])
            start = time.process_time()
            pipeline.extract(reports)  # once: the lexer remembers words it has seen
            seconds = (time.process_time() - start) / len(reports)
            length = np.mean([len(report.full_text) for report in reports])
            table.add_row(name, str(len(reports)), f"{length:.0f}", f"{seconds * 1e3:.2f}", f"{1 / seconds:,.0f}")
    return table


def points(city: City, count: int = 500_000) -> Table:
    table = Table("areas", "points", "CPU seconds", "points/s", title="District and grid cell of points")
    index = AreaIndex(city.areas)
    west, south, east, north = shapely.total_bounds(
        [shapely.from_geojson(a.geometry) for a in city.areas if a.geometry]
    )
    random = np.random.default_rng(0)
    x, y = random.uniform(west, east, count), random.uniform(south, north, count)
    seconds = best_of(3, lambda: index.locate(x, y))
    table.add_row(f"{len(city.areas):,}", f"{count:,}", f"{seconds:.2f}", f"{count / seconds:,.0f}")
    return table


def main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    console = Console()
    city = load_city("changsha")
    console.print(points(city), speed(city), truth(city))
    masked = load_city("changsha", DEMO / "aliases_masked.yaml")
    pipeline = Pipeline(masked.areas, masked.places)
    if not SHARED.is_dir():
        console.print("[yellow]no ../shared/data: spans and districts of real messages are left out[/]")
        return
    console.print(spans(pipeline), districts(pipeline))


if __name__ == "__main__":
    main()
