"""A row of any source → a Report without personal data, or an error that names the field, the value and what was expected."""

import hashlib
import math
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal, cast

from core.errors import BadInput
from core.language import detect_language
from core.types import Language, Point, Report
from graph.datum import Datum, point_to_wgs84
from graph.privacy import Privacy

__all__ = ["MAX_TEXT", "Intake", "ReportField"]

ReportField = Literal["id", "text", "subject", "reported_at", "longitude", "latitude", "address", "channel", "language"]

MAX_TEXT = 20_000  # characters; the longest real letter seen has about 8,000
_MAX_ID = 200
_FUTURE = timedelta(days=1)  # clocks differ, and a date without zone may be a day ahead
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

# Names under which the usual sources carry our fields, first match wins.
_SYNONYMS: dict[ReportField, tuple[str, ...]] = {
    "id": ("id", "service_request_id", "unique_key", "编号", "留言编号", "工单编号"),
    "text": ("text", "description", "content", "内容", "留言详情", "诉求内容", "问题描述"),
    "subject": ("subject", "title", "标题", "留言主题", "主题"),
    "reported_at": ("reported_at", "requested_datetime", "created_date", "created_at", "时间", "留言时间", "上报时间"),
    "longitude": ("longitude", "long", "lon", "lng", "经度"),
    "latitude": ("latitude", "lat", "纬度"),
    "address": ("address", "address_string", "地址", "地点"),
    "channel": ("channel", "来源", "渠道"),
    "language": ("language", "lang", "语言"),
}
_MAX_CHANNEL = 40
_TIME_FORMATS = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M",
)


@dataclass(frozen=True, slots=True)
class Intake:
    """Where rows come from and how their columns, clock and coordinates are to be read.

    fields: our field → the source's column. zone: of times that carry none. now: the moment of receipt, UTC.
    privacy: what becomes of personal data; who does not say has it masked and dropped.
    """

    source: str
    zone: tzinfo
    now: datetime
    fields: Mapping[ReportField, str]
    datum: Datum = "wgs84"
    time_format: str | None = None
    synthetic: bool = False
    channel: str = "file"
    privacy: Privacy = field(default_factory=Privacy)

    def accept(self, row: Mapping[str, object]) -> Report:
        """Make the report; raises BadInput with field, value and what was expected.

        Both are without personal data. The id is as the source gave it, or the hash of the content as it was given.
        """
        try:
            return self._accept(row)
        except BadInput as error:
            raise self.privacy.without_personal(error) from None

    def _accept(self, row: Mapping[str, object]) -> Report:
        text = self._text(row)
        reported_at = self._time(self._value(row, "reported_at"))
        location = self._location(row)
        subject = _clean("subject", self._value(row, "subject"))
        language = self._language(row, f"{subject}\n{text}" if subject else text)
        address, channel = _clean("address", self._value(row, "address")), self._channel(row)
        said = {"subject": subject, "text": text, "address": address, "channel": channel}
        kept = self.privacy.keep(said, language)
        return Report(
            id=f"{self.source}:{self._source_id(row, text, reported_at, location)}",
            text=kept.fields["text"] or text,
            subject=kept.fields["subject"],
            language=language,
            channel=kept.fields["channel"] or self.channel,
            source=self.source,
            reported_at=reported_at,
            received_at=self.now,
            location=location,
            address=kept.fields["address"],
            sealed=kept.sealed,
            synthetic=self.synthetic or row.get("synthetic") is True,
        )

    def check_columns(self, columns: Collection[str]) -> None:
        """Refuse a source that lacks a column every report needs; raises BadInput naming field and columns."""
        for needed in ("text", "reported_at"):
            names = (self.fields[needed],) if needed in self.fields else _SYNONYMS[needed]
            if not any(name in columns for name in names):
                expected = f"among the columns {sorted(columns)}; name it in the mapping's fields.{needed}"
                raise self.privacy.without_personal(BadInput(needed, names[0], expected))

    def _value(self, row: Mapping[str, object], field: ReportField) -> object:
        if field in self.fields:
            return row.get(self.fields[field])
        return next((row[name] for name in _SYNONYMS[field] if row.get(name) is not None), None)

    def _text(self, row: Mapping[str, object]) -> str:
        value = self._value(row, "text")
        text = _clean("text", value)
        if text is None:
            raise BadInput("text", value, "a text that is not empty")
        if len(text) > MAX_TEXT:
            raise BadInput("text", text, f"at most {MAX_TEXT:,} characters; it has {len(text):,}")
        if not any(unicodedata.category(character)[0] == "L" for character in text):
            raise BadInput("text", text, "a text with words; it holds signs, digits or emoji alone")
        return text

    def _source_id(self, row: Mapping[str, object], text: str, at: datetime, location: Point | None) -> str:
        value = self._value(row, "id")
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # Excel keeps every number as a float
        given = _clean("id", value)
        if given is None:
            key = f"{text}\x1f{at.isoformat()}\x1f{location}"
            return "sha256-" + hashlib.sha256(key.encode()).hexdigest()[:32]
        if len(given) > _MAX_ID or any(unicodedata.category(character) == "Cc" for character in given):
            raise BadInput("id", given, f"an id of at most {_MAX_ID} printable characters")
        return given

    def _time(self, value: object) -> datetime:
        if isinstance(value, datetime):
            moment = value
        elif isinstance(value, str) and value.strip():
            moment = self._parse_time(value.strip())
        else:
            raise BadInput("reported_at", value, "a date and time such as 2026-11-20T08:30:00+08:00")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.zone)
        try:
            moment = moment.astimezone(UTC)
        except OverflowError:
            raise BadInput("reported_at", value, "a date and time of this age") from None
        if moment > self.now + _FUTURE:
            raise BadInput("reported_at", str(value), f"in the past; it is after {self.now:%Y-%m-%d}")
        if moment < _EARLIEST:
            raise BadInput("reported_at", str(value), f"after {_EARLIEST:%Y-%m-%d}")
        return moment

    def _parse_time(self, text: str) -> datetime:
        formats = (self.time_format,) if self.time_format else _TIME_FORMATS
        if not self.time_format:
            try:
                return datetime.fromisoformat(text)
            except ValueError:
                pass
        for form in formats:
            try:
                return datetime.strptime(text, form)  # noqa: DTZ007 - the caller adds the source's zone
            except ValueError:
                continue
        raise BadInput("reported_at", text, "a date and time such as 2026-11-20T08:30:00+08:00")

    def _location(self, row: Mapping[str, object]) -> Point | None:
        given = {name: self._value(row, name) for name in ("longitude", "latitude")}
        if all(value in (None, "") for value in given.values()):
            return None
        degrees: dict[str, float] = {}
        for name, limit in (("longitude", 180.0), ("latitude", 90.0)):
            value = given[name]
            try:
                degrees[name] = float(cast("str", value))
            except (TypeError, ValueError, OverflowError):
                raise BadInput(name, value, f"a number of degrees in ±{limit:.0f}") from None
            if not (math.isfinite(degrees[name]) and abs(degrees[name]) <= limit):
                raise BadInput(name, value, f"a number of degrees in ±{limit:.0f}")
        if degrees == {"longitude": 0.0, "latitude": 0.0}:
            return None  # "null island": how many sources write an unknown position
        return point_to_wgs84(Point(degrees["longitude"], degrees["latitude"]), self.datum)

    def _language(self, row: Mapping[str, object], text: str) -> Language:
        value = self._value(row, "language")
        if value in (None, ""):
            return detect_language(text)
        if value in ("zh", "en"):
            return value
        raise BadInput("language", value, "'zh' or 'en'")

    def _channel(self, row: Mapping[str, object]) -> str:
        value = _clean("channel", self._value(row, "channel"))
        if value is not None and len(value) > _MAX_CHANNEL:
            raise BadInput("channel", value, f"a word of at most {_MAX_CHANNEL} characters such as 'app' or 'hotline'")
        return value or self.channel


def _clean(field: str, value: object) -> str | None:
    """Text without control characters (a NUL or an escape sequence is never a message) and outer space; None if empty."""
    if value is None:
        return None
    if not isinstance(value, str | int | float):
        raise BadInput(field, value, "text")
    kept = "".join(c for c in str(value) if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return kept.strip() or None
