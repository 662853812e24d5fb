"""What a text names: the city's own names, names that only look like one, times; with exact offsets."""

import pytest
from extraction_city import AREAS, PLACES
from hypothesis import given, settings
from hypothesis import strategies as st

from core.types import MentionKind
from extraction.candidate import Candidate, without_overlaps
from extraction.gazetteer import Gazetteer
from extraction.pipeline import ANALYSED_CHARACTERS, Pipeline
from extraction.times import find_times

PIPELINE = Pipeline(AREAS, PLACES)
PIECES = [
    "A3区", "长沙", "梅溪湖", "公园", "万家丽北路", "路", "小区", "有限公司", "物业", "昨晚11点", "投诉", "扰民", "的", "，",
    "Elm St", "on ", "Yuelu", "11pm", "A1栋", "Ａ３区", "İ", "ß", "ﬁ", "𠮷", "🚮", "👩‍👧", "\n", " ", "\x00", "\ud83d",
]  # fmt: skip


def named(text, language="zh"):
    return {(m.text, m.kind.value) for m in PIPELINE.mentions(text, language)}


def targets(text, language="zh"):
    return {m.text: m.target for m in PIPELINE.mentions(text, language) if m.target}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("岳麓区梅溪湖公园很吵", {"岳麓区": "yuelu", "梅溪湖公园": "park"}),
        ("A市A3区垃圾成堆", {"A市": "changsha", "A3区": "yuelu"}),
        ("Ａ３区垃圾成堆", {"Ａ３区": "yuelu"}),
        ("梅溪湖街道的垃圾", {"梅溪湖街道": "yuelu-meixihu"}),
    ],
)
def test_the_longest_name_the_city_knows_wins(text, expected):
    assert targets(text) == expected


def test_english_names_are_found_whatever_their_case_but_only_as_whole_words():
    assert targets("rubbish in YUELU district near meixi lake park", "en") == {
        "YUELU district": "yuelu",
        "meixi lake park": "park",
    }
    assert targets("Yueluna is somebody", "en") == {}


def test_a_masked_name_is_no_building():
    assert targets("我住A3栋") == {}
    assert targets("我住A3，垃圾很多") == {"A3": "yuelu"}


def test_a_name_of_two_places_means_the_one_in_the_district_named():
    assert targets("雨花区人民公园") == {"雨花区": "yuhua", "人民公园": "renmin-east"}
    assert targets("岳麓区人民公园") == {"岳麓区": "yuelu", "人民公园": "renmin-west"}
    assert targets("人民公园很脏") == {}


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("桐梓坡西路堵车", "桐梓坡西路", "road"),
        ("车停在银双路与鹅秀路交叉口", "鹅秀路", "road"),
        ("A3区桐梓坡西路堵车", "桐梓坡西路", "road"),
        ("A3区大道上有垃圾", "A3区大道", "road"),
        ("严重影响丽发新城小区居民", "丽发新城小区", "estate"),
        ("投诉恒达时代花园物业", "恒达时代花园", "estate"),
        ("黄花镇脏乱差", "黄花镇", "district"),
        ("稻田中学门口", "稻田中学", "poi"),
        ("被骏宝巴士有限公司堵住", "骏宝巴士有限公司", "organization"),
        ("旁边的醉开心KTV扰民", "醉开心KTV", "organization"),
    ],
)
def test_chinese_names_the_city_does_not_know_are_found_by_their_ending(text, name, kind):
    assert (name, kind) in named(text)


@pytest.mark.parametrize("text", ["小区里很吵", "马路上有垃圾", "路灯坏了", "严重影响小区", "一条路", "这个城市很美"])
def test_an_ending_alone_is_no_name(text):
    assert {name for name, kind in named(text) if kind != "time"} == set()


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Garbage at 519 W Maplehurst St again", "519 W Maplehurst St", "poi"),
        ("pothole on fremont street", "fremont street", "road"),
        ("corner of Pacific and Marshall Way", "Pacific", "road"),
        ("corner of Pacific and Marshall Way", "Marshall Way", "road"),
        ("Loud music from Star KTV", "Star KTV", "organization"),
        ("trash behind Bell Memorial Park", "Bell Memorial Park", "poi"),
    ],
)
def test_english_names_the_city_does_not_know_are_found_by_form_or_cue(text, name, kind):
    assert (name, kind) in named(text, "en")


@pytest.mark.parametrize("text", ["Please clean the street", "The vehicle is in the fire lane", "It is on Monday"])
def test_capitals_and_streets_alone_are_no_english_name(text):
    assert {name for name, kind in named(text, "en") if kind != "time"} == set()


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("昨晚11点还在施工", "昨晚11点"),
        ("凌晨两点有人唱歌", "凌晨两点"),
        ("每天晚上都吵", "每天晚上"),
        ("2019年9月22号晚上倒垃圾", "2019年9月22号晚上"),
        ("loud music last night", "last night"),
        ("starts at 11pm", "11pm"),
        ("every day they block it", "every day"),
        ("on August 30, 2024 it fell", "August 30, 2024"),
    ],
)
def test_times_are_found(text, time):
    assert time in {text[c.start : c.end] for c in find_times(text)}


def test_where_candidates_overlap_the_longest_stays():
    short = Candidate(0, 3, MentionKind.DISTRICT, 0.9, "a@1")
    long = Candidate(1, 6, MentionKind.ROAD, 0.5, "b@1", rank=9)
    apart = Candidate(6, 8, MentionKind.TIME, 0.5, "c@1")
    assert without_overlaps([short, apart, long]) == [long, apart]


def test_a_gazetteer_without_names_finds_nothing():
    assert Gazetteer((), ()).find("岳麓区") == []


@given(
    st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)),
    st.sampled_from(["zh", "en"]),
)
@settings(deadline=None, max_examples=200)
def test_offsets_reproduce_the_words_in_order_without_overlap(text, language):
    mentions = PIPELINE.mentions(text, language)
    end = 0
    for mention in mentions:
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        assert 0 <= mention.confidence <= 1
        end = mention.end
    assert PIPELINE.mentions(text, language) == mentions


def test_a_text_of_ten_thousand_characters_is_read_to_its_end():
    text = "岳麓区梅溪湖公园有垃圾。" * 834
    assert len(text) > 10_000
    assert sum(m.target == "park" for m in PIPELINE.mentions(text)) == 834


def test_a_text_beyond_the_limit_is_read_up_to_it():
    text = "啊" * ANALYSED_CHARACTERS + "岳麓区"
    assert PIPELINE.mentions(text) == []


@pytest.mark.parametrize("text", ["", "   ", "\n", "🚮🚮🚮", "'; DROP TABLE reports; --", "\x00\x01"])
def test_texts_that_name_nothing_give_no_mentions(text):
    assert PIPELINE.mentions(text) == []


def test_both_scripts_in_one_text_are_read():
    assert targets("岳麓区 Meixi Lake Park 有垃圾") == {"岳麓区": "yuelu", "Meixi Lake Park": "park"}
    assert targets("garbage in 岳麓区 by the park", "en") == {"岳麓区": "yuelu"}
