"""When: words of a text that tell a time, each time whole (2019年9月22号晚上, 每天凌晨两点到五点; last night around 2am).

Pieces that stand together make a phrase, if one does not contradict another: 昨天今天 are two times.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from core.types import MentionKind
from extraction.candidate import Candidate
from extraction.fold import fold, has_chinese
from extraction.times_en import GLUE_EN, RANGE_EN, pieces_en
from extraction.times_pieces import PARTS, Mark, Piece, Told, Void
from extraction.times_zh import GLUE_ZH, RANGE_ZH, pieces_zh

__all__ = ["DAY_FIELDS", "IN_DAY", "TIMES_SOURCE", "Phrase", "find_times", "phrases_of"]

TIMES_SOURCE: Final = "times@2"
_CONFIDENCE: Final = 0.9
# What makes it worth while to look for English times in a Chinese text.
_ENGLISH: Final = re.compile(
    r"day|night|week|month|year|hour|minute|morning|evening|noon|since|lately|[0-9] ?[ap]\.? ?m\b|[0-9] ?(?:st|nd|rd|th)\b"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)"
)
_GAP: Final = 16  # characters between two pieces of one time
DAY_FIELDS: Final = frozenset(
    {"year", "month", "day", "weekdays", "years", "months", "weeks", "days", "turn", "phase", "then"}
)
IN_DAY: Final = frozenset({"part", "clock"})
_RELATIVE: Final = frozenset({"days", "then", "span", "vague"})  # each tells the day alone
_BESIDE_DAYS: Final = frozenset({"year", "month", "day", "weekdays"})  # "yesterday, 8/30", "today, Saturday"
_ONE_DAY: Final = frozenset({"days", "day", "weekdays", "weeks", "then"})
_DARK: Final = frozenset({"small hours", "evening", "night", "night hours", "dead of night", "midnight"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that tell one time. start, end: offsets, end exclusive.

    told: what they tell; for a range what they tell of its beginning, and day_end and clock_end what of its end.
    readable: a calendar can tell when; not 节假日.
    """

    start: int
    end: int
    told: Told
    day_end: Told | None = None
    clock_end: Told | None = None
    marks: frozenset[Mark] = frozenset()
    readable: bool = True


def find_times(text: str) -> list[Candidate]:
    """The times this text names, in its order, none overlapping another."""
    return [
        Candidate(phrase.start, phrase.end, MentionKind.TIME, _CONFIDENCE, TIMES_SOURCE, rank=2)
        for phrase in phrases_of(text)
    ]


@lru_cache(maxsize=8)  # one report's text is asked for twice: for its mentions, and for what they mean
def phrases_of(text: str) -> tuple[Phrase, ...]:
    """The times of a text with what they tell, in its order; where both languages read one, the longer reading."""
    folded = fold(text)
    is_chinese = has_chinese(text)
    chinese = list(_grouped(pieces_zh(folded), folded, GLUE_ZH, RANGE_ZH)) if is_chinese else []
    if is_chinese and not _ENGLISH.search(folded):
        return tuple(chinese)
    english = list(_grouped(pieces_en(folded, text), folded, GLUE_EN, RANGE_EN))
    if not chinese:
        return tuple(english)
    taken: list[Phrase] = []
    occupied: set[int] = set()
    for phrase in sorted((*chinese, *english), key=lambda p: (p.start - p.end, p.start)):
        span = range(phrase.start, phrase.end)
        if occupied.isdisjoint(span):
            occupied.update(span)
            taken.append(phrase)
    return tuple(sorted(taken, key=lambda p: p.start))


@dataclass(slots=True)
class _Open:
    """A phrase as it grows. pending: a mark before the piece to come, with its offsets."""

    start: int
    end: int
    told: Told = field(default_factory=Told)
    day_end: Told | None = None
    clock_end: Told | None = None
    marks: set[Mark] = field(default_factory=set[Mark])
    pending: Piece | None = None
    firm: bool = False
    wrong: bool = False

    @property
    def last(self) -> int:
        return self.pending.end if self.pending else self.end

    def take(self, piece: Piece, *, ranged: bool) -> bool:
        """Add what a piece tells; False where it does not belong."""
        told = piece.told or Told()
        ranged = ranged or (self.pending is not None and self.pending.mark is Mark.UNTIL and bool(self.told.names()))
        if not (self._end_range(told) if ranged else self._add(told)):
            return False
        if self.pending and self.pending.mark and not ranged:
            self.marks.add(self.pending.mark)
        self.end, self.pending, self.firm = piece.end, None, self.firm or piece.firm
        return True

    def _end_range(self, told: Told) -> bool:
        names, mine = told.names(), self.told.names()
        if mine & IN_DAY and self.clock_end is None and names & (DAY_FIELDS | IN_DAY) and "every" not in names:
            self.clock_end = told
            return True
        if not mine & IN_DAY and mine & DAY_FIELDS and names & DAY_FIELDS and self.day_end is None:
            self.day_end = told
            return True
        return False

    def _add(self, told: Told) -> bool:
        names = told.names()
        if "every" in names and self.told.names() & _ONE_DAY and not (self.day_end or Mark.SINCE in self.marks):
            return False  # "last night, every night" are two times; 从昨天起每天 is one
        if "every" in names or not (self.day_end or self.clock_end):
            both = _together(self.told, told)
            self.told = both or self.told
            return both is not None
        if (
            self.clock_end
            and names & DAY_FIELDS
            and not self.told.names() & DAY_FIELDS
            and not self.clock_end.names() & DAY_FIELDS
        ):
            both = _together(self.told, told)
            self.told = both or self.told
        elif self.clock_end:
            both = _together(self.clock_end, told)
            self.clock_end = both or self.clock_end
        elif self.told.every and names <= IN_DAY:
            both = _together(self.told, told)
            self.told = both or self.told
        else:
            both = _together(self.day_end or Told(), told)
            self.day_end = both or self.day_end
        return both is not None


def _grouped(pieces: Iterable[Piece], text: str, glue: re.Pattern[str], ranging: re.Pattern[str]) -> Iterator[Phrase]:
    """The phrases that these pieces make."""
    now: _Open | None = None
    for piece in pieces:
        gap = text[now.last : piece.start] if now and 0 <= piece.start - now.last <= _GAP else None
        joined = gap is not None and glue.fullmatch(gap) is not None
        ranged = gap is not None and _ranges(gap, ranging, now)
        if piece.void is Void.UNCOMPUTED:
            yield from _closed(now)
            now = None
            yield Phrase(piece.start, piece.end, Told(), readable=False)
        elif piece.void is Void.WRONG:
            if now is None or not (joined or ranged):
                yield from _closed(now)
                now = _Open(piece.start, piece.end)
            now.wrong, now.end, now.pending = True, piece.end, None
        elif piece.mark and piece.trailing:
            if now and gap == "" and not now.pending and now.told.names():
                now.marks.add(piece.mark)
                now.end = piece.end
        elif piece.mark:
            if now is None or not joined or now.pending or not now.told.names():
                yield from _closed(now)
                now = _Open(piece.start, piece.start)
            now.pending = piece
        elif not (now and (joined or ranged) and now.take(piece, ranged=ranged and not joined)):
            mark = now.pending if now and (joined or ranged) else None
            yield from _closed(now)
            now = _Open(mark.start if mark else piece.start, piece.end, pending=mark)
            now.take(piece, ranged=False)
    yield from _closed(now)


def _ranges(gap: str, ranging: re.Pattern[str], now: _Open | None) -> bool:
    """Whether the gap names a range; "and" and "&" do only after "between"."""
    if now is None or ranging.fullmatch(gap) is None or now.pending:
        return False
    return Mark.BETWEEN in now.marks or not re.search("and|&", gap)


def _closed(phrase: _Open | None) -> Iterator[Phrase]:
    if phrase and phrase.firm and not phrase.wrong and phrase.told.names():
        yield Phrase(
            phrase.start, phrase.end, phrase.told, phrase.day_end, phrase.clock_end, frozenset(phrase.marks)
        )  # fmt: skip


def _together(one: Told, other: Told) -> Told | None:
    """What both tell; None where they contradict, or where the other belongs to a time of its own."""
    mine, theirs = one.names(), other.names()
    if one.part and other.part and (mine & theirs) == frozenset({"part"}) and {one.part.name, other.part.name} <= _DARK:
        return replace(
            one.with_told(other), part=PARTS["night hours"]
        )  # 昨晚凌晨两点 is the night that began yesterday
    if mine & theirs:
        return None
    told = mine | theirs
    days = told & DAY_FIELDS
    if (
        told & _RELATIVE
        and len(told & (DAY_FIELDS | _RELATIVE)) > 1
        and not ("days" in told and days <= _BESIDE_DAYS | {"days"})
    ):
        return None
    if mine & IN_DAY and theirs & {"years", "months", "year", "month"} and "clock" not in mine and "every" not in told:
        return None
    if "every" in told and (
        "then" in told
        or ("weekdays" in theirs and "every" in mine and "weekdays" not in mine and one.every and one.every.unit)
    ):
        return None
    return one.with_told(other)
