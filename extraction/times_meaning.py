"""Phrases of time → local wall times, seen from the moment of the report and from the sentence around them."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from extraction.times import DAY_FIELDS, IN_DAY, Phrase
from extraction.times_clocks import Window, windows_of
from extraction.times_context import Context, Read, context_of
from extraction.times_days import CALENDAR, Days, find_days, month_after
from extraction.times_pieces import Every, Mark, Span, Told, Unit
from extraction.times_rules import Rule, rule_of

__all__ = ["When", "meanings_of"]

_SMALL_HOURS: Final = 4  # until then "tonight" is the night that is not over
_DUSK: Final = 17 * 60  # what begins later belongs to a night
_LONGEST: Final = 150  # years a span may reach back
_ONE: Final = timedelta(days=1)
_LENGTH: Final = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: _ONE,
    Unit.WEEK: timedelta(7),
}
_HALF_DAYS: Final = {Unit.WEEK: 3, Unit.MONTH: 15, Unit.YEAR: 183}
_SURE, _ROUGH, _VAGUE = 0.85, 0.6, 0.4


@dataclass(frozen=True, slots=True)
class When:
    """An occasion in local wall time, or as aware instants. start, end: None: open on that side.

    rule: the RFC 5545 rule by which it repeats, of which this is the first occurrence.
    """

    start: datetime | None
    end: datetime | None
    confidence: float
    reason: str
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Times, end exclusive. days: where whole days are told; lasting: it reaches up to the report."""

    start: datetime
    end: datetime
    confidence: float
    reason: str
    days: Days | None = None
    lasting: bool = False


def meanings_of(text: str, phrases: Sequence[Phrase], now: datetime) -> Iterator[list[When]]:
    """What each phrase means, in their order; nothing where it does not tell. now: of the report, aware, in the city's zone."""
    read: list[Read] = []
    anchor: Days | None = None
    for index, phrase in enumerate(phrases):
        whens, days, told = list[When](), None, phrase.told
        if phrase.readable:
            context = context_of(text, phrases, index, read, now.date())
            told = context.told
            try:
                whens, days = _meaning(phrase, context, anchor, now)
            except (ValueError, OverflowError):  # beyond the calendar: 150年前 of a report of the year 100
                whens = []
        read.append(Read(phrase, told, days))
        anchor = days if days and days.single else anchor
        yield whens


def _meaning(phrase: Phrase, context: Context, anchor: Days | None, now: datetime) -> tuple[list[When], Days | None]:
    """What a phrase means, and its days. anchor: the last single day named before, from which 当天 and 次日 count."""
    told = context.told
    rule = rule_of(told) if told.every else None
    if told.every and rule is None:
        return [], None
    stretch = _stretch(phrase, context, anchor, rule.used if rule else frozenset(), now)
    if stretch is None and told.names() & DAY_FIELDS - (rule.used if rule else frozenset()):
        return [], None  # 30 February; 当天 where no day was named
    if rule:
        whens = _recurring(phrase, context, rule, stretch, now)
    elif told.names() & IN_DAY:
        whens = _in_day(phrase, context, stretch, now)
    else:
        whens = (
            [_marked(phrase, When(stretch.start, stretch.end, stretch.confidence, stretch.reason))] if stretch else []
        )
    if context.reason:
        whens = [
            replace(when, confidence=when.confidence * context.trust, reason=f"{when.reason}; {context.reason}")
            for when in whens
        ]
    return whens, stretch.days if stretch and not rule else None


def _stretch(
    phrase: Phrase, context: Context, anchor: Days | None, used: frozenset[str], now: datetime
) -> _Stretch | None:
    """The days, or the span, that a phrase tells; None where it tells none or none that is."""
    told = context.told
    if told.span:
        return _span(told.span, now)
    if told.vague:
        back, until = told.vague
        start = datetime.combine(now.date() - timedelta(days=back), time())
        end = datetime.combine(now.date() - timedelta(days=until - 1), time()) if until else now
        return _Stretch(start, end, _VAGUE, "loosely the last days", lasting=not until)
    if told.then is not None:
        first = anchor.first + timedelta(days=told.then) if anchor else None
        days = Days(first, first + _ONE, 0.7, "reckoned from the day named before") if first else None
    else:
        only = told.only(told.names() & (DAY_FIELDS | CALENDAR) - used)
        days = find_days(only, now.date(), ahead=context.ahead, near=context.near)
    if days and phrase.day_end:
        return _range(days, phrase.day_end, now.date())
    return _of_days(days) if days else None


def _of_days(days: Days) -> _Stretch:
    start, end = (datetime.combine(day, time()) for day in (days.first, days.end))
    return _Stretch(start, end, days.confidence, days.reason, days)


def _range(first: Days, told: Told, today: date) -> _Stretch | None:
    """From one day to another: what the second leaves out it shares with the first (9月1日至10日)."""
    names = told.names()
    if not names & {"days", "weeks", "weekdays", "then", "year", "years", "months"}:
        shared = Told(
            year=first.first.year, month=first.first.month if "month" not in names and not _of_year(told) else None
        )
        told = shared.with_told(told)
    if told.then is not None:
        last: Days | None = Days(first.first, first.first + _ONE * (told.then + 1), 0.8, "")
    else:
        last = find_days(told.only(told.names() & (DAY_FIELDS | CALENDAR)), today)
    if last and last.end <= first.first and "year" not in names and told.year:
        last = find_days(replace(told, year=told.year + 1).only(told.names() & (DAY_FIELDS | CALENDAR)), today)
    if last is None or last.end <= first.first:
        return None
    days = Days(
        first.first, last.end, round(min(first.confidence, last.confidence) * 0.95, 3), f"{first.reason}, range"
    )
    stretch = _of_days(days)
    if told.names() & IN_DAY and (windows := windows_of(told)):
        at = windows[0].start if told.clock else windows[0].end
        return replace(stretch, end=datetime.combine(last.first, time()) + timedelta(minutes=at), days=None)
    return stretch


def _of_year(told: Told) -> bool:
    return told.phase is not None and told.phase.unit is Unit.YEAR


def _span(span: Span, now: datetime) -> _Stretch | None:
    """The time a span back from the report; "ago" is as wide as its unit, days are whole ones."""
    if span.unit is Unit.YEAR and span.high > _LONGEST:
        return None
    confidence = _ROUGH if span.rough else _SURE
    name = f"{span.high:g} × {span.unit.name.lower()}"
    if not span.ago:
        return _Stretch(_back(now, span.high, span.unit), now, confidence, f"{name} up to the report", lasting=True)
    if span.unit in (Unit.MINUTE, Unit.HOUR):
        half = _LENGTH[span.unit] / 2 * min(span.high, 1)
        start, end = _back(now, span.high, span.unit) - half, _back(now, span.low, span.unit) + half
        return _Stretch(start, min(end, now), confidence, f"{name} before the report")
    first, last = _back(now, span.high, span.unit).date(), _back(now, span.low, span.unit).date()
    half = timedelta(days=int(_HALF_DAYS.get(span.unit, 0) * min(span.high, 1)))
    end = min(last + half + _ONE, max(now.date(), last + _ONE))
    loose = 1.0 if span.unit is Unit.DAY else 0.85
    return _of_days(Days(first - half, end, round(confidence * loose, 3), f"{name} before the report"))


def _back(now: datetime, amount: float, unit: Unit) -> datetime:
    """The time so long before; hours are real ones, across a change of clocks, days and longer those of the calendar."""
    if unit in (Unit.MINUTE, Unit.HOUR):
        return (now.astimezone(UTC) - _LENGTH[unit] * amount).astimezone(now.tzinfo)
    wall = now.replace(tzinfo=None)
    if unit in _LENGTH:
        return wall - _LENGTH[unit] * amount
    months = amount * 12 if unit is Unit.YEAR else amount
    year, month = month_after(wall.year, wall.month, -int(months))
    wall = wall.replace(year=year, month=month, day=min(wall.day, monthrange(year, month)[1]))
    return wall - timedelta(days=15) * (2 * (months - int(months)))


def _in_day(phrase: Phrase, context: Context, stretch: _Stretch | None, now: datetime) -> list[When]:
    """Clocks and parts of the day on one day; on several days each day anew."""
    told, wall = context.told, now.replace(tzinfo=None)
    if stretch and not (stretch.days and stretch.days.single):
        if told.span and told.span.ago:
            return [_marked(phrase, When(stretch.start, stretch.end, stretch.confidence, stretch.reason))]
        daily = replace(told, every=Every(Unit.DAY, rough=True), span=None)
        rule = rule_of(daily)
        return _recurring(phrase, replace(context, told=daily), rule, stretch, now) if rule else []
    if stretch is None and told.clock is None:
        return []  # 晚上发生过火灾: one evening, but nobody tells which
    whens: list[When] = []
    for window in _windows(phrase, told):
        start = (stretch.start if stretch else datetime.combine(wall.date(), time())) + timedelta(minutes=window.start)
        confidence = window.confidence * (stretch.confidence if stretch else 0.5)
        reason = f"{stretch.reason if stretch else 'last such time before the report'}; {window.reason}"
        if start > wall and _may_be_earlier(told, stretch, window, wall, context):
            start -= _step(told, stretch)
            confidence *= 0.8 if stretch else 1.0
        end = start + timedelta(minutes=window.end - window.start)
        whens.append(_marked(phrase, _ended(phrase, When(start, end, confidence, reason), wall.date())))
    past = [when for when in whens if (when.start or wall) <= wall]
    return past if len(whens) > 1 and past else whens


def _windows(phrase: Phrase, told: Told) -> tuple[Window, ...]:
    """The windows of a phrase; the end of a range that names its own day (昨晚10点到今天早上6点) is added later."""
    end = phrase.clock_end if phrase.clock_end and not phrase.clock_end.names() & DAY_FIELDS - {"then"} else None
    return windows_of(told, end, about=Mark.ABOUT in phrase.marks)


def _may_be_earlier(told: Told, stretch: _Stretch | None, window: Window, wall: datetime, context: Context) -> bool:
    """Whether a time that would be to come is the one before: the words leave the day open, or mean a night not over."""
    if stretch is None or context.reason or (stretch.days and stretch.days.open):
        return not context.ahead
    night = window.start >= _DUSK
    return told.days is not None and night and (told.days < 0 or (told.days == 0 and wall.hour < _SMALL_HOURS))


def _step(told: Told, stretch: _Stretch | None) -> timedelta:
    return timedelta(days=7) if stretch and told.weekdays and told.turn is None and told.days is None else _ONE


def _ended(phrase: Phrase, when: When, today: date) -> When:
    """With the end that a range names by a day of its own."""
    end = phrase.clock_end
    if end is None or not end.names() & DAY_FIELDS - {"then"} or when.start is None:
        return when
    days = find_days(end.only(end.names() & DAY_FIELDS), today)
    windows = windows_of(end)
    if days is None or not windows:
        return when
    at = datetime.combine(days.first, time()) + timedelta(minutes=windows[0].start if end.clock else windows[0].end)
    return replace(when, end=at, confidence=when.confidence * 0.95) if at > when.start else when


def _marked(phrase: Phrase, when: When) -> When:
    """Open on the side that "since", "after", "before" or "until" leaves open."""
    if phrase.day_end or phrase.clock_end:
        return when
    at_clock = bool(phrase.told.names() & IN_DAY)
    if Mark.UNTIL in phrase.marks:
        return replace(when, start=None, end=when.start if at_clock else when.end, reason=f"until {when.reason}")
    if Mark.BEFORE in phrase.marks:
        return replace(when, start=None, end=when.start, reason=f"before {when.reason}")
    if Mark.AFTER in phrase.marks:
        return replace(when, start=when.start if at_clock else when.end, end=None, reason=f"after {when.reason}")
    return replace(when, end=None, reason=f"since {when.reason}") if Mark.SINCE in phrase.marks else when


def _recurring(phrase: Phrase, context: Context, rule: Rule, stretch: _Stretch | None, now: datetime) -> list[When]:
    """The first occurrence with its rule: the last that began by the report, or the first of the days that are told."""
    told, wall = context.told, now.replace(tzinfo=None)
    every = told.every or Every(Unit.DAY)
    trust = (_ROUGH if every.rough else 0.9) * (stretch.confidence if stretch else 1.0)
    if rule.within_day:
        return [When(now - rule.within_day, now, trust * 0.7, "repeats within a day", rule.text)]
    whens: list[When] = []
    for window in _windows(phrase, told):
        at, text = rule.last_until(wall, window.start), rule.text
        if stretch:
            from_ = stretch.end if Mark.AFTER in phrase.marks and not told.clock else stretch.start
            first = rule.first_since(from_.replace(tzinfo=None), window.start)
            if first and (first <= wall or from_.replace(tzinfo=None) > wall):
                at = first
            if not stretch.lasting and not phrase.marks & {Mark.SINCE, Mark.AFTER}:
                text += f";UNTIL={stretch.end - timedelta(seconds=1):%Y%m%dT%H%M%S}"
        if at is None:
            continue
        length = timedelta(minutes=window.end - window.start)
        if rule.whole and not told.names() & IN_DAY:
            length = timedelta(days=rule.whole(at.date()))
        reason = f"repeats, {window.reason}" if told.names() & IN_DAY else "repeats"
        when = When(
            at, at + length, window.confidence * trust, f"{reason}, {stretch.reason}" if stretch else reason, text
        )
        whens.append(_marked(phrase, when) if not stretch and phrase.told.names() & IN_DAY else when)
    return whens
