"""`citygraph extract`: one text in the terminal, and every row of a file as lines of JSON."""

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from city_graph import ROOT, SHARED, coarse_city, coarse_folder, needs_shared, texts
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from api.extract_file import extract_file
from api.extract_terminal import show
from api.extracted import answer
from api.extracting import ReadText, mask_fields
from api.fields import boundary, span_in_field, within_fields
from core.errors import BadInput, UnreadableFile
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

AT = datetime(2026, 11, 20, 0, 10, tzinfo=UTC)
ZONE = coarse_city().info.timezone
NOWHERE = Location(None, None, None, 0.0, "none", "none")
FIELDS = {"id", "language", "mentions", "relations", "party", "parties", "places", "location", "times", "masked"}


def read_file(folder, *rows, language=None):
    """The lines that a file of these rows is answered with."""
    file, out = folder / "in.jsonl", folder / "out.jsonl"
    file.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    outcome = extract_file(file, out, texts(), language)
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert outcome.answered == sum("error" not in line for line in lines)
    return lines


def run(*arguments, code=0):
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("NEO4J", "CITYGRAPH"))}
    env = {**clean, "CITYGRAPH_CITY": str(coarse_folder()), "COLUMNS": "120", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "extract", *arguments],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def printed(read, language="zh", **how):
    console = Console(file=io.StringIO(), width=120, **how)
    show(read, answer(read, texts()), language, ZONE, console)
    return console.file.getvalue()


def test_each_line_says_what_is_named_with_offsets_in_its_field(tmp_path):
    row = {
        "id": "a",
        "subject": "五一广场太吵",
        "text": "昨晚11点，麓山南路的夜宵摊占道",
        "reported_at": "2026-11-20T08:10:00+08:00",
    }
    [line] = read_file(tmp_path, row)
    assert line.keys() == FIELDS
    assert line["id"] == "a"
    assert {(one["field"], one["text"]) for one in line["mentions"]} >= {("subject", "五一广场"), ("text", "麓山南路")}
    for one in [*line["mentions"], *line["places"]]:
        assert row[one["field"]][one["start"] : one["end"]] == one["text"]
        assert one["type"] in set(MentionKind)
    assert {one["text"]: one["area"] for one in line["places"]}["五一广场"] == "place-wuyi-square"


def test_offsets_count_in_the_field_as_it_was_given_with_its_spaces_signs_and_characters_of_two_units(tmp_path):
    row = {"id": 1, "subject": " \r\n🚨 五一广场 ", "text": "\t\x1b[31m😡\r\n  岳麓区麓山南路\x00夜宵摊占道 "}
    [line] = read_file(tmp_path, row)
    assert {one["text"] for one in line["mentions"]} >= {"五一广场", "岳麓区", "麓山南路"}
    for one in line["mentions"]:
        assert row[one["field"]][one["start"] : one["end"]] == one["text"]


def test_times_are_instants_seen_from_the_moment_of_the_report(tmp_path):
    row = {"text": "昨晚11点五一广场夜宵摊占道", "reported_at": "2026-11-20T08:10:00+08:00"}
    [line] = read_file(tmp_path, row)
    [time] = line["times"]
    assert time["text"] == "昨晚11点"
    assert datetime.fromisoformat(time["start"]) == datetime(2026, 11, 19, 15, tzinfo=UTC)


def test_a_time_without_zone_is_the_citys_and_no_time_is_now(tmp_path):
    local, now = read_file(
        tmp_path,
        {"text": "昨晚11点五一广场夜宵摊占道", "reported_at": "2026-11-20 08:10"},
        {"text": "昨晚11点五一广场夜宵摊占道"},
    )
    assert datetime.fromisoformat(local["times"][0]["start"]) == datetime(2026, 11, 19, 15, tzinfo=UTC)
    assert abs((datetime.fromisoformat(now["times"][0]["start"]) - datetime.now(UTC)).days) <= 2


def test_a_report_may_be_of_a_day_to_come(tmp_path):
    [line] = read_file(tmp_path, {"text": "昨晚11点五一广场夜宵摊占道", "reported_at": "2031-01-02T08:00:00+08:00"})
    assert line["times"][0]["start"].startswith("2031-01-01")


def test_the_surest_party_is_named_and_all_are_listed(tmp_path):
    named, none = read_file(tmp_path, {"text": "投诉五一广场物业乱收费"}, {"text": "麓山南路垃圾没人收"})
    assert named["party"] == named["parties"][0]["name"] == "五一广场物业"
    assert named["parties"] == sorted(named["parties"], key=lambda one: -one["confidence"])
    assert none["party"] is None
    assert none["parties"] == []


def test_coordinates_and_an_address_are_heeded(tmp_path):
    by_point, by_address = read_file(
        tmp_path,
        {"text": "垃圾没人收", "longitude": 112.937, "latitude": 28.174},
        {"text": "垃圾没人收", "address": "五一广场"},
    )
    assert by_point["location"]["method"] == "coordinates"
    assert by_point["location"]["district"] == "430104"
    assert [(one["field"], one["start"], one["area"]) for one in by_address["places"]] == [
        ("address", None, "place-wuyi-square")
    ]


def test_personal_data_is_masked_in_each_field(tmp_path):
    [line] = read_file(tmp_path, {"subject": "打13812345678", "text": "麓山南路太吵，联系 wang@example.com"})
    assert line["masked"] == {"subject": "打[电话]", "text": "麓山南路太吵，联系 [邮箱]"}


def test_what_cannot_be_read_is_named_by_line_and_field_and_the_others_go_on(tmp_path):
    lines = read_file(
        tmp_path,
        {"id": "a", "text": "麓山南路垃圾没人收"},
        {"id": "b", "text": None},
        "{broken\n",
        {"id": "d", "text": "trash", "language": "fr"},
        {"id": "e", "text": "trash on the road", "reported_at": "yesterday"},
        {"id": "f", "text": "trash on the road", "longitude": 400, "latitude": 1},
        {"id": "g", "text": "Trash on Shaoshan South Road", "language": "en"},
    )
    assert [(line["id"], line.get("line"), line.get("field")) for line in lines] == [
        ("a", None, None), ("b", 2, "text"), (3, 3, "line"), ("d", 4, "language"), ("e", 5, "reported_at"),
        ("f", 6, "longitude"), ("g", None, None),
    ]  # fmt: skip
    assert "degrees" in lines[5]["error"]


def test_half_a_character_breaks_neither_the_file_nor_the_offsets(tmp_path):
    row = '{"id": "\\ud800", "text": "\\ud83d 五一广场太吵"}\n'
    [line] = read_file(tmp_path, row)
    assert line["id"] == "\ud800"
    assert json.loads(row)["text"][line["places"][0]["start"] : line["places"][0]["end"]] == "五一广场"


def test_the_output_may_not_be_the_input_which_stays_as_it_was(tmp_path):
    file, link = tmp_path / "in.jsonl", tmp_path / "link.jsonl"
    file.write_text('{"text": "五一广场太吵"}\n', encoding="utf-8")
    link.symlink_to(file)
    for out in (file, link):
        with pytest.raises(BadInput, match="another file"):
            extract_file(file, out, texts())
    assert file.read_text(encoding="utf-8") == '{"text": "五一广场太吵"}\n'


def test_a_failure_leaves_earlier_answers_and_no_half_file(tmp_path):
    file, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    file.write_text('{"text": "五一广场太吵"}\n' * 200, encoding="utf-8")
    out.write_text("earlier", encoding="utf-8")

    def stop(_rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract_file(file, out, texts(), None, stop)
    with pytest.raises(UnreadableFile):
        extract_file(tmp_path / "absent.jsonl", out, texts())
    assert out.read_text(encoding="utf-8") == "earlier"
    assert {path.name for path in tmp_path.iterdir()} == {"in.jsonl", "out.jsonl"}


def test_an_output_that_cannot_be_written_is_named(tmp_path):
    file = tmp_path / "in.jsonl"
    file.write_text('{"text": "五一广场太吵"}\n', encoding="utf-8")
    for out in (tmp_path, tmp_path / "absent" / "out.jsonl"):
        with pytest.raises(BadInput, match="folder that exists"):
            extract_file(file, out, texts())


@needs_shared
def test_every_offset_of_real_messages_holds(tmp_path):
    rows = [
        json.loads(line)
        for name in ("reports_zh.jsonl", "reports_en.jsonl")
        for line in (SHARED / name).read_text(encoding="utf-8").splitlines()[:150]
    ]
    lines = read_file(tmp_path, *rows)
    assert [line["id"] for line in lines] == [row["id"] for row in rows]
    for row, line in zip(rows, lines, strict=True):
        for one in (one for one in [*line["mentions"], *line["places"]] if one["start"] is not None):
            assert row[one["field"]][one["start"] : one["end"]] == one["text"]


# Relations: links between mentions, and the report's to the city

FULL_TEXT = "太吵\n昨晚五一广场的夜宵摊"
FULL = Extraction(
    mentions=(
        Mention(0, 2, "太吵", MentionKind.TRIGGER, 0.9, "tagger@1"),
        Mention(3, 5, "昨晚", MentionKind.TIME, 0.9, "times@1"),
        Mention(5, 9, "五一广场", MentionKind.POI, 0.95, "gazetteer@1", "place-wuyi-square", Role.WHERE),
        Mention(10, 13, "夜宵摊", MentionKind.OBJECT, 0.8, "tagger@1", None, Role.CAUSE),
    ),
    relations=(
        Relation(RelationKind.AT, "place-wuyi-square", 0.8, "named", "geocode@1", 2),
        Relation(RelationKind.LOCATED_IN, "430102", 0.8, "point in polygon", "geocode@1"),
    ),
    location=NOWHERE,
    links=(
        Link(LinkKind.AT, 0, 2, 0.7, "same clause", "links@1"),
        Link(LinkKind.CAUSED_BY, None, 3, 0.6, "does it", "links@1", hearsay=True),
        Link(LinkKind.HAPPENS_AT, 0, 1, 0.9, "only time", "links@1", negated=True),
    ),
    occasions=(Occasion(1, datetime(2026, 11, 19, 10, tzinfo=UTC), None, "FREQ=DAILY", 0.9, "last night"),),
    choices=(
        PlaceChoice(
            2, "place-wuyi-square", 0.9,
            (
                Considered("place-wuyi-square", "五一广场", 0.9, {"name": 0.88, "area": 0.02}, "its name"),
                Considered("place-x", "[bold]五一[/]", 0.3, {"name": 0.3}, "nearly its name"),
            ),
            "its name",
        ),
    ),
)  # fmt: skip


def full(text=FULL_TEXT, extraction=FULL):
    subject, _, words = text.partition("\n")
    report = texts().accept({"subject": subject, "text": words, "language": "zh"}, AT)
    return ReadText(report, extraction, mask_fields(report, extraction.mentions))


def test_a_relation_that_link_and_city_both_tell_is_one_entry(tmp_path, monkeypatch):
    monkeypatch.setattr(type(texts()), "extract", lambda _, reports: [full() for _ in reports])
    [line] = read_file(tmp_path, {"subject": "太吵", "text": "昨晚五一广场的夜宵摊"})
    assert [
        (one["kind"], one["head_text"], one["tail_text"], one["target"], one["negated"], one["hearsay"])
        for one in line["relations"]
    ] == [
        ("AT", "太吵", "五一广场", "place-wuyi-square", False, False),
        ("CAUSED_BY", None, "夜宵摊", None, False, True),
        ("HAPPENS_AT", "太吵", "昨晚", None, True, False),
        ("LOCATED_IN", None, "芙蓉区", "430102", False, False),
    ]


# No mention spans subject and text


def test_a_mention_across_subject_and_text_is_split_at_their_break_and_its_longer_piece_keeps_what_pointed_to_it():
    across = Mention(1, 7, "五一\n广场上", MentionKind.POI, 0.9, "x", "place-wuyi-square")
    later = Mention(8, 9, "吵", MentionKind.TRIGGER, 0.9, "x")
    found = Extraction(
        (across, later), (Relation(RelationKind.AT, "place-wuyi-square", 0.8, "named", "x", 0),), NOWHERE,
        links=(Link(LinkKind.AT, 1, 0, 0.8, "", "x"),),
        occasions=(Occasion(1, None, AT, None, 0.5, ""),),
        choices=(PlaceChoice(0, None, 0.1, (), ""), PlaceChoice(None, None, 0.1, (), "")),
    )  # fmt: skip
    split = within_fields(found, 3)
    assert [(one.start, one.end, one.text) for one in split.mentions] == [
        (1, 3, "五一"),
        (4, 7, "广场上"),
        (8, 9, "吵"),
    ]
    assert split.relations[0].mention == 1
    assert (split.links[0].head, split.links[0].tail) == (2, 1)
    assert split.occasions[0].mention == 2
    assert [one.mention for one in split.choices] == [1, None]


@given(
    st.text("五一广场 \n", min_size=2, max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.integers(1, 6)), max_size=6),
    st.data(),
)
def test_every_mention_ends_up_in_one_field_with_its_own_words(text, spans, data):
    at = data.draw(st.integers(0, len(text) - 1))
    full_text = f"{text[:at]}\n{text[at + 1 :]}"
    mentions = tuple(
        Mention(start, min(start + length, len(text)), full_text[start : start + length], MentionKind.POI, 0.5, "x")
        for start, length in spans
        if start < len(text)
    )
    links = tuple(Link(LinkKind.NEAR, index, 0, 0.5, "", "x") for index in range(len(mentions)))
    split = within_fields(Extraction(mentions, (), NOWHERE, links=links), at)
    fields = {"subject": full_text[:at], "text": full_text[at + 1 :]}
    for mention in split.mentions:
        span = span_in_field(mention.start, mention.end, at)
        assert fields[span.field][span.start : span.end] == mention.text
    assert all(
        0 <= link.tail < len(split.mentions) and 0 <= (link.head or 0) < len(split.mentions) for link in split.links
    )


def test_without_a_subject_everything_stands_in_the_text():
    report = texts().accept({"text": "五一\n广场"}, AT)
    span = span_in_field(0, 5, boundary(report))
    assert (span.field, span.start, span.end) == ("text", 0, 5)


# In the terminal


def test_the_terminal_shows_words_arrows_times_and_why_a_place_won_in_both_languages():
    zh, en = printed(full(), "zh"), printed(full(), "en")
    for words in (
        "设施与地点",
        "太吵 ─发生在→ 五一广场",
        "这个问题 ─起因（据说）→ 夜宵摊",
        "2026-11-19 18:00 CST",
        "名称 0.88",
        "发生地",
    ):
        assert words in zh
    for words in (
        "facility",
        "太吵 ─at→ 五一广场",
        "the trouble ─caused by (hearsay)→ 夜宵摊",
        "FREQ=DAILY",
        "its name",
    ):
        assert words in en
    assert "✓" in zh


def test_spans_are_coloured_where_the_terminal_has_colours():
    shown = printed(full(), force_terminal=True, color_system="truecolor")
    assert "\x1b[38;2;31;41;51;48;2;198;234;242m五一广场\x1b[0m" in shown


def test_what_people_write_is_no_markup_of_the_terminal():
    text = "[red]五一广场[/] [/nothing] \x1b[31m太吵"
    read = texts().extract([texts().accept({"text": text}, AT)])[0]
    shown = printed(read)
    assert "[red]五一广场[/] [/nothing]" in shown
    assert "\x1b" not in shown
    assert "[bold]五一[/]" in printed(full())  # the name of a candidate, which the city does not know


def test_a_text_that_names_nothing_says_so():
    read = texts().extract([texts().accept({"text": "唉"}, AT)])[0]
    assert "没有读出" in printed(read)
    assert "无法定位" in printed(read)


def test_the_command_shows_a_text_and_reads_a_file(tmp_path):
    shown = run("昨晚11点五一广场夜宵摊占道", "--reported-at", "2026-11-20T08:00")
    assert "2026-11-19 23:00 CST" in shown
    assert "五一广场 → 五一广场" in shown
    file, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    file.write_text('{"id": "a", "text": "五一广场太吵"}\n{"id": "b"}\n', encoding="utf-8")
    told = run(str(file), "--out", str(out))
    assert "1 rows read, 1 not readable" in told
    assert "not read: line 2: text" in told
    assert [json.loads(line)["id"] for line in out.read_text(encoding="utf-8").splitlines()] == ["a", "b"]


def test_a_mistake_on_the_command_line_is_one_clear_line(tmp_path):
    file = tmp_path / "in.jsonl"
    file.write_text('{"text": "五一广场太吵"}\n', encoding="utf-8")
    assert "error: out:" in run(str(file), code=1)
    assert "error: file:" in run("五一广场" * 200, "--out", str(tmp_path / "o.jsonl"), code=1)
