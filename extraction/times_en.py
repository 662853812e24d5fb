"""English words of time → pieces: Aug 30, 2024, the 29th, last night, 7:25 pm, every Tuesday, for over 3 weeks, since."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from extraction import times_words_en as words
from extraction.times_numbers import numbers_of, year_of
from extraction.times_patterns_en import MASTER_EN, WEEKDAY
from extraction.times_pieces import DAY, HOUR, PARTS, Clock, Every, Phase, Piece, Span, Told, Unit, Void

__all__ = ["GLUE_EN", "RANGE_EN", "pieces_en"]

# What may stand between two pieces of one time, and between the ends of a range ("and" after "between" only).
GLUE_EN: Final = re.compile(r",? ?(?:(?:at|on|in|of|the|in the|of the|on the|during the|@|~|\() ?)?|t")
RANGE_EN: Final = re.compile(r" ?(?:-{1,2}|[–—―~]|to|and|&) ?(?:the )?")


_REACH: Final = 40  # characters looked at before a piece
# Words before a month, a weekday or 8/9 that make it a time.
_BEFORE: Final = re.compile(
    r"(?:\b(?:on|in|since|by|until|till?|before|after|from|to|through|as of|of|dated?|this|last|next|every|each|starting|and|late|"
    r"early|mid|during|was|is|between|morning|afternoon|evening|night|[ap]m)|[,-]|yesterday|today) ?$"
)
_ISO_BEFORE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ t]$")
_YEAR_BEFORE: Final = re.compile(
    r"\b(?:in|since|of|early|late|mid|from|until|by|before|after|year|summer|spring|fall) ?-?$"
)
_NO_MONTH: Final = re.compile(
    r"\s(?:st|street|ave|avenue|rd|road|dr|drive|ln|lane|way|blvd|court|ct|pl|i|be|have|not|and)\b"
)
_LEAD: Final = re.compile(
    r"(?:\b(?:for|in|over|within|the|past|last|previous|since|at least|about|almost|nearly|more than|less than|approximately|"
    r"around|well|another|up to|going on|approaching|good|full|whole|solid|this|just|these|be)\s){1,5}$"
)
_IDLE: Final = re.compile(r"^(?:(?:well|just|be|good|full|whole|solid|another)\s)+")
_NOT_AGO: Final = re.compile(
    r"^(?:(?:for|in|within|the|past|last|previous|since|this|these)\s)+"
)  # they belong to the word before
_LASTING: Final = re.compile(r"\b(?:for|over|past|last|previous|since|at least|more than|going on|approaching|these)\b")
_BEEN: Final = re.compile(r"\bbeen(?: \w+){0,3} ?$|\b(?:has|have|is) (?:now )?$|\bor $")
_NOT: Final = re.compile(r"\b(?:not|never|no|nor|without|\w+n['’]?t)\b[^.!?\n]*$|\bbeen\b[^.!?\n]*$")
_LATER: Final = re.compile(r"prior|before|after|later|from now|old|age|notice|per|\ban?\b")


def pieces_en(folded: str, text: str) -> Iterator[Piece]:
    """The pieces of times in a folded text, in its order. text: the same with its capitals, which tell May from may."""
    for match in MASTER_EN.finditer(folded):
        if (piece := _READERS[match.lastgroup or ""](match, text)) is not None:
            yield piece


def _piece(match: re.Match[str], told: Told | None, *, firm: bool = True) -> Piece:
    """A piece of what was matched; told None: a number that is none."""
    return Piece(match.start(), match.end(), told, firm=firm, void=None if told else Void.WRONG)


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - _REACH) : match.start()]


def _date(match: re.Match[str], year: int | None, month: int, day: int | None, *, firm: bool = True) -> Piece:
    right = 1 <= month <= 12 and (day is None or 1 <= day <= 31)  # noqa: PLR2004
    return _piece(match, Told(year=year, month=month, day=day) if right else None, firm=firm)


def _read_iso(match: re.Match[str], _text: str) -> Piece:
    year, month, day = (int(number) for number in re.split("[-/.]", match.group()))
    return _date(match, year, month, day)


def _read_numeric(match: re.Match[str], _text: str) -> Piece:
    """Month first, as in the United States, unless that is impossible."""
    first, second, *years = re.split("[-/]", match.group())
    month, day = (int(first), int(second)) if int(first) <= 12 else (int(second), int(first))  # noqa: PLR2004
    firm = bool(years) or bool(_BEFORE.search(_before(match)))
    return _date(match, year_of(years[0]) if years else None, month, day, firm=firm)


def _read_month(match: re.Match[str], text: str) -> Piece | None:
    found = match.groupdict()
    name = found["month"] or found["month1"]
    day = found["day"] or found["day1"]
    year = found["year"] or found["year1"] or found["year2"]
    capital = text[match.start("month" if found["month"] else "month1")].isupper()
    named = capital or name not in words.CAPITAL or bool(found["phase"])
    if not named or (_NO_MONTH.match(match.string, match.end()) is not None and not (day or year)):
        return None
    stop = match.end() - match.group().endswith(".")
    phase = words.PHASES[found["phase"]][:2] if found["phase"] else None
    told = Told(
        year=int(year) if year else None,
        month=words.MONTHS[name],
        day=int(day) if day else None,
        phase=Phase(Unit.MONTH, *phase) if phase else None,
    )
    sure = bool(day or year or phase or _BEFORE.search(_before(match))) or (capital and name not in words.CAPITAL)
    wrong = bool(day and not 1 <= int(day) <= 31)  # noqa: PLR2004
    return Piece(match.start(), stop, None if wrong else told, firm=sure, void=Void.WRONG if wrong else None)


def _read_nth(match: re.Match[str], _text: str) -> Piece:
    day = int(re.sub(r"\D", "", match.group()))
    return _piece(match, Told(day=day) if 1 <= day <= 31 else None)  # noqa: PLR2004


def _read_year(match: re.Match[str], _text: str) -> Piece | None:
    cue = _YEAR_BEFORE.search(_before(match))
    phase = next((phase for word, phase in words.PHASES.items() if cue and word in cue.group()), None)
    told = Told(year=int(match.group()), phase=Phase(Unit.YEAR, *phase[2:]) if phase else None)
    return _piece(match, told) if cue else None


def _read_every(match: re.Match[str], _text: str) -> Piece | None:
    found = match.groupdict()
    if found["plural"]:
        return _piece(match, Told(every=Every(Unit.WEEK), weekdays=(words.WEEKDAYS[found["plural"]],)))
    if found["rate"]:
        part = PARTS["night"] if found["rate"] == "nightly" else None
        return _piece(match, Told(every=Every(words.RATES[found["rate"]]), part=part))
    what = found["many"] or found["some"] or found["what"]
    if what is None:  # 24/7
        return _piece(match, Told(every=Every(Unit.DAY), part=PARTS["all day"]))
    interval = _interval((found["other"] or "").strip())
    told = _repeated(what.removesuffix("s"), interval, rough=match.group().startswith("most")) if interval else None
    return _piece(match, told) if told else None


def _interval(word: str) -> int | None:
    """How many units apart: "other" 2, "30" 30, "few" none that can be told."""
    if word in ("", "single"):
        return 1
    number = (2, 2, False) if word == "other" else numbers_of(re.sub(r"^a | of$", "", word))
    return int(number[0]) if number and number[0] >= 1 and not number[2] else None


def _repeated(what: str, interval: int, *, rough: bool) -> Told:
    if what in words.WEEKDAYS:
        return Told(every=Every(Unit.WEEK, interval), weekdays=(words.WEEKDAYS[what],))
    if what in words.DAY_SETS:
        part = PARTS["night"] if what == "weeknight" else None
        return Told(every=Every(Unit.WEEK, rough=rough), weekdays=words.DAY_SETS[what], part=part)
    if what in words.MONTHS:
        return Told(every=Every(Unit.YEAR), month=words.MONTHS[what])
    if what in words.UNITS:
        part = PARTS["night"] if what == "night" else None
        return Told(every=Every(words.UNITS[what], interval, rough=rough), part=part)
    return Told(every=Every(Unit.DAY, interval, rough=rough), part=PARTS[words.PARTS_EN[what]])


def _read_night(match: re.Match[str], _text: str) -> Piece:
    part = PARTS[match["daypart"] or "night"]
    return _piece(match, Told(days=-1 if match["when"] == "last" else 0, part=part))


def _read_turn(match: re.Match[str], _text: str) -> Piece | None:
    thing, turn = match["thing"], words.TURNS.get(match["which"] or "last", -1)
    if thing in words.WEEKDAYS:
        return _piece(match, Told(turn=turn, weekdays=(words.WEEKDAYS[thing],)))
    if thing in words.MONTHS:
        return _piece(match, Told(turn=turn, month=words.MONTHS[thing]))
    if thing in words.SEASONS:
        return _piece(match, Told(turn=turn, phase=Phase(Unit.YEAR, *words.SEASONS[thing])))
    if (match["which"] or "").endswith("past") and thing in words.UNITS:
        return _piece(match, Told(span=Span(1, 1, words.UNITS[thing], ago=False)))
    if thing in ("week", "weekend", None):
        return _piece(match, Told(weeks=turn, weekdays=None if thing == "week" else (5, 6)))
    return _piece(match, Told(months=turn) if thing == "month" else Told(years=turn))


def _read_weekday(match: re.Match[str], text: str) -> Piece | None:
    days = [words.WEEKDAYS[name] for name in re.findall(WEEKDAY, match.group())]
    short = len(match["first"]) <= 3  # noqa: PLR2004
    if short and not text[match.start()].isupper():
        return None
    end = match.end() - match.group().endswith(".")
    if match["to"]:
        days = [(days[0] + step) % 7 for step in range((days[1] - days[0]) % 7 + 1)]
    every = Every(Unit.WEEK, rough=not match["to"]) if len(days) > 1 else None
    firm = not short or len(days) > 1 or bool(_BEFORE.search(_before(match)))
    return Piece(match.start(), end, Told(weekdays=tuple(sorted(set(days))), every=every), firm=firm)


def _read_relative_day(match: re.Match[str], _text: str) -> Piece:
    return _piece(match, Told(days=words.DAYS[match.group()]))


def _read_clock(match: re.Match[str], _text: str) -> Piece | None:
    found = match.groupdict()
    if found["word"]:
        return _piece(match, Told(clock=Clock(12 * HOUR if found["word"] == "noon" else DAY, 60, settled=True)))
    hour_word = next(found[name] for name in ("hour", "hour2", "oclock", "hour3", "bare", "bare2") if found[name])
    minute_word = found["minute"] or found["minute2"] or found["minute3"]
    number = numbers_of(hour_word)
    hour, minute = int(number[0]) if number else DAY, int(minute_word or 0)
    if hour > 24 or minute >= HOUR or (found["half"] and not 1 <= hour <= 12):  # noqa: PLR2004
        return _piece(match, None)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    settled = bool(found["half"]) or hour > 12 or hour == 0 or (hour_word[0] == "0" and bool(minute_word))  # noqa: PLR2004
    end = match.end() - (match.group().endswith(".") and not re.search(r"[ap]\.\s?m\.$", match.group()))
    digital = _ISO_BEFORE.search(_before(match)) is not None
    clock = Clock(60 * hour + minute, 1 if minute_word else 60, settled=settled, digital=digital)
    start = match.start() if not found["bare"] else match.start("bare")
    return Piece(
        start, end, Told(clock=clock) if clock.minute <= DAY else None, void=None if clock.minute <= DAY else Void.WRONG
    )


def _read_part(match: re.Match[str], _text: str) -> Piece:
    late = (match["cue"] or "").startswith("late") and match["part"] == "night"
    part = PARTS["daytime" if match["day4"] else "dead of night" if late else words.PARTS_EN[match["part"]]]
    firm = bool(match["cue"] or match["day4"]) or match["part"] in (
        "overnight",
        "late at night",
        "all day",
        "all day long",
    )
    return _piece(match, Told(part=part), firm=firm)


def _read_span(match: re.Match[str], _text: str) -> Piece | None:
    string, tail = match.string, (match["tail"] or "").strip()
    low = match.start() - _REACH
    lead = _LEAD.search(string, max(0, low), match.start())
    cue = _IDLE.sub("", lead.group()) if lead else ""
    ago = tail in ("ago", "back")
    cue = _NOT_AGO.sub("", cue) if ago else cue
    if "within" in cue or "less" in cue or (not ago and _LATER.search(tail)):
        return None
    before = string[max(0, low) : match.start() - len(cue)]
    lasting = _LASTING.search(cue) or tail in ("now", "straight", "or more", "in a row") or _BEEN.search(before)
    if not (ago or lasting or (re.search(r"\bin\b", cue) and _NOT.search(before))):
        return None
    word = re.sub(r"\b(?:a (?=couple|few)|of\b|the )", "", match["number"]).strip()
    word = re.sub(r"^half an?$", "half", word)
    number = numbers_of(word) if word else (3, 3, True) if match["s"] and not ago else (1, 1, False) if lead else None
    high = numbers_of(re.sub(r"^a ", "", match["high"])) if match["high"] else None
    if number is None or (not word and not re.search(r"\b(?:past|last|for|in)\b", cue)):
        return None
    unit = words.UNITS[match["unit"]]
    if not word and not match["s"] and not re.search(r"\b(?:past|last)\b", cue):
        return None
    half = 0.5 if match["and"] else 0
    rough = (
        number[2] or bool(re.search("over|more|least|almost|nearly|about|around|going|approx", cue)) or "more" in tail
    )
    span = Span(number[0] + half, max(number[1], high[1] if high else 0) + half, unit, ago=ago, rough=rough)
    part = PARTS["night"] if match["unit"] == "night" and ago else None
    return Piece(match.start() - len(cue), match.end(), Told(span=span, part=part))


def _read_mark(match: re.Match[str], _text: str) -> Piece:
    return Piece(match.start(), match.end(), mark=words.MARKS[match.group()])


_READERS: Final[dict[str, Callable[[re.Match[str], str], Piece | None]]] = {
    "ymd": _read_iso,
    "mdy": _read_numeric,
    "md": _read_numeric,
    "dmonth": _read_month,
    "months": _read_month,
    "nth": _read_nth,
    "years": _read_year,
    "every": _read_every,
    "night": _read_night,
    "turn": _read_turn,
    "weekday": _read_weekday,
    "relday": _read_relative_day,
    "clock": _read_clock,
    "parts": _read_part,
    "span": _read_span,
    "vague": lambda match, _: _piece(match, Told(vague=words.VAGUE[match.group()])),
    "unread": lambda match, _: Piece(match.start(), match.end(), void=Void.UNCOMPUTED),
    "mark": _read_mark,
}
