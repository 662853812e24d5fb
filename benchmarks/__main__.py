"""The table: the targets beside what this machine does. Run: python -m benchmarks [--help]"""

import argparse
import fcntl
import math
import os
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from api.app import open_store
from benchmarks import api, geography, incidents, ingest, planning, store
from benchmarks.bench import Bench, Row, machine
from core.settings import Settings
from graph.file_lock import open_lock
from graph.schema import clear

_PARTS: dict[str, Callable[[Bench], list[Row]]] = {
    "geography": geography.run,
    "planning": planning.run,
    "store": store.run,
    "ingest": ingest.run,
    "incidents": incidents.run,
    "api": api.run,
}
_REPORTS, _FULL = 20_000, 100_000
_FILL_SECONDS = 75.0  # so that the default run stays within four minutes; --full takes its time


def main() -> None:
    """Measure the parts asked for, one after another, and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("--only", choices=list(_PARTS), action="append", help="a part; may be given several times")
    parser.add_argument(
        "--reports",
        type=int,
        default=_REPORTS,
        help=f"size of the archive, default {_REPORTS:,}, cut after {_FILL_SECONDS:.0f} s",
    )
    parser.add_argument("--full", action="store_true", help=f"the full size, {_FULL:,} reports, however long it takes")
    parser.add_argument(
        "--neo4j", action="store_true", help="on the server of CITYGRAPH_TEST_NEO4J_URI, whose data are DELETED"
    )
    options = parser.parse_args()
    console = Console()
    rows: list[Row] = []
    where = ""
    for name in options.only or list(_PARTS):
        began = perf_counter()
        with console.status(f"measuring: {name} …"), _ground(options) as bench:
            where = where or machine(bench.store)
            rows += _PARTS[name](bench)
        console.print(f"{name}: {perf_counter() - began:.0f} s")
    _print(console if console.is_terminal else Console(width=200), rows, where)


@contextmanager
def _ground(options: argparse.Namespace) -> Generator[Bench]:
    """An empty graph for one part: a fresh embedded store in a temporary home, or the test server, emptied."""
    size, patience = (_FULL, math.inf) if options.full else (options.reports, _FILL_SECONDS)
    with tempfile.TemporaryDirectory(prefix="citygraph-bench-") as home:
        settings = Settings(home=Path(home), neo4j_uri=None, row_cap=10_000, query_timeout=60)
        if not options.neo4j:
            with open_store(settings) as opened:
                yield Bench(settings, opened, size, patience)
            return
        server = {
            "neo4j_uri": os.environ["CITYGRAPH_TEST_NEO4J_URI"],
            "neo4j_user": os.environ.get("CITYGRAPH_TEST_NEO4J_USER", "neo4j"),
            "neo4j_password": SecretStr(os.environ["CITYGRAPH_TEST_NEO4J_PASSWORD"]),
        }
        lock = open_lock(Path(tempfile.gettempdir()) / "citygraph-test-neo4j.lock")  # tests and benchmarks take turns
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with open_store(settings.model_copy(update=server)) as opened:
                clear(opened)
                yield Bench(settings.model_copy(update=server), opened, size, patience)
                clear(opened)
        finally:
            os.close(lock)


def _print(console: Console, rows: list[Row], where: str) -> None:
    table = Table(title="citygraph: targets and what this machine does", caption=where, caption_justify="left")
    for column in ("what", "target", "measured", "", "sizes", "command"):
        table.add_column(column, overflow="fold")
    for row in rows:
        mark = {True: "[green]✓[/]", False: "[red]✗[/]", None: ""}[row.met]
        table.add_row(row.what, row.target, row.measured, mark, row.sizes, row.command)
    console.print(table)


if __name__ == "__main__":
    main()
