"""Names: one fold for all spellings, a gazetteer that finds them in texts, an index that looks them up."""

import csv
import unicodedata
from itertools import product
from pathlib import Path

import pytest
from extraction_city import AREAS, PLACES, report
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.types import Area, AreaKind, MentionKind, Place, PlaceKind, Point
from extraction.fold import fold, name_key, normalised, organization_id, read
from extraction.gazetteer import Gazetteer
from extraction.name_index import NameIndex
from extraction.numerals import spellings, with_arabic, with_chinese
from extraction.pipeline import Pipeline

SUBDISTRICTS = Path(__file__).parents[2] / "shared" / "data" / "changsha_subdistricts.csv"
HERE = Point(112.9, 28.2)


def place(identifier, name_zh, name_en="", kind=PlaceKind.POI, area="yuelu", aliases=()):
    return Place(identifier, name_zh, name_en, kind, HERE, area, aliases)


CITY = [
    *PLACES,
    place("no12", "长沙市第十二中学", "Changsha No. 12 Middle School", PlaceKind.FACILITY),
    place("yuanda1", "远大一路", "Yuanda First Road", PlaceKind.ROAD),
    place("yuanda2", "远大二路", "Yuanda Second Road", PlaceKind.ROAD),
    place("wuyi", "五一大道", "Wuyi Avenue", PlaceKind.ROAD),
    place("bayi", "八一路", "Bayi Road", PlaceKind.ROAD),
    place("shaoshan", "韶山路", "Shaoshan Road", PlaceKind.ROAD),
    place("furong-s", "芙蓉南路", "Furong South Road", PlaceKind.ROAD),
    place("lifa", "丽发新城", "Lifa New Town", PlaceKind.ESTATE),
    place("jiangwan", "恒大江湾", "Evergrande River Bay", PlaceKind.ESTATE),
    place("jiangwan2", "恒大江湾二期", "Evergrande River Bay Phase 2", PlaceKind.ESTATE),
    place("line2", "地铁2号线", "Metro Line 2"),
    place("marys", "", "St. Mary's Church"),
    place("queretaro", "", "Querétaro Street", PlaceKind.ROAD),
    place("nmain", "", "North Main Street", PlaceKind.ROAD),
    place("court", "", "Court"),
    place("central", "中心医院", "Central Hospital"),
]
GAZETTEER, INDEX = Gazetteer(AREAS, CITY), NameIndex(AREAS, CITY)


def found(text, gazetteer=GAZETTEER):
    return {text[c.start : c.end]: c.targets for c in gazetteer.find(text)}


def looked_up(name, index=INDEX, **options):
    return [(hit.target, hit.how) for hit in index.candidates(name, **options)]


# Folding


@given(st.text(max_size=200))
@example("長沙市Ａ３區 Querétaro “’” İ ﬁ 𠮷 \ud83d")
def test_folding_keeps_every_offset_and_is_done_once(text):
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("長沙市嶽麓區", "长沙市岳麓区"),
        ("Ａ３区", "a3区"),
        ("Querétaro", "queretaro"),
        ("ＳＯＨＯ", "soho"),
        ("萬家麗路", "万家丽路"),
    ],
)
def test_width_case_accents_and_traditional_characters_fold_away(typed, meant):
    assert fold(typed) == meant


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第十二中学", "第 12 中学"),
        ("十二号", "12号"),
        ("远大一路", "远大1路"),
        ("一百二十号", "120号"),
        ("二〇二厂", "202厂"),
        ("阳光一百", "阳光100"),
        ("五江·天街（二期）", "五江天街2期"),
        ("St. Mary's", "st marys"),
        ("Saint Mary’s", "St Marys"),
        ("North Main Street", "N. Main St"),
        ("Fifth Avenue", "5th Ave."),
        ("Querétaro", "QUERE\u0301TARO"),
        ("A & B Park", "a and b park"),
        ("Smith-Jones Blvd", "smith jones boulevard"),
        ("万国城 MOMA", "万国城moma"),
    ],
)
def test_spellings_of_one_name_have_one_key(one, other):
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("五一大道", "51大道"), ("远大一路", "远大二路"), ("Main Street", "Main Avenue")]
)
def test_different_names_have_different_keys(one, other):
    assert name_key(one) != name_key(other)


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(name):
    assert name_key(name_key(name)) == name_key(name)


@given(st.integers(1, 99))
def test_numbers_below_a_hundred_go_to_chinese_and_back(number):
    assert with_arabic(f"第{with_chinese(str(number))}中学") == f"{number}中学"


@pytest.mark.parametrize("text", ["五一", "百货", "千山", "一百二", "十百", "三十九百"])
def test_what_only_looks_like_a_number_stays(text):
    assert with_arabic(text) == text


@given(st.text("第一二三十百12中学路市区长沙", max_size=20))
def test_the_spellings_of_a_name_are_few_and_exclude_the_name(name):
    assert len(spellings(name)) <= 11
    assert name not in spellings(name)


@given(st.one_of(st.text(max_size=80), st.text("St. Mary's  N&-é\u0301中12 ", max_size=60)))
@example("saint mary  street at n.main")
def test_a_reading_points_back_into_its_text_in_order(text):
    reading = read(text)
    starts = reading.starts or range(len(text) + 1)
    ends = reading.ends or range(len(text) + 1)
    assert len(starts) == len(ends) == len(reading.text) + 1
    assert list(starts) == sorted(starts)
    assert list(ends) == sorted(ends)
    assert all(0 <= at <= len(text) for at in (*starts, *ends))


def test_an_organisation_is_the_same_however_it_is_typed():
    assert organization_id("長沙水務公司") == organization_id("长沙水务公司")


# The gazetteer


@pytest.mark.parametrize(
    ("text", "words", "target"),
    [
        ("在長沙市第十二中學門口", "長沙市第十二中學", "no12"),
        ("第12中学门口", "第12中学", "no12"),
        ("十二中的学生", "十二中", "no12"),
        ("在12中旁边", "12中", "no12"),
        ("远大1路堵车", "远大1路", "yuanda1"),
        ("周五五一大道堵车", "五一大道", "wuyi"),
        ("地铁 2 号线晚点", "地铁 2 号线", "line2"),
        ("noise at st mary's church", "st mary's church", "marys"),
        ("noise at Saint Mary’s Church.", "Saint Mary’s Church", "marys"),
        ("trash on queretaro st. again", "queretaro st", "queretaro"),
        ("trash on N. Main St. again", "N. Main St", "nmain"),
        ("TRASH ON NORTH  MAIN ST", "NORTH  MAIN ST", "nmain"),
    ],
)
def test_other_spellings_are_found_where_they_stand(text, words, target):
    assert found(text)[words] == (target,)


@pytest.mark.parametrize(
    "text",
    ["二十二中", "6月12中午", "第12中心", "3.12中", "坐81路公交", "统一十二中心", "North Mainland", "in ct we trust"],
)
def test_what_only_contains_a_spelling_is_none(text):
    assert found(text) == {}


def test_a_name_of_one_street_word_is_found_only_as_it_is_written():
    assert found("meet me at the court") == {"court": ("court",)}


def test_spellings_the_city_did_not_write_are_less_sure():
    [own], [other] = GAZETTEER.find("远大一路"), GAZETTEER.find("远大1路")
    assert other.confidence < own.confidence


def test_a_longer_name_wins_over_one_that_begins_before_it():
    gazetteer = Gazetteer(
        [Area("c", AreaKind.CITY, "长沙市", "", HERE, 1.0, aliases=("长沙",))], [place("hall", "市民之家")]
    )
    assert found("长沙市民之家", gazetteer) == {"长沙": ("c",), "市民之家": ("hall",)}


def naive(text, names):
    """All names that stand alone, the longest first: what the gazetteer must find, searched letter by letter."""

    def joined(at):
        return 0 < at < len(text) and all(c.isalnum() and not "\u3400" <= c <= "\u9fff" for c in text[at - 1 : at + 1])

    spans = {
        (start, start + len(name))
        for name in names
        for start in range(len(text))
        if text.startswith(name, start) and not joined(start) and not joined(start + len(name))
    }
    taken = []
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if all(end <= s or e <= start for s, e in taken):
            taken.append((start, end))
    return sorted(taken)


NAMES = st.text("长沙芙蓉路园ab ", min_size=2, max_size=6).filter(lambda n: normalised(n) == n and len(n) > 1)


@given(st.lists(NAMES, min_size=1, max_size=30, unique=True), st.data())
@settings(deadline=None, max_examples=300)
def test_the_gazetteer_finds_what_a_naive_search_finds(names, data):
    gazetteer = Gazetteer((), [place(f"p{n}", name) for n, name in enumerate(names)])
    pieces = data.draw(st.lists(st.sampled_from([*names, "长", "路", "a", " 垃圾", "。"]), max_size=12))
    text = fold("".join(pieces))
    if read(text).starts is None:  # spaces that a reading drops are no part of this comparison
        assert [(c.start, c.end) for c in gazetteer.find(text)] == naive(text, names)


def test_thousands_of_names_that_begin_alike_are_told_apart():
    letters = "安百北长常春东方丰福高光广桂海和恒红湖华汇江金锦景开兰"
    places = [place(f"p{n}", f"长沙{''.join(stem)}小区") for n, stem in enumerate(product(letters, repeat=3))]
    gazetteer = Gazetteer((), places)
    text = "、".join(p.name_zh for p in places[::997])
    assert [c.targets for c in gazetteer.find(text)] == [(p.id,) for p in places[::997]]


def test_every_subdistrict_of_the_real_city_is_found_in_a_sentence():
    if not SUBDISTRICTS.is_file():
        pytest.skip("no ../shared/data: the real subdistricts are no part of the project")
    with SUBDISTRICTS.open(encoding="utf-8") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    areas = [Area(name, AreaKind.SUBDISTRICT, name, "", HERE, 0.0) for name in names]
    gazetteer, index = Gazetteer(areas, ()), NameIndex(areas, ())
    for name in names:
        assert (name,) in found(f"投诉，{name}的垃圾没人清理", gazetteer).values()
        assert looked_up(name, index)[0] == (name, "exact")


def test_the_pipeline_keeps_the_words_as_they_were_typed():
    [extraction] = Pipeline(AREAS, CITY).extract([report("長沙市嶽麓區梅溪湖公園很吵")])
    assert {m.text: m.target for m in extraction.mentions if m.target} == {
        "長沙市": "changsha", "嶽麓區": "yuelu", "梅溪湖公園": "park",
    }  # fmt: skip


# The index


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("岳麓区", ("yuelu", "exact")),
        ("Yuelu dist.", ("yuelu", "exact")),
        ("嶽麓區", ("yuelu", "exact")),
        ("A3", ("yuelu", "alias")),
        ("第 12 中学", ("no12", "short")),
        ("长沙12中", ("no12", "short")),
        ("丽发新城小区", ("lifa", "short")),
        ("长沙市雨花区", ("yuhua", "short")),
        ("湖南省长沙市雨花区", ("yuhua", "short")),
        ("恒大江湾3栋2单元", ("jiangwan", "short")),
        ("恒大江湾二期3栋", ("jiangwan2", "short")),
        ("恒大江湾三期", ("jiangwan", "short")),
        ("芙蓉南路二段", ("furong-s", "short")),
        ("芙蓉路", ("furong-s", "short")),
        ("万家丽北", ("wanjiali", "short")),
        ("五一路", ("wuyi", "short")),
        ("远大路", ("yuanda1", "short")),
        ("梅溪湖公园东门", ("park", "short")),
        ("519 N Main St Apt 3", ("nmain", "short")),
        ("Main Street", ("nmain", "short")),
        ("the Queretaro", ("queretaro", "short")),
        ("丽法新成", ("lifa", "fuzzy")),
        ("芙容南路", ("furong-s", "fuzzy")),
        ("Shoashan Road", ("shaoshan", "fuzzy")),
        ("Evergrand River Bay", ("jiangwan", "fuzzy")),
    ],
)
def test_a_name_is_met_however_people_write_it(name, first):
    assert looked_up(name)[0] == first


def test_what_is_met_more_exactly_comes_first_and_the_scale_is_kept():
    scale = {"exact": (1.0, 1.0), "alias": (0.95, 0.95), "short": (0.8, 0.9), "fuzzy": (0.56, 0.8)}
    for name in ("恒大江湾", "恒大江弯", "梅溪湖", "远大路", "Furong South Rd", "人民公园", "岳麓"):
        hits = INDEX.candidates(name)
        assert hits
        assert [h.similarity for h in hits] == sorted((h.similarity for h in hits), reverse=True)
        assert len({h.target for h in hits}) == len(hits)
        for hit in hits:
            low, high = scale[hit.how]
            assert low <= hit.similarity <= high


@pytest.mark.parametrize(
    "name",
    [
        "小区",
        "大道",
        "学校",
        "本小区",
        "路口",
        "3栋",
        "12号",
        "park",
        "the street",
        "The North Road",
        "长沙市政府",
        "小区门口",
        "",
        "  ",
        "？！",
        "路",
    ],
)
def test_generic_words_mean_nothing(name):
    assert INDEX.candidates(name) == []


def test_several_generic_words_mean_what_the_city_calls_so():
    assert looked_up("中心医院") == [("central", "exact")]
    assert looked_up("中心公园") == []


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("远大三路", "yuanda1"),
        ("第十一中学", "no12"),
        ("芙蓉北路", "furong-s"),
        ("衡山路", "shaoshan"),
        ("South Main St", "nmain"),
    ],
)
def test_numbers_directions_kinds_and_other_sounds_keep_names_apart(name, other):
    assert other not in dict(looked_up(name))


def test_a_name_of_two_places_gives_both_in_a_fixed_order_and_its_district_one():
    assert looked_up("人民公园") == [("renmin-east", "exact"), ("renmin-west", "exact")]
    assert looked_up("人民公园", limit=1) == [("renmin-east", "exact")]


def test_an_area_named_before_contradicts_a_name_that_holds_another():
    index = NameIndex(AREAS, [place("a", "岳麓区第一幼儿园"), place("b", "雨花区第一幼儿园")])
    assert looked_up("岳麓第一幼儿园", index) == [("a", "short")]


def test_only_the_kinds_asked_for_are_answered():
    assert looked_up("梅溪湖", kinds={MentionKind.DISTRICT}) == [("yuelu-meixihu", "short")]
    assert looked_up("梅溪湖", kinds={MentionKind.ROAD, MentionKind.ESTATE}) == []
    assert looked_up("芙容路", kinds=()) == []


def test_grid_cells_have_no_names_that_people_use():
    assert all(hit.target != "yuelu-0" for hit in INDEX.candidates("网格 yuelu-0"))


def test_an_index_of_nothing_answers_nothing():
    assert NameIndex((), ()).candidates("岳麓区") == []


@given(st.one_of(st.text(max_size=60), st.text("芙蓉岳麓路区小一二12期栋 abst.", max_size=20)))
@settings(deadline=None)
def test_any_words_are_answered_in_bounds_and_always_the_same(name):
    hits = INDEX.candidates(name, limit=5)
    assert len(hits) <= 5
    assert hits == INDEX.candidates(name, limit=5)
    assert all(0 < hit.similarity <= 1 for hit in hits)


@pytest.mark.parametrize("junk", ["小区", "1号", "a ", "st. ", "一", "1、", "长沙市", "'", " ", "\u0301", "第一"])
def test_long_junk_is_read_quickly(junk):
    text = junk * (20_000 // len(junk))
    assert INDEX.candidates(text + "栋") is not None
    assert all(c.end <= len(text) for c in GAZETTEER.find(text))
    name_key(text)
    unicodedata.normalize("NFC", fold(text))
