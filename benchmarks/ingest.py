"""From text to the graph: the models alone, then the whole way."""

import tempfile
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.archive import RememberingClassifier, RememberingExtractor, archive
from benchmarks.bench import COMMAND, Bench, Row, demo_city, demo_reports, demo_rows, intake, one_core
from classifier.predict import OnnxClassifier
from core.taxonomy import load_taxonomy
from core.types import Classifier, Extractor
from extraction.pipeline import Pipeline
from graph.ingest import Ingestor, Outcome
from graph.sources import Row as SourceRow
from graph.writer import write_city, write_taxonomy

__all__ = ["fill", "ingest", "load_city_into", "run"]

_UNDERSTOOD, _INGESTED = 200, 300  # reports a second


def run(bench: Bench) -> list[Row]:
    """Text → classification and extraction on one core; then text → graph with the models."""
    if not demo_reports():
        return [Row("text → graph", "", "left out: demo/changsha/reports.jsonl is not there", "", COMMAND)]
    understood = _understanding()
    load_city_into(bench)
    classifier, extractor = _models()
    began = perf_counter()
    outcome = ingest(bench, demo_rows(), "demo", classifier, extractor)
    rate = outcome.lines / (perf_counter() - began)
    return [
        understood,
        Row(
            "bulk ingest, text → graph, with the models",
            f"≥ {_INGESTED} reports/s",
            f"{rate:,.0f} reports/s",
            f"{outcome.lines} demo reports → {outcome.incidents} incidents, batches of 200",
            f"{COMMAND} --only ingest",
            rate >= _INGESTED,
        ),
    ]


def fill(bench: Bench) -> tuple[Row, int]:
    """Fill the store with the archive the reading benchmarks need, and say how many reports it got.

    The models' answers are remembered a text. Filling ends at the bench's size or at its limit of time.
    """
    load_city_into(bench)
    classifier, extractor = RememberingClassifier(), RememberingExtractor()
    reports = demo_reports()
    classifier.classify([r.full_text for r in reports], [r.language for r in reports])
    extractor.extract(reports)
    began = perf_counter()
    rows = takewhile(lambda _: perf_counter() - began < bench.fill_seconds, archive(bench.reports))
    outcome = ingest(bench, rows, "archive", classifier, extractor)
    rate = outcome.lines / (perf_counter() - began)
    short = "" if outcome.lines == bench.reports else f" of {bench.reports:,}, cut after {bench.fill_seconds:.0f} s"
    row = Row(
        "bulk ingest, understood reports → graph",
        "",
        f"{rate:,.0f} reports/s",
        f"{outcome.lines:,}{short} → {outcome.incidents:,} incidents",
        f"{COMMAND} --only api",
    )
    return row, outcome.lines


def load_city_into(bench: Bench) -> None:
    """The demo city in the empty store."""
    write_taxonomy(bench.store, load_taxonomy())
    write_city(bench.store, demo_city())


def ingest(
    bench: Bench, rows: Iterable[SourceRow], source: str, classifier: Classifier, extractor: Extractor
) -> Outcome:
    """Rows through an Ingestor into the store."""
    info = demo_city().info
    ingestor = Ingestor(bench.store, classifier, extractor, load_taxonomy(), city=info.area, zone=info.timezone)
    with tempfile.TemporaryDirectory() as folder:
        return ingestor.ingest_rows(
            rows, intake(source), ingest=f"benchmark:{source}", rejects=Path(folder) / "rejects.jsonl"
        )


def _understanding() -> Row:
    classifier, extractor = _models()
    reports = demo_reports()
    with one_core():
        began = process_time()
        classifier.classify([r.full_text for r in reports], [r.language for r in reports])
        classified = process_time()
        extractor.extract(reports)
        ended = process_time()
    rate = len(reports) / (ended - began)
    return Row(
        "text → classification + extraction, int8",
        f"≥ {_UNDERSTOOD} reports/s on one core",
        f"{rate:,.0f} reports/s (models {1e3 * (classified - began) / len(reports):.1f} ms, "
        f"extraction {1e3 * (ended - classified) / len(reports):.1f} ms a report)",
        f"{len(reports)} demo reports, CPU time of one core",
        f"{COMMAND} --only ingest",
        rate >= _UNDERSTOOD,
    )


def _models() -> tuple[OnnxClassifier, Pipeline]:
    """The models and the extractor, loaded and warm."""
    classifier, extractor = OnnxClassifier(), Pipeline(demo_city().areas, demo_city().places)
    classifier.classify(["预热一下", "warming up"], ["zh", "en"])
    for language in ("zh", "en"):
        extractor.mentions("预热 warm", language)
    return classifier, extractor
