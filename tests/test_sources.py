"""Files of reports → rows, whatever their format and encoding."""

import json
from datetime import datetime

import openpyxl
import pytest

from core.errors import BadInput, UnreadableFile
from graph.sources import MAX_LINE_BYTES, count_rows, fingerprint, load_mapping, read_rows

TEXT = "五一大道垃圾成堆，无人清运，气味难闻，请有关部门尽快处理。"


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_the_encoding_is_found(tmp_path, encoding, suffix):
    line = json.dumps({"id": "1", "text": TEXT}, ensure_ascii=False)
    content = f"id,text\n1,{TEXT}\n" if suffix == ".csv" else line + "\n"
    rows = list(read_rows(write(tmp_path / f"x{suffix}", content.encode(encoding))))
    assert [dict(row.fields) for row in rows] == [{"id": "1", "text": TEXT}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    path = write(tmp_path / "x.csv", f"id{delimiter}text\n1{delimiter}{TEXT}\n")
    assert dict(next(read_rows(path)).fields) == {"id": "1", "text": TEXT}


def test_a_quoted_field_may_hold_line_breaks_and_delimiters(tmp_path):
    rows = list(read_rows(write(tmp_path / "x.csv", 'id,text\n1,"a,\nb ""c"""\n2,d\n')))
    assert [row.fields["text"] for row in rows] == ['a,\nb "c"', "d"]


def test_excel_is_read_with_its_dates(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["留言编号", "留言时间", "留言详情"])
    book.active.append([17, datetime(2020, 1, 2, 3, 4), TEXT])
    book.save(tmp_path / "x.xlsx")
    (row,) = read_rows(tmp_path / "x.xlsx")
    assert dict(row.fields) == {"留言编号": 17, "留言时间": datetime(2020, 1, 2, 3, 4), "留言详情": TEXT}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", b"", "it is empty"),
        ("x.jsonl", b"", "it is empty"),
        ("x.csv", b"id,text\n\x00\x01\x02\xff", "binary"),
        ("x.jsonl", bytes(range(256)) * 10, "binary"),
        ("x.xlsx", b"no workbook", "Excel"),
        ("x.pdf", b"%PDF-1.7", "a .csv, .tsv, .jsonl or .xlsx file"),
        ("x.csv", b"\n\n", "first row names the columns"),
    ],
)
def test_a_file_that_holds_no_rows_is_refused_as_a_whole(tmp_path, name, content, said):
    with pytest.raises(UnreadableFile, match=said):
        list(read_rows(write(tmp_path / name, content)))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UnreadableFile, match="a file that exists"):
        read_rows(tmp_path / "absent.csv")


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_a_line_of_ten_megabytes_is_set_aside_and_the_rest_is_read(tmp_path, suffix):
    long = "长" * 3_500_000
    if suffix == ".jsonl":
        lines = [json.dumps({"text": text}, ensure_ascii=False) for text in ("a", long, "b")]
    else:
        lines = ["text,id", "a,1", f"{long},2", "b,3"]
    rows = list(read_rows(write(tmp_path / f"x{suffix}", "\n".join(lines) + "\n")))
    assert len(rows) == 3
    assert [row.fields.get("text") for row in rows if row.error is None] == ["a", "b"]
    (bad,) = [row for row in rows if row.error]
    assert bad.number == 2
    assert f"{MAX_LINE_BYTES:,}" in str(bad.error)


@pytest.mark.parametrize("line", ["{", "[1]", '"text"', "", "null", "[" * 100_000])
def test_a_line_that_is_no_json_object_is_set_aside(tmp_path, line):
    rows = list(read_rows(write(tmp_path / "x.jsonl", f'{{"text": "a"}}\n{line}\n{{"text": "b"}}\n')))
    assert [row.error is None for row in rows] == [True, False, True]
    assert "a JSON object" in str(rows[1].error)


def test_a_number_too_long_for_a_number_is_set_aside(tmp_path):
    path = write(tmp_path / "x.jsonl", '{"text": "a", "id": ' + "9" * 5000 + '}\n{"text": "b"}\n')
    assert [row.error is None for row in read_rows(path)] == [False, True]


def test_a_csv_row_with_missing_columns_is_set_aside(tmp_path):
    rows = list(read_rows(write(tmp_path / "x.csv", "id,text\n1,a\n2\n3,b,c\n4,d\n")))
    assert [row.error is None for row in rows] == [True, False, False, True]
    assert "a row of 2 columns; it has 1" in str(rows[1].error)


def test_rows_are_counted(tmp_path):
    assert count_rows(write(tmp_path / "x.csv", "id,text\n1,a\n2,b\n")) == 2


def test_the_same_bytes_have_the_same_fingerprint_and_others_another(tmp_path):
    one, same, other = (write(tmp_path / name, text) for name, text in (("a", "x"), ("b", "x"), ("c", "y")))
    assert fingerprint(one) == fingerprint(same) != fingerprint(other)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fields: {text: 留言详情}\ncolor: red", "mapping.color"),
        ("datum: cgcs2000", "mapping.datum.*bd09"),
        ("- a", "mapping"),
        ("fields: {texts: 内容}", "mapping.fields"),
        ("timezone: Asia/Shangai", "mapping.timezone.*IANA"),
        ("{", "YAML"),
    ],
)
def test_a_mapping_that_does_not_fit_is_named(tmp_path, text, said):
    with pytest.raises(BadInput, match=said):
        load_mapping(write(tmp_path / "m.yaml", text))
