"""What repeats → its RFC 5545 rule in local time, and the day its first occurrence begins."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from extraction.times_days import month_after
from extraction.times_pieces import DAY, Every, Told, Unit

__all__ = ["Rule", "rule_of"]

_BYDAY: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_REACH: Final = 8 * 366 + 1  # days looked at: 29 February comes back within them


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that repeats whole windows of a day, or whole weeks, months, years.

    text: the RRULE without an end. fits: whether an occurrence may begin on a day. used: the fields of `Told` it has taken in.
    whole: first day → its length in days, where an occurrence is longer than a day. instant: repeats within a day.
    """

    text: str
    fits: Callable[[date], bool]
    used: frozenset[str]
    whole: Callable[[date], int] | None = None
    within_day: timedelta | None = None

    def first_since(self, start: datetime, minute: int) -> datetime | None:
        """The first occurrence at or after a local time; minute: of the day, when occurrences begin."""
        return self._search(start.date() - timedelta(days=minute // DAY + 1), 1, lambda at: at >= start, minute)

    def last_until(self, now: datetime, minute: int) -> datetime | None:
        """The last occurrence that began by a local time."""
        return self._search(now.date() + timedelta(days=1), -1, lambda at: at <= now, minute)

    def _search(self, day: date, step: int, good: Callable[[datetime], bool], minute: int) -> datetime | None:
        for _ in range(_REACH):
            if self.fits(day):
                at = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
                if good(at):
                    return at
            day += timedelta(days=step)
        return None


def rule_of(told: Told) -> Rule | None:
    """The rule that words tell; None where they do not say what repeats."""
    every = told.every or Every(None)
    unit = every.unit or _unit(told)
    text = f"FREQ={unit}" + (f";INTERVAL={every.interval}" if every.interval > 1 else "") if unit else ""
    in_day = told.part is not None or told.clock is not None
    if unit in (Unit.MINUTE, Unit.HOUR):
        return Rule(
            text,
            lambda _: True,
            frozenset(),
            within_day=timedelta(**{"minutes" if unit is Unit.MINUTE else "hours": every.interval}),
        )
    if unit is Unit.DAY:
        return Rule(text, lambda _: True, frozenset())
    if unit is Unit.WEEK:
        days = told.weekdays
        if days:
            text += ";BYDAY=" + ",".join(_BYDAY[day] for day in days)
            return Rule(text, lambda day: day.weekday() in days, frozenset({"weekdays"}))
        return None if in_day else Rule(text, lambda day: day.weekday() == 0, frozenset(), lambda _: 7)
    if unit is Unit.MONTH:
        return _monthly(told, text, in_day=in_day)
    return _yearly(told, text, in_day=in_day) if unit is Unit.YEAR else None


def _unit(told: Told) -> Unit | None:
    """What 每到 repeats in: 每到周末 weekly, 每到晚上 daily."""
    if told.weekdays:
        return Unit.WEEK
    return Unit.DAY if told.part or told.clock else None


def _monthly(told: Told, text: str, *, in_day: bool) -> Rule | None:
    if told.day is not None:
        day_of_month = told.day
        return Rule(f"{text};BYMONTHDAY={day_of_month}", lambda day: day.day == day_of_month, frozenset({"day"}))
    if in_day:
        return None
    phase = told.phase if told.phase and told.phase.unit is Unit.MONTH else None
    first, last = (phase.first, phase.last) if phase else (1, 31)

    def length(day: date) -> int:
        after = date(*month_after(day.year, day.month, 1), 1)
        return min(last - first + 1, (after - day).days)

    text += f";BYMONTHDAY={first}" if first > 1 else ""
    return Rule(text, lambda day: day.day == first, frozenset({"phase"}) if phase else frozenset(), length)


def _yearly(told: Told, text: str, *, in_day: bool) -> Rule | None:
    month, first = told.month, told.day
    phase = told.phase if told.phase and told.phase.unit is Unit.YEAR else None
    if month and first:
        text += f";BYMONTH={month};BYMONTHDAY={first}"
        return Rule(text, lambda day: (day.month, day.day) == (month, first), frozenset({"month", "day"}))
    if in_day:
        return None
    begin, last = (month, month) if month else (phase.first, phase.last) if phase else (1, 12)

    def length(day: date) -> int:
        return (date(*month_after(day.year, last, 1), 1) - day).days

    text += f";BYMONTH={begin};BYMONTHDAY=1" if begin > 1 else ""
    return Rule(text, lambda day: (day.month, day.day) == (begin, 1), frozenset({"month", "phase"}), length)
