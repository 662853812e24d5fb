"""When a report says it was: what the words of `times_said.py` mean, then what holds for all words."""

import json
import os
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dateutil.rrule import rrulestr
from extraction_city import AREAS, PLACES, report
from hypothesis import given, settings
from hypothesis import strategies as st
from times_said import CHANGSHA, CHINESE, DETROIT, ENGLISH, SATURDAY, THURSDAY

from core.errors import BadInput
from core.extraction import Mention, MentionKind
from extraction.occasions import read_times
from extraction.pipeline import Pipeline
from extraction.times import find_times
from extraction.times_pieces import PARTS

REFERENCE = Path(__file__).parents[1] / "docs" / "reference.md"
SHARED = Path(__file__).parents[2] / "shared" / "data"


def mentions(text):
    return [Mention(c.start, c.end, text[c.start : c.end], c.kind, c.confidence, c.source) for c in find_times(text)]


def occasions(text, at):
    return read_times(text, mentions(text), at, at.tzinfo)


def shown(text, at):
    def local(moment):
        return f"{moment.astimezone(at.tzinfo):%Y-%m-%d %H:%M}" if moment else ""

    return " | ".join(
        f"{local(one.start)}/{local(one.end)}" + (f" {one.recurrence}" if one.recurrence else "")
        for one in occasions(text, at)
    )


@pytest.mark.parametrize(("words", "expected"), CHINESE.items())
def test_chinese_words_mean(words, expected):
    assert shown(words, THURSDAY) == expected


@pytest.mark.parametrize(("words", "expected"), ENGLISH.items())
def test_english_words_mean(words, expected):
    assert shown(words, SATURDAY) == expected


@pytest.mark.parametrize(
    ("words", "at", "zone", "expected"),
    [
        # shortly after midnight the night is the one that is not over
        ("昨晚", "2019-09-26T01:00", CHANGSHA, "2019-09-25 18:00/2019-09-26 00:00"),
        ("今晚", "2019-09-26T01:00", CHANGSHA, "2019-09-25 18:00/2019-09-26 00:00"),
        ("last night", "2024-08-31T01:00", DETROIT, "2024-08-30 20:00/2024-08-31 06:00"),
        ("tonight", "2024-08-31T01:00", DETROIT, "2024-08-30 20:00/2024-08-31 06:00"),
        ("last night at 2am", "2024-08-31T01:00", DETROIT, "2024-08-30 02:00/2024-08-30 03:00"),
        ("今天凌晨", "2019-09-26T01:00", CHANGSHA, "2019-09-26 00:00/2019-09-26 06:00"),
        ("昨天", "2019-09-26T00:00", CHANGSHA, "2019-09-25 00:00/2019-09-26 00:00"),
        # year ends
        ("昨天", "2020-01-01T09:00", CHANGSHA, "2019-12-31 00:00/2020-01-01 00:00"),
        ("12月31日晚上", "2020-01-01T09:00", CHANGSHA, "2019-12-31 18:00/2020-01-01 00:00"),
        ("去年12月", "2020-01-01T09:00", CHANGSHA, "2019-12-01 00:00/2020-01-01 00:00"),
        ("上个月", "2020-01-15T09:00", CHANGSHA, "2019-12-01 00:00/2020-01-01 00:00"),
        ("last week", "2020-01-01T09:00", DETROIT, "2019-12-23 00:00/2019-12-30 00:00"),
        ("一个月以来", "2020-03-31T09:00", CHANGSHA, "2020-02-29 09:00/2020-03-31 09:00"),
        ("一年以来", "2020-02-29T09:00", CHANGSHA, "2019-02-28 09:00/2020-02-29 09:00"),
        ("每月31号", "2020-03-15T09:00", CHANGSHA, "2020-01-31 00:00/2020-02-01 00:00 FREQ=MONTHLY;BYMONTHDAY=31"),
        # the clocks go forward at 2:00 on 10 March and back at 2:00 on 3 November 2024
        ("yesterday", "2024-03-11T09:00", DETROIT, "2024-03-10 00:00/2024-03-11 00:00"),
        ("yesterday at 2:30am", "2024-03-11T09:00", DETROIT, "2024-03-10 03:30/2024-03-10 03:31"),
        ("yesterday at 2am", "2024-03-11T09:00", DETROIT, "2024-03-10 03:00/2024-03-10 04:00"),
        ("yesterday 1am to 4am", "2024-11-04T09:00", DETROIT, "2024-11-03 01:00/2024-11-03 04:00"),
        ("9 hours ago", "2024-03-10T09:00", DETROIT, "2024-03-09 22:30/2024-03-09 23:30"),
        ("every night", "2024-03-10T09:00", DETROIT, "2024-03-09 20:00/2024-03-10 06:00 FREQ=DAILY"),
    ],
)  # fmt: skip
def test_nights_year_ends_and_changes_of_clocks(words, at, zone, expected):
    assert shown(words, datetime.fromisoformat(at).replace(tzinfo=zone)) == expected


def test_a_day_is_as_long_as_the_clocks_make_it():
    [short] = occasions("yesterday", datetime(2024, 3, 11, 9, tzinfo=DETROIT))
    [long] = occasions("yesterday", datetime(2024, 11, 4, 9, tzinfo=DETROIT))
    assert (short.end - short.start, long.end - long.start) == (timedelta(hours=23), timedelta(hours=25))


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("他们在2019年9月22号晚上倒垃圾", "2019年9月22号晚上"),
        ("工地每天凌晨两点到五点施工", "每天凌晨两点到五点"),
        ("昨天晚上的十点半左右，有人", "昨天晚上的十点半左右"),
        ("从去年十月起就没修", "从去年十月起"),
        ("loud music last night around 2am again", "last night around 2am"),
        ("on Thursday, Aug 29, 2024 at 3:15 p.m. it fell", "Thursday, Aug 29, 2024 at 3:15 p.m."),
        ("they work every Tuesday from 8am to 5pm here", "every Tuesday from 8am to 5pm"),
        ("在10pm last night的时候", "10pm last night"),
    ],
)
def test_words_that_belong_together_are_one_mention(text, whole):
    assert [mention.text for mention in mentions(text)] == [whole]


@pytest.mark.parametrize(
    "text",
    ["昨天今天都停水", "8点、9点", "on Monday, Tuesday they came", "last night, every night", "上周五、半年以来"],
)
def test_words_that_contradict_are_two_times(text):
    assert len(mentions(text)) == 2


def test_a_clock_takes_the_day_its_sentence_named_and_not_that_of_another_sentence():
    assert shown("昨天打了电话，晚上十点才来人", THURSDAY).endswith("| 2019-09-25 22:00/2019-09-25 23:00")
    assert shown("前天打了电话。晚上十点有人来", THURSDAY).endswith("| 2019-09-25 22:00/2019-09-25 23:00")


def test_what_is_less_sure_has_less_confidence():
    def sure(words, at=THURSDAY):
        return occasions(words, at)[0].confidence

    assert sure("2019年9月22日") > sure("9月22日") > sure("22日晚上") > sure("最近")
    assert sure("昨天17点") > sure("昨天5点")
    assert sure("9月22日") > sure("9月28日")  # it may be the one to come
    assert sure("昨晚十点") > sure("晚上十点有人来")
    assert sure("每天晚上") > sure("晚上有人倒垃圾")
    assert sure("for 3 weeks", SATURDAY) > sure("for over 3 weeks", SATURDAY)


def test_only_mentions_of_times_are_read_and_each_occasion_names_its_own():
    text = "岳麓区昨天停水，今天还停"
    named = [Mention(0, 3, "岳麓区", MentionKind.DISTRICT, 0.9, "test"), *mentions(text)]
    assert [one.mention for one in read_times(text, named, THURSDAY, CHANGSHA)] == [1, 2]
    assert read_times(text, named[:1], THURSDAY, CHANGSHA) == ()


def test_a_mention_that_covers_part_of_the_words_gets_the_whole_time():
    text = "昨晚十点施工"
    part = [Mention(0, 2, "昨晚", MentionKind.TIME, 0.9, "test"), Mention(2, 4, "十点", MentionKind.TIME, 0.9, "test")]
    assert [
        (one.mention, one.start.astimezone(CHANGSHA).hour) for one in read_times(text, part, THURSDAY, CHANGSHA)
    ] == [(0, 22)]


def test_the_docs_show_the_parts_of_the_day_as_they_are():
    rows = re.findall(
        r"^\| ([a-z ]+) \|.*\| (\d+):00 \| (\d+):00 \| (\d+) \|$", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE
    )
    told = {
        name: (int(start) * 60, int(end) * 60 + (1440 if int(end) < int(start) else 0), int(place) * 60)
        for name, start, end, place in rows
    }
    assert told == {name: (part.start, part.end, part.place) for name, part in PARTS.items()}


def test_a_report_time_without_zone_is_refused():
    with pytest.raises(BadInput):
        read_times("昨天", mentions("昨天"), datetime(2019, 9, 26), CHANGSHA)


def test_the_pipeline_gives_occasions_in_the_city_s_zone():
    one = report("昨晚十点施工", subject="噪音")  # reported at 8:00 UTC
    [occasion] = Pipeline(AREAS, PLACES, zone=CHANGSHA).extract([one])[0].occasions
    [utc] = Pipeline(AREAS, PLACES).extract([one])[0].occasions
    assert occasion.start == datetime(2026, 4, 30, 14, tzinfo=UTC)
    assert utc.start == datetime(2026, 4, 30, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "at"),
    [(words, THURSDAY) for words, times in CHINESE.items() if "FREQ" in times]
    + [(words, SATURDAY) for words, times in ENGLISH.items() if "FREQ" in times],
)
def test_every_rule_is_one_that_calendars_read_and_its_first_occurrence_follows_it(words, at):
    for one in occasions(words, at):
        if one.recurrence and one.start:
            first = one.start.astimezone(at.tzinfo).replace(tzinfo=None)
            rule = rrulestr(one.recurrence, dtstart=first)
            assert rule[0] == first
            assert rule[1] > first


@pytest.mark.parametrize("machine", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_machine_s_own_zone_changes_nothing(machine, monkeypatch):
    before = [shown(words, THURSDAY) for words in CHINESE]
    monkeypatch.setenv("TZ", machine)
    time.tzset()
    try:
        assert [shown(words, THURSDAY) for words in CHINESE] == before
    finally:
        monkeypatch.undo()
        time.tzset()
    assert os.environ.get("TZ") != machine


def chinese_number(number):
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else digits[tens] + "十"
    return head + (digits[ones] if ones or not tens else "")


DATE_FORMS = {
    "2019年9月22日": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "2019年09月22号": lambda d: f"{d.year}年{d.month:02d}月{d.day:02d}号",
    "二〇一九年九月二十二日": lambda d: (
        "".join("〇一二三四五六七八九"[int(c)] for c in str(d.year)) + f"年{chinese_number(d.month)}月{chinese_number(d.day)}日"
    ),
    "2019-09-22 in Chinese": lambda d: f"于{d:%Y-%m-%d}发生",
    "2019.9.22": lambda d: f"于{d.year}.{d.month}.{d.day}发生",
    "2019/9/22": lambda d: f"于{d.year}/{d.month}/{d.day}发生",
    "2019-09-22": lambda d: f"on {d:%Y-%m-%d}",
    "9/22/2019": lambda d: f"on {d.month}/{d.day}/{d.year}",
    "September 22, 2019": lambda d: f"on {d:%B} {d.day}, {d.year}",
    "Sep 22 2019": lambda d: f"on {d:%b} {d.day} {d.year}",
    "22nd of September 2019": lambda d: f"on the {d.day}th of {d:%B} {d.year}",
}  # fmt: skip


@given(st.dates(datetime(1950, 1, 1).date(), datetime(2099, 12, 31).date()), st.sampled_from(sorted(DATE_FORMS)))
@settings(deadline=None, max_examples=400)
def test_a_date_in_any_form_is_read_back(day, form):
    [one] = occasions(DATE_FORMS[form](day), datetime(2100, 6, 1, tzinfo=CHANGSHA))
    assert one.start.astimezone(CHANGSHA).date() == day
    assert one.end.astimezone(CHANGSHA).date() == day + timedelta(days=1)


@given(st.times(), st.sampled_from(["昨天{0:%H:%M}", "昨天{0.hour}时{0.minute}分", "yesterday at {0:%I:%M %p}"]))
@settings(deadline=None)
def test_a_clock_in_any_form_is_read_back(clock, form):
    times = [one.start.astimezone(CHANGSHA).time() for one in occasions(form.format(clock), THURSDAY)]
    assert times == [clock.replace(second=0, microsecond=0, fold=0)]


WORDS = [
    "昨天", "今晚", "每天", "每周三", "两点", "到", "至", "五点", "从", "起", "前", "后", "9月", "31日", "2019年", "底",
    "凌晨", "晚上", "三天前", "近两个月", "周末", "、", "，", "。", " ", "的", "左右", "年", "月", "一", "号", "点", "99999",
    "10:30", "-", "\n", "last", "night", "Friday", "at", "2am", "since", "every", "for", "3 weeks", "ago", "Aug", "30,",
    "2024", "noon", "until", "8/9", "and",
]  # fmt: skip


@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(st.sampled_from(WORDS), max_size=30).map("".join),
        st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join),
    ),
    st.datetimes(datetime(1901, 1, 1), datetime(2199, 1, 1), timezones=st.sampled_from([CHANGSHA, DETROIT, UTC])),
)  # fmt: skip
@settings(deadline=None, max_examples=400)
def test_any_words_give_times_in_order_with_offsets_that_fit(text, at):
    found = mentions(text)
    last = 0
    for mention in found:
        assert last <= mention.start < mention.end
        assert mention.text == text[mention.start : mention.end]
        last = mention.end
    for one in read_times(text, found, at, at.tzinfo):
        assert one.start or one.end
        assert one.start is None or one.end is None or one.start < one.end
        assert all(moment is None or moment.tzinfo is UTC for moment in (one.start, one.end))
        assert 0 < one.confidence <= 1
        if one.recurrence:
            rrulestr(one.recurrence, dtstart=datetime(2020, 1, 1))


@given(
    st.sampled_from(
        ["周三", "9月24号", "15日晚上", "晚上十点", "5点", "昨晚两点", "每晚", "每周五上午", "3月底", "12月", "on Friday", "at 2am",
         "last night at 3am", "Aug 9", "last May", "every Sunday night", "the 29th"]
    ),
    st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1), timezones=st.sampled_from([CHANGSHA, DETROIT])),
)  # fmt: skip
@settings(deadline=None, max_examples=300)
def test_nothing_begins_after_the_report_unless_the_words_say_so(words, at):
    for one in occasions(words, at):
        assert one.start <= at


@pytest.mark.parametrize(
    "junk",
    [
        "周一" * 10_000, "9" * 20_000, "一" * 20_000, "2019年" * 4_000, "每天" * 10_000, "到" * 20_000, "、周一" * 6_000,
        "的" * 20_000, "昨天。" * 6_000, "每天，" * 6_000, "晚上 " * 6_000, " " * 20_000, "1:" * 10_000, "1/" * 10_000,
        "a" * 20_000, "a " * 10_000, "on " * 7_000, "last " * 4_000, "Mon, " * 4_000, "for over " * 2_200, "at 2am " * 3_000,
    ],
)  # fmt: skip
def test_twenty_thousand_characters_of_junk_are_read_soon(junk):
    occasions(junk, THURSDAY)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real messages are not part of the project")
@pytest.mark.parametrize(("language", "zone", "least"), [("zh", CHANGSHA, 0.95), ("en", DETROIT, 0.95)])
def test_nearly_all_times_of_real_messages_are_read(language, zone, least):
    with (SHARED / f"reports_{language}.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    named = read = 0
    for row in rows:
        at = datetime.fromisoformat(row["reported_at"])
        text = "\n".join(filter(None, (row.get("subject"), row["text"])))
        found = mentions(text)
        named += len(found)
        read += len(
            {one.mention for one in read_times(text, found, at if at.tzinfo else at.replace(tzinfo=zone), zone)}
        )
    assert named > 200
    assert read >= least * named
