"""Clock times and parts of the day → windows of local time, in minutes after midnight.

A clock is as wide as its words are fine: 10点 an hour, 十点半 half an hour, 22:15 a minute; "around 2am" is half an hour
either side. Where the words do not tell the half of the day (5点), both are given, each with half the confidence.
"""

from dataclasses import dataclass
from typing import Final

from extraction.times_pieces import DAY, HOUR, Clock, DayPart, Told

__all__ = ["Window", "windows_of"]

_HALF: Final = 12 * HOUR
_SLACK: Final = 5 * HOUR  # a clock further from the part of day it stands with contradicts it: 凌晨15点
_LOOSE: Final = 30  # minutes either side of "around 2am"; half that where minutes are told
_LONGEST: Final = 24 * HOUR
_OPEN: Final = 0.5  # confidence of each half of the day


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a day in minutes after its midnight, end exclusive; beyond 1,440 it lies on the next day."""

    start: int
    end: int
    confidence: float
    reason: str


def windows_of(told: Told, end: Told | None = None, *, about: bool = False) -> tuple[Window, ...]:
    """The windows that a clock, a part of the day or a range of them means; empty where they contradict."""
    part = told.part
    if told.clock is None:
        first = (part.start, part.end) if part else (0, DAY)
        if end is None:
            return (Window(*first, 1.0, part.name if part else "whole day"),)
        until = _end_after(first[0], end)
        return (Window(first[0], until, 0.8, f"{part.name if part else 'day'} to {_named(end)}"),) if until else ()
    starts = _places(told.clock, part)
    if end is None:
        return tuple(_around(minute, told.clock, about=about, share=len(starts)) for minute in starts)
    ranges = [(start, until) for start in starts if (until := _end_after(start, end))]
    if len(ranges) > 1 and (end.part or (end.clock and end.clock.settled)):
        ranges = [min(ranges, key=lambda pair: pair[1] - pair[0])]  # 7-9am begins at 7am: the shorter reading
    share = 1.0 if len(ranges) == 1 else _OPEN
    return tuple(Window(start, until, share, f"{_shown(start)} to {_shown(until)}") for start, until in ranges)


def _places(clock: Clock, part: DayPart | None) -> list[int]:
    """The minutes of the day that a clock may mean beside a part of the day."""
    if part is None:
        if clock.settled or clock.digital or clock.minute // HOUR == 12:  # noqa: PLR2004 - 12 without more is noon
            return [clock.minute]
        return [clock.minute, clock.minute + _HALF]
    span = DAY if clock.settled else _HALF
    minute = part.place + (clock.minute - part.place) % span
    close = part.start - _SLACK <= minute <= part.end + _SLACK
    return [minute] if close or not clock.settled else []


def _around(minute: int, clock: Clock, *, about: bool, share: int) -> Window:
    confidence = 1.0 if share == 1 else _OPEN
    if not about:
        return Window(minute, minute + clock.width, confidence, f"clock {_shown(minute)}")
    loose = _LOOSE if clock.width >= HOUR else _LOOSE // 2
    until = minute + max(clock.width - HOUR, 0) + loose
    return Window(minute - loose, until, round(confidence * 0.9, 3), f"around {_shown(minute)}")


def _end_after(start: int, end: Told) -> int | None:
    """The end of a range that begins at this minute; None beyond a day."""
    if end.clock is None:
        if end.part is None:
            return None
        until = end.part.end
    elif end.part or end.clock.settled or end.then:
        places = _places(end.clock, end.part)
        if not places:
            return None
        until = min(places) + DAY * (end.then or 0)
    else:
        until = end.clock.minute % _HALF
        until += -(-(start + 1 - until) // _HALF) * _HALF if until <= start else 0
    if until <= start:
        until += -(-(start + 1 - until) // DAY) * DAY
    return until if until - start <= _LONGEST else None


def _named(end: Told) -> str:
    return end.part.name if end.part and end.clock is None else _shown(end.clock.minute) if end.clock else "its end"


def _shown(minute: int) -> str:
    return f"{minute // HOUR % 24:02d}:{minute % HOUR:02d}"
