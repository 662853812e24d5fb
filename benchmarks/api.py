"""The service as its users meet it: `citygraph serve` in a process of its own, asked over HTTP, one request at a time."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from time import perf_counter

import httpx
import psutil

from benchmarks.archive import archive
from benchmarks.bench import COMMAND, Bench, Row, demo_reports, percentile
from benchmarks.ingest import fill
from core.errors import StoreUnavailable

__all__ = ["run"]

_KEY = "benchmark-key"
_POSTS = 150
_ASKED = 25  # times each endpoint is asked
_START_SECONDS = 90.0
_DISTRICTS = ("430102", "430103", "430104", "430105", "430111")
# What an analyst asks; {…} is filled in from what the graph holds, another one each time.
_READS = (
    "/health",
    "/incidents?limit=50",
    "/incidents?category={category}&district={district}&limit=50",
    "/incidents?since={since}&until={until}&limit=50",
    "/incidents/{incident}",
    "/incidents.geojson?district={district}&limit=200",
    "/reports?limit=50",
    "/reports?district={district}&category={category}&limit=50",
    "/reports?since={since}&until={until}&limit=50",
    "/reports/{report}",
    "/reports/near?longitude={longitude}&latitude={latitude}&metres=500",
    "/places/{place}/history",
    "/graph/counts?since={day}&until={until_day}",
    "/graph/neighbourhood?label=Incident&id={incident}&hops=1",
)
_TWO_HOPS = "/graph/neighbourhood?label=Report&id={report}&hops=2&limit=200"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one endpoint took, in milliseconds."""

    path: str
    p50: float
    p95: float


def run(bench: Bench) -> list[Row]:
    """Fill the graph, serve it, and ask: reads, two hops, one report at a time; then look at the process's memory."""
    if not demo_reports():
        return [Row("the API", "", "left out: demo/changsha/reports.jsonl is not there", "", COMMAND)]
    filled, held = fill(bench)
    with _serving(bench) as (process, client):
        questions = _questions(client)
        asked = [_ask(client, path, questions) for path in _READS]
        hops = _ask(client, _TWO_HOPS, questions)
        accepted, visible = _post(client, held)
        memory = process.memory_info().rss / 2**20
    slowest = max(asked, key=lambda one: one.p95)
    within = sum(one.p95 <= 50 for one in asked)
    size = f"{held:,} reports"
    asked_size = f"{size}; {len(asked)} endpoints × {_ASKED} requests"
    command = f"{COMMAND} --only api --reports {bench.reports}"
    return [
        filled,
        Row(
            "analyst read endpoints, p95",
            "≤ 50 ms over 100,000 reports",
            f"{within} of {len(asked)} endpoints within 50 ms; slowest {slowest.p95:.0f} ms ({_route(slowest.path)})",
            asked_size, command, slowest.p95 <= 50,
        ),
        *(
            Row(f"  GET {_route(one.path)}", "", f"p50 {one.p50:.0f} ms, p95 {one.p95:.0f} ms", size, command)
            for one in sorted(asked, key=lambda one: -one.p95)[:5]
        ),
        Row("two hops of a report, p95", "≤ 15 ms", f"{hops.p95:.0f} ms (p50 {hops.p50:.0f} ms)", size, command,
            hops.p95 <= 15),
        Row(
            "one report by HTTP, durable in the graph",
            "p95 ≤ 250 ms",
            f"p95 {percentile(accepted):.0f} ms (p50 {percentile(accepted, 50):.0f} ms)",
            f"{_POSTS} POST /reports into {size}", command, percentile(accepted) <= 250,
        ),
        Row(
            "one report by HTTP, visible to a reader", "p95 ≤ 2 s", f"p95 {percentile(visible) / 1000:.2f} s",
            f"{_POSTS} POST, then GET it", command, percentile(visible) <= 2000,
        ),
        Row("memory of the API process, models loaded", "≤ 700 MB", f"{memory:.0f} MB", f"{size}, resident set; store aside",
            command, memory <= 700),
    ]  # fmt: skip


@contextmanager
def _serving(bench: Bench) -> Generator[tuple[psutil.Process, httpx.Client]]:
    """The service on the benchmark's store; it stops when the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = bench.settings
    environment = {**os.environ, "CITYGRAPH_HOME": str(settings.home), "CITYGRAPH_API_KEY": _KEY}
    environment |= {"CITYGRAPH_CITY": "changsha", "NEO4J_URI": settings.neo4j_uri or ""}
    if settings.neo4j_uri:
        password = settings.neo4j_password.get_secret_value()
        environment |= {"NEO4J_USER": settings.neo4j_user, "NEO4J_PASSWORD": password}
    command = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", str(port)]
    with (settings.home / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            _await(client, process)
            yield psutil.Process(process.pid), client
    finally:
        process.terminate()
        process.wait(30)


def _await(client: httpx.Client, process: "subprocess.Popen[bytes]") -> None:
    patience = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < patience:
        try:
            if client.get("/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise StoreUnavailable("the service did not come up; its words are in serve.log of the benchmark's home")


def _questions(client: httpx.Client) -> list[dict[str, str]]:
    """Ids, points and periods that the graph holds."""
    incidents = client.get("/incidents?limit=200").json()
    reports = [one for one in client.get("/reports?limit=300").json() if one["location"]]
    places = client.get("/places?limit=200").json()
    found: list[dict[str, str]] = []
    for number in range(_ASKED):
        report = reports[number * 7 % len(reports)]
        found.append(
            {
                "incident": incidents[number * 5 % len(incidents)]["id"],
                "report": report["id"],
                "longitude": str(report["location"]["longitude"]),
                "latitude": str(report["location"]["latitude"]),
                "place": places[number * 3 % len(places)]["id"],
                "category": ("littering", "noise", "obstruction", "other")[number % 4],
                "district": _DISTRICTS[number % len(_DISTRICTS)],
                "since": f"2026-10-{1 + number % 20:02}T00:00:00Z",
                "until": f"2026-10-{8 + number % 20:02}T00:00:00Z",
                "day": "2026-10-01",
                "until_day": "2026-10-30",
            }
        )
    return found


def _ask(client: httpx.Client, path: str, questions: list[dict[str, str]]) -> _Asked:
    """Ask an endpoint once to warm it, then once a question; an answer that is no success ends the benchmark."""
    client.get(path.format(**questions[-1])).raise_for_status()
    times: list[float] = []
    for question in questions:
        began = perf_counter()
        client.get(path.format(**question)).raise_for_status()
        times.append(1000 * (perf_counter() - began))
    return _Asked(path, percentile(times, 50), percentile(times))


def _post(client: httpx.Client, reports: int) -> tuple[list[float], list[float]]:
    """Send new reports one by one: milliseconds until each is durable, and until it is read back."""
    headers = {"X-API-Key": _KEY}
    fields = ("id", "text", "subject", "language", "channel", "reported_at", "longitude", "latitude")
    rows = [{key: row.fields.get(key) for key in fields} for row in islice(archive(reports + _POSTS), _POSTS + 5)]
    accepted: list[float] = []
    visible: list[float] = []
    for number, row in enumerate(rows):
        began = perf_counter()
        answer = client.post("/reports", json={**row, "id": f"live-{number}"}, headers=headers).raise_for_status()
        durable = perf_counter()
        client.get(f"/reports/{answer.json()['report']['id']}").raise_for_status()
        if number >= 5:  # the first ones load the models
            accepted.append(1000 * (durable - began))
            visible.append(1000 * (perf_counter() - began))
    return accepted, visible


def _route(path: str) -> str:
    """An endpoint as a person reads it: its path and the names of its filters."""
    route, _, query = path.partition("?")
    names = ", ".join(part.partition("=")[0] for part in query.split("&") if "{" in part)
    return f"{route} by {names}" if names and "{" not in route else route
