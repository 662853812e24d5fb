"""What goes into either store comes out the same: instants, points, text, lists, nothing."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from core.types import Point
from graph.queries.schema import INDEXED_INSTANTS, INDEXES

SHANGHAI = ZoneInfo("Asia/Shanghai")
SQUARE = Point(112.9834, 28.1941)

# Literals, since a label as a parameter would not use its index.
RANGE_OF = {
    "Report": "MATCH (n:Report) WHERE n.reported_at >= $since AND n.reported_at <= $until RETURN n.id AS id",
    "Incident": "MATCH (n:Incident) WHERE n.last_seen_at >= $since AND n.last_seen_at <= $until RETURN n.id AS id",
    "Plan": "MATCH (n:Plan) WHERE n.made_at >= $since AND n.made_at <= $until RETURN n.id AS id",
}
SET_OF = {
    "Report": "UNWIND $ids AS id MERGE (n:Report {id: id}) SET n.reported_at = $at",
    "Incident": "UNWIND $ids AS id MERGE (n:Incident {id: id}) SET n.last_seen_at = $at",
    "Plan": "UNWIND $ids AS id MERGE (n:Plan {id: id}) SET n.made_at = $at",
}


def kept(store, value):
    store.write("MERGE (n:Report {id: 'r'}) SET n.value = $value", value=value)
    return store.read("MATCH (n:Report {id: 'r'}) RETURN n.value AS value")[0]["value"]


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 3, 1, 8, 30, 15, 123456, tzinfo=UTC),
        datetime(2026, 3, 1, 8, 30, 15, 123456, tzinfo=timezone(timedelta(hours=8))),
        datetime(2026, 3, 1, 0, 15, tzinfo=SHANGHAI),
        datetime(2026, 3, 8, 3, 30, tzinfo=ZoneInfo("America/Los_Angeles")),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
def test_an_instant_comes_back_as_the_same_instant_in_utc(store, instant):
    back = kept(store, instant)
    assert back == instant
    assert back.tzinfo is UTC


def test_an_instant_that_was_only_passed_through_is_aware_too(store):
    instant = datetime(2026, 3, 1, 8, 30, tzinfo=SHANGHAI)
    back = store.read("RETURN $instant AS instant", instant=instant)[0]["instant"]
    assert (back, back.tzinfo) == (instant, UTC)


def test_instants_of_different_zones_compare_as_instants(store):
    store.write("CREATE (:Report {id: 'r', reported_at: $at})", at=datetime(2026, 3, 1, 8, 0, tzinfo=SHANGHAI))
    found = "MATCH (n:Report) WHERE n.reported_at >= $since AND n.reported_at <= $until RETURN n.id AS id"
    exactly = datetime(2026, 3, 1, 0, 0, tzinfo=UTC)
    assert store.read(found, since=exactly, until=exactly) == [{"id": "r"}]
    assert store.read(found, since=exactly + timedelta(seconds=1), until=exactly + timedelta(days=1)) == []


@pytest.mark.parametrize(("label", "name"), INDEXED_INSTANTS)
def test_an_indexed_instant_that_changed_is_found_once_and_one_that_went_is_found_no_more(store, label, name):
    def found(since, until):
        query = "MATCH (n) WHERE $label IN labels(n) AND n[$name] >= $since AND n[$name] <= $until RETURN n.id AS id"
        indexed = RANGE_OF[label]
        rows = store.read(indexed, since=since, until=until)
        assert sorted(row["id"] for row in rows) == sorted(
            row["id"] for row in store.read(query, label=label, name=name, since=since, until=until)
        )
        return sorted(row["id"] for row in rows)

    first, later = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)
    store.write(SET_OF[label], ids=["a", "b"], at=first)
    for at in (later, first, later):
        store.write(SET_OF[label], ids=["a"], at=at)
    assert found(first, later) == ["a", "b"]
    assert found(first, first) == ["b"]
    assert found(later, later) == ["a"]
    store.write("MATCH (n) WHERE $label IN labels(n) AND n.id = 'a' DELETE n", label=label)
    assert found(first, later) == ["b"]


def test_every_index_over_an_instant_is_known_as_one():
    indexed = {tuple(re.search(r"\(n:(\w+)\) ON \(n\.(\w+)\)", index).groups()) for index in INDEXES}
    assert {pair for pair in indexed if pair[1].endswith("_at")} == set(INDEXED_INSTANTS)


def test_a_day_comes_back_as_a_date(store):
    assert kept(store, date(2026, 2, 28)) == date(2026, 2, 28)


def test_a_point_comes_back_as_a_wgs84_point(store):
    store.write(
        "CREATE (:Place {id: 'p', location: point({longitude: $x, latitude: $y})})",
        x=SQUARE.longitude,
        y=SQUARE.latitude,
    )
    rows = store.read("MATCH (n:Place) RETURN n.location AS location, n.location.srid AS srid")
    assert rows == [{"location": SQUARE, "srid": 4326}]


def test_a_missing_coordinate_makes_no_point(store):
    store.write("CREATE (n:Place {id: 'p'}) SET n.location = point({longitude: $x, latitude: $y})", x=None, y=None)
    assert store.read("MATCH (n:Place) RETURN n.location AS location") == [{"location": None}]


def test_places_near_a_point_are_found_nearest_first(store):
    rows = [{"id": f"p{n}", "x": SQUARE.longitude + n * 0.001, "y": SQUARE.latitude} for n in range(-20, 21)]
    store.write(
        "UNWIND $rows AS r CREATE (:Place {id: r.id, location: point({longitude: r.x, latitude: r.y})})", rows=rows
    )
    near = """
    MATCH (n:Place)
    WHERE point.distance(n.location, point({longitude: $x, latitude: $y})) <= $metres
    WITH n, point.distance(n.location, point({longitude: $x, latitude: $y})) AS metres
    RETURN n.id AS id, metres ORDER BY metres, id LIMIT 10
    """
    found = store.read(near, x=SQUARE.longitude, y=SQUARE.latitude, metres=250)
    assert [row["id"] for row in found] == ["p0", "p-1", "p1", "p-2", "p2"]
    assert found[1]["metres"] == pytest.approx(98.1, abs=0.5)  # 0.001° of longitude at 28.19° N


@pytest.mark.parametrize(
    "text",
    ["长沙市岳麓区麓山南路🚮", "𠮷野家", "e\u0301 \u200b\u202e\n\t\"'\\`", "", " ", "a" * 100_000, "\u0000 \uffff"],
)
def test_text_comes_back_as_it_was(store, text):
    assert kept(store, text) == text


@pytest.mark.parametrize("value", [[], ["a", "长"], [1, 2, 3], [0.5, 1.5], True, 0, -(2**62), 1.5e300])
def test_lists_and_numbers_come_back_as_they_were(store, value):
    back = kept(store, value)
    assert back == value
    assert type(back) is type(value)


def test_nothing_is_a_missing_property(store):
    store.write("CREATE (n:Report {id: 'r', value: $value})", value=None)
    assert store.read("MATCH (n:Report) RETURN n.value AS value, keys(n) AS keys") == [{"value": None, "keys": ["id"]}]


def test_setting_nothing_removes_a_property(store):
    assert kept(store, 1) == 1
    assert kept(store, None) is None


def test_nodes_and_relationships_come_back_as_their_properties(store):
    store.write("CREATE (:Report {id: 'r'})-[:PART_OF {score: 0.5}]->(:Incident {id: 'i', opened_at: $at})",
                at=datetime(2026, 3, 1, tzinfo=UTC))  # fmt: skip
    rows = store.read("MATCH (r:Report)-[part]->(i) RETURN i, part, properties(i) AS same, [r, {deep: r}] AS nested")
    incident = {"id": "i", "opened_at": datetime(2026, 3, 1, tzinfo=UTC)}
    assert rows == [
        {"i": incident, "part": {"score": 0.5}, "same": incident, "nested": [{"id": "r"}, {"deep": {"id": "r"}}]}
    ]


def test_the_shortest_path_between_two_areas_is_found(store):
    borders = [("a", "b"), ("b", "c"), ("c", "d"), ("a", "x"), ("x", "d")]
    store.write(
        "UNWIND $borders AS b MERGE (f:Area {id: b[0]}) MERGE (t:Area {id: b[1]}) MERGE (f)-[:ADJACENT_TO]->(t)",
        borders=[list(border) for border in borders],
    )
    rows = store.read(
        """
        MATCH (start:Area {id: 'a'}), (end:Area {id: 'd'})
        MATCH path = shortestPath((start)-[:ADJACENT_TO*..5]-(end))
        RETURN [n IN nodes(path) | n.id] AS areas, length(path) AS steps
        """
    )
    assert rows == [{"areas": ["a", "x", "d"], "steps": 2}]
