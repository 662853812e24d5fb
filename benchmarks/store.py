"""The graph's write speed alone: the project's own statements, rows ready."""

from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Any, LiteralString

from benchmarks.bench import COMMAND, Bench, Row
from graph.queries import writes
from graph.store import Store

__all__ = ["run"]

_TARGET = 15_000  # a second
_COUNT = 20_000
_ROWS = 5_000  # a statement


def run(bench: Bench) -> list[Row]:
    """Nodes by key, then relationships between them, each MERGEd in batches; a first, smaller round warms the server."""
    for name, count in (("warm", _COUNT // 4), ("measured", _COUNT)):
        nodes = [{"id": f"{name}-{n}", "name": f"物业公司 {n}", "kind": "benchmark"} for n in range(count)]
        node_rate = _rate(bench.store, writes.MERGE_ORGANIZATIONS, nodes)
        areas = [_area(f"{name}-{n}") for n in range(count)]
        area_rate = _rate(bench.store, writes.MERGE_AREAS, areas)
        borders = [
            {"first": f"{name}-{n}", "second": f"{name}-{(n + 7) % count}", "metres": 12.5} for n in range(count)
        ]
        edge_rate = _rate(bench.store, writes.MERGE_BORDERS, borders)
    return [
        _row("graph write alone: nodes of 3 properties", node_rate, "nodes"),
        _row("graph write alone: nodes of 11 properties, 3 indexed", area_rate, "nodes"),
        _row("graph write alone: relationships between keyed nodes", edge_rate, "relationships"),
    ]


def _row(what: str, rate: float, unit: str) -> Row:
    return Row(
        what, f"≥ {_TARGET:,} {unit}/s", f"{rate:,.0f} {unit}/s", f"{_COUNT:,}, {_ROWS:,} a transaction",
        f"{COMMAND} --only store", rate >= _TARGET,
    )  # fmt: skip


def _area(identifier: str) -> dict[str, Any]:
    return {
        "id": identifier, "kind": "grid", "name_zh": identifier, "name_en": identifier, "longitude": 113.0,
        "latitude": 28.2, "area_m2": 1e6, "population": None, "geometry": None, "aliases": [], "parent": None,
    }  # fmt: skip


def _rate(store: Store, query: LiteralString, rows: Sequence[dict[str, Any]]) -> float:
    began = perf_counter()
    for chunk in _chunks(rows):
        store.write(query, rows=chunk)
    return len(rows) / (perf_counter() - began)


def _chunks(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), _ROWS):
        yield rows[start : start + _ROWS]
