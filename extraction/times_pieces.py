"""What words of a time can tell, and what the parts of a day mean: the one vocabulary that both languages are read into.

Hours of the parts of day: `docs/reference.md` shows the table. 夜间 is 22–6 as in the Chinese law on noise (2021, article 88).
"""

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final

__all__ = [
    "DAY",
    "HOUR",
    "PARTS",
    "Clock",
    "DayPart",
    "Every",
    "Mark",
    "Phase",
    "Piece",
    "Span",
    "Told",
    "Unit",
    "Void",
]

HOUR: Final = 60  # minutes
DAY: Final = 24 * HOUR


class Unit(StrEnum):
    """Units of time, by the RRULE frequency that repeats in them."""

    MINUTE = "MINUTELY"
    HOUR = "HOURLY"
    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"
    YEAR = "YEARLY"


class Mark(StrEnum):
    """Words that say how the time beside them is meant."""

    SINCE = "since"
    AFTER = "after"
    BEFORE = "before"
    UNTIL = "until"
    ABOUT = "about"
    BETWEEN = "between"


class Void(StrEnum):
    """Why words of a time tell none."""

    WRONG = "wrong"  # 25点, 13月: what stands beside it is not to be trusted either
    UNCOMPUTED = "uncomputed"  # 节假日: a time, but no calendar tells when


@dataclass(frozen=True, slots=True)
class DayPart:
    """A part of the day, in minutes after midnight; an end beyond 1,440 lies on the next day.

    place: where the twelve hours begin in which its clock hours are found: 晚上 begins at 17, so 晚上两点 is 2 at night.
    """

    name: str
    start: int
    end: int
    place: int


def _part(name: str, start: float, end: float, place: int) -> DayPart:
    return DayPart(name, int(start * HOUR), int(end * HOUR), place * HOUR)


PARTS: Final = {
    part.name: part
    for part in (
        _part("small hours", 0, 6, 0),  # 凌晨; small hours
        _part("early morning", 5, 8, 1),  # 清晨, 清早, 一大早; early morning, dawn
        _part("morning", 6, 12, 1),  # 早上, 早晨; morning
        _part("forenoon", 8, 12, 1),  # 上午; late morning
        _part("noon", 11, 13, 9),  # 中午; midday, lunchtime
        _part("afternoon", 12, 18, 12),  # 下午; afternoon
        _part("dusk", 17, 19, 12),  # 傍晚, 黄昏; dusk
        _part("evening", 18, 24, 17),  # 晚上, 晚间, 昨晚; evening
        _part("night", 20, 30, 17),  # night
        _part("night hours", 22, 30, 18),  # 夜间, 夜里, 通宵; overnight
        _part("dead of night", 23, 28, 18),  # 深夜, 半夜; middle of the night, late at night
        _part("midnight", 23, 25, 18),  # 午夜
        _part("daytime", 6, 18, 6),  # 白天; daytime
        _part("morning rush", 7, 9, 1),  # 早高峰; morning rush hour
        _part("evening rush", 17, 19, 12),  # 晚高峰; evening rush hour
        _part("all day", 0, 24, 0),  # 全天, 24小时; all day
    )
}


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock time. minute: after midnight, 0–1440; width: how fine the words are, in minutes.

    settled: the words tell which half of the day (22:30, 2am); otherwise 5点 may be 5 or 17. digital: written 8:30 in
    Chinese, which is the morning unless a part of the day says otherwise.
    """

    minute: int
    width: int
    settled: bool
    digital: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """Something that repeats. unit: None where the rest tells it (每到晚上); rough: "most nights"."""

    unit: Unit | None
    interval: int = 1
    rough: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time up to the report, or the time that lies so far back (ago).

    low, high: in units, alike where one number is told; rough: the words only hint at it (几天, over 3 weeks).
    """

    low: float
    high: float
    unit: Unit
    ago: bool
    rough: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a month or a year: first and last of its days or months, end inclusive; 31 and 12 are its ends."""

    unit: Unit
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Told:
    """What words tell of a time; None: not told.

    years, months, weeks, days: relative to the report (去年: years −1). turn: last −1, this 0, next 1, of a weekday or month.
    weekdays: 0 Monday … 6 Sunday. then: days after a day named before (当天 0, 次日 1). vague: days back, from and to.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekdays: tuple[int, ...] | None = None
    years: int | None = None
    months: int | None = None
    weeks: int | None = None
    days: int | None = None
    turn: int | None = None
    phase: Phase | None = None
    then: int | None = None
    span: Span | None = None
    vague: tuple[int, int] | None = None
    every: Every | None = None
    part: DayPart | None = None
    clock: Clock | None = None

    def names(self) -> frozenset[str]:
        """The fields that are told."""
        return frozenset(name for name in _FIELDS if getattr(self, name) is not None)

    def with_told(self, other: "Told") -> "Told":
        """This with what the other tells, the other's words first."""
        told: dict[str, Any] = {name: getattr(other, name) for name in other.names()}
        return replace(self, **told)

    def only(self, names: frozenset[str]) -> "Told":
        """Of this, the fields of these names."""
        told: dict[str, Any] = {name: getattr(self, name) for name in names}
        return Told(**told)


_FIELDS: Final = tuple(field.name for field in fields(Told))


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that tell one thing of a time, or mark how another is meant.

    told: None for a mark, and where void says why the words tell nothing. trailing: a mark that follows what it marks (起).
    firm: they tell a time by themselves; "night" or "8/9" do so only beside others.
    """

    start: int
    end: int
    told: Told | None = None
    mark: Mark | None = None
    trailing: bool = False
    firm: bool = True
    void: Void | None = None
