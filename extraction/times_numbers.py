"""Numbers as times tell them, in Chinese and English: one number, or the two that it lies between (三四点, a few days)."""

from typing import Final

__all__ = ["NUMERALS", "numbers_of", "year_of"]

NUMERALS: Final = {
    "零": 0, "〇": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
_ENGLISH: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "a": 1, "an": 1, "single": 1,
}  # fmt: skip
# Words that only hint at a number.
_ROUGH: Final = {
    "几": (3, 3),
    "好几": (4, 4),
    "几十": (30, 30),
    "数": (3, 3),
    "数十": (30, 30),
    "couple": (2, 2),
    "few": (3, 3),
    "several": (4, 4),
}
_PAIR: Final = 2  # digits that name a range
_CENTURY: Final = 100
_LAST_CENTURY: Final = 40  # two digits from here on are of the 1900s


def numbers_of(word: str) -> tuple[float, float, bool] | None:
    """The least and the greatest number a folded word tells, and whether it only hints at it; None where it is no number.

    "二十三" (23, 23), "两三" (2, 3), "十一二" (11, 12), "半" (0.5, 0.5), "a few" (3, 3, rough).
    """
    if word.isdecimal() and word.isascii():
        return int(word), int(word), False
    if word in ("半", "half"):
        return 0.5, 0.5, False
    if word in _ROUGH:
        return *_ROUGH[word], True
    if word in _ENGLISH:
        return _ENGLISH[word], _ENGLISH[word], False
    pair = _chinese(word.replace("廿", "二十").replace("卅", "三十"))
    return (*pair, False) if pair else None


def year_of(digits: str) -> int | None:
    """The year that two or four digits name, Chinese or not: 二〇一九, 2019, 19; None for anything else."""
    values = [int(digit) if digit.isascii() and digit.isdecimal() else NUMERALS.get(digit, -1) for digit in digits]
    if min(values, default=-1) < 0 or len(values) not in (2, 4):
        return None
    year = int("".join(map(str, values)))
    if len(values) == _PAIR:
        year += 1900 if year >= _LAST_CENTURY else 2000
    return year if 1900 <= year <= 2100 else None  # noqa: PLR2004 - the span of times the whole project takes


def _chinese(word: str) -> tuple[int, int] | None:
    head, hundred, tail = word.partition("百")
    if hundred:
        count = _CENTURY * NUMERALS.get(head or "一", 1)
        return (count, count) if not tail and len(head) < _PAIR else None
    head, ten, tail = word.partition("十")
    if not ten:
        return _digits(word)
    tens, ones = _digits(head or "一"), _digits(tail or "零")
    return (10 * tens[0] + ones[0], 10 * tens[1] + ones[1]) if tens and ones else None


def _digits(word: str) -> tuple[int, int] | None:
    """One digit twice, or two that follow each other as a range: 三四, 三五."""
    if not 1 <= len(word) <= _PAIR or any(digit not in NUMERALS for digit in word):
        return None
    low, high = NUMERALS[word[0]], NUMERALS[word[-1]]
    return (low, high) if len(word) == 1 or low < high <= low + 2 else None
