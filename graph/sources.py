"""Files of reports → rows: CSV, JSONL and Excel, whatever their encoding; a row that cannot be read is named, not fatal."""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import BadZipFile, is_zipfile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import openpyxl
import yaml
from charset_normalizer import from_bytes
from openpyxl.utils.exceptions import InvalidFileException
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from core.errors import BadInput, UnreadableFile
from graph.datum import Datum
from graph.intake import ReportField

__all__ = ["MAX_LINE_BYTES", "ColumnMapping", "Row", "count_rows", "fingerprint", "load_mapping", "read_rows"]

MAX_LINE_BYTES = 1_000_000  # a report is a message; a longer line is a mistake and would fill the memory
_SAMPLE_BYTES = 65_536
_ENCODINGS = ["gb18030", "big5", "utf_16", "utf_16_le", "utf_16_be", "cp1252"]


class ColumnMapping(BaseModel):
    """How a source's columns are called: our field → its column. Fields left out go by our own name or a usual synonym."""

    model_config = ConfigDict(extra="forbid")

    source: str | None = None
    fields: dict[ReportField, str] = {}
    datum: Datum = "wgs84"
    timezone: str | None = None
    time_format: str | None = None
    synthetic: bool = False

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        try:
            ZoneInfo(name or "UTC")
        except (ZoneInfoNotFoundError, ValueError):
            msg = f"{name!r} is not an IANA time zone such as 'Asia/Shanghai'"
            raise ValueError(msg) from None
        return name


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file. number: from 1, as a person counts the file's rows; error: why it cannot be read, or None."""

    number: int
    fields: Mapping[str, object]
    error: BadInput | None = None


def load_mapping(path: Path | None) -> ColumnMapping:
    """Read a column mapping from YAML; raises BadInput with the field that does not fit."""
    if path is None:
        return ColumnMapping()
    try:
        return ColumnMapping.model_validate(yaml.safe_load(path.read_text(encoding="utf-8-sig")) or {})
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UnreadableFile("mapping", str(path), "a YAML file") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"mapping.{'.'.join(map(str, first['loc']))}", first["input"], first["msg"]) from error


def fingerprint(path: Path) -> str:
    """The file's SHA-256, in hex: the identity of an ingest."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a CSV, JSONL or Excel file, in order.

    Raises UnreadableFile where the file as a whole is absent, empty or of no known format.
    """
    if not path.is_file():
        raise UnreadableFile("file", str(path), "a file that exists")
    if path.stat().st_size == 0:
        raise UnreadableFile("file", path.name, "a file with at least one row; it is empty")
    suffix = path.suffix.lower()
    if suffix in {".xlsx", ".xlsm"} or (suffix not in {".csv", ".tsv", ".jsonl", ".ndjson"} and is_zipfile(path)):
        return _excel_rows(path)
    encoding = _sniff(path)
    if suffix in {".jsonl", ".ndjson", ".json"}:
        return _json_rows(path, encoding)
    if suffix in {".csv", ".tsv", ".txt"}:
        return _csv_rows(path, encoding)
    raise UnreadableFile("file", path.name, "a .csv, .tsv, .jsonl or .xlsx file")


def count_rows(path: Path) -> int:
    """How many rows a file has, for a progress bar; reads the file once."""
    return sum(1 for _ in read_rows(path))


def _sniff(path: Path) -> str:
    """The text encoding: UTF-8 where the whole file is, else the best guess; raises UnreadableFile for binary data."""
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE_BYTES)
        if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16"
        if b"\x00" in sample:
            raise UnreadableFile("file", path.name, "text; it holds binary data")
        stream.seek(0)
        if _is_utf8(stream):
            return "utf-8-sig"
    best = from_bytes(sample, cp_isolation=_ENCODINGS).best()
    if best is None:
        raise UnreadableFile("file", path.name, "text in UTF-8, GB18030 or another common encoding")
    return "gb18030" if best.encoding in {"gb2312", "gbk", "gb18030"} else best.encoding


def _is_utf8(stream: BinaryIO) -> bool:
    try:
        for line in iter(lambda: stream.readline(MAX_LINE_BYTES * 16), b""):
            line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _lines(path: Path, encoding: str) -> Iterator[tuple[int, str | None]]:
    """Numbered lines without their end; None for one that is too long (it is skipped without filling the memory)."""
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        number = 0
        while line := stream.readline(MAX_LINE_BYTES):
            number += 1
            if len(line) < MAX_LINE_BYTES or line.endswith("\n"):
                yield number, line.rstrip("\r\n")
                continue
            while (rest := stream.readline(MAX_LINE_BYTES)) and not rest.endswith("\n"):
                pass
            yield number, None


def _too_long(number: int) -> Row:
    return Row(number, {}, BadInput("line", f"line {number}", f"shorter than {MAX_LINE_BYTES:,} characters"))


def _json_rows(path: Path, encoding: str) -> Iterator[Row]:
    for number, line in _lines(path, encoding):
        if line is None:
            yield _too_long(number)
            continue
        if not line.strip():
            yield Row(number, {}, BadInput("line", "", "a JSON object; it is empty"))
            continue
        try:
            value: object = json.loads(line)
        except (ValueError, RecursionError):  # of a number with thousands of digits, json raises a plain ValueError
            yield Row(number, {}, BadInput("line", line, "a JSON object"))
            continue
        if isinstance(value, dict):
            yield Row(number, cast("dict[str, object]", value))
        else:
            yield Row(number, {}, BadInput("line", line, "a JSON object"))


def _csv_rows(path: Path, encoding: str) -> Iterator[Row]:
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        head = stream.readline(MAX_LINE_BYTES)
    delimiter = max(",;\t|", key=head.count)
    previous = csv.field_size_limit(MAX_LINE_BYTES)
    try:
        with path.open(encoding=encoding, errors="replace", newline="") as stream:
            rows = csv.reader(stream, delimiter=delimiter)
            header = [name.strip() for name in next(rows, [])]
            if len(header) < 2 and not any(header):  # noqa: PLR2004
                raise UnreadableFile("file", path.name, "a CSV whose first row names the columns")
            number = 0
            while True:
                number += 1
                try:
                    values = next(rows)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Row(
                        number, {}, BadInput("row", str(error), f"a CSV row with fields under {MAX_LINE_BYTES:,}")
                    )
                    continue
                yield _csv_row(number, header, values)
    finally:
        csv.field_size_limit(previous)


def _csv_row(number: int, header: list[str], values: list[str]) -> Row:
    if len(values) == len(header):
        return Row(number, {name: value if value != "" else None for name, value in zip(header, values, strict=True)})
    return Row(number, {}, BadInput("row", values, f"a row of {len(header)} columns; it has {len(values)}"))


def _excel_rows(path: Path) -> Iterator[Row]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise UnreadableFile("file", path.name, "an Excel workbook (.xlsx)") from error
    try:
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(values_only=True)
        header = [str(name).strip() if name is not None else "" for name in next(rows, None) or ()]
        if not any(header):
            raise UnreadableFile("file", path.name, "a sheet whose first row names the columns")
        for number, values in enumerate(rows, start=1):
            cells = {name: value for name, value in zip(header, values, strict=False) if name}
            if any(value is not None for value in cells.values()):
                yield Row(number, cast("dict[str, object]", cells))
            else:
                yield Row(number, {}, BadInput("row", number, "a row with values; it is empty"))
    finally:
        book.close()
