"""What the tests share: the graph store, once embedded and once as a real Neo4j."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph.embedded import ensure_running
from graph.file_lock import open_lock
from graph.schema import clear, migrate
from graph.store import Store, connect

_NO_NEO4J = "no Neo4j server: set CITYGRAPH_TEST_NEO4J_URI (and _USER, _PASSWORD), or run `make neo4j`"


@pytest.fixture(scope="session")
def embedded_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home = tmp_path_factory.mktemp("embedded-store")
    with ensure_running(home, "512m") as server, connect(server.uri, server.user, server.password) as store:
        migrate(store)
        yield store


@pytest.fixture(scope="session")
def neo4j_server() -> Iterator[Store]:
    uri = os.environ.get("CITYGRAPH_TEST_NEO4J_URI")
    if not uri:
        if os.environ.get("CI") == "true":
            pytest.fail(_NO_NEO4J)
        pytest.skip(_NO_NEO4J)
    user = os.environ.get("CITYGRAPH_TEST_NEO4J_USER", "neo4j")
    with connect(uri, user, os.environ["CITYGRAPH_TEST_NEO4J_PASSWORD"]) as store:
        migrate(store)
        yield store


@pytest.fixture(params=["embedded", "neo4j"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A migrated, empty graph on each of the two stores."""
    server: Store = request.getfixturevalue(f"{request.param}_server")
    with _alone(request.param):
        clear(server)
        yield server


@contextmanager
def _alone(kind: str) -> Iterator[None]:
    """A Neo4j server has one database: test runs on the same one take turns, test by test."""
    if kind == "embedded":
        yield
        return
    lock = open_lock(Path(tempfile.gettempdir()) / "citygraph-test-neo4j.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
