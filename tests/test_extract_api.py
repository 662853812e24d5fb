"""POST /extract and GET /reports/{id}/extraction: what is read out of a text, and displaCy's drawing of it."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from city_graph import classifier, coarse_city, ingestor, intake, load, take_in, texts
from fastapi.testclient import TestClient
from test_extraction_graph import FULL, TEXT, Reads, row

from api.app import create_app
from api.services import Services
from core.settings import Settings
from core.taxonomy import load_taxonomy
from core.types import Extraction, Link, LinkKind, Mention, MentionKind, RelationKind, Role
from extraction.display import COLOURS, INK, as_arrows, as_html, kind_label, link_label, role_label
from graph.ingest import Ingestor
from graph.plans import PlanReader
from graph.proposals import Proposals
from graph.reader import Reader
from graph.schema import clear

SUBJECT, SAID = " 五一广场太吵", "昨晚11点，岳麓区麓山南路的夜宵摊占道，投诉五一广场物业乱收费，电话13812345678"
AT = "2026-11-20T08:10:00+08:00"


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def client(request, tmp_path_factory):
    """The service with two reports: one as the models read it, one with everything that an extraction can say."""
    store = request.getfixturevalue(f"{request.param}_server")
    clear(store)
    load(store)
    info = coarse_city().info
    path = tmp_path_factory.mktemp("extract") / "real.jsonl"
    path.write_text(f'{{"id": "1", "subject": "太吵", "text": "{TEXT}", "reported_at": "{AT}"}}\n', encoding="utf-8")
    take_in(store, path)
    reads = Ingestor(store, classifier(), Reads(FULL), load_taxonomy(), city=info.area, zone=info.timezone)
    reads.accept([intake("x").accept(row())], ingest="test")
    services = Services(
        store, info, load_taxonomy(), ingestor(store), Reader(store), PlanReader(store), "a-key-for-tests",
        path.parent / "reports", classifier(), texts(), Proposals(store),
    )  # fmt: skip
    with TestClient(create_app(Settings(), services), raise_server_exceptions=False) as client:
        yield client


def ask(client, **sent):
    answer = client.post("/extract", json={"subject": SUBJECT, "text": SAID, "reported_at": AT, **sent})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_everything_that_is_read_is_answered_with_offsets_in_the_field_as_it_was_sent(client):
    said = ask(client)
    fields = {"subject": SUBJECT, "text": SAID}
    assert said["mentions"]
    for one in said["mentions"]:
        assert fields[one["field"]][one["start"] : one["end"]] == one["text"]
        assert 0 < one["confidence"] <= 1
        assert one["source"] in said["sources"]
    assert said["language"] == "zh"
    assert said["drawing"] is None


def test_each_place_says_which_were_considered_and_what_their_scores_are_made_of(client):
    places = {place["text"]: place for place in ask(client)["places"]}
    road = places["麓山南路"]
    assert road["chosen"] == {
        "id": road["considered"][0]["target"], "name_zh": "麓山南路", "name_en": road["considered"][0]["name_en"],
    }  # fmt: skip
    assert all(place["reason"] for place in places.values())
    for one in road["considered"]:
        assert sum(one["parts"].values()) == pytest.approx(one["score"], abs=0.01)
        assert one["name_zh"]
        assert one["name_en"]
        assert one["reason"]


def test_the_location_names_its_areas_in_both_languages(client):
    location = ask(client)["location"]
    assert location["district"]["name_zh"] == "岳麓区"
    assert location["district"]["name_en"] == "Yuelu District"
    assert location["method"] in {"place", "road", "area"}
    by_point = ask(client, longitude=112.976, latitude=28.197)["location"]
    assert by_point["method"] == "coordinates"


def test_times_are_instants_and_the_party_and_masked_fields_are_there(client):
    said = ask(client)
    assert [(one["text"], one["start"]) for one in said["times"]] == [("昨晚11点", "2026-11-19T15:00:00Z")]
    assert said["party"][0]["name"] == "五一广场物业"
    assert said["masked"] == {"subject": SUBJECT, "text": SAID.replace("13812345678", "[电话]"), "hidden": 1}
    against = [one for one in said["relations"] if one["kind"] == "REPORTED_AGAINST"]
    assert [one["name_zh"] for one in against] == ["五一广场物业"]


def test_it_needs_no_key_and_keeps_nothing(client):
    before = client.get("/health").json()["reports"]
    ask(client)
    assert client.get("/health").json()["reports"] == before


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "😀"}, "text"),
        ({"text": "吵" * 20_001}, "text"),
        ({"language": "fr"}, "language"),
        ({"longitude": 400, "latitude": 1}, "longitude"),
        ({"longitude": 112.9}, "latitude"),
        ({"reported_at": "yesterday"}, "reported_at"),
        ({"reported_at": "9999-12-31T23:59:59Z"}, "reported_at"),
        ({"address": "x" * 301}, "address"),
        ({"draw": "fr"}, "draw"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_does_not_fit_is_named(client, sent, field):
    answer = client.post("/extract", json={"text": SAID, **sent})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["field"] == field


@pytest.mark.parametrize("text", ["五一广场" * 5_000, "(" * 19_999 + "a", "路" * 20_000, "1点" * 10_000])
def test_the_longest_texts_of_junk_are_read_too(client, text):
    ask(client, text=text, subject=None)


def test_a_stored_report_is_shown_as_it_was_read_when_it_was_taken_in(client):
    said = client.get("/reports/x:1/extraction?language=en").json()
    assert [(one["field"], one["text"], one["type"], one["role"]) for one in said["mentions"]] == [
        ("text", "昨晚11点", "time", None), ("text", "五一广场", "poi", "where"), ("text", "夜宵摊", "object", "cause"),
    ]  # fmt: skip
    assert [(one["kind"], one["head"], one["tail"], one["hearsay"]) for one in said["links"]] == [
        ("AT", None, 1, False), ("CAUSED_BY", None, 2, True),
    ]  # fmt: skip
    assert said["places"][0]["considered"][0]["parts"] == {"name": 1.0, "district": 0.5}
    assert said["location"]["contradicted"]["name_en"] == "Yuelu District"
    assert [one["kind"] for one in said["relations"]] == ["AT"]
    assert "caused by (hearsay)" in said["drawing"]["arrows"]
    assert "facility · where" in said["drawing"]["spans"]
    assert client.get("/reports/x:2/extraction").status_code == 404


def test_a_stored_report_with_a_subject_counts_each_field_by_itself(client):
    said = client.get("/reports/real:1/extraction", headers={"Accept-Language": "zh"}).json()
    report = client.get("/reports/real:1").json()
    assert said["mentions"]
    for one in said["mentions"]:
        assert report[one["field"]][one["start"] : one["end"]] == one["text"]
    assert report["happened_from"] == "2026-11-19T15:00:00Z"
    assert [place["chosen"]["id"] for place in said["places"]] == ["place-wuyi-square"]


# The drawing


class Drawn(HTMLParser):
    """The text and the elements of a piece of HTML."""

    def __init__(self, markup):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


ATTACK = '<script>alert(1)</script> <img src=x onerror="alert(1)"> {bg} & "五一广场"'


def attacked(*more):
    start = ATTACK.index("<img")
    mentions = (
        Mention(0, 25, ATTACK[:25], MentionKind.OBJECT, 0.9, "x", None, Role.CAUSE),
        Mention(start, start + 30, ATTACK[start : start + 30], MentionKind.PERSON, 0.9, "x"),
        *more,
    )
    links = (Link(LinkKind.AT, 0, 1, 0.5, "<b>", "x"), Link(LinkKind.AFFECTS, None, 0, 0.5, "", "x"))
    return Extraction(mentions, (), FULL.location, links=links)


def test_what_a_text_says_is_shown_and_never_run(client):
    for extraction in (attacked(), attacked(Mention(3, 40, ATTACK[3:40], MentionKind.POI, 0.9, "x"))):
        for markup in (as_html(ATTACK, extraction, "en"), as_arrows(extraction, "en")):
            drawn = Drawn(markup)
            assert {tag for tag, _ in drawn.tags} <= {
                "div", "mark", "span", "br", "svg", "g", "path", "text", "tspan", "textpath",
            }  # fmt: skip
            assert not [name for _, attrs in drawn.tags for name in attrs if name.startswith("on")]
            assert "<script" not in markup
    said = ask(client, text=ATTACK, subject=None, draw="en")
    assert "<script" not in said["drawing"]["spans"]
    assert "&lt;script&gt;" in said["drawing"]["spans"]


def test_the_whole_text_is_in_the_drawing():
    drawn = Drawn(as_html(TEXT, FULL, "zh"))
    labels = ("时间", "设施与地点 · 发生地", "事物 · 被投诉")
    assert re.sub("|".join(labels), "", drawn.text) == TEXT
    both = "太吵\n昨晚"
    assert "<br>" in as_html(both, replace(FULL, mentions=()), "zh")


def test_mentions_that_overlap_are_drawn_below_the_words():
    over = replace(FULL, mentions=(*FULL.mentions, Mention(5, 13, TEXT[5:13], MentionKind.ESTATE, 0.5, "x")))
    drawn = Drawn(as_html(TEXT, over, "en"))
    assert re.sub(r"time|facility · where|thing · cause|estate|\s", "", drawn.text) == TEXT
    assert {"facility · where", "estate"} <= {word.strip() for word in re.split(r"\n| {4}", drawn.text)}


def test_links_are_arrows_from_word_to_word_and_without_links_there_is_nothing():
    drawn = Drawn(as_arrows(FULL, "zh"))
    for words in ("这个问题", "五一广场", "夜宵摊", "发生在", "起因（据说）"):
        assert words in drawn.text
    assert [tag for tag, _ in drawn.tags].count("textpath") == len(FULL.links)
    assert as_arrows(replace(FULL, links=()), "zh") == ""


@pytest.mark.parametrize("labels", [MentionKind, Role, LinkKind, RelationKind])
def test_every_kind_has_a_name_in_both_languages(labels):
    name = {MentionKind: kind_label, Role: role_label, LinkKind: link_label, RelationKind: link_label}[labels]
    for one in labels:
        assert re.search("[一-鿿]", name(one, "zh"))
        assert re.fullmatch("[a-z ]+", name(one, "en"))


def test_words_stand_out_from_every_colour_behind_them():
    def light(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert set(COLOURS) == set(MentionKind)
    assert len(set(COLOURS.values())) == len(COLOURS)
    for colour in COLOURS.values():
        assert (light(colour) + 0.05) / (light(INK) + 0.05) >= 7  # WCAG 2.2, AAA
