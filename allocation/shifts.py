"""Shifts: which minutes of a horizon a crew is on duty, in the city's own time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from math import floor

from core.types import Crew, Shift

__all__ = ["Duty", "duty", "on_duty"]


@dataclass(frozen=True, slots=True)
class Duty:
    """What a crew can give in a horizon. windows: UTC spans on duty; minutes: their length; jobs: its share of the capacity."""

    windows: tuple[tuple[datetime, datetime], ...]
    minutes: float
    jobs: int


def on_duty(shift: Shift, start: datetime, end: datetime, zone: tzinfo) -> list[tuple[datetime, datetime, float]]:
    """The spans of [start, end) in which a shift works, as UTC instants, each with the part of its shift that it is.

    A shift whose end is not after its start runs past midnight and belongs to the day it starts on. Hours are city-local,
    so a shift across a clock change is as long as the clocks say.
    """
    spans: list[tuple[datetime, datetime, float]] = []
    day = start.astimezone(zone).date() - timedelta(days=1)
    while day <= end.astimezone(zone).date():
        if day.weekday() in shift.days:
            opens = datetime.combine(day, shift.start, zone).astimezone(UTC)
            last_day = day if shift.end > shift.start else day + timedelta(days=1)
            closes = datetime.combine(last_day, shift.end, zone).astimezone(UTC)
            first, last = max(opens, start), min(closes, end)
            if first < last:
                spans.append((first.astimezone(UTC), last.astimezone(UTC), (last - first) / (closes - opens)))
        day += timedelta(days=1)
    return spans


def duty(crew: Crew, start: datetime, end: datetime, zone: tzinfo) -> Duty:
    """A crew's duty in [start, end): jobs are its capacity a shift times the shifts worked, rounded, at least 1 if on duty."""
    spans = on_duty(crew.shift, start, end, zone)
    shifts = sum(part for _, _, part in spans)
    minutes = sum((last - first).total_seconds() / 60 for first, last, _ in spans)
    jobs = max(1, floor(crew.capacity * shifts + 0.5)) if spans and crew.capacity > 0 else 0
    return Duty(tuple((first, last) for first, last, _ in spans), minutes, jobs)


def duties(crews: Sequence[Crew], start: datetime, end: datetime, zone: tzinfo) -> list[Duty]:
    """The duty of each crew, in the order given."""
    return [duty(crew, start, end, zone) for crew in crews]
