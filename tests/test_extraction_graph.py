"""What is read out of a report, kept in the graph and read back, on both stores."""

import json
from datetime import UTC, datetime

import pytest
from city_graph import classifier, coarse_city, intake, load, unchanged

from core.taxonomy import load_taxonomy
from core.types import (
    Considered,
    Extraction,
    Link,
    LinkKind,
    Location,
    Mention,
    MentionKind,
    Occasion,
    PlaceChoice,
    Relation,
    RelationKind,
    Role,
)
from graph.ingest import Ingestor
from graph.reader import Reader
from graph.subgraph import neighbourhood

TEXT = "昨晚11点五一广场的夜宵摊占道"
AT = datetime(2026, 11, 19, 15, tzinfo=UTC)
UNTIL = datetime(2026, 11, 19, 16, tzinfo=UTC)
SQUARE = "place-wuyi-square"
FULL = Extraction(
    mentions=(
        Mention(0, 5, "昨晚11点", MentionKind.TIME, 0.9, "times@1"),
        Mention(5, 9, "五一广场", MentionKind.POI, 0.95, "gazetteer@1", SQUARE, Role.WHERE),
        Mention(10, 13, "夜宵摊", MentionKind.OBJECT, 0.8, "tagger@1", None, Role.CAUSE),
    ),
    relations=(Relation(RelationKind.AT, SQUARE, 0.8, "named Wuyi Square", "geocode@1", 1),),
    location=Location(None, None, None, 0.0, "none", "none", contradicted="430104"),
    links=(
        Link(LinkKind.AT, None, 1, 0.8, "“的” after a place", "links@1"),
        Link(LinkKind.CAUSED_BY, None, 2, 0.7, "does it", "links@1", hearsay=True),
    ),
    occasions=(
        Occasion(0, None, None, "FREQ=DAILY", 0.95, "every day"),
        Occasion(0, AT, UNTIL, None, 0.9, "last night at 11"),
        Occasion(0, UNTIL, None, None, 0.4, "since"),
    ),
    choices=(
        PlaceChoice(
            1,
            SQUARE,
            0.9,
            (Considered(SQUARE, "五一广场", 0.9, {"name": 1.0, "district": 0.5}, "the same name"),),
            "won",
        ),
    ),
)


class Reads:
    """An extractor that reads the same out of every report."""

    def __init__(self, extraction):
        self.extraction = extraction

    def extract(self, reports):
        return [self.extraction for _ in reports]


@pytest.fixture
def city(store):
    load(store)
    return store


def take(store, extraction):
    info = coarse_city().info
    ingestor = Ingestor(store, classifier(), Reads(extraction), load_taxonomy(), city=info.area, zone=info.timezone)
    ingestor.accept([intake("x").accept(row())], ingest="test")
    return Reader(store).report("x:1")


def row():
    return {"id": "1", "text": TEXT, "reported_at": "2026-11-20T08:00:00+08:00"}


def test_mentions_links_times_and_places_considered_come_back_as_they_were_read(city):
    report = take(city, FULL)
    assert report.mentions == FULL.mentions
    assert report.links == FULL.links
    assert report.occasions == FULL.occasions
    assert report.choices == FULL.choices
    assert report.location_contradicted == "430104"


def test_cypher_can_ask_for_when_it_happened_by_the_surest_time_that_has_an_instant(city):
    take(city, FULL)
    found = city.read(
        "MATCH (r:Report) WHERE r.happened_from >= $since AND r.happened_to <= $until RETURN r.id AS id",
        since=AT,
        until=UNTIL,
    )
    assert found == [{"id": "x:1"}]
    report = Reader(city).report("x:1")
    assert (report.happened_from, report.happened_to) == (AT, UNTIL)


def test_a_report_that_names_no_time_has_none(city):
    report = take(city, Extraction((), (), FULL.location))
    assert (report.happened_from, report.happened_to, report.occasions, report.links, report.choices) == (
        None, None, (), (), (),
    )  # fmt: skip


def test_the_part_that_a_mention_plays_is_on_its_relationship(city):
    take(city, FULL)
    assert city.read("MATCH (:Report)-[m:MENTIONS]->(p:Place) RETURN m.role AS role, p.id AS id") == [
        {"role": "where", "id": SQUARE}
    ]


def test_relations_are_read_with_the_names_of_what_they_lead_to(city):
    take(city, FULL)
    one, *more = Reader(city).relations("x:1")
    assert more == []
    assert (one.kind, one.target, one.name_zh, one.confidence, one.reason) == (
        "AT", SQUARE, "五一广场", 0.8, "named Wuyi Square",
    )  # fmt: skip
    assert "Wuyi" in one.name_en


def test_the_same_report_again_changes_nothing_of_it(city):
    take(city, FULL)
    with unchanged(city):
        take(city, FULL)


def test_a_report_stored_by_an_earlier_version_is_read_with_its_mentions_alone(city):
    take(city, FULL)
    old = json.dumps(
        [{"start": 5, "end": 9, "text": "五一广场", "kind": "poi", "confidence": 0.9, "source": "gazetteer@1"}]
    )
    city.write(
        "MATCH (r:Report) SET r.mentions = $old REMOVE r.links, r.occasions, r.choices, r.happened_from, r.happened_to, "
        "r.location_contradicted",
        old=old,
    )
    report = Reader(city).report("x:1")
    assert [one.text for one in report.mentions] == ["五一广场"]
    assert (report.links, report.occasions, report.choices, report.happened_from) == ((), (), (), None)


def test_what_is_kept_as_text_is_left_out_of_a_drawing(city):
    take(city, FULL)
    node = next(one for one in neighbourhood(city, "Report", "x:1").nodes if one.label == "Report")
    assert not {"mentions", "links", "occasions", "choices"} & set(node.properties)
