"""How English times are written: for every kind of piece its spellings, over folded text. Nothing repeats without limit."""

import re
from collections.abc import Iterable
from typing import Final

from extraction import times_words_en as words

__all__ = ["MASTER_EN", "WEEKDAY"]


def _any(table: Iterable[str]) -> str:
    """A pattern for these words, the longest first."""
    return "|".join(sorted(table, key=lambda word: (-len(word), word))).replace(" ", r"\s")


WEEKDAY: Final = f"(?:{_any(words.WEEKDAYS)})"
_MONTH: Final = f"(?:{_any(words.MONTHS)})"
_PART: Final = f"(?:{_any(words.PARTS_EN)})"
_COUNT: Final = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_NUMBER: Final = rf"(?:[0-9]{{1,3}}|(?:a\s)?couple(?:\sof)?|(?:a\s)?few|several|half(?:\san?)?|{_COUNT}|an?)"
_UNIT: Final = "(?:minute|min|hour|hr|day|night|week|wk|month|mo|year|yr)"
_NTH: Final = "(?:st|nd|rd|th)"
_YEAR: Final = "(?:19|20)[0-9]{2}"
_SAID: Final = r"(?:in\sthe\s(?:morning|afternoon|evening)|at\snight|last\snight|tonight|this\smorning)"
_THING: Final = f"(?:{WEEKDAY}|{_MONTH}|weekend|week|month|year|spring|summer|fall|autumn)"
_NO_NIGHT: Final = "(?:club|life|sky|stand|market|shift|light|school)"
_LATER: Final = r"prior|before|beforehand|after|afterwards?|later|from\snow|old|of\sage|thereafter|notice|per\s\w+"

# The kinds in the order they are tried at one place, each with its spellings.
_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "every": (
        (
            rf"\b(?:every|each)\s(?P<other>other\s|single\s|{_NUMBER}\s)?"
            rf"(?P<what>{WEEKDAY}|weekday|weekend|{_PART}|{_UNIT}|{_MONTH})s?\b"
        ),
        r"\b(?P<rate>everyday|daily|nightly|weekly|monthly|hourly|yearly|annually)\b",
        r"\b(?:(?P<most>most|all|on|during|in)\s)?(?:the\s)?(?P<many>weekends|weekdays|weeknights)\b",
        r"\b(?:most|on|all)\s(?P<some>nights|days|evenings|mornings)\b",
        r"\b24\s?/\s?7\b|\b24\shours\sa\sday\b|\b(?:seven|7)\sdays\sa\sweek\b",
        r"\b(?P<plural>(?:mon|tues|wednes|thurs|fri|satur|sun)day)s\b",
    ),
    "ymd": (rf"(?<![\w./-]){_YEAR}(?P<sep>[-/.])[0-9]{{1,2}}(?P=sep)[0-9]{{1,2}}(?![0-9/-])",),
    "mdy": (r"(?<![\w./-])(?:[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{4}|[0-9]{2})|[0-9]{1,2}-[0-9]{1,2}-[0-9]{4})(?![\w/-])",),
    "md": (
        (
            r"(?<![\w./$-])[0-9]{1,2}/[0-9]{1,2}"
            r"(?![\w/\"”%]|[.-][0-9]|\s?(?:miles?|inch|in\b|of|acre|turn|size|way|full|\"))"
        ),
    ),
    "dmonth": (  # 31st of July, 31july
        rf"\b(?:the\s)?(?P<day1>[0-9]{{1,2}}){_NTH}?\s?(?:of\s)?(?P<month1>{_MONTH})\b\.?(?:,?\s?(?P<year1>{_YEAR})\b)?",
    ),
    "months": (  # Aug 30, 2024; Feb 2011; early May; August
        (
            rf"\b(?:(?P<phase>early|mid|late)(?:\s|-)(?:in\s)?)?(?P<month>{_MONTH})\b\.?(?:,?\s?(?:of\s)?(?P<year>{_YEAR})\b"
            rf"|\s?(?P<day>[0-9]{{1,2}}){_NTH}?(?![\w:]|\s?[ap]\.?m\b)(?:,?\s?(?P<year2>{_YEAR})\b)?)?"
        ),
    ),
    "nth": (  # the 29th, but not the 29th street
        (
            rf"\bthe\s[0-9]{{1,2}}{_NTH}\b(?=\s?(?:$|[.,;:!?)\n-]"
            r"|(?:at|to|through|around|about|early|late|and|morning|evening|night|afternoon|of\s(?:the|this|last)|in\sthe)\b))"
        ),
    ),
    "years": (rf"\b{_YEAR}\b(?![-/.]?[0-9a-z]|['’]s)",),
    "night": (
        r"\b(?P<when>last|this)\s(?:late\s|early\s)?(?P<daypart>night|evening|morning|afternoon)\b|\bton(?:ight|ite)\b",
    ),
    "turn": (rf"\b(?P<which>{_any(words.TURNS)})\s(?P<thing>{_THING})\b|\bover\sthe\sweekend\b",),
    "weekday": (
        (
            rf"\b(?P<first>{WEEKDAY})\b\.?(?:\s?(?P<to>-|–|to|through|thru)\s?(?P<last>{WEEKDAY})\b"
            rf"|(?P<list>(?:,\s?{WEEKDAY}\b){{0,5}},?\s?(?:and|&)\s?{WEEKDAY}\b))?"
        ),
    ),
    "relday": (rf"\b(?:{_any(words.DAYS)})\b",),
    "clock": (
        r"(?<![\w:./$#])(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})(?::[0-9]{2})?)?\s?(?P<half>[ap])(?:m\b|\.\s?m\b\.?)",
        r"(?<![\w:./$#])(?P<hour2>[0-9]{1,2}):(?P<minute2>[0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?![\w:])",
        rf"\b(?P<oclock>[0-9]{{1,2}}|{_COUNT})\so['’]?\s?clock\b|\b(?P<word>noon|midnight)\b",
        (
            r"(?<![\w:./$#-])(?P<hour3>[0-9]{1,2})(?::(?P<minute3>[0-9]{2}))?"
            r"(?=\s?(?:-|–|to|and|until|till?)\s?[0-9]{1,2}(?::[0-9]{2})?\s?[ap]\.?m\b)"
        ),  # 7-9am
        rf"\b(?:at|around|about)\s(?P<bare>[0-9]{{1,2}}|{_COUNT})(?=\s{_SAID}\b)",  # at 2 in the morning
        rf"(?<![\w:./$#-])(?P<bare2>[0-9]{{1,2}}|\b(?:{_COUNT}))(?=\s(?:in\sthe\s(?:morning|afternoon|evening)|at\snight)\b)",
    ),
    "parts": (
        (
            r"\b(?P<cue>(?:late\s)?(?:in|during|at|throughout|all|through|into)\s(?:(?:the|all)\s)?)?"
            rf"(?P<part>{_PART})\b(?!\s{_NO_NIGHT})"
        ),
        r"\bduring\sthe\s(?P<day4>day)\b",
    ),
    "span": (
        (
            rf"\b(?P<number>{_NUMBER}\s?|)(?:(?:-|–|to\s|or\s)\s?(?P<high>{_NUMBER})\s?)?[+-]?(?P<unit>{_UNIT})(?P<s>s?)\b"
            rf"(?P<and>\sand\sa\shalf)?(?P<tail>\sago|\sback\b|\s(?:{_LATER}|an?\s(?:day|week|month|year|hour))"
            r"|\snow|\sstraight|\sor\smore|\sin\sa\srow)?"
        ),
    ),
    "vague": (rf"\b(?:{_any(words.VAGUE)})\b",),
    "unread": (r"\b(?:(?:on|public|major)\s){0,2}holidays?\b",),
    "mark": (
        (
            rf"\b(?:{_any(words.MARKS)})\b(?=\s)"
            rf"(?!\s(?:(?:the|over|about|almost|last|past)\s){{0,2}}{_NUMBER}\s?(?:-\s?[0-9]\s)?{_UNIT}s?\b)"
        ),
    ),
}
MASTER_EN: Final = re.compile("|".join(f"(?P<{kind}>{'|'.join(forms)})" for kind, forms in _KINDS.items()), re.ASCII)
