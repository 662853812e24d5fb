"""What the graph's tests share: Changsha with a coarse grid, the real models, and a dump of a whole graph."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.extracting import TextExtractor, make_extractor
from classifier.predict import OnnxClassifier
from core.taxonomy import load_taxonomy
from extraction.pipeline import Pipeline
from graph.city import City, load_city
from graph.ingest import Ingestor, Outcome
from graph.intake import Intake
from graph.sources import ColumnMapping, fingerprint, read_rows
from graph.store import Store
from graph.values import plain_row
from graph.writer import write_city, write_taxonomy

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "demo" / "changsha"
SHARED = ROOT.parent / "shared" / "data"
NOW = datetime(2026, 11, 21, tzinfo=UTC)

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the real messages in ../shared are not here")


@cache
def coarse_city() -> City:
    """Changsha as the demo has it, cut into cells of 10 km, known by the masked names too."""
    return load_city(str(coarse_folder()), DEMO / "aliases_masked.yaml")


@cache
def coarse_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="citygraph-coarse-"))
    spec: dict[str, Any] = yaml.safe_load((DEMO / "city.yaml").read_text(encoding="utf-8"))
    for path in DEMO.iterdir():
        if path.is_file() and path.name != "city.yaml":
            (folder / path.name).symlink_to(path)
    (folder / "city.yaml").write_text(yaml.safe_dump({**spec, "grid_cell_metres": 10_000}, allow_unicode=True), "utf-8")
    return folder


@cache
def classifier() -> OnnxClassifier:
    return OnnxClassifier()


@cache
def extractor() -> Pipeline:
    city = coarse_city()
    return make_extractor(city.areas, city.places, city.info.language, city.info.timezone)


@cache
def texts() -> TextExtractor:
    city = coarse_city()
    return TextExtractor(extractor(), city.areas, city.places, city.info.timezone)


def ingestor(store: Store) -> Ingestor:
    info = coarse_city().info
    return Ingestor(store, classifier(), extractor(), load_taxonomy(), city=info.area, zone=info.timezone)


def load(store: Store) -> None:
    write_taxonomy(store, load_taxonomy())
    write_city(store, coarse_city())


def intake(source: str, columns: ColumnMapping | None = None) -> Intake:
    columns = columns or ColumnMapping()
    return Intake(
        source=columns.source or source,
        zone=coarse_city().info.timezone,
        now=NOW,
        fields=columns.fields,
        datum=columns.datum,
        time_format=columns.time_format,
    )


def take_in(store: Store, path: Path, columns: ColumnMapping | None = None) -> Outcome:
    """Ingest a file; its rejects go beside it."""
    return ingestor(store).ingest_rows(
        read_rows(path), intake(path.stem, columns), ingest=fingerprint(path), rejects=path.with_suffix(".rejects")
    )


def dump(store: Store, *, volatile: frozenset[str] = frozenset()) -> list[str]:
    """Every node and relationship with all its properties but the volatile ones, in one order."""

    def work(tx) -> list[str]:
        nodes = tx.run("MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties")
        edges = tx.run(
            "MATCH (a)-[r]->(b) RETURN labels(a) AS a, coalesce(a.id, a.code) AS a_id, type(r) AS type, "
            "properties(r) AS properties, labels(b) AS b, coalesce(b.id, b.code) AS b_id"
        )
        return [_line(plain_row(record), volatile) for result in (nodes, edges) for record in result]

    return sorted(store.transact(work))


def _line(row: dict[str, Any], volatile: frozenset[str]) -> str:
    properties = {key: value for key, value in sorted(row["properties"].items()) if key not in volatile}
    return repr({**row, "properties": properties})


@contextmanager
def unchanged(store: Store) -> Iterator[None]:
    """The graph after is the graph before."""
    before = dump(store)
    yield
    assert dump(store) == before
