"""Which place of the city a name means: one ranked choice with its reasons, or none."""

import json
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from extraction_city import AREAS, CITY, EAST, IN_EAST, IN_WEST, OUTSIDE, PLACES, WEST, report
from hypothesis import given, settings
from hypothesis import strategies as st

from core.types import Area, AreaKind, Mention, MentionKind, Place, PlaceKind, Point, RelationKind
from extraction.area_index import AreaIndex
from extraction.choices import Chooser
from extraction.fold import name_key
from extraction.geocode import Geocoder
from extraction.name_index import NameIndex
from extraction.pipeline import Pipeline
from graph.city import load_city

CASES = Path(__file__).parent / "geocoding_cases.jsonl"
FAR_EAST = Point(112.985, 28.205)
MORE = [
    Place("yinshan", "银杉路", "Yinshan Road", PlaceKind.ROAD, Point(112.861, 28.261), WEST),
    Place("shazi-road", "砂子路", "Shazi Road", PlaceKind.ROAD, Point(112.961, 28.261), EAST),
    Place("riverside", "江畔花园", "Riverside Garden", PlaceKind.ESTATE, Point(112.862, 28.258), WEST),
    Place("riverside-two", "江畔花园二期", "Riverside Garden Phase 2", PlaceKind.ESTATE, Point(112.863, 28.257), WEST),
    Place("jinxing-north", "金星北路", "Jinxing North Road", PlaceKind.ROAD, IN_WEST, WEST),
    Place("jinxing-south", "金星南路", "Jinxing South Road", PlaceKind.ROAD, FAR_EAST, EAST),
    Place("ktv", "醉开心KTV", "Happy KTV", PlaceKind.POI, IN_EAST, EAST),
]
PIPELINE = Pipeline(AREAS, [*PLACES, *MORE])
GEOCODER = Geocoder(AREAS, [*PLACES, *MORE], AreaIndex(AREAS))
CHOOSER = Chooser(NameIndex(AREAS, [*PLACES, *MORE]), GEOCODER)


@cache
def demo():
    city = load_city("changsha")
    return Pipeline(city.areas, city.places)


def choices(text, *, language="zh", at=None, address=None, pipeline=PIPELINE):
    """Name → its choice; the address field's names are marked with an @."""
    extraction = pipeline.extract([report(text, language, at, address=address)])[0]
    return {
        "@" if choice.mention is None else extraction.mentions[choice.mention].text: choice
        for choice in extraction.choices
    }


def choose(text, *names):
    """The choices for these words of a text, each given with the kind of thing that it names; spans as a reader sees them."""
    mentions = [
        Mention(text.index(words), text.index(words) + len(words), words, MentionKind(kind), 0.9, "test@1")
        for words, kind in names
    ]
    return CHOOSER.choose(text, mentions)


def chosen(text, name, **more):
    choice = choices(text, **more).get(name)
    return choice.chosen if choice else None


@pytest.mark.parametrize(
    ("name", "kind", "target"),
    [
        ("梅溪湖公园", "poi", "park"),
        ("梅溪湖", "poi", "park"),
        ("梅溪湖公圆", "poi", "park"),
        ("梅西湖公园", "poi", "park"),
        ("萬家麗北路", "road", "wanjiali"),
        ("万佳丽北路", "road", "wanjiali"),
        ("岳麓区", "district", WEST),
        ("A3区", "district", WEST),
        ("江畔花园3栋", "estate", "riverside"),
        ("江畔花园南门", "poi", "riverside"),
        ("金星北路口", "crossing", "jinxing-north"),
        ("银杉路555号", "address", "yinshan"),
        ("万家丽北路二段12号", "address", "wanjiali"),
        ("meixi lake park", "poi", "park"),
        ("Wanjali North Road", "road", "wanjiali"),
        ("12 Yinshan Rd", "address", "yinshan"),
        ("YUELU DISTRICT", "district", WEST),
    ],
)
def test_a_name_is_known_however_it_is_written(name, kind, target):
    (choice,) = choose(f"{name} 有垃圾", (name, kind))
    assert choice.chosen == target


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("丽发新城小区", "estate"),
        ("鹅秀路", "road"),
        ("江南花园", "estate"),
        ("Elm Street", "road"),
        ("小区", "estate"),
    ],
)
def test_a_name_that_the_city_does_not_know_is_no_choice(name, kind):
    (choice,) = choose(f"{name} 有垃圾", (name, kind))
    assert choice.chosen is None


def test_a_thing_of_another_kind_is_less_likely_meant():
    assert choose("砂子塘小学", ("砂子塘小学", "road"))[0].score < choose("砂子塘小学", ("砂子塘小学", "poi"))[0].score


def test_a_name_of_two_places_is_left_open():
    choice = choices("人民公园很脏")["人民公园"]
    assert choice.chosen is None
    assert {one.target for one in choice.considered} >= {"renmin-west", "renmin-east"}
    assert choice.reason.startswith("left open, 2 are as likely")


@pytest.mark.parametrize(("district", "target"), [("雨花区", "renmin-east"), ("A3区", "renmin-west")])
def test_the_district_named_settles_it(district, target):
    for text in (f"{district}人民公园很脏", f"{district}的垃圾太多，人民公园也很脏"):
        assert chosen(text, "人民公园") == target


@pytest.mark.parametrize(("district", "target"), [("Yuhua", "jinxing-south"), ("Yuelu District", "jinxing-north")])
def test_in_english_the_district_may_follow(district, target):
    for text in (f"Noise on Jinxing Road, {district}", f"Noise on Jinxing Road in {district}"):
        assert chosen(text, "Jinxing Road", language="en") == target


def test_each_of_two_districts_settles_the_name_beside_it():
    extraction = PIPELINE.extract([report("岳麓区人民公园和雨花区人民公园都很脏")])[0]
    parks = [m.target for m in extraction.mentions if m.text == "人民公园"]
    assert parks == ["renmin-west", "renmin-east"]


@pytest.mark.parametrize(("road", "target"), [("银杉路", "renmin-west"), ("砂子路", "renmin-east")])
def test_the_road_named_with_it_settles_it(road, target):
    assert chosen(f"{road}上的人民公园很脏", "人民公园") == target


def test_two_roads_that_cross_settle_each_other():
    assert chosen("银杉路与金星路交叉口积水", "金星路") == "jinxing-north"
    assert chosen("金星路和砂子路都积水", "金星路") is None  # each lies too far from where that one is known


@pytest.mark.parametrize(("point", "target"), [(IN_WEST, "renmin-west"), (IN_EAST, "renmin-east")])
def test_the_coordinates_settle_it(point, target):
    assert chosen("人民公园很脏", "人民公园", at=point) == target


def test_coordinates_outside_the_city_settle_nothing():
    assert chosen("人民公园很脏", "人民公园", at=OUTSIDE) is None


def test_the_address_field_settles_a_name_in_the_text():
    assert chosen("人民公园很脏", "人民公园", address="长沙市雨花区") == "renmin-east"


def test_a_slip_in_the_address_field_is_forgiven():
    found = choices("很脏", address="岳麓区梅溪湖公圆")
    assert found["@"].chosen == "park"
    assert found["@"].mention is None


class Known:
    """Earlier reports: what one name meant in them."""

    def __init__(self, **counts):
        self.counts = counts

    def meant(self, name):
        return self.counts if name == name_key("人民公园") else {}


def test_what_earlier_reports_meant_settles_it():
    often = Pipeline(AREAS, PLACES, history=Known(**{"renmin-east": 9, "renmin-west": 1}))
    choice = choices("人民公园很脏", pipeline=often)["人民公园"]
    assert choice.chosen == "renmin-east"
    assert "9 earlier reports" in choice.reason


def test_one_earlier_report_proves_nothing():
    once = Pipeline(AREAS, PLACES, history=Known(**{"renmin-east": 1}))
    assert choices("人民公园很脏", pipeline=once)["人民公园"].chosen is None


def test_estates_of_similar_names_are_kept_apart():
    assert chosen("江畔花园的狗太吵", "江畔花园") == "riverside"
    assert chosen("江畔花园二期的狗太吵", "江畔花园二期") == "riverside-two"


def test_a_road_is_still_that_road_where_another_district_is_named():
    choice = choices("岳麓区万家丽北路堵车")["万家丽北路"]
    assert choice.chosen == "wanjiali"
    assert choice.score < choices("雨花区万家丽北路堵车")["万家丽北路"].score
    assert "not in Yuelu District, which the report names" in choice.reason


def test_a_likeness_in_another_district_than_the_one_named_is_no_choice():
    _, choice = choose("雨花区梅溪湖公圆有垃圾", ("雨花区", "district"), ("梅溪湖公圆", "poi"))
    assert choice.chosen is None
    assert choice.reason == f"nothing sure enough: best 梅溪湖公园 {choice.score:.2f}"


def test_a_name_that_the_city_does_not_know_has_a_choice_that_says_so():
    choice = choices("丽发新城小区有垃圾")["丽发新城小区"]
    assert (choice.chosen, choice.score, choice.considered) == (None, 0.0, ())
    assert choice.reason == "the city knows no such name"


def test_an_organisation_that_is_a_place_of_the_city_has_a_choice_and_keeps_its_own_id():
    extraction = PIPELINE.extract([report("投诉醉开心KTV扰民")])[0]
    (choice,) = extraction.choices
    mention = extraction.mentions[choice.mention]
    assert choice.chosen == "ktv"
    if mention.kind is MentionKind.ORGANIZATION:
        assert mention.target in extraction.organizations
    assert extraction.location.district == EAST


def test_the_manager_of_an_estate_tells_where_it_is():
    extraction = PIPELINE.extract([report("投诉江畔花园物业乱收费")])[0]
    assert [choice.chosen for choice in extraction.choices] == ["riverside"]
    assert (extraction.location.district, extraction.location.method) == (WEST, "place")


def test_an_organisation_that_is_no_place_has_no_choice():
    assert choices("投诉骏宝巴士有限公司占道停车") == {}


def test_a_bare_name_of_a_district_and_a_part_of_it_means_the_district():
    bare = [replace(area, aliases=()) for area in AREAS]
    bare.append(Area("yuelu-street", AreaKind.SUBDISTRICT, "岳麓街道", "Yuelu Subdistrict", IN_WEST, 0.0, WEST))
    assert chosen("Trash in Yuelu", "Yuelu", language="en", pipeline=Pipeline(bare, PLACES)) == WEST


def test_every_place_like_mention_of_a_report_has_a_choice_in_its_order():
    extraction = PIPELINE.extract([report("岳麓区银杉路江畔花园的狗太吵，人民公园很脏", address="雨花区")])[0]
    named = [extraction.mentions[c.mention].text for c in extraction.choices if c.mention is not None]
    assert named == ["岳麓区", "银杉路", "江畔花园", "人民公园"]
    assert extraction.choices[-1].mention is None
    for choice in extraction.choices:
        if choice.mention is not None:
            assert extraction.mentions[choice.mention].target == choice.chosen


def test_what_is_chosen_is_what_the_location_and_relations_rest_on():
    extraction = PIPELINE.extract([report("雨花区人民公园很脏")])[0]
    assert (extraction.location.point, extraction.location.district) == (IN_EAST, EAST)
    assert [r.target for r in extraction.relations if r.kind is RelationKind.AT] == ["renmin-east"]


def test_a_name_left_open_places_no_report():
    location = PIPELINE.extract([report("人民公园很脏")])[0].location
    assert (location.method, location.area) == ("none", None)


TEXTS = [
    "岳麓区人民公园和雨花区人民公园都很脏",
    "人民公园很脏",
    "雨花区梅溪湖公圆有垃圾，银杉路与金星路路口积水",
    "砂子路上的人民公园，江畔花园3栋",
    "投诉江畔花园物业乱收费，A3区城管不管",
]


@given(st.sampled_from(TEXTS), st.permutations(AREAS), st.permutations([*PLACES, *MORE]))
@settings(deadline=None, max_examples=25)
def test_the_order_of_areas_and_places_changes_no_choice(text, areas, places):
    assert Pipeline(areas, places).extract([report(text)])[0].choices == PIPELINE.extract([report(text)])[0].choices


UNRELATED = st.builds(
    lambda name, longitude, latitude, kind: Place("new", name, "", kind, Point(longitude, latitude), EAST),
    st.text("魑魅魍魉饕餮貔貅蜈蚣", min_size=3, max_size=6),
    st.floats(112.91, 112.99),
    st.floats(28.21, 28.29),
    st.sampled_from(PlaceKind),
)


@given(st.sampled_from(TEXTS), UNRELATED)
@settings(deadline=None, max_examples=25)
def test_a_place_of_another_name_changes_no_choice(text, place):
    before = PIPELINE.extract([report(text)])[0].choices
    after = Pipeline(AREAS, [*PLACES, *MORE, place]).extract([report(text)])[0].choices
    assert [choice.chosen for choice in after] == [choice.chosen for choice in before]


PIECES = [
    "岳麓区", "雨花", "A市", "人民公园", "梅溪湖", "梅溪湖公圆", "金星路", "银杉路555号", "江畔花园物业", "醉开心KTV", "与", "的",
    "，", "Jinxing Rd", " in Yuhua", "梅溪湖街道", "砂子塘小学", "丽发新城小区",
]  # fmt: skip
POINTS = st.one_of(st.none(), st.sampled_from([IN_WEST, IN_EAST, OUTSIDE, FAR_EAST]))


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.sampled_from(["zh", "en"]), POINTS)
@settings(deadline=None, max_examples=150)
def test_scores_are_the_sum_of_their_parts_and_the_first_considered_is_chosen_or_none(text, language, point):
    for choice in PIPELINE.extract([report(text, language, point, address=text[::-1])])[0].choices:
        scores = [one.score for one in choice.considered]
        assert scores == sorted(scores, reverse=True)
        assert len({one.target for one in choice.considered}) == len(scores)
        assert choice.score == (scores[0] if scores else 0.0)
        assert choice.chosen in (None, choice.considered[0].target if scores else None)
        assert choice.reason
        for one in choice.considered:
            assert 0 <= one.score <= 1
            assert sum(one.parts.values()) == pytest.approx(one.score, abs=1e-9)
            assert one.parts["name"] > 0
            assert one.reason


def test_a_text_full_of_names_is_chosen_for_as_a_short_one():
    extraction = PIPELINE.extract([report("岳麓区人民公园很脏。" * 1_500)])[0]
    assert len(extraction.choices) == 3_000
    assert {choice.chosen for choice in extraction.choices} == {WEST, "renmin-west"}


def judged(case):
    """ "right", "wrong" or "left open", for the name that a case asks for."""
    point = Point(case["longitude"], case["latitude"]) if "longitude" in case else None
    one = report(case["text"], case["language"], point, address=case.get("address"))
    extraction = demo().extract([one])[0]
    named = [(extraction.mentions[c.mention].text, c) for c in extraction.choices if c.mention is not None]
    fitting = [(text, c) for text, c in named if text in case["name"] or case["name"] in text]
    fitting.sort(key=lambda found: (found[0] != case["name"], -len(found[0])))
    if not fitting and case["name"] not in case["text"]:
        fitting = [("", c) for c in extraction.choices if c.mention is None]
        fitting.sort(key=lambda found: found[1].chosen != case["target"])
    found = fitting[0][1].chosen if fitting else None
    return "right" if found == case["target"] else "left open" if found is None else "wrong"


def test_authored_names_of_the_demo_city_mean_what_their_author_meant():
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    found = Counter((case["language"], judged(case)) for case in cases)
    for language in ("zh", "en"):
        count = sum(number for (spoken, _), number in found.items() if spoken == language)
        assert count >= 50
        assert found[language, "wrong"] / count <= 0.05
        assert found[language, "right"] / count >= 0.85
    assert sum(found[language, "wrong"] for language in ("zh", "en")) / len(cases) <= 0.03


def test_a_city_named_settles_nothing_and_is_chosen_itself():
    found = choices("A市人民公园很脏")
    assert found["A市"].chosen == CITY
    assert found["人民公园"].chosen is None
