"""What the parts share: a row of the table, the ground they measure on, and how they take time."""

import os
import platform
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import numpy as np
import psutil

from core.errors import BadInput
from core.settings import Settings
from core.types import Report
from graph.city import City, load_city
from graph.intake import Intake
from graph.sources import Row as SourceRow
from graph.sources import read_rows
from graph.store import Store

__all__ = [
    "COMMAND",
    "Bench",
    "Row",
    "demo_city",
    "demo_reports",
    "demo_rows",
    "intake",
    "machine",
    "one_core",
    "percentile",
]

COMMAND = "python -m benchmarks"
_NOW = datetime(2026, 11, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. met: whether the target holds here; None where there is none, or the part was left out."""

    what: str
    target: str
    measured: str
    sizes: str
    command: str
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    """The ground: an empty store with its schema, and the settings it was opened with.

    reports: size of the archive. fill_seconds: after which writing it is cut short.
    """

    settings: Settings
    store: Store
    reports: int
    fill_seconds: float


@cache
def demo_city() -> City:
    """The demo city."""
    return load_city("changsha")


@cache
def demo_rows() -> tuple[SourceRow, ...]:
    """The rows of the demo's sample file; none where the checkout has no such file."""
    path = demo_city().info.reports
    return tuple(read_rows(path)) if path and path.is_file() else ()


@cache
def demo_reports() -> tuple[Report, ...]:
    """The demo's reports as the graph takes them in; some rows are there to be rejected."""
    taken, found = intake("demo"), list[Report]()
    for row in demo_rows():
        with suppress(BadInput):
            found.append(taken.accept(row.fields))
    return tuple(found)


def intake(source: str) -> Intake:
    """How a benchmark reads rows: at a fixed day, so that it stays the same work."""
    return Intake(source=source, zone=demo_city().info.timezone, now=_NOW, fields={}, synthetic=True)


@contextmanager
def one_core() -> Generator[None]:
    """Keep this process on one core, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def percentile(milliseconds: Sequence[float], share: float = 95) -> float:
    """A percentile of times, in milliseconds."""
    return float(np.percentile(milliseconds, share))


def machine(store: Store) -> str:
    """What the figures were measured on, in words."""
    can = store.capabilities
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python "
        f"{platform.python_version()}, store {can.product} {can.version}, load at the start {load:.1f}"
    )


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as stream:  # noqa: PTH123 - a device of the kernel
            names = [line.partition(":")[2].strip() for line in stream if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()
