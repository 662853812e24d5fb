"""Numerals within names: 第十二中学, 第12中学 and 12中 are one school, 远大一路 and 远大1路 one road."""

import re
from typing import Final

__all__ = ["NUMERALS", "spellings", "with_arabic", "with_chinese"]

NUMERALS: Final = "零一二三四五六七八九十百千"
_DIGIT: Final = {character: str(value) for value, character in enumerate("零一二三四五六七八九")}
_CHARACTER: Final = {digit: character for character, digit in _DIGIT.items()}
_RUN: Final = re.compile(f"[{NUMERALS}]+")
_ORDINAL: Final = re.compile(r"第(?=\d)")
_GROUPED: Final = re.compile(
    "(?:([一二三四五六七八九])千)?(?:零?([一二三四五六七八九])百)?(?:零?([一二三四五六七八九]?)(十))?(零?)([一二三四五六七八九]?)"
)
_DATED: Final = 2  # 五一, 八一, 三一 are days and names, never 51, 81, 31
_ARABIC_RUN: Final = re.compile(r"(?<![\da-z.])[1-9]\d{0,2}(?![\da-z.])")
_HOLDS: Final = re.compile(f"[0-9{NUMERALS}]")
_CHINESE_CHARACTER: Final = re.compile(r"[\u3400-\u9fff]")
_SCHOOL: Final = re.compile(r"第(\d+|[一二三四五六七八九十百]+)中学")
_PREFIX: Final = re.compile(r"^[^第]{1,6}[市县区](?=第)")
_BUS: Final = re.compile(r"\d+路")


def with_arabic(text: str) -> str:
    """A folded text with its Chinese numbers as digits, without 第 before them: "第十二中学" is "12中学".

    Two digits without a unit (五一) are no number; runs that are malformed (十百) stay as they are.
    """
    return _ORDINAL.sub("", _RUN.sub(_as_arabic, text))


def with_chinese(text: str) -> str:
    """A folded text with its numbers below 1,000 in Chinese: "12中" is "十二中", "107" is "一零七", "100" is "一百"."""
    return _ARABIC_RUN.sub(lambda run: _chinese(int(run.group())), text)


def spellings(name: str) -> list[str]:
    """Further spellings of a folded name that holds a number, at most 11, without the name itself.

    Digits and Chinese numbers stand for each other; a school's prefix and 学 are dropped: "长沙市第十二中学" is also
    "第12中学", "十二中学", "12中". A spelling that reads as a bus line (81路) is left out.
    """
    if not (_HOLDS.search(name) and _CHINESE_CHARACTER.search(name)):
        return []
    roots = [name, short] if (short := _PREFIX.sub("", name)) != name else [name]
    for root in tuple(roots):
        if school := _SCHOOL.fullmatch(root):
            roots += [f"{school.group(1)}中学", f"{school.group(1)}中"]
    found = {
        form: None
        for root in roots
        for form in (root, _RUN.sub(_as_arabic, root), with_chinese(root))
        if form != name and not _BUS.fullmatch(form)
    }
    return list(found)


def _as_arabic(run: re.Match[str]) -> str:
    numeral = run.group()
    if all(character in _DIGIT for character in numeral):
        if len(numeral) == _DATED and "零" not in numeral:
            return numeral
        return "".join(_DIGIT[character] for character in numeral)
    grouped = _GROUPED.fullmatch(numeral)
    if grouped is None:
        return numeral
    thousands, hundreds, tens, ten, zero, ones = grouped.groups()
    if ones and (thousands or hundreds) and not (ten or zero):  # 一百二 is 120 to most: leave it
        return numeral
    value = 1000 * _value(thousands) + 100 * _value(hundreds) + 10 * (_value(tens) or bool(ten)) + _value(ones)
    return str(value) if value else numeral


def _value(character: str | None) -> int:
    return int(_DIGIT[character]) if character else 0


def _chinese(number: int) -> str:
    if number >= 100:  # noqa: PLR2004 - hundreds begin there
        hundreds, rest = divmod(number, 100)
        return "".join(_CHARACTER[digit] for digit in str(number)) if rest else f"{_CHARACTER[str(hundreds)]}百"
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_CHARACTER[str(tens)]}十"
    return head + (_CHARACTER[str(ones)] if ones else "")
