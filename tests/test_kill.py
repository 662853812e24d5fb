"""kill -9 in the middle of an ingest, then again: the graph is that of a run without the kill."""

import os
import signal
import subprocess
import sys
import time

import pytest
from city_graph import DEMO, ROOT, coarse_folder, dump

from core.errors import CityGraphError
from graph.embedded import ensure_running
from graph.reader import Reader
from graph.schema import clear
from graph.sources import count_rows
from graph.store import connect

VOLATILE = frozenset({"received_at", "at"})


def environment(home, neo4j):
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("NEO4J", "CITYGRAPH"))}
    server = {}
    if neo4j:
        server = {
            "NEO4J_URI": os.environ["CITYGRAPH_TEST_NEO4J_URI"],
            "NEO4J_USER": os.environ.get("CITYGRAPH_TEST_NEO4J_USER", "neo4j"),
            "NEO4J_PASSWORD": os.environ["CITYGRAPH_TEST_NEO4J_PASSWORD"],
        }
    return {
        **clean,
        **server,
        "CITYGRAPH_HOME": str(home),
        "CITYGRAPH_CITY": str(coarse_folder()),
        "CITYGRAPH_HEAP": "512m",
    }


def command(env, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli", *arguments],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def finish(env, *arguments):
    assert command(env, *arguments).wait(timeout=240) == 0


def wait_for(count, store):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if Reader(store).count_reports() >= count:
                return
        except CityGraphError:
            pass
        time.sleep(0.02)
    pytest.fail(f"{count} reports did not come")


def wait_until_gone(pid):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    pytest.fail(f"process {pid} did not end")


@pytest.fixture(params=["embedded", "neo4j"])
def killed_and_whole(request, tmp_path):
    """An environment and a connection for each of two runs, on one kind of store, one after the other."""
    neo4j = request.param == "neo4j"
    shared = request.getfixturevalue("neo4j_server") if neo4j else None

    def open_run(name):
        home = tmp_path / name
        if shared:
            clear(shared)
            return environment(home, neo4j=True), shared, None
        running = ensure_running(home / "store", "512m")
        return environment(home, neo4j=False), connect(running.uri, running.user, running.password), running

    return open_run


def test_after_a_kill_a_second_run_completes_the_same_graph(killed_and_whole):
    open_run = killed_and_whole
    env, store, running = open_run("killed")
    finish(env, "load-geography")
    victim = command(env, "ingest", str(DEMO / "reports.jsonl"))
    wait_for(100, store)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    partial = Reader(store).count_reports()
    assert 0 < partial < count_rows(DEMO / "reports.jsonl")
    if running:  # the store's own process too
        os.kill(running.pid, signal.SIGKILL)
        wait_until_gone(running.pid)
        store.close()
        running.close()
        env, store, running = open_run("killed")
        assert Reader(store).count_reports() >= partial
    finish(env, "ingest", str(DEMO / "reports.jsonl"))
    mended = dump(store, volatile=VOLATILE)
    if running:
        store.close()
        running.close()

    env, store, running = open_run("whole")
    finish(env, "load-geography")
    finish(env, "ingest", str(DEMO / "reports.jsonl"))
    assert dump(store, volatile=VOLATILE) == mended
    if running:
        store.close()
        running.close()
