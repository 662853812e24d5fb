"""The extractor as a whole: who is accused, what does not depend on the batch, and the city's real names."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from extraction_city import AREAS, IN_EAST, IN_WEST, OUTSIDE, PLACES, WEST, report

from core.types import Extractor, MentionKind, Point, RelationKind
from extraction.fold import organization_id
from extraction.pipeline import Pipeline

PIPELINE: Extractor = Pipeline(AREAS, PLACES)
SHARED = Path(__file__).parents[2] / "shared" / "data"


def extract(text, language="zh", **more):
    return PIPELINE.extract([report(text, language, **more)])[0]


def accused(text, language="zh"):
    extraction = extract(text, language)
    return {extraction.organizations[r.target] for r in extraction.relations if r.kind is RelationKind.REPORTED_AGAINST}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("投诉骏宝巴士有限公司占道停车", {"骏宝巴士有限公司"}),
        ("旁边的醉开心KTV噪音扰民，请城管局处理", {"醉开心KTV"}),
        ("丽发新城小区物业乱倒垃圾", {"丽发新城小区物业"}),
        ("梅溪湖公园旁边的工地通宵施工", {"工地"}),
        ("A3区环卫局凌晨扰民", {"A3区环卫局"}),
        ("希望城管局处理路上的垃圾", set()),
        ("请骏宝巴士有限公司尽快处理", set()),
        ("骏宝巴士有限公司门口有一个井盖坏了", set()),
        ("物业很好", set()),
    ],
)
def test_the_accused_is_told_from_the_one_who_is_asked(text, expected):
    assert accused(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Loud music from Star KTV every night", {"Star KTV"}),
        ("Acme Construction is dumping debris", {"Acme Construction"}),
        ("Please ask Acme Construction to help", set()),
    ],
)
def test_the_accused_is_found_in_english(text, expected):
    assert accused(text, "en") == expected


def test_an_organisation_has_one_id_however_its_name_is_typed():
    assert organization_id("Star  KTV ") == organization_id("star ktv") == organization_id("ＳＴＡＲ KTV")
    assert organization_id("Star KTV") != organization_id("Star Bar")


def test_every_organisation_that_is_a_target_has_its_name():
    extraction = extract("投诉骏宝巴士有限公司占道，请远鑫集团也看看")
    ids = {m.target for m in extraction.mentions if m.kind is MentionKind.ORGANIZATION and m.target}
    assert ids == set(extraction.organizations)


def test_a_relation_points_at_the_mention_it_rests_on():
    extraction = extract("岳麓区梅溪湖公园旁边的醉开心KTV扰民", subject="投诉")
    words = {r.kind: extraction.mentions[r.mention].text for r in extraction.relations if r.mention is not None}
    assert words == {
        RelationKind.LOCATED_IN: "梅溪湖公园",
        RelationKind.AT: "梅溪湖公园",
        RelationKind.REPORTED_AGAINST: "醉开心KTV",
    }


def test_offsets_count_in_subject_and_text():
    one = report("梅溪湖公园很吵", subject="岳麓区噪音")
    for mention in PIPELINE.extract([one])[0].mentions:
        assert one.full_text[mention.start : mention.end] == mention.text


def test_a_report_is_extracted_alike_alone_and_in_any_batch():
    reports = [
        report("岳麓区梅溪湖公园有垃圾", location=IN_EAST),
        report("Trash on Elm Street", "en"),
        report(""),
        report("投诉醉开心KTV扰民", location=OUTSIDE),
        report("雨花区万家丽北路堵车"),
        report("垃圾", location=Point(float("nan"), 28.2)),
        report("Noise in Yuelu", "en", location=IN_WEST),
    ]
    alone = [PIPELINE.extract([one])[0] for one in reports]
    assert PIPELINE.extract(reports) == alone
    assert PIPELINE.extract(reports[::-1]) == alone[::-1]
    assert Pipeline(AREAS, PLACES).extract(reports) == alone


def test_no_reports_give_no_extractions():
    assert PIPELINE.extract([]) == []


def test_a_report_in_another_language_is_read_in_the_default_one():
    other = replace(report("trash on Elm Street"), language="fr")
    english = Pipeline(AREAS, PLACES, language_default="en").extract([other])[0]
    assert [mention.text for mention in english.mentions] == ["Elm Street"]


def test_the_address_field_locates_a_report_whose_text_names_nothing():
    location = extract("有人乱丢垃圾", address="长沙市岳麓区梅溪湖公园南门").location
    assert (location.method, location.district) == ("place", WEST)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real messages are not part of the project")
def test_masked_districts_of_real_messages_are_found():
    masked = Pipeline([replace(area, aliases=("A3区",)) if area.id == WEST else area for area in AREAS], PLACES)
    with (SHARED / "reports_zh.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    reports = [report(row["text"], subject=row["subject"]) for row in rows if "A3区" in row["subject"]][:200]
    found = [extraction.location.district == WEST for extraction in masked.extract(reports)]
    assert len(found) == 200
    assert sum(found) >= 190
