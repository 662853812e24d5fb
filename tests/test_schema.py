"""The schema: which keys are unique, which indexes there are, and how a store comes to have them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import Conflict
from graph.embedded import ensure_running
from graph.queries import schema as statements
from graph.schema import MIGRATIONS, Label, RelationshipType, clear, migrate
from graph.store import connect

ROOT = Path(__file__).resolve().parent.parent
MODEL = (ROOT / "docs" / "graph_model.md").read_text(encoding="utf-8")
# Migrates the store whose address stands on the command line, and says what it ran.
MIGRATE = """
import sys
from graph.schema import migrate
from graph.store import connect
with connect(*sys.argv[1:4]) as store:
    print(migrate(store))
"""


def test_every_label_of_the_model_has_a_unique_key(store):
    rows = store.read("SHOW CONSTRAINTS YIELD labelsOrTypes, properties, type RETURN labelsOrTypes, properties, type")
    unique = {(row["labelsOrTypes"][0], row["properties"][0]) for row in rows if "UNIQUENESS" in row["type"]}
    keys = {(label.value, "code" if label is Label.CATEGORY else "id") for label in Label}
    assert keys <= unique


def test_every_index_of_the_schema_is_there(store):
    wanted = {tuple(re.findall(r"\(n[:.](\w+)\)", statement)) for statement in statements.INDEXES}
    rows = store.read("SHOW INDEXES YIELD labelsOrTypes, properties RETURN labelsOrTypes AS labels, properties")
    there = {(row["labels"][0], row["properties"][0]) for row in rows if row["labels"]}
    assert len(wanted) == len(statements.INDEXES) == 14
    assert wanted <= there


def test_the_code_knows_the_labels_and_types_that_the_model_names():
    nodes, links = MODEL.split("| relationship |")
    labels = {
        name.strip() for row in re.findall(r"^\| ([A-Z][A-Za-z, ]+) \|", nodes, re.MULTILINE) for name in row.split(",")
    }
    types = set(re.findall(r"^\| ([A-Z_]+) \|", links, re.MULTILINE))
    assert labels == {label.value for label in Label}
    assert types == {kind.value for kind in RelationshipType}


def test_migrating_again_does_nothing(store):
    assert migrate(store) == []
    recorded = store.read("MATCH (m:Migration) RETURN m.id AS id, m.name AS name ORDER BY id")
    assert recorded == [{"id": one.id, "name": one.name} for one in MIGRATIONS]


def test_migrations_are_numbered_without_gaps():
    assert [one.id for one in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_a_half_done_migration_is_done_again(store):
    store.write("MATCH (m:Migration {id: $id}) DELETE m", id=MIGRATIONS[-1].id)
    assert migrate(store) == [MIGRATIONS[-1].id]
    assert migrate(store) == []


def test_a_store_of_newer_code_is_refused(store):
    store.write("CREATE (:Migration {id: 999, name: 'from the future'})")
    try:
        with pytest.raises(Conflict, match="999"):
            migrate(store)
    finally:
        store.write("MATCH (m:Migration {id: 999}) DELETE m")


def test_clearing_keeps_the_schema_and_its_record(store):
    store.write("UNWIND range(1, 7000) AS n CREATE (:Place {id: 'p' + n})")
    clear(store)
    assert store.read("MATCH (n) RETURN DISTINCT labels(n) AS labels") == [{"labels": ["Migration"]}]
    store.write("CREATE (:Place {id: 'once'})")
    with pytest.raises(Conflict):
        store.write("CREATE (:Place {id: 'once'})")


def test_two_processes_may_migrate_a_new_store_at_once(tmp_path):
    with ensure_running(tmp_path / "store", "256m") as server:
        both = [
            subprocess.Popen(
                [sys.executable, "-c", MIGRATE, server.uri, server.user, server.password],
                cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
            for _ in range(2)
        ]  # fmt: skip
        answers = [process.communicate(timeout=60) for process in both]
        assert [process.returncode for process in both] == [0, 0], answers
        with connect(server.uri, server.user, server.password) as store:
            assert migrate(store) == []
            unique = store.read("SHOW CONSTRAINTS YIELD type WHERE type = 'UNIQUENESS' RETURN count(*) AS n")
            assert unique == [{"n": len(Label)}]
