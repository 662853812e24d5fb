"""The extraction measured: what counts as right, what files may hold, how errors are shown, what the command prints and writes."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from extraction_city import AREAS, EAST, PLACES, WEST
from hypothesis import given
from hypothesis import strategies as st
from test_cli import env, run  # noqa: F401 - env is a fixture

from api import measuring
from core.card import write_section
from core.errors import BadInput, UnreadableFile
from core.types import Extraction, Location, Mention, MentionKind, Relation, RelationKind, Role
from extraction.evaluation.addresses import Span, evaluate_addresses, load_addresses, spans_of
from extraction.evaluation.agreement import Tally, agreement
from extraction.evaluation.answers import accused
from extraction.evaluation.errors_page import pieces, render_errors
from extraction.evaluation.faults import Fault, FaultKind, judge
from extraction.evaluation.geocoding import GeocodingCase, Outcomes, evaluate_geocoding, load_cases, load_truth
from extraction.evaluation.gold import GoldMessage, GoldPlace, as_report, load_gold
from extraction.evaluation.marked import evaluate_marked
from extraction.evaluation.measured import Sources, measure
from extraction.evaluation.messages import evaluate_districts, evaluate_extraction
from extraction.evaluation.sheets import Sheet, as_markdown, sheets_of
from extraction.pipeline import Pipeline
from extraction.tagging.corpus import Mark, Marked
from extraction.tagging.manifest import TaggerManifest

PIPELINE = Pipeline(AREAS, PLACES)
NOWHERE = Location(None, None, None, 0.0, "none", "names no place or area of the city")
TALLIES = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)).map(
        lambda n: Tally(n[0], n[0] + n[1], n[0], n[0] + n[2])
    ),
    max_size=8,
)


def message(text, places=(), either=(), party=None, parties=None, language="zh"):
    some = tuple(GoldPlace(*one) for one in places)
    known = frozenset({place.text for place in some} | set(either))
    return GoldMessage("gold.jsonl:1", as_report(text, language), some, known, party, parties or (party,))


def extraction(text, *names, location=NOWHERE, accused_name=None, **more):
    """What a made-up extractor says: (words, kind) each where they stand first in the text."""
    mentions = tuple(
        Mention(text.index(words), text.index(words) + len(words), words, kind, 0.9, "test@1") for words, kind in names
    )
    relations = ()
    if accused_name:
        relations = (Relation(RelationKind.REPORTED_AGAINST, "o1", 0.8, "test", "test@1"),)
    return Extraction(mentions, relations, location, {"o1": accused_name} if accused_name else {}, **more)


class Saying:
    """An extractor that answers what it was given, in order."""

    def __init__(self, *extractions):
        self.extractions = list(extractions)

    def extract(self, reports):
        assert len(reports) == len(self.extractions)
        return self.extractions


def write(path, *rows):
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", encoding="utf-8")
    return path


# Agreement


@given(TALLIES)
def test_figures_and_their_interval_lie_between_nothing_and_all(tallies):
    figures = agreement(tallies)
    for value in (figures.precision, figures.recall, figures.f1, *figures.interval):
        assert 0.0 <= value <= 1.0
    assert figures.interval[0] <= figures.interval[1]
    assert agreement(tallies) == figures


@given(st.lists(st.sets(st.integers(0, 9), min_size=1), min_size=1, max_size=8))
def test_what_is_wanted_and_nothing_else_has_all_figures_at_one(names):
    figures = agreement([Tally.of(some, some) for some in names])
    assert (figures.precision, figures.recall) == (1.0, 1.0)
    assert figures.interval == pytest.approx((1.0, 1.0))


def test_counts_of_all_texts_go_together():
    figures = agreement([Tally(1, 1, 1, 1), Tally(0, 3, 0, 1)])
    assert (figures.precision, figures.recall, figures.found, figures.wanted) == (0.25, 0.5, 4, 2)
    assert figures.f1 == pytest.approx(1 / 3)
    assert figures.interval[0] < figures.f1 < figures.interval[1]


# Messages


def test_the_real_pipeline_is_judged_by_type_by_party_and_by_district():
    gold = [
        message("岳麓区梅溪湖公园有垃圾", [("岳麓区", "district"), ("梅溪湖公园", "poi")]),
        message("雨花区万家丽北路堵车", [("雨花区", "district"), ("万家丽北路", "road")]),
        message("投诉醉开心KTV噪音扰民", party="醉开心KTV"),
    ]
    judged = evaluate_extraction(PIPELINE, gold, AREAS)
    assert judged.messages == 3
    assert {name: judged.exact[name].f1 for name in ("typed", "district", "road", "poi")} == dict.fromkeys(
        ("typed", "district", "road", "poi"), pytest.approx(1.0)
    )
    assert judged.party.f1 == pytest.approx(1.0)
    assert judged.districts == (2, 2, 2)
    assert not any(one.faults for one in judged.judged)


def test_crossings_are_roads_and_estates_and_addresses_are_places_to_the_readers():
    text = "映霞路口，丽发新城3栋，银星路555号"
    said = extraction(
        text,
        ("映霞路口", MentionKind.CROSSING),
        ("丽发新城3栋", MentionKind.ESTATE),
        ("银星路555号", MentionKind.ADDRESS),
    )
    gold = message(text, [("映霞路口", "road"), ("丽发新城3栋", "poi"), ("银星路555号", "poi")])
    assert evaluate_extraction(Saying(said), [gold]).exact["typed"].f1 == pytest.approx(1.0)


def test_people_times_and_troubles_are_no_places():
    text = "业主昨晚被噪音吵醒"
    said = extraction(text, ("业主", MentionKind.PEOPLE), ("昨晚", MentionKind.TIME), ("噪音", MentionKind.TRIGGER))
    assert evaluate_extraction(Saying(said), [message(text)]).exact["all"].found == 0


def test_a_part_of_a_name_counts_as_partial_only():
    text = "丽发新城小区很吵"
    judged = evaluate_extraction(
        Saying(extraction(text, ("丽发新城", MentionKind.ESTATE))), [message(text, [("丽发新城小区", "poi")])]
    )
    assert judged.exact["all"].f1 == 0.0
    assert judged.partial["poi"].f1 == pytest.approx(1.0)


def test_a_name_that_stands_twice_counts_once():
    text = "岳麓区！岳麓区！"
    judged = evaluate_extraction(PIPELINE, [message(text, [("岳麓区", "district")])], AREAS)
    assert (judged.exact["all"].found, judged.exact["all"].wanted) == (1, 1)


def test_a_name_of_one_reader_counts_against_either_but_not_against_both():
    text = "老街旁边"
    judged = evaluate_extraction(Saying(extraction(text, ("老街", MentionKind.POI))), [message(text, either=["老街"])])
    assert judged.exact["all"].precision == 0.0
    assert judged.either.f1 == pytest.approx(1.0)
    assert judged.judged[0].faults == ()


def test_the_readers_agreement_comes_from_what_both_found_of_what_each_found():
    gold = [message("甲路乙路丙路", [("甲路", "road"), ("乙路", "road")], either=["丙路"])]
    said = Saying(extraction("甲路乙路丙路"))
    assert evaluate_extraction(said, gold).readers == pytest.approx(2 * 2 / (2 + 3))


def test_messages_are_judged_by_their_length_too():
    gold = [message("甲" * 10), message("乙" * 100), message("丙" * 200)]
    lengths = evaluate_extraction(PIPELINE, gold).lengths
    assert {name: count for name, (count, _) in lengths.items()} == {"short": 1, "middle": 1, "long": 1}


def test_the_surest_party_is_compared_to_the_letter_with_what_either_reader_says():
    said = Saying(extraction("物业不管，开发商也不管", accused_name="物业"))
    judged = evaluate_extraction(said, [message("物业不管，开发商也不管", parties=("物业", "开发商"))])
    assert judged.party.precision == 0.0  # the two differ, so nobody is wanted
    assert (judged.party_either.precision, judged.party_either.recall) == (1.0, 1.0)
    assert judged.judged[0].faults == ()


def test_the_accused_is_the_surest_party_that_is_sure_enough():
    text = "甲公司和乙公司"
    one = extraction(text, ("甲公司", MentionKind.ORGANIZATION), ("乙公司", MentionKind.ORGANIZATION))
    one = replace(one, organizations={"o0": "甲公司", "o1": "乙公司"})
    doubtful, weak, strong = (
        Relation(RelationKind.REPORTED_AGAINST, target, confidence, "", "test@1", mention=mention)
        for target, confidence, mention in (("o0", 0.4, 0), ("o0", 0.6, 0), ("o1", 0.8, 1))
    )
    assert accused(one) is None
    assert accused(replace(one, relations=(doubtful,))) is None
    assert accused(replace(one, relations=(weak, strong))) == "乙公司"


def test_only_full_names_name_a_district():
    areas = AREAS
    reports = [as_report(text, "zh") for text in ("A3区有垃圾", "岳麓山有垃圾", "有垃圾")]
    figures = evaluate_districts(areas, reports, Pipeline(areas, PLACES).extract(reports))
    assert figures == (1, 1, 1)
    assert evaluate_districts(areas, reports[:1], [extraction("A3区有垃圾")]) == (1, 0, 0)


# Faults


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([("丽发新城", MentionKind.ESTATE)], []),
        ([], [Fault(FaultKind.MISSED, "丽发新城", None)]),
        ([("丽发新城物业", MentionKind.ESTATE)], [Fault(FaultKind.BOUNDS, "丽发新城", "丽发新城物业")]),
        ([("丽发新城", MentionKind.ROAD)], [Fault(FaultKind.TYPE, "丽发新城 (poi)", "丽发新城 (road)")]),
        ([("丽发新城", MentionKind.POI), ("附近", MentionKind.POI)], [Fault(FaultKind.INVENTED, None, "附近")]),
    ],
)
def test_a_fault_says_what_was_wanted_and_what_was_found(names, expected):
    text = "丽发新城物业附近"
    assert list(judge(message(text, [("丽发新城", "poi")]), extraction(text, *names), AREAS).faults) == expected


def test_a_wrong_district_weighs_more_than_a_missed_name():
    text = "岳麓区丽发新城"
    east = replace(NOWHERE, district=EAST)
    gold = message(text, [("岳麓区", "district")])
    wrong = judge(gold, extraction(text, ("岳麓区", MentionKind.DISTRICT), location=east), AREAS)
    missed = judge(gold, extraction(text, location=replace(NOWHERE, district=WEST)), AREAS)
    assert wrong.faults == (Fault(FaultKind.DISTRICT, "岳麓区", "雨花区"),)
    assert missed.faults == (Fault(FaultKind.MISSED, "岳麓区", None),)
    assert wrong.weight > missed.weight > 0


def test_a_party_is_a_fault_only_where_the_readers_agree():
    text = "物业不管"
    said = extraction(text, accused_name="物业")
    assert judge(message(text, parties=(None, "业委会")), said, AREAS).faults == ()
    assert judge(message(text, parties=(None, None)), said, AREAS).faults == (Fault(FaultKind.PARTY, None, "物业"),)


# The files


def test_a_gold_file_is_read_with_its_subject_before_the_text(tmp_path):
    row = {
        "id": 7, "subject": "岳麓区", "text": "梅溪湖公园有垃圾", "places": [{"text": "岳麓区", "type": "district"}],
        "places_either": ["岳麓区", "梅溪湖公园"], "party": None, "parties": [None, "物业"],
    }  # fmt: skip
    (one,) = load_gold(write(tmp_path / "gold.jsonl", row), "zh")
    assert one.report.full_text == "岳麓区\n梅溪湖公园有垃圾"
    assert one.places == (GoldPlace("岳麓区", "district"),)
    assert one.either == {"岳麓区", "梅溪湖公园"}
    assert not one.agreed


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"text": " ", "places": []}, "gold.jsonl:2"),
        ({"text": "甲路"}, "gold.jsonl:2: places"),
        ({"text": "甲路", "places": ["甲路"]}, "gold.jsonl:2: places"),
        ({"text": "甲路", "places": [{"text": "甲路", "type": "street"}]}, "gold.jsonl:2: places"),
        ({"text": "甲路", "places": [{"text": "乙路", "type": "road"}]}, "gold.jsonl:2: places"),
        ({"text": "甲路", "places": [], "places_either": ["乙路"]}, "gold.jsonl:2: places_either"),
        ({"text": "甲路", "places": [], "party": 5}, "gold.jsonl:2: party"),
        ({"text": "甲路", "places": [], "parties": []}, "gold.jsonl:2: parties"),
        ({"text": "甲路", "places": [], "subject": ["x"]}, "gold.jsonl:2: subject"),
    ],
)
def test_a_gold_row_that_does_not_fit_is_named_by_line_and_field(tmp_path, row, field):
    path = write(tmp_path / "gold.jsonl", {"text": "好", "places": []}, row)
    with pytest.raises(UnreadableFile) as caught:
        load_gold(path, "zh")
    assert caught.value.field == field


def test_an_empty_gold_file_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="at least one"):
        load_gold(write(tmp_path / "gold.jsonl"), "zh")


# Marked texts


def test_marked_texts_are_judged_by_kind_and_by_role():
    class Roles:
        def extract(self, reports):
            (made,) = PIPELINE.extract(reports)
            return [replace(made, mentions=tuple(replace(m, role=Role.WHERE) for m in made.mentions))]

    text = "岳麓区梅溪湖公园"
    marks = (Mark(0, 3, MentionKind.DISTRICT), Mark(3, 8, MentionKind.POI, Role.WHERE))
    figures = evaluate_marked(Roles(), [Marked(text, marks, "park")], "zh")
    assert list(figures) == ["all", "district", "poi", "role where"]
    assert figures["all"].f1 == figures["poi"].f1 == pytest.approx(1.0)
    assert (figures["role where"].found, figures["role where"].wanted) == (2, 1)


# Delivery addresses


ADDRESSES = """\
浙 B-prov
江 I-prov
省 I-PROV
西 B-subRoad
湖 I-subroad
路 I-subRoad
555 B-roadno
号 I-roadno
和 B-poi
园 I-poi
3 B-houseno
栋 I-houseno

A B-redundant
镇 B-town
"""


@pytest.fixture
def address_file(tmp_path):
    path = tmp_path / "addresses.txt"
    path.write_text(ADDRESSES, encoding="utf-8")
    return path


def test_addresses_are_read_by_chunk_whatever_the_case_of_a_label(address_file):
    one, other = load_addresses(address_file)
    assert one.text == "浙江省西湖路555号和园3栋"
    assert one.chunks == (
        Span(0, 3, "district"), Span(3, 6, "road"), Span(6, 10, "number"), Span(10, 12, "poi"), Span(12, 14, None),
    )  # fmt: skip
    assert (other.where, other.text) == ("addresses.txt:14", "A镇")


def test_a_chunk_that_goes_on_after_another_label_begins_anew(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("甲 B-road\n乙 O\n路 I-road", encoding="utf-8")
    assert load_addresses(path)[0].chunks == (Span(0, 1, "road"), Span(2, 3, "road"))


@pytest.mark.parametrize("line", ["甲", "甲 X-road", "甲 B-street", " B-road", "甲\tB-road"])
def test_an_address_line_that_does_not_fit_is_named(tmp_path, line):
    path = tmp_path / "a.txt"
    path.write_text(f"路 B-road\n{line}\n", encoding="utf-8")
    with pytest.raises(UnreadableFile) as caught:
        load_addresses(path)
    assert caught.value.field == "a.txt:2"


@pytest.mark.parametrize(
    ("words", "kind", "expected"),
    [
        ("银星路555号", MentionKind.ADDRESS, [("银星路", "road"), ("555号", "number")]),
        ("105国道12-3号", MentionKind.ADDRESS, [("105国道", "road"), ("12-3号", "number")]),
        ("555号", MentionKind.ADDRESS, [("555号", "number")]),
        ("银星路", MentionKind.ADDRESS, [("银星路", "road")]),
        ("丽发新城3栋2单元", MentionKind.ESTATE, [("丽发新城", "poi")]),
        ("3栋", MentionKind.ESTATE, [("3栋", "poi")]),
        ("某某公司", MentionKind.ORGANIZATION, [("某某公司", "poi")]),
        ("昨晚", MentionKind.TIME, []),
    ],
)
def test_a_mention_is_put_in_the_terms_of_the_addresses(words, kind, expected):
    spans = spans_of([Mention(5, 5 + len(words), words, kind, 0.9, "test@1")])
    assert [(words[span.start - 5 : span.end - 5], span.kind) for span in spans] == expected


def test_a_mention_of_twenty_thousand_characters_of_junk_is_parted_too():
    for junk in ("1" * 20_000 + "x", "1号" * 10_000 + "x", "三" * 20_000 + "x"):
        for kind in (MentionKind.ADDRESS, MentionKind.ESTATE):
            assert spans_of([Mention(0, len(junk), junk, kind, 0.9, "test@1")])


def test_addresses_are_judged_by_type_and_what_is_left_out_counts_on_neither_side(address_file):
    one, other = load_addresses(address_file)
    said = extraction(
        one.text,
        ("浙江省", MentionKind.DISTRICT),
        ("西湖路555号", MentionKind.ADDRESS),
        ("和园3栋", MentionKind.ESTATE),
    )
    figures = evaluate_addresses(Saying(said, extraction(other.text, ("A", MentionKind.POI))), [one, other])
    assert {name: found.f1 for name, found in figures.exact.items() if name != "district"} == {
        "all": pytest.approx(8 / 9), "road": pytest.approx(1), "number": pytest.approx(1), "poi": pytest.approx(1),
    }  # fmt: skip
    assert (figures.exact["district"].precision, figures.exact["district"].recall) == (1.0, 0.5)


# Placing


def test_an_answer_is_right_wrong_or_not_given(tmp_path):
    path = write(
        tmp_path / "cases.jsonl",
        {"text": "梅溪湖公园有垃圾", "target": "park"},
        {"text": "万家丽北路堵车", "target": "park"},
        {"text": "有垃圾", "target": "park"},
        {"text": "岳麓区有垃圾", "target": WEST},
        {"text": "Trash at Meixi Lake Park", "language": "en", "target": None},
        {"text": "有垃圾", "target": None},
    )
    figures = evaluate_geocoding(PIPELINE, load_cases(path, AREAS, PLACES), AREAS, PLACES)
    assert figures.place == Outcomes(2, 1, 1)
    assert figures.district == Outcomes(2, 1, 1)
    assert figures.nothing == Outcomes(1, 1, 0)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"text": "x", "target": "atlantis"}, "cases.jsonl:1: target"),
        ({"text": "x"}, "cases.jsonl:1: target"),
        ({"text": "x", "target": None, "language": "fr"}, "cases.jsonl:1: language"),
        ({"text": "x", "target": None, "name": 3}, "cases.jsonl:1: name"),
        ({"text": "x", "target": None, "longitude": "east"}, "cases.jsonl:1: longitude, latitude"),
    ],
)
def test_a_case_that_does_not_fit_is_named(tmp_path, row, field):
    with pytest.raises(BadInput) as caught:
        load_cases(write(tmp_path / "cases.jsonl", row), AREAS, PLACES)
    assert caught.value.field == field


def test_a_case_may_ask_what_some_words_mean_and_give_coordinates_that_tell(tmp_path):
    rows = [
        {"text": "梅溪湖公园旁边的人民公园很脏", "name": "人民公园", "target": "renmin-west"},
        {"text": "人民公园很脏", "name": "人民公园", "target": None, "group": "open"},
        {"text": "人民公园很脏", "name": "人民公园", "target": "renmin-east", "longitude": 112.96, "latitude": 28.26},
        {"text": "有垃圾", "name": "梅溪湖公园", "target": "park", "address": "岳麓区梅溪湖公园"},
    ]
    cases = load_cases(write(tmp_path / "cases.jsonl", *rows), AREAS, PLACES)
    assert cases[1].group == "open"
    figures = evaluate_geocoding(PIPELINE, cases, AREAS, PLACES)
    assert (figures.place, figures.nothing) == (Outcomes(3, 0, 0), Outcomes(1, 0, 0))


def test_sample_reports_without_a_true_place_are_left_out(tmp_path):
    reports = write(tmp_path / "r.jsonl", {"id": "a", "text": "梅溪湖公园"}, {"id": "b", "text": "有垃圾"})
    truth = write(tmp_path / "t.jsonl", {"id": "a", "place": "park"}, {"id": "b", "place": None})
    assert [case.target for case in load_truth(reports, truth)] == ["park"]


# The pages


@given(
    st.text(max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from(["poi", "road"])), max_size=6),
)
def test_a_text_cut_at_its_marks_is_still_the_text(text, spans):
    within = [(start, end, mark) for start, end, mark in spans if start <= end <= len(text)]
    cut = list(pieces(text, within))
    assert "".join(piece.text for piece in cut) == text
    assert all(piece.text for piece in cut)


def test_a_party_does_not_hide_the_place_within_it():
    assert list(pieces("丽发新城物业", [(0, 6, "party"), (0, 4, "poi")])) == [("丽发新城", "poi"), ("物业", None)]


def test_the_error_page_escapes_everything_and_shows_the_worst_first():
    nasty = '<script>alert(1)</script>路 & "<b>" \''
    mild = judge(
        message("丽发新城物业", [("丽发新城", "poi")]),
        extraction("丽发新城物业", ("丽发新城物业", MentionKind.POI)),
        AREAS,
    )
    bad = judge(
        message(nasty, [("<script>alert(1)</script>路", "road"), ("<b>", "poi")], party="<b>"),
        extraction(nasty, ("alert(1)</script>", MentionKind.POI), accused_name="<img src=x>"),
        AREAS,
    )
    fine = judge(message("好"), extraction("好"), AREAS)
    page = render_errors([mild, fine, bad], title="<i>")
    assert page.index("&lt;script&gt;alert(1)") < page.index("丽发新城")
    assert page.count("<article") == 2
    assert page.count("<script>") == 1  # its own
    assert not {'<b>"', "<img", "<i>"} & set(re.findall(r'<b>"|<img|<i>', page))
    assert "default-src 'none'" in page
    assert not re.search(r"<[^>]*(?:src|href)=|url\(|https?://", page)


def test_the_error_page_filters_by_kind_and_language_and_speaks_both_languages():
    text = "岳麓区丽发新城"
    one = judge(message(text, [("岳麓区", "district"), ("丽发新城", "poi")]), extraction(text), AREAS)
    page = render_errors([one])
    assert 'data-kinds="district missed" data-language="zh"' in page
    assert {kind.value for kind in FaultKind} == set(re.findall(r'type="checkbox" value="(\w+)"', page))
    for chinese, english in (("漏掉", "missed"), ("区划不对", "wrong district"), ("抽取结果", "extracted")):
        assert chinese in page
        assert english in page
    assert page.count('<mark class="district">岳麓区</mark>') == 1  # the readers' line; nothing was extracted


def test_no_faults_make_a_page_that_says_so():
    assert "No errors." in render_errors([])


def test_measured_figures_become_tables_side_by_side():
    gold = {"zh": [message("岳麓区梅溪湖公园", [("岳麓区", "district"), ("梅溪湖公园", "poi")], party="物业")]}
    marked = {"zh": [Marked("岳麓区", (Mark(0, 3, MentionKind.DISTRICT),), "f")]}
    one = measure("rules", PIPELINE, PIPELINE, Sources(gold=gold, marked=marked), AREAS, PLACES)
    sheets = sheets_of([one, replace(one, name="more", marked={})], {"zh": {"f1_all": 0.9, "f1_road": 0.8, "texts": 3}})
    titles = [sheet.title for sheet in sheets]
    assert titles[0] == "Names of places, 1 real messages, zh"
    assert not any("addresses" in title or "Placing" in title for title in titles)
    assert {row[0] for row in sheets[0].rows} == {"rules", "more"}
    learnt = next(sheet for sheet in sheets if "marked texts" in sheet.title)
    assert learnt.head == ("kind or role", "wanted", "F1, rules", "F1, the tagger alone")
    assert ("all", "1", "1.000", "0.900") in learnt.rows
    assert ("road", "–", "–", "0.800") in learnt.rows
    for sheet in sheets:
        assert all(len(row) == len(sheet.head) for row in sheet.rows)


def test_a_sheet_as_markdown_has_its_title_its_rows_and_its_note():
    told = as_markdown(Sheet("T", ("a", "b"), (("1", "2"),), "N."))
    assert told == "**T**\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\nN."


# The card


def test_a_section_of_a_card_is_replaced_and_the_rest_stays(tmp_path):
    card = tmp_path / "card.md"
    card.write_text(
        "A\n<!-- x: begin (written by `y`) -->\nold\n<!-- x: end -->\nB\n<!-- z: begin -->\n<!-- z: end -->", "utf-8"
    )
    write_section(card, "x", "new \\1")
    write_section(card, "x", "newer \\1")
    assert card.read_text("utf-8") == (
        "A\n<!-- x: begin (written by `y`) -->\n\nnewer \\1\n\n<!-- x: end -->\nB\n<!-- z: begin -->\n<!-- z: end -->"
    )
    with pytest.raises(UnreadableFile, match="markers of its absent"):
        write_section(card, "absent", "new")
    with pytest.raises(UnreadableFile, match="that is there"):
        write_section(tmp_path / "none.md", "x", "new")


# The command


def test_a_tagger_is_judged_in_its_language_and_on_texts_that_it_says_it_has_not_learnt():
    manifest = TaggerManifest("t", "1", "zh", 1, (), (), 256, {}, "b", "MIT", {}, training={"seed": 0})
    texts = {language: [Marked("甲路", (), "f")] for language in ("zh", "en")}
    gold = {"zh": [message("甲路")], "en": [message("Elm St", language="en")]}
    cases = {"one": [GeocodingCase("x", as_report("Elm St", "en"), None)]}
    sources = Sources(gold=gold, messages={}, marked=texts, addresses=(), cases=cases)
    left_out = []
    judged = measuring._for_languages(sources, {"zh": manifest}, left_out)
    assert (set(judged.gold), set(judged.marked), judged.cases, left_out) == ({"zh"}, {"zh"}, {}, [])
    judged = measuring._for_languages(sources, {"zh": replace(manifest, training={})}, left_out)
    assert (set(judged.marked), len(left_out)) == (set(), 1)


def test_the_command_prints_its_tables_says_what_it_left_out_and_writes_card_and_errors(env, tmp_path, address_file):  # noqa: F811
    gold, card, page = tmp_path / "gold", tmp_path / "card.md", tmp_path / "out" / "errors.html"
    gold.mkdir()
    text = "A3区麓山南路夜宵摊占道，丽发新城的垃圾没人收"
    places = [{"text": "A3区", "type": "district"}, {"text": "东方红路", "type": "road"}]
    write(gold / "gold_dev_zh.jsonl", {"text": f"{text}，东方红路也是", "places": places, "party": "没有的公司"})
    (tmp_path / "models").mkdir()
    card.write_text("<!-- extraction: begin (…) -->\n<!-- extraction: end -->\n", "utf-8")
    shown = run(
        env, "evaluate", "extraction", "--gold", str(gold), "--addresses", str(address_file), "--models",
        str(tmp_path / "models"), "--card", str(card), "--errors", str(page),
    )  # fmt: skip
    assert "Names of places, 1 real messages, zh" in shown
    assert "2 Chinese delivery addresses" in shown
    assert "Placing in the city" in shown
    assert "left out: real messages, en: no gold_dev_en.jsonl" in shown
    assert "left out: the tagger, zh" in shown
    written = card.read_text("utf-8")
    assert "**Names of places, 1 real messages, zh**" in written
    assert "夜宵摊" not in written  # no message stands in a card
    assert str(tmp_path) not in written
    assert "夜宵摊" in page.read_text("utf-8")


def test_without_any_file_the_command_measures_the_sample_reports(env, tmp_path):  # noqa: F811
    page = tmp_path / "errors.html"
    shown = run(env, "evaluate", "extraction", "--models", str(tmp_path), "--errors", str(page))
    assert "Placing in the city" in shown
    assert "left out: real messages, zh: no --gold" in shown
    assert not page.exists()


def test_a_mistake_in_a_gold_file_is_one_line(env, tmp_path):  # noqa: F811
    write(tmp_path / "gold_dev_zh.jsonl", {"text": "甲路"})
    shown = run(env, "evaluate", "extraction", "--gold", str(tmp_path), code=1)
    assert "error: gold_dev_zh.jsonl:1: places" in shown
    assert "Traceback" not in shown


SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real messages are not part of the project")
def test_every_marked_real_message_and_every_address_can_be_read():
    assert len(load_gold(SHARED / "gold_dev_zh.jsonl", "zh")) == 200
    assert len(load_gold(SHARED / "gold_dev_en.jsonl", "en")) == 191
    assert len(load_addresses(SHARED / "address_parsing_zh" / "test.txt")) == 2985
