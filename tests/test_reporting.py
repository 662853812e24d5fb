"""The allocation report: what it says, in both languages, from one file that needs nothing else."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from allocation_city import CENTRE, NOW, RULES, ZONE, crew, demo_city, incident, sample_incidents

from allocation.plan import make_plan
from allocation.report_words import _WORDS, REASONS, words
from allocation.reporting import DayCount, ReportContents, plan_csv, render_report
from core.types import AreaKind, NearPlace

LANGUAGES = ("zh", "en")
TODAY = NOW.astimezone(ZONE).date()


class Page(HTMLParser):
    """The page's tags with their attributes, its visible text, and whether every tag is closed."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})

    def __init__(self, html):
        super().__init__()
        self.tags, self.text, self.open = [], "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data


def contents_of(city, incidents, crews, **changes):
    areas = [area for area in city.areas if area.kind is AreaKind.DISTRICT]
    names = {area.id: (area.name_zh, area.name_en) for area in areas}
    plan = make_plan(incidents, crews, RULES, NOW, 24.0, made_at=NOW, zone=ZONE, areas=names)
    facts = {
        "city_zh": "长沙市",
        "city_en": "Changsha",
        "plan": plan,
        "incidents": incidents,
        "crews": crews,
        "departments": city.departments,
        "areas": areas,
        "counts": [
            DayCount("430102", "noise.animal", TODAY, 7),
            DayCount("430104", "littering", TODAY - timedelta(days=8), 5),
            DayCount(None, "other", TODAY - timedelta(days=1), 3),
        ],
        "generated_at": NOW,
        "zone": ZONE,
        "currency": (RULES.costs.currency_zh, RULES.costs.currency_en),
        "places": {incidents[0].id: ("五一大道", "Wuyi Avenue")} if incidents else {},
        "synthetic": True,
    }
    return ReportContents(**{**facts, **changes})


@pytest.fixture(scope="module")
def city():
    return demo_city()


@pytest.fixture(scope="module")
def contents(city):
    return contents_of(city, sample_incidents(160), city.crews)


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def page(contents, language):
    return Page(render_report(contents, language))


def test_the_page_is_whole_and_asks_for_nothing_from_elsewhere(contents, language, page):
    assert page.open == []
    assert not {"script", "link", "img", "iframe", "object", "image", "use"} & {tag for tag, _ in page.tags}
    assert not [one for _, one in page.tags if {"src", "href", "xlink:href", "onload"} & set(one)]
    html = render_report(contents, language)
    assert "url(" not in html
    assert "@import" not in html
    assert ("html", {"lang": "zh-CN" if language == "zh" else "en"}) in page.tags


def test_no_placeholder_and_no_python_is_left_in_the_text(page):
    assert not re.search(r"[{}]|\bNone\b|\bnan\b|Markup|<built-in", page.text)


def test_the_english_page_speaks_no_chinese_but_for_names(contents):
    text = Page(render_report(contents, "en")).text.replace("长郡中学", "")
    assert not re.search(r"[\u4e00-\u9fff]", text)


def test_the_summary_counts_what_is_open_assigned_and_left_out(contents, page, language):
    for count in (len(contents.incidents), len(contents.plan.assignments), len(contents.plan.unassigned)):
        assert str(count) in page.text
    sent = len({one.crew for one in contents.plan.assignments})
    assert f"{sent} / {len(contents.crews)}" in page.text
    assert words(language)("we_do") in page.text


def test_every_assignment_is_on_the_page_with_its_reasons(contents, page, language):
    for one in contents.plan.assignments:
        assert one.incident in page.text
        assert (one.why_zh if language == "zh" else one.why_en) in page.text


def test_every_reason_for_leaving_out_has_its_list(contents, page, language):
    for reason in {one.reason for one in contents.plan.unassigned}:
        assert words(language)(reason) in page.text


def test_the_page_says_when_the_data_is_invented_and_only_then(contents, language):
    note = words(language)("synthetic")
    assert note in render_report(contents, language)
    assert note not in render_report(replace(contents, synthetic=False), language)


def test_days_and_categories_are_counted_from_the_tallies(contents, language):
    page = Page(render_report(contents, language))
    said = (
        "近 30 天共收到 15 条反映，最近 7 天 10 条，此前 7 天 5 条"
        if language == "zh"
        else "15 reports came in over the last 30 days: 10 in the last 7, 5 in the 7 before"
    )
    assert said in page.text
    assert words(language)("unknown_district") in page.text


def test_an_incident_is_named_by_its_place_where_one_is_known(contents, page, language):
    assert ("五一大道" if language == "zh" else "Wuyi Avenue") in page.text


def test_the_map_draws_each_located_incident_once_and_counts_those_outside(city, language):
    near = [incident(f"near-{number}") for number in range(60)]
    far = incident("far", location=replace(CENTRE, latitude=CENTRE.latitude + 0.8))
    made = contents_of(city, [*near, far, incident("nowhere", location=None)], city.crews)
    html = render_report(made, language)
    drawn = re.findall(r"<title>(near-\d+|far|nowhere) ", html)
    assert sorted(drawn) == sorted(one.id for one in near)
    assert words(language)("map_outside", count=1) in html


def test_hostile_text_is_shown_and_not_run(city, language):
    evil = '<script>alert("x")</script>'
    jobs = [
        incident("inc-<b>1</b>", sensitive=(NearPlace("school", evil, evil, 50.0),)),
        incident("inc-2", location=None),
    ]
    made = contents_of(
        city,
        jobs,
        [replace(crew(), name_zh=evil, name_en=evil)],
        city_zh=evil,
        city_en=evil,
        places={jobs[0].id: (evil, evil)},
        currency=(evil, evil),
    )
    page = Page(render_report(made, language))
    assert "script" not in {tag for tag, _ in page.tags}
    assert evil in page.text


def test_a_city_without_incidents_has_a_report_too(city, language):
    made = contents_of(city, [], city.crews, counts=[])
    text = Page(render_report(made, language)).text
    assert words(language)("say_none") in text
    assert words(language)("say_left_none") not in text


def test_areas_without_geometry_do_no_harm(contents, language):
    plain = replace(contents, areas=[replace(area, geometry=None) for area in contents.areas])
    assert Page(render_report(plain, language)).open == []
    assert Page(render_report(replace(contents, areas=[]), language)).open == []


def test_the_same_contents_make_the_same_page(contents, language):
    assert render_report(contents, language) == render_report(contents, language)


def test_both_languages_have_every_word_with_the_same_placeholders():
    for key, (zh, en) in _WORDS.items():
        assert zh.strip(), key
        assert en.strip(), key
        assert set(re.findall(r"{\w+}", zh)) == set(re.findall(r"{\w+}", en)), key
    assert set(REASONS) <= set(_WORDS)


def rows_of(contents, language):
    return list(csv.reader(io.StringIO(plan_csv(contents, language), newline="")))


def test_the_csv_has_a_row_for_each_incident_and_cells_for_each_column(contents, language):
    header, *rows = rows_of(contents, language)
    assert len(rows) == len(contents.incidents)
    assert {len(row) for row in rows} == {len(header)}
    assert sorted(row[2] for row in rows) == sorted(one.id for one in contents.incidents)


def test_the_csv_gives_priority_and_cost_of_an_assignment(contents):
    header, *rows = rows_of(contents, "en")
    one, row = contents.plan.assignments[0], dict(zip(header, rows[0], strict=True))
    assert float(row["Cost"]) == pytest.approx(sum(one.cost.values()), abs=0.01)
    assert float(row["Points"]) * RULES.costs.value_per_point == pytest.approx(one.value, abs=0.1)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_a_cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe(city, start):
    formula = start + "HYPERLINK(1)"
    made = contents_of(city, [incident("inc-1")], [crew()], places={"inc-1": (formula, formula)})
    assert "'" + formula in rows_of(made, "en")[1]
