"""Words of a day, a month, a year → the days they mean, seen from the day of the report."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from extraction.times_pieces import Phase, Told, Unit

__all__ = ["CALENDAR", "Days", "find_days", "month_after"]

CALENDAR: Final = frozenset({"year", "month", "day", "years", "months", "phase"})
_ONE: Final = timedelta(days=1)
_LEAP: Final = 9  # years looked at for a 29 February
_MONTHS: Final = 13  # months looked at for a day of the month
_EXACT, _RELATIVE, _NEAREST, _DOUBTFUL = 0.95, 0.9, 0.85, 0.5
_SOON: Final = timedelta(days=31)  # a date without year that comes so soon may mean the one to come


@dataclass(frozen=True, slots=True)
class Days:
    """Local days: first, and end exclusive. open: the words leave the year, month or week to the reader."""

    first: date
    end: date
    confidence: float
    reason: str
    open: bool = False

    @property
    def single(self) -> bool:
        """Whether it is one day."""
        return self.end - self.first == _ONE


def find_days(told: Told, today: date, *, ahead: bool = False, near: Days | None = None) -> Days | None:
    """The days that words tell; None where they tell none, or one that no calendar has (30 February).

    ahead: the words around look into the future; otherwise a date without year is the last one that began.
    near: days named before in the sentence, whose year and month a date without them shares.
    """
    try:
        if told.names() & CALENDAR:
            return _calendar(told, today, ahead=ahead, near=near)
        if told.days is not None:
            day = today + timedelta(days=told.days)
            return Days(day, day + _ONE, _EXACT, f"day {told.days:+d} from the report")
        return _week(told, today, ahead=ahead)
    except (ValueError, OverflowError):
        return None


def month_after(year: int, month: int, months: int) -> tuple[int, int]:
    """Year and month so many months later."""
    years, index = divmod(year * 12 + month - 1 + months, 12)
    return years, index + 1


def _week(told: Told, today: date, *, ahead: bool) -> Days | None:
    days = told.weekdays
    if told.weeks is not None:
        monday = today + timedelta(days=7 * told.weeks - today.weekday())
        first, last = (min(days), max(days)) if days else (0, 6)
        reason = f"week {told.weeks:+d} from the report's"
        return Days(monday + timedelta(days=first), monday + timedelta(days=last + 1), _RELATIVE, reason)
    if not days:
        return None
    back = (today.weekday() - days[0]) % 7
    if told.turn == 0:
        day = today + timedelta(days=days[0] - today.weekday())
        return Days(day, day + _ONE, _RELATIVE, "weekday of the report's week")
    if told.turn == 1 or (told.turn is None and ahead):
        day = today + timedelta(days=7 - back)
        return Days(day, day + _ONE, 0.8, "next such weekday")
    if told.turn == -1:
        day = today - timedelta(days=back or 7)
        return Days(day, day + _ONE, 0.75, "last such weekday before the report")
    day = today - timedelta(days=back)
    return Days(day, day + _ONE, 0.75, "last such weekday", open=True)


def _calendar(told: Told, today: date, *, ahead: bool, near: Days | None) -> Days | None:
    year, month, reason, confidence = told.year, told.month, "date", _EXACT
    if told.years is not None:
        year, reason, confidence = today.year + told.years, f"year {told.years:+d} from the report's", _RELATIVE
    if told.months is not None:
        year, month = month_after(today.year, today.month, told.months)
        reason, confidence = f"month {told.months:+d} from the report's", _RELATIVE
    if told.phase:
        reason, confidence = f"{reason}, part of it", round(confidence * 0.85, 3)
    if year is not None and (month is not None or told.day is None):
        first, end = _period(year, month, told.day, told.phase)
        return Days(first, end, confidence, reason)
    return _nearest(told, today, ahead=ahead, near=near, year=year)


def _nearest(told: Told, today: date, *, ahead: bool, near: Days | None, year: int | None) -> Days | None:
    """A date that lacks its year or month: the last one that began, or the next."""
    if near and (told.turn is None) and (shared := _shared(told, near, today)):
        return shared
    days = told.days or 0
    ahead = (ahead and days >= 0) or told.turn == 1 or days > 0
    found = list(_candidates(told, today, year))
    past = [period for period in found if _has_begun(told, period, today)]
    coming = [period for period in found if period[1] > today and not (told.turn == 1 and period[0] <= today)]
    if ahead and coming:
        return Days(*min(coming), 0.7, "next such date")
    if not past:
        return None
    first, end = max(past)
    soon = any(today < period[0] <= today + _SOON for period in found) and today - first > 10 * _SOON
    confidence = _DOUBTFUL if soon else _NEAREST if told.month or not told.day else 0.7
    reason = "last such day of a month" if told.day and not told.month else "last such date before the report"
    return Days(first, end, confidence, reason, open=True)


def _has_begun(told: Told, period: tuple[date, date], today: date) -> bool:
    """Whether a period began by the report; "last August" is one that is over."""
    first, end = period
    return first <= today and not (told.turn == -1 and end > today)


def _shared(told: Told, near: Days, today: date) -> Days | None:
    """The date in the year, and where it lacks one in the month, of the days named before; None if that is to come."""
    month = told.month or near.first.month
    if told.month is None and (told.day is None or near.end - near.first > _SOON):
        return None
    try:
        first, end = _period(near.first.year, month, told.day, told.phase)
    except ValueError:
        return None
    return Days(first, end, 0.8, "date in the year named before") if near.first <= first <= today else None


def _candidates(told: Told, today: date, year: int | None) -> Iterator[tuple[date, date]]:
    by_month = told.month is None and (
        told.day is not None or (told.phase is not None and told.phase.unit is Unit.MONTH)
    )
    steps = range(-_MONTHS, _MONTHS) if by_month else range(-_LEAP, _LEAP)
    for step in steps:
        this, month = month_after(today.year, today.month, step) if by_month else (today.year + step, told.month)
        if year is None or this == year:
            try:
                yield _period(this, month, told.day, told.phase)
            except ValueError:
                continue


def _period(year: int, month: int | None, day: int | None, phase: Phase | None) -> tuple[date, date]:
    """First day and end of a year, a month, a day, or a phase of one; raises ValueError for a day that is none."""
    if month is None:
        first_month, last_month = (phase.first, phase.last) if phase and phase.unit is Unit.YEAR else (1, 12)
        after = month_after(year, last_month, 1)
        return date(year, first_month, 1), date(*after, 1)
    if day is not None:
        first = date(year, month, day)
        return first, first + _ONE
    last = monthrange(year, month)[1]
    if phase and phase.unit is Unit.MONTH:
        return date(year, month, phase.first), date(year, month, min(phase.last, last)) + _ONE
    return date(year, month, 1), date(year, month, last) + _ONE
