"""What the sentence around a time adds: the day or the recurrence a bare clock belongs to, and whether it is to come."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from extraction.times import DAY_FIELDS, IN_DAY, Phrase
from extraction.times_days import Days, find_days
from extraction.times_pieces import Every, Mark, Told, Unit

__all__ = ["Context", "Read", "context_of"]

_BREAK: Final = re.compile(r"[。！？!?;；\n]|\.(?=\s)")
_COMMA: Final = re.compile("[，,]")
_SENTENCE: Final = 120  # characters of a sentence looked at on either side
_NEAR: Final = 16  # characters within which a clock shares the part of day of the one before it
_AHEAD: Final = 24  # characters before a time that may say it is to come
_AFTER: Final = 8
_BACK: Final = 6  # phrases of the sentence that are asked
_HABIT: Final = re.compile(
    r"经常|总是|老是|总(?!共|计|之)|一直|长期|时常|常常|天天|频繁|屡次|习惯|每(?!平)"
    r"|\b(?:always|constantly|usually|often|keeps?|regularly|every|each|daily|nightly)\b",
    re.IGNORECASE,
)
_FUTURE: Final = re.compile(
    r"将于|将在|将会|即将|计划|预计|拟于|定于|准备|届时|截止|截至"
    r"|\b(?:will|scheduled|upcoming|going to|expected|due(?! to)|deadline|to be|plan(?:ned|s)? (?:to|for|on))\b"
    r"|(?<!today )\bis (?:on )?$|(?:现在|目前|如今)(?:已经?|都)?(?:是|到)$",
    re.IGNORECASE,
)
_TO_COME: Final = re.compile(r"之?前?(?:将|完成|完工|解决|整改|交付|必须|启动|投入使用|建成|竣工)")
# One night, not every: "一个凌晨", "晚上发生过火灾".
_ONCE: Final = re.compile("(?:一|某|有)个$")
_HAPPENED: Final = re.compile("[^,，。；;！!？?\n]{0,8}过(?![夜来去大于高往程分])")
_BY: Final = re.compile(r"by\s|截", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Read:
    """A phrase as it was read: what it tells with what the sentence adds, and the days it means."""

    phrase: Phrase
    told: Told
    days: Days | None


@dataclass(frozen=True, slots=True)
class Context:
    """What a phrase tells in its sentence.

    told: with the day or recurrence it takes over; trust: factor on the confidence for that; reason: why, or "".
    ahead: the words look into the future. near: days named before in the sentence.
    """

    told: Told
    trust: float
    reason: str
    ahead: bool
    near: Days | None


def context_of(text: str, phrases: Sequence[Phrase], index: int, read: Sequence[Read], today: date) -> Context:
    """The context of a phrase. read: the phrases before it, as they were read; those of its sentence are asked."""
    phrase = phrases[index]
    before = [one for one in read[-_BACK:] if _same_sentence(text, one.phrase, phrase)]
    told, trust, reason = phrase.told, 1.0, ""
    own_end = phrase.clock_end is not None and bool(phrase.clock_end.names() & DAY_FIELDS - {"then"})
    if told.names() <= IN_DAY and not own_end:
        taken = (
            _from_before(before)
            or _from_after(text, phrases, index, today)
            or _from_habit(text, phrase)
        )  # fmt: skip
        if taken:
            told, trust, reason = taken[0].with_told(told), taken[1], taken[2]
    if told.clock and not told.part and not told.clock.settled and before:
        last = before[-1]
        if last.told.part and last.told.clock and phrase.start - last.phrase.end <= _NEAR:
            told, trust, reason = (
                replace(told, part=last.told.part),
                trust * 0.9,
                reason or f"{last.told.part.name} as before",
            )
    near = next((one.days for one in reversed(before) if one.days), None)
    return Context(told, trust, reason, _is_ahead(text, phrase), near)


def _from_before(before: Sequence[Read]) -> tuple[Told, float, str] | None:
    """The day or the recurrence that the sentence named before."""
    for one in reversed(before):
        if one.told.every:
            repeated = one.told.only(frozenset({"every", "weekdays", "month", "day"}))
            return repeated, 0.8, "repeats as said before"
        if one.days and one.days.single:
            first = one.days.first
            return Told(year=first.year, month=first.month, day=first.day), 0.8, "on the day named before"
    return None


def _from_after(text: str, phrases: Sequence[Phrase], index: int, today: date) -> tuple[Told, float, str] | None:
    """The recurrence named next in the sentence, or the day named next without a comma between."""
    phrase = phrases[index]
    for other in phrases[index + 1 : index + 3]:
        if not _same_sentence(text, phrase, other):
            break
        if other.told.every:
            return other.told.only(frozenset({"every", "weekdays", "month", "day"})), 0.7, "repeats as said after"
        days = find_days(other.told.only(DAY_FIELDS), today) if not other.told.clock else None
        if days and days.single and not _COMMA.search(text, phrase.end, other.start):
            first = days.first
            return Told(year=first.year, month=first.month, day=first.day), 0.7, "on the day named after"
    return None


def _from_habit(text: str, phrase: Phrase) -> tuple[Told, float, str] | None:
    """A habit the sentence speaks of; a part of the day alone ("at night") is one too, if less surely."""
    start, end = _sentence(text, phrase)
    if phrase.told.clock is None and (_ONCE.search(text, start, phrase.start) or _HAPPENED.match(text, phrase.end)):
        return None
    if _HABIT.search(text, start, end):
        return Told(every=Every(Unit.DAY)), 0.65, "the sentence tells a habit"
    if phrase.told.clock is None:
        return Told(every=Every(Unit.DAY)), 0.5, "part of the day without a day, read as a habit"
    return None


def _is_ahead(text: str, phrase: Phrase) -> bool:
    start, _ = _sentence(text, phrase)
    if phrase.marks & {Mark.UNTIL, Mark.BEFORE} and _BY.match(text, phrase.start):
        return True
    return bool(
        _FUTURE.search(text, max(start, phrase.start - _AHEAD), phrase.start)
        or _TO_COME.match(text[phrase.end : phrase.end + _AFTER])
    )


def _sentence(text: str, phrase: Phrase) -> tuple[int, int]:
    """Where the sentence of a phrase begins and ends, as far as it is looked at."""
    start = max(0, phrase.start - _SENTENCE)
    for stop in _BREAK.finditer(text, start, phrase.start):
        start = stop.end()
    end = _BREAK.search(text, phrase.end, phrase.end + _SENTENCE)
    return start, end.start() if end else min(len(text), phrase.end + _SENTENCE)


def _same_sentence(text: str, one: Phrase, other: Phrase) -> bool:
    return 0 <= other.start - one.end <= _SENTENCE and not _BREAK.search(text, one.end, other.start)
