"""Writing to either store: once or many times, by one or by many, the graph is the same."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.errors import BadInput, Conflict
from core.types import Point
from graph.queries import writes

MERGE = "UNWIND $ids AS id MERGE (n:Place {id: id}) ON CREATE SET n.seen = 0 SET n.seen = n.seen + 1"
COUNT = "MATCH (n:Place) RETURN count(n) AS nodes, count(DISTINCT n.id) AS ids, sum(n.seen) AS seen"


def test_a_write_returns_its_rows(store):
    assert store.write("CREATE (n:Place {id: 'a'}) RETURN n.id AS id") == [{"id": "a"}]
    assert store.read("MATCH (n:Place) RETURN n.id AS id") == [{"id": "a"}]


def test_merging_the_same_rows_twice_changes_nothing(store):
    rows = [{"id": f"place-{n}", "name": f"名{n}"} for n in range(50)]
    statement = """
    UNWIND $rows AS row MERGE (n:Place {id: row.id}) SET n.name = row.name
    MERGE (a:Area {id: 'area'}) MERGE (n)-[:LOCATED_IN]->(a)
    """
    dump = """
    MATCH (n:Place)-[link:LOCATED_IN]->(a:Area) RETURN n.id AS id, n.name AS name, count(link) AS links, a.id AS area ORDER BY id
    """
    store.write(statement, rows=rows)
    once = store.read(dump)
    store.write(statement, rows=rows)
    assert store.read(dump) == once
    assert len(once) == 50


def test_work_that_fails_leaves_nothing(store):
    def work(tx):
        tx.run("CREATE (:Place {id: 'half'})").consume()
        raise LookupError

    with pytest.raises(LookupError):
        store.transact(work)
    assert store.read("MATCH (n:Place) RETURN n") == []


def test_statements_of_one_transaction_see_each_other(store):
    def work(tx):
        tx.run("CREATE (:Place {id: 'a'})").consume()
        return tx.run("MATCH (n:Place) RETURN count(n) AS n").single()["n"]

    assert store.transact(work) == 1


def test_work_may_use_instants_of_any_zone_and_points_at_any_depth(store):
    at = datetime(2026, 3, 8, 3, 30, tzinfo=ZoneInfo("America/Los_Angeles"))
    rows = [{"id": "a", "at": at, "where": Point(112.9834, 28.1941)}]
    store.transact(
        lambda tx: tx.run(
            "UNWIND $rows AS row CREATE (n:Place {id: row.id}) SET n.at = row.at, n.location = row.where", rows=rows
        ).consume()
    )
    assert store.read("MATCH (n:Place) RETURN n.at AS at, n.location AS where") == [
        {"at": at, "where": Point(112.9834, 28.1941)}
    ]


def test_an_instant_without_a_zone_is_refused(store):
    with pytest.raises(BadInput, match="zone"):
        store.write("CREATE (:Place {id: 'a', at: $at})", at=datetime(2026, 3, 8))


def test_a_taken_key_is_a_conflict(store):
    store.write("CREATE (:Place {id: 'a'})")
    with pytest.raises(Conflict):
        store.write("CREATE (:Place {id: 'a'})")
    assert store.read("MATCH (n:Place) RETURN count(n) AS n") == [{"n": 1}]


def test_work_that_lost_a_race_for_a_key_runs_again_from_its_start(store):
    store.write("CREATE (:Place {id: 'taken'})")
    tries = []

    def work(tx):
        tries.append(1)
        tx.run("CREATE (:Place {id: $id})", id="taken" if len(tries) < 3 else "free").consume()

    store.transact(work)
    assert len(tries) == 3
    assert {row["id"] for row in store.read("MATCH (n:Place) RETURN n.id AS id")} == {"taken", "free"}


def test_eight_writers_of_the_same_keys_lose_and_double_nothing(store):
    ids = [f"place-{n}" for n in range(20)]
    start = threading.Barrier(8)

    def writer(_):
        start.wait()
        for _ in range(10):
            store.write(MERGE, ids=ids)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(writer, range(8)))
    assert store.read(COUNT) == [{"nodes": 20, "ids": 20, "seen": 8 * 10 * 20}]


def test_writers_that_race_for_a_new_key_all_succeed(store):
    rounds = 15
    start = threading.Barrier(8)

    def writer(_):
        for number in range(rounds):
            start.wait()
            store.write(MERGE, ids=[f"new-{number}"])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(writer, range(8)))
    assert store.read(COUNT) == [{"nodes": rounds, "ids": rounds, "seen": rounds * 8}]


def test_transactions_that_touch_one_lock_see_each_others_writes(store):
    def work(tx):
        tx.run(writes.LOCK, id="turn", holder="test").consume()
        last = tx.run("MATCH (n:Place) RETURN count(n) AS n").single()["n"]
        tx.run("CREATE (:Place {id: $id, after: $last})", id=f"place-{last}", last=last).consume()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: [store.transact(work) for _ in range(5)], range(4)))
    rows = store.read("MATCH (n:Place) RETURN n.after AS after ORDER BY after")
    assert [row["after"] for row in rows] == list(range(20))


def test_readers_see_a_transaction_whole_or_not_at_all(store):
    done = threading.Event()
    seen = set()

    def reader():
        while not done.is_set():
            seen.add(store.read("MATCH (n:Place) RETURN count(n) AS n")[0]["n"])

    def work(tx):
        for number in range(40):
            tx.run("CREATE (:Place {id: $id})", id=str(number)).consume()

    thread = threading.Thread(target=reader)
    thread.start()
    store.transact(work)
    done.set()
    thread.join()
    assert seen <= {0, 40}
