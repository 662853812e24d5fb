"""A row of any source → a report, or an error that names the field, the value and what was expected."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.types import Point
from graph.intake import MAX_TEXT, Intake

NOW = datetime(2026, 11, 21, tzinfo=UTC)
GOOD = {"id": "7", "text": "垃圾没人清", "reported_at": "2026-11-20 08:30:00"}


def intake(**changes):
    options = {"source": "letters", "zone": ZoneInfo("Asia/Shanghai"), "now": NOW, "fields": {}, **changes}
    return Intake(**options)


def test_a_row_becomes_a_report():
    report = intake().accept(
        {**GOOD, "subject": "垃圾", "longitude": "112.97", "latitude": 28.19, "address": "五一大道"}
    )
    assert report.id == "letters:7"
    assert report.reported_at == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
    assert report.location == Point(112.97, 28.19)
    assert (report.subject, report.language, report.address) == ("垃圾", "zh", "五一大道")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2019/9/21 15:33:14", datetime(2019, 9, 21, 7, 33, 14, tzinfo=UTC)),
        ("2019年9月21日 15:33", datetime(2019, 9, 21, 7, 33, tzinfo=UTC)),
        ("2024-08-29T11:45:29-04:00", datetime(2024, 8, 29, 15, 45, 29, tzinfo=UTC)),
        ("2024-08-29T11:45:29Z", datetime(2024, 8, 29, 11, 45, 29, tzinfo=UTC)),
        ("08/29/2024 11:45:29 PM", datetime(2024, 8, 29, 15, 45, 29, tzinfo=UTC)),
        (datetime(2020, 1, 2, 8), datetime(2020, 1, 2, 0, tzinfo=UTC)),  # as Excel gives it
    ],
)
def test_the_usual_ways_to_write_a_time_are_read_in_the_sources_zone(written, meant):
    assert intake().accept({**GOOD, "reported_at": written}).reported_at == meant


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"text": None}, "text", "not empty"),
        ({"text": "   "}, "text", "not empty"),
        ({"text": "😀😡👍 !!! 123"}, "text", "words"),
        ({"text": "长" * (MAX_TEXT + 1)}, "text", "20,000"),
        ({"text": ["a"]}, "text", "text"),
        ({"reported_at": None}, "reported_at", "2026-11-20T08:30"),
        ({"reported_at": "soon"}, "reported_at", "2026-11-20T08:30"),
        ({"reported_at": "2027-01-01"}, "reported_at", "in the past"),
        ({"reported_at": "0001-01-01T00:00:00+14:00"}, "reported_at", "of this age"),
        ({"reported_at": "1901-01-01"}, "reported_at", "after 1990"),
        ({"longitude": 200, "latitude": 28}, "longitude", "±180"),
        ({"longitude": 112, "latitude": "91"}, "latitude", "±90"),
        ({"longitude": 112, "latitude": "north"}, "latitude", "a number"),
        ({"longitude": 112}, "latitude", "a number"),
        ({"longitude": "nan", "latitude": 28}, "longitude", "±180"),
        ({"longitude": float("inf"), "latitude": 28}, "longitude", "±180"),
        ({"language": "fr"}, "language", "'zh' or 'en'"),
        ({"id": "x" * 201}, "id", "at most 200"),
        ({"channel": "x" * 41}, "channel", "at most 40"),
    ],
)
def test_what_does_not_fit_is_named(change, field, said):
    with pytest.raises(BadInput, match=said) as caught:
        intake().accept({**GOOD, **change})
    assert caught.value.field == field


def test_columns_go_by_the_mapping_or_a_usual_synonym():
    mapped = intake(fields={"text": "诉求"}).accept({"留言编号": 7.0, "诉求": "路灯坏了", "留言时间": "2020/1/2"})
    assert (mapped.id, mapped.text) == ("letters:7", "路灯坏了")


def test_a_table_without_a_needed_column_is_refused_and_the_mapping_is_named():
    with pytest.raises(BadInput, match=r"text.*fields\.text"):
        intake().check_columns({"id": 1, "reported_at": 2})


def test_a_row_without_an_id_gets_one_from_its_content():
    row = {key: value for key, value in GOOD.items() if key != "id"}
    assert intake().accept(row).id == intake(now=NOW + timedelta(days=1)).accept(row).id
    assert intake().accept({**row, "text": "别的事"}).id != intake().accept(row).id


def test_null_island_is_an_unknown_place():
    assert intake().accept({**GOOD, "longitude": 0, "latitude": 0}).location is None


def test_gcj02_coordinates_are_shifted_to_wgs84():
    location = intake(datum="gcj02").accept({**GOOD, "longitude": 112.9766, "latitude": 28.1916}).location
    assert location.longitude == pytest.approx(112.9711, abs=5e-4)
    assert location.latitude == pytest.approx(28.1949, abs=5e-4)


def test_bd09_coordinates_are_shifted_to_wgs84():
    location = intake(datum="bd09").accept({**GOOD, "longitude": 112.98314, "latitude": 28.19732}).location
    assert location.longitude == pytest.approx(112.9711, abs=5e-4)
    assert location.latitude == pytest.approx(28.1949, abs=5e-4)


def test_a_datum_that_nobody_knows_is_named():
    with pytest.raises(BadInput, match="datum: 'cgcs2000'"):
        intake(datum="cgcs2000").accept({**GOOD, "longitude": 112.98, "latitude": 28.19})


def test_control_characters_go_and_injections_stay_plain_text():
    text = "垃圾\x00\x1b[31m'; DROP TABLE reports; -- }) DETACH DELETE n //"
    assert intake().accept({**GOOD, "text": text}).text == text.replace("\x00", "").replace("\x1b", "")


values = st.one_of(
    st.none(), st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.lists(st.integers(), max_size=2)
)


@given(st.dictionaries(st.sampled_from([*GOOD, "longitude", "latitude", "language", "channel", "subject"]), values))
def test_any_row_gives_a_report_or_our_error(row):
    try:
        report = intake().accept(row)
    except BadInput as error:
        assert error.field
    else:
        assert report.reported_at.tzinfo is UTC
        assert report.text.strip()
