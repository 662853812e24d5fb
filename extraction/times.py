"""When: words that name a time, in Chinese and English (昨晚11点, 每天晚上, 2019年9月22号; last night, 11pm, every day)."""

import re
from typing import Final

from core.types import MentionKind
from extraction.candidate import Candidate

__all__ = ["TIMES_SOURCE", "find_times"]

TIMES_SOURCE: Final = "times@1"
_CONFIDENCE: Final = 0.9

_N: Final = "[0-9０-９一二三四五六七八九十两零〇]{1,4}"
_DATE: Final = (
    f"(?:(?:{_N}年(?:{_N}月(?:{_N}[日号])?|初|底)?)|(?:{_N}月(?:{_N}[日号]|份|初|底|中旬|上旬|下旬))|"
    "[12][0-9]{3}[-/.][0-9]{1,2}(?:[-/.][0-9]{1,2})?)"
)
_DAY: Final = (
    "(?:今天|昨天|前天|明天|今早|今晚|昨晚|昨夜|前晚|当晚|当天|近日|近期|最近|这几天|这两天|"
    "上周[一二三四五六日天末]?|本周[一二三四五六日天末]?|"
    "(?:周|星期|礼拜)[一二三四五六日天末](?:至(?:周|星期)?[一二三四五六日天末])?|上个?月|本月|去年|今年|前年|"
    "每天|每日|每晚|天天|每周[一二三四五六日天末]?|每个?月|每年|每逢?周末|周末|节假日|工作日|平时|"
    f"{_N}(?:多)?(?:天|周|个?星期|个?月|年)(?:前|以来))"
)
_PART: Final = (
    "(?:凌晨|清晨|早晨|早上|上午|中午|午间|下午|傍晚|晚上|晚间|夜间|"
    "夜里|深夜|半夜|午夜|白天|晚高峰|早高峰|整晚|通宵|大半夜)"
)
_CLOCK: Final = (
    f"(?:(?:大约|约|近)?(?:{_N}(?:点|时(?!候|常|间|代))(?:钟|半|整|多|{_N}分?)?|[0-2]?[0-9][:：][0-5][0-9])"
    f"(?:(?:到|至|-|—|~|～)(?:次日|第二天)?{_PART}?(?:{_N}(?:点|时)(?:钟|半|整|多|{_N}分?)?|"
    f"[0-2]?[0-9][:：][0-5][0-9]))?)"
)
_ZH: Final = re.compile(f"(?:{_DATE}|{_DAY})的?{_PART}?{_CLOCK}?|{_PART}{_CLOCK}?|{_CLOCK}")
_WEEKDAY: Final = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_MONTH: Final = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
_HOUR: Final = r"(?:\d{1,2}(?::\d{2})?\s?(?:[ap]\.?m\b\.?|o'?clock)|(?:[01]?\d|2[0-3]):[0-5]\d)"
_SPAN: Final = r"(?:\d{1,3}|a|an|one|two|three|four|five|six|several|a few|few|couple of|a couple of|many)"
_EN: Final = re.compile(
    rf"\b(?:{_HOUR}(?:\s?(?:-|to|until|till|and)\s?{_HOUR})?|midnight|noon"
    rf"|(?:every|each|last|this|yesterday|tomorrow|past|next|most|all)\s(?:single\s)?(?:day|night|morning|"
    rf"evening|afternoon|week(?:end)?s?|month|year|{_WEEKDAY})(?:\s(?:morning|afternoon|evening|night))?"
    rf"|yesterday|today|tonight|tomorrow|daily|weekly|nightly|all (?:day|night)|at night|in the (?:morning|"
    rf"afternoon|evening)"
    rf"|(?:{_WEEKDAY})(?:\s(?:morning|afternoon|evening|night))?"
    rf"|{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?|"
    rf"\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|(?:for\s)?(?:over\s|more than\s|about\s|almost\s|the (?:past|last)\s)?{_SPAN}\s(?:minutes?|hours?|days?|"
    rf"nights?|weeks?|months?|years?)(?:\sago)?)(?!\w)",
    re.IGNORECASE,
)


def find_times(text: str) -> list[Candidate]:
    """The times this text names, in its order; never overlapping within one language."""
    return [
        Candidate(match.start(), match.end(), MentionKind.TIME, _CONFIDENCE, TIMES_SOURCE, rank=2)
        for pattern in (_ZH, _EN)
        for match in pattern.finditer(text)
        if match.end() > match.start()
    ]
