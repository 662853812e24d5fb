"""From a file to the graph: nothing lost, nothing doubled, nothing half."""

import json
import re
import shutil
import threading
from datetime import date

import pytest
from city_graph import (
    DEMO,
    NOW,
    SHARED,
    classifier,
    coarse_city,
    dump,
    ingestor,
    intake,
    load,
    needs_shared,
    take_in,
    unchanged,
)

from core.classification import Classification, Scored
from core.errors import BadInput, UnreadableFile
from core.taxonomy import TOP_CLASSES, load_taxonomy
from graph.ingest import Fate, urgency_of
from graph.plans import PlanReader
from graph.queries import writes
from graph.reader import Reader
from graph.schema import clear

VOLATILE = frozenset({"received_at", "at"})
SAMPLES = DEMO / "reports.jsonl"
INJECTIONS = [
    "路灯坏了'; DROP TABLE reports; --",
    "垃圾成堆`}) DETACH DELETE n //",
    'MATCH (n) DETACH DELETE n RETURN "noise at night"',
    "<script>alert('x')</script> trash on Main Street",
    "${jndi:ldap://x} noise {{7*7}} from the bar",
]


@pytest.fixture
def city(store):
    load(store)
    return store


@pytest.fixture
def samples(tmp_path):
    """A file with the demo's first 120 reports."""
    path = tmp_path / "samples.jsonl"
    path.write_text("".join(SAMPLES.read_text(encoding="utf-8").splitlines(keepends=True)[:120]), encoding="utf-8")
    return path


def lines(path, *rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def row(number, text="五一大道垃圾成堆没人清运", **more):
    return {"id": str(number), "text": text, "reported_at": "2026-11-01T08:00:00+08:00", **more}


def ask(store, query, **parameters):
    return store.read(query, **parameters)


def test_the_same_file_twice_leaves_the_same_graph(city, samples):
    first = take_in(city, samples)
    assert first.new == first.lines == 120
    with unchanged(city):
        again = take_in(city, samples)
    assert (again.new, again.repeated) == (0, 120)


def test_a_file_taken_in_parts_leaves_the_graph_of_the_whole(city, samples, tmp_path):
    part = tmp_path / "part" / "samples.jsonl"
    part.parent.mkdir()
    part.write_text("".join(samples.read_text(encoding="utf-8").splitlines(keepends=True)[:37]), encoding="utf-8")
    take_in(city, samples)
    whole = [line for line in dump(city, volatile=VOLATILE) if "Ingest" not in line]
    clear(city)
    load(city)
    take_in(city, part)
    take_in(city, samples)
    assert [line for line in dump(city, volatile=VOLATILE) if "Ingest" not in line] == whole


def test_every_fact_of_a_report_carries_where_it_came_from(city, tmp_path):
    text = "岳麓区麓山南路的夜宵摊占道，人行道走不过去"
    take_in(city, lines(tmp_path / "x.jsonl", row(1, text)))
    report = Reader(city).report("x:1")
    assert report.model
    assert 0 < report.confidence <= 1
    assert sum(one.probability for one in report.ranking) == pytest.approx(1, abs=1e-3)
    assert report.mentions
    assert all(text[one.start : one.end] == one.text and one.source for one in report.mentions)
    links = ask(
        city,
        "MATCH (r:Report {id: 'x:1'})-[l]->() WHERE type(l) IN ['LOCATED_IN', 'AT', 'MENTIONS'] "
        "RETURN type(l) AS type, l.confidence AS confidence, l.source AS source",
    )
    assert {"LOCATED_IN", "MENTIONS"} <= {link["type"] for link in links}
    assert all(link["confidence"] > 0 and link["source"] for link in links)
    assert ask(city, "MATCH (:Report {id: 'x:1'})-[:FROM]->(i:Ingest) RETURN i.lines AS lines") == [{"lines": 1}]


def test_a_report_keeps_all_that_its_classification_says(city, samples):
    take_in(city, samples)
    reports, _ = Reader(city).reports(limit=120)
    said = classifier().classify([one.full_text for one in reports], [one.language for one in reports])
    same = (
        "category", "confidence", "abstained", "model", "ranking", "code", "code_confidence", "doubt", "sentiment", "intent",
        "also", "evidence",
    )  # fmt: skip
    for report, classification in zip(reports, said, strict=True):
        assert {name: getattr(report, name) for name in same} == {name: getattr(classification, name) for name in same}
        assert report.outside_probability == classification.outside
    assert any(report.evidence for report in reports)


def test_words_of_evidence_are_cut_from_the_text_even_after_characters_of_two_units(city, tmp_path):
    take_in(city, lines(tmp_path / "x.jsonl", row(1, "🚨🚨 路边垃圾成堆，半个月没人收", subject="臭死了😡")))
    report = Reader(city).report("x:1")
    assert report.evidence
    assert all(report.full_text[one.start : one.end] == one.text for one in report.evidence)


def test_one_can_go_from_a_sub_code_to_the_reports_narrowed_to_it(city, samples):
    take_in(city, samples)
    reports, _ = Reader(city).reports(limit=120)
    found = ask(
        city,
        "MATCH (r:Report)-[n:NARROWED_TO]->(c:Category)-[:BROADER]->(top:Category)<-[:CLASSIFIED_AS]-(r) "
        "RETURN r.id AS id, c.code AS code, n.confidence AS confidence, n.model AS model",
    )
    finer = [one for one in reports if one.code != one.category]
    assert {(one["id"], one["code"], one["confidence"], one["model"]) for one in found} == {
        (one.id, one.code, one.code_confidence, one.model) for one in finer
    }
    assert 0 < len(found) == len(finer)


def test_a_report_stored_by_an_earlier_version_is_read_with_its_category_as_its_code(city, tmp_path):
    take_in(city, lines(tmp_path / "x.jsonl", row(1)))
    city.write(
        "MATCH (:Report {id: 'x:1'})-[c:CLASSIFIED_AS]->() "
        "REMOVE c.code, c.code_confidence, c.doubt, c.sentiment, c.intent, c.outside, c.also_codes, c.also_probabilities, "
        "c.evidence_starts, c.evidence_ends, c.evidence_categories, c.evidence_confidences"
    )
    report = Reader(city).report("x:1")
    assert report.code == report.category
    assert (report.also, report.evidence) == ((), ())
    for unknown in ("code_confidence", "doubt", "sentiment", "intent", "outside_probability"):
        assert getattr(report, unknown) is None
    assert [one.id for one in Reader(city).reports(category=report.category)[0]] == ["x:1"]


@pytest.mark.parametrize(
    ("text", "said", "code", "urgency"),
    [
        ("路灯一闪一闪", 2, "other.street-light", 2),  # as the model says, though street lights are routine
        ("倒了一棵树", 1, "obstruction.fallen-tree", 1),
        ("倒了一棵树", None, "obstruction.fallen-tree", 3),  # the category's default
        ("路灯漏电", 1, "other.street-light", 3),  # danger, whatever the model says
        ("路灯漏电", None, "other.street-light", 3),
    ],
)
def test_urgency_is_the_models_else_the_categorys_and_highest_where_words_speak_of_danger(text, said, code, urgency):
    top = code.split(".")[0]
    classification = Classification(top, 0.9, (Scored(top, 0.9),), None, "test@1", code, urgency=said)
    assert urgency_of(classification, text, load_taxonomy()) == urgency


def test_duplicates_are_linked_not_lost(city, tmp_path):
    text = "开福区湘江世纪城北门工地凌晨两点还在打桩，吵得全家睡不着觉"
    rows = [row(1, text), row(2, text + "！！"), row(3, text.replace("全家", "一家人"))]
    outcome = take_in(city, lines(tmp_path / "x.jsonl", *rows))
    assert (outcome.new, outcome.duplicates, outcome.incidents) == (3, 2, 1)
    reader = Reader(city)
    assert [reader.report(f"x:{n}").duplicate_of for n in (1, 2, 3)] == [None, "x:1", "x:1"]


def test_what_does_not_fit_is_set_aside_with_row_field_and_reason(city, tmp_path):
    path = lines(
        tmp_path / "x.jsonl",
        row(1),
        row(2, "😀👍"),
        row(3, reported_at="2031-01-01"),
        row(4, longitude=999, latitude=1),
    )
    outcome = take_in(city, path)
    assert (outcome.lines, outcome.accepted, outcome.rejected) == (4, 1, 3)
    rejects = [json.loads(line) for line in path.with_suffix(".rejects").read_text(encoding="utf-8").splitlines()]
    assert [(one["row"], one["field"]) for one in rejects] == [(2, "text"), (3, "reported_at"), (4, "longitude")]
    assert all(one["reason"] for one in rejects)


def test_an_empty_cell_in_the_first_row_costs_that_row_alone(city, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("id,text,reported_at\n1,,2026-11-01\n2,麓谷工地半夜施工太吵,2026-11-01\n", encoding="utf-8")
    assert (take_in(city, path).accepted, take_in(city, path).rejected) == (1, 1)


def test_an_incident_known_by_its_district_alone_is_no_place_to_send_a_crew_to(city, tmp_path):
    path = lines(
        tmp_path / "x.jsonl",
        row(1, "开福区施工太吵，湘雅路也听得见"),
        row(2, "岳麓区夜里施工太吵，芙蓉路都听得见"),
        row(3, "天心区到处都是乱停的车"),
    )
    take_in(city, path)
    incidents, _ = Reader(city).incidents()
    waiting = {one.id: one.location for one in PlanReader(city).waiting(NOW).incidents}
    methods = {one.id: one.location_method for one in incidents}
    assert "area" in methods.values()
    assert {waiting[one] is None for one, method in methods.items() if method == "area"} == {True}
    assert all(waiting[one] for one, method in methods.items() if method in {"road", "place"})


def test_counts_are_whole_however_many_there_are(city):
    days = [f"2026-{month:02d}-{day:02d}" for month in range(1, 11) for day in range(1, 29)]
    rows = [
        {"id": f"430102|{code}|{day}", "area": "430102", "category": code, "day": day, "reports": 1}
        for day in days
        for code in TOP_CLASSES
    ]
    city.write(writes.MERGE_TALLIES, rows=rows)
    counts = Reader(city).counts(["430102"], since=date(2026, 1, 1), until=date(2026, 12, 31))
    assert len(counts) == len(rows) > 1000
    assert [one.day for one in counts] == sorted(one.day for one in counts)


def test_an_id_that_is_taken_by_another_text_is_set_aside_and_the_first_stays(city, tmp_path):
    take_in(city, lines(tmp_path / "x.jsonl", row(1)))
    (tmp_path / "later").mkdir()
    with unchanged(city):
        path = lines(tmp_path / "later" / "x.jsonl", row(1, "麓谷工地半夜施工太吵"))
        accepted = ingestor(city).accept([intake("x").accept(json.loads(path.read_text()))], ingest="later")
    assert accepted.fates == (Fate.CONFLICT,)


def test_an_id_twice_in_one_file_is_one_report(city, tmp_path):
    outcome = take_in(city, lines(tmp_path / "x.jsonl", row(1), row(1), row(1, "别的话，路灯不亮")))
    assert (outcome.new, outcome.repeated, outcome.rejected) == (1, 1, 1)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "it is empty"),
        ("binary.jsonl", bytes(range(256)), "binary"),
        ("columns.csv", b"id,when\n1,2026-11-01\n", "text"),
        ("header.csv", b"id,text,reported_at\n", "at least one row"),
    ],
)
def test_a_file_that_cannot_be_taken_leaves_the_store_as_it_was(city, tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with unchanged(city), pytest.raises((UnreadableFile, BadInput), match=said):
        take_in(city, tmp_path / name)


@pytest.mark.parametrize("text", INJECTIONS)
def test_an_injection_is_text_like_any_other(city, tmp_path, text):
    before = len(dump(city))
    outcome = take_in(city, lines(tmp_path / "x.jsonl", {**row(1, text), "id": f"1 {text}"}))
    assert outcome.new == 1
    assert Reader(city).report(f"x:1 {text}").text == text
    assert len(dump(city)) > before


def test_a_point_outside_the_city_is_kept_marked_and_reported(city, tmp_path):
    outcome = take_in(city, lines(tmp_path / "x.jsonl", row(1, "Trash on the corner", longitude=-122.4, latitude=37.7)))
    assert (outcome.new, outcome.outside) == (1, 1)
    report = Reader(city).report("x:1")
    assert report.outside
    assert report.district is None


def test_counts_by_area_category_and_day_agree_with_the_reports(city, samples):
    take_in(city, samples)
    area = coarse_city().info.area
    counted = Reader(city).counts([area, "outside"], since=date(2026, 1, 1), until=date(2026, 12, 31))
    assert sum(one.reports for one in counted) == 120


def test_writers_side_by_side_lose_and_double_nothing(city, samples, tmp_path):
    texts = samples.read_text(encoding="utf-8").splitlines(keepends=True)
    outcomes = []

    def work(part):
        path = tmp_path / f"{part}" / "samples.jsonl"
        path.parent.mkdir()
        path.write_text("".join(texts[part * 20 : part * 20 + 60]), encoding="utf-8")  # the parts overlap
        outcomes.append(take_in(city, path))

    threads = [threading.Thread(target=work, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 4
    assert sum(outcome.new for outcome in outcomes) == 120
    assert ask(city, "MATCH (r:Report) RETURN count(r) AS n, count(DISTINCT r.id) AS ids") == [{"n": 120, "ids": 120}]
    assert ask(city, "MATCH (r:Report) WHERE COUNT { (r)-[:PART_OF]->(:Incident) } <> 1 RETURN r.id AS id") == []
    assert ask(city, "MATCH (i:Incident) WHERE COUNT { (i)<-[:PART_OF]-() } <> i.reports RETURN i.id AS id") == []


@needs_shared
def test_the_real_chinese_messages_are_all_taken_and_their_district_is_found(city, tmp_path):
    shutil.copy(SHARED / "reports_zh.jsonl", tmp_path / "zh.jsonl")
    outcome = take_in(city, tmp_path / "zh.jsonl")
    texts = (tmp_path / "zh.jsonl").read_text(encoding="utf-8").splitlines()
    assert outcome.lines == len(texts) == 3971
    assert outcome.accepted + outcome.rejected == outcome.lines
    masked = re.compile(r"A[1-9][区县市]")
    naming = {
        f"zh:{json.loads(t)['id']}" for t in texts if masked.search(json.loads(t)["subject"] + json.loads(t)["text"])
    }
    found = city.transact(
        lambda tx: {r["id"] for r in tx.run("MATCH (r:Report) WHERE r.district IS NOT NULL RETURN r.id AS id")}
    )
    assert len(naming & found) / len(naming) >= 0.8


@needs_shared
def test_the_real_american_reports_are_all_kept_and_lie_outside(city, tmp_path):
    shutil.copy(SHARED / "reports_en.jsonl", tmp_path / "en.jsonl")
    outcome = take_in(city, tmp_path / "en.jsonl")
    assert outcome.lines == 678
    assert outcome.accepted + outcome.rejected == 678
    assert outcome.outside == outcome.new > 600
