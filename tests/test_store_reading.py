"""Reading from either store: what comes back, what is refused, what is cut, what is ended."""

import time

import pytest
from neo4j.exceptions import ClientError

from core.errors import BadInput, QueryTimeout, StoreUnavailable
from core.observe import QUERY_SECONDS
from graph.queries import planning, query_name, reads
from graph.reading import writing_word
from graph.store import connect

# Minutes of work on either store, one row at the end.
SLOW = """
UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b UNWIND range(1, 3000) AS c
WITH a, b, c WHERE (a * b + c) % 7 = 3
RETURN count(*) AS slow_for_the_test
"""
# As much, but rows come at once and never end.
STREAM = "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b UNWIND range(1, 3000) AS c RETURN a + b + c AS d"
RUNNING = "SHOW TRANSACTIONS YIELD currentQuery RETURN currentQuery AS query"


def uncapped(store, **options):
    """A second store on the same connection pool with other limits."""
    other = object.__new__(type(store))
    other.__dict__.update({**store.__dict__, **options})
    return other


def test_rows_come_back_as_dicts(store):
    assert store.read("UNWIND $numbers AS n RETURN n, n * 2 AS twice", numbers=[1, 2]) == [
        {"n": 1, "twice": 2},
        {"n": 2, "twice": 4},
    ]


def test_parameters_may_have_the_names_of_python_words(store):
    assert store.read("RETURN $from + $to AS sum", **{"from": 1, "to": 2}) == [{"sum": 3}]


def test_an_answer_within_the_row_cap_is_whole(store):
    answer = uncapped(store, _row_cap=3).read_capped("UNWIND range(1, 3) AS n RETURN n")
    assert [row["n"] for row in answer.rows] == [1, 2, 3]
    assert not answer.cut


def test_an_answer_past_the_row_cap_is_cut_and_says_so(store):
    answer = uncapped(store, _row_cap=3).read_capped("UNWIND range(1, 4) AS n RETURN n")
    assert [row["n"] for row in answer.rows] == [1, 2, 3]
    assert answer.cut


def test_an_endless_answer_is_cut_without_waiting_for_its_end(store):
    answer = store.read_capped(STREAM, timeout=20)
    assert (len(answer.rows), answer.cut) == (1000, True)


def test_a_query_past_its_time_limit_raises_and_ends_on_the_server(store):
    with pytest.raises(QueryTimeout, match=r"0\.5 s"):
        store.read(SLOW, timeout=0.5)
    deadline = time.monotonic() + 20
    while any("slow_for_the_test" in (row["query"] or "") for row in store.read(RUNNING)):
        assert time.monotonic() < deadline, "the server still runs it"
        time.sleep(0.1)
    assert store.read("RETURN 1 AS one") == [{"one": 1}]


def test_the_stores_own_time_limit_holds_where_a_query_names_none(store):
    with pytest.raises(QueryTimeout):
        uncapped(store, _timeout=0.3).read(SLOW)


def test_a_time_limit_ends_only_what_ran_past_it(store):
    with pytest.raises(QueryTimeout):
        store.read(SLOW, timeout=0.3)
    assert store.read("UNWIND range(1, 100000) AS n RETURN count(n) AS n", timeout=20) == [{"n": 100000}]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE (:Place {id: 'written'})",
        "MERGE (:Place {id: 'written'})",
        "MATCH (n:Place) SET n.id = 'written'",
        "MATCH (n:Place)SET n.id='written'",
        "MATCH (n:Place) DETACH DELETE n",
        "MATCH (n:Place) REMOVE n.name",
        "MATCH (n) FOREACH (x IN [1] | CREATE (:Place {id: 'written'}))",
        "CALL (*) { CREATE (:Place {id: 'written'}) }",
        "MATCH (n) /* 'harmless */ CREATE (:Place {id: 'written'}) // '",
        "CREATE INDEX written IF NOT EXISTS FOR (n:Place) ON (n.written)",
        "DROP CONSTRAINT place_id",
        "LOAD CSV FROM 'file:///etc/hostname' AS line RETURN line",
        "UNWIND [1] AS n CALL (n) { CREATE (:Place {id: 'written'}) } IN TRANSACTIONS",
    ],
)
def test_a_read_refuses_to_write(store, statement):
    store.write("MERGE (:Place {id: 'there', name: 'name'})")
    with pytest.raises(BadInput, match="only reads"):
        store.read(statement)
    assert store.read("MATCH (n:Place) RETURN n.id AS id, n.name AS name") == [{"id": "there", "name": "name"}]


def test_a_write_that_the_word_check_misses_is_refused_and_rolled_back(store, monkeypatch):
    monkeypatch.setattr("graph.store.writing_word", lambda _: None)
    with pytest.raises(BadInput, match="only reads"):
        store.read("CREATE (n:Place {id: 'written'}) RETURN n.id AS id")
    assert store.read("MATCH (n:Place) RETURN n.id AS id") == []


@pytest.mark.parametrize(
    "statement",
    [
        "MATCH (n) WHERE n.set = 1 RETURN n.create, $delete AS deleted",
        "MATCH (set:Set)-[:MERGE]->(n) RETURN {create: n.id} AS row".replace("(set:", "(s:"),
        "RETURN 'CREATE (:Place)' AS text // DELETE nothing",
        'RETURN "it\'s; MERGE" AS text',
        "MATCH (`create`) RETURN `create`.id AS id",
        "MATCH (n) RETURN n.offset AS offset, n.created AS created",
    ],
)
def test_names_and_strings_that_look_like_writing_still_read(statement):
    assert writing_word(statement) is None


def statements_of(module):
    for value in vars(module).values():
        match value:
            case str():
                yield value
            case dict():
                yield from value.values()


def test_every_reading_statement_of_the_project_passes_the_word_check():
    statements = [
        text
        for module in (reads, planning)
        for text in statements_of(module)
        if isinstance(text, str) and "MATCH" in text
    ]
    assert len(statements) > 10
    assert [text for text in statements if writing_word(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "'; MATCH (n) DETACH DELETE n //",
        '" OR 1=1 --',
        "') CREATE (:Place {id: 'x'}) //",
        "'; DROP TABLE reports; --",
        "\\' + $x",
    ],
)
def test_injection_strings_stay_data(store, text):
    store.write("MERGE (n:Place {id: 'there'}) SET n.name = $text", text=text)
    assert store.read("MATCH (n:Place {name: $text}) RETURN n.name AS name", text=text) == [{"name": text}]
    assert store.read("MATCH (n:Place) RETURN count(n) AS places") == [{"places": 1}]


def test_a_mistake_in_a_statement_stays_what_it_is(store):
    with pytest.raises(ClientError, match="nowhere"):
        store.read("MATCH (n:Place) RETURN nowhere")


def test_a_store_that_is_not_there_is_unavailable():
    with pytest.raises(StoreUnavailable, match="does not answer"):
        connect("bolt://127.0.0.1:9", "neo4j", "password")


def test_a_wrong_password_is_told_apart(store):
    address = store._driver.get_server_info().address
    with pytest.raises(StoreUnavailable, match="refuses user or password"):
        connect(f"bolt://{address[0]}:{address[1]}", "nobody", "wrong-password")


def test_an_address_of_another_kind_is_told_apart():
    with pytest.raises(StoreUnavailable, match="address"):
        connect("ftp://127.0.0.1:7474", "neo4j", "password")


def test_the_server_says_what_it_can(store, request):
    can = store.capabilities
    if "neo4j" in request.node.callspec.id:
        assert (can.product, can.fulltext, can.vector, can.shortest) == ("Neo4j", True, True, True)
    else:
        assert (can.product, can.fulltext, can.vector, can.shortest) == ("ArcadeDB", False, False, False)
    assert can.version[0].isdigit()


def test_queries_are_counted_by_name(store):
    def counted(name):
        return next(
            sample.value
            for metric in QUERY_SECONDS.labels(query=name).collect()
            for sample in metric.samples
            if sample.name.endswith("_count")
        )

    before = counted("area")
    store.read(reads.AREA, id="nowhere")
    assert counted("area") == before + 1
    assert query_name("RETURN 1") == "other"
