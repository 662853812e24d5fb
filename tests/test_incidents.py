"""Which reports are about the same thing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.classification import Classification, Scored
from core.geography import metres_between
from core.taxonomy import load_taxonomy
from core.types import (
    Extraction,
    Location,
    Point,
    Relation,
    RelationKind,
    Report,
    UnderstoodReport,
)
from graph.incidents import Resolver, text_hash

START = datetime(2026, 11, 1, tzinfo=UTC)
HERE = Point(112.97, 28.19)
TEXT = "麓山南路堕落街口夜宵摊半夜还在放音响，吵得睡不着"


def said(name, text=TEXT, *, at=HERE, hours=0.0, category="noise", district="430104", place=None, method="coordinates"):
    when = START + timedelta(hours=hours)
    relations = (Relation(RelationKind.AT, place, 0.9, "named", "test"),) if place else ()
    return UnderstoodReport(
        Report(name, text, "zh", "app", "test", when, when, location=at),
        Classification(category, 0.9, (Scored(category, 0.9),), None, "test@1", category),
        Extraction((), relations, Location(at, district, district, 0.9, method, "test")),
        urgency=2,
    )


def resolve(*reports):
    return Resolver(load_taxonomy(), []).resolve(reports)


def test_the_same_trouble_near_in_place_and_time_is_one_incident():
    near = said("b", "夜宵摊放音响，半夜吵得人睡不着，麓山南路", at=Point(112.9705, 28.1903), hours=20)
    result = resolve(said("a"), near)
    (incident,) = result.incidents.values()
    assert incident.reports == 2
    assert [link.sequence for link in result.joined] == [1, 2]
    assert "m apart" in result.joined[1].why


@pytest.mark.parametrize(
    "other",
    [
        said("b", category="littering"),
        said("b", at=Point(112.98, 28.19)),
        said("b", hours=24 * 60),
        said("b", "小区二次供水水泵房嗡嗡作响"),
    ],
    ids=["another category", "a kilometre away", "two months later", "other words"],
)
def test_another_trouble_is_another_incident(other):
    assert len(resolve(said("a"), other).incidents) == 2


def test_without_a_point_the_same_words_in_the_same_district_are_one_incident():
    loose = [said(name, at=None, method="area", hours=hours) for name, hours in (("a", 0), ("b", 2))]
    assert len(resolve(*loose).incidents) == 1
    elsewhere = said("c", at=None, method="area", district="430102")
    assert len(resolve(*loose, elsewhere).incidents) == 2


def test_two_reports_that_name_the_same_road_need_only_be_alike():
    one = said("a", "芙蓉路修路半夜打桩太吵", at=None, method="road", place="furong")
    same = said("b", "芙蓉路半夜打桩，太吵了", at=None, method="road", place="furong")
    assert len(resolve(one, same).incidents) == 1


def test_exact_and_near_duplicates_are_linked_to_the_first():
    near = TEXT.replace("睡不着", "没法睡觉")
    result = resolve(said("a"), said("b", TEXT + "！！"), said("c", near))
    assert [(one.report, one.first, one.why) for one in result.duplicates] == [("b", "a", "exact"), ("c", "a", "near")]


def test_a_better_located_report_gives_the_incident_its_place():
    result = resolve(said("a", at=None, method="area"), said("b"))
    (incident,) = result.incidents.values()
    assert incident.location == HERE
    assert incident.precise


def test_texts_that_differ_in_case_width_and_punctuation_have_one_hash():
    assert text_hash("Ｎｏｉｓｅ at 9 pm!") == text_hash("noise, at 9 PM")
    assert text_hash("noise at 9 pm") != text_hash("noise at 8 pm")


def test_a_degree_of_latitude_is_111_kilometres():
    assert metres_between(Point(112, 28), Point(112, 29)) == pytest.approx(111_195, rel=1e-3)


reports = st.lists(
    st.tuples(
        st.sampled_from([TEXT, "路灯不亮", "半夜打桩太吵", "垃圾成堆没人收"]),
        st.sampled_from([None, HERE, Point(112.9712, 28.1905), Point(112.99, 28.2)]),
        st.integers(0, 1000),
        st.sampled_from(["noise", "littering", "other"]),
    ),
    max_size=25,
)


@given(reports, st.integers(1, 24))
@settings(deadline=None)
def test_incidents_do_not_depend_on_how_reports_are_cut_into_batches(rows, cut):
    batch = [
        said(f"r{n}", text, at=at, hours=hours, category=category, method="coordinates" if at else "area")
        for n, (text, at, hours, category) in enumerate(rows)
    ]
    whole = resolve(*batch)
    first = resolve(*batch[:cut])
    second = Resolver(load_taxonomy(), first.incidents.values()).resolve(batch[cut:])
    assert dict(whole.incidents) == {**first.incidents, **second.incidents}
    assert list(whole.joined) == [*first.joined, *second.joined]


@given(reports)
@settings(deadline=None)
def test_every_report_is_in_one_incident_and_the_counts_agree(rows):
    batch = [said(f"r{n}", text, at=at, hours=h, category=c) for n, (text, at, h, c) in enumerate(rows)]
    result = resolve(*batch)
    assert [link.report for link in result.joined] == [one.report.id for one in batch]
    assert sum(incident.reports for incident in result.incidents.values()) == len(batch)
