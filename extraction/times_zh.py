"""Chinese words of time → pieces: 2019年9月22号, 昨晚, 上周五, 十点半, 每天, 近两个月, 从…起."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from extraction import times_words_zh as words
from extraction.times_numbers import numbers_of, year_of
from extraction.times_patterns_zh import MASTER_ZH, WEEK
from extraction.times_pieces import DAY, HOUR, PARTS, Clock, Every, Mark, Phase, Piece, Span, Told, Unit, Void

__all__ = ["GLUE_ZH", "RANGE_ZH", "pieces_zh"]

# What may stand between two pieces of one time, and between the ends of a range (一 for a dash: 8点一9点).
GLUE_ZH: Final = re.compile(r"[ \t]{0,2}的?[ \t]{0,2}|[(]|[)]|,(?=每)|t")
RANGE_ZH: Final = re.compile(r"[ \t]?(?:-{1,2}|[—–―~]{1,2}|一)[ \t]?")


# A bare "三点" counts points, not hours, after and before these words.
_COUNTED: Final = re.compile(r"(?:以下|如下|下列|下面|[这那有提几出述共些个问第])$")
_COUNTS: Final = re.compile(
    r"[:、,]?(?:建议|要求|意见|原因|问题|疑问|诉求|请求|希望|质疑|理由|内容|情况|说明|[0-9一][、.])|[:]"
)
_SPENT: Final = re.compile(r"[,，。;；!！、\s]|[都还没仍才依至无未不也就]|一直|$")  # 等了三天, but not 交了两年物业费
_LEFT: Final = re.compile("[只还仅剩再][有要]?$|不到$|[元块/]$")  # 只有半个月了 is to come, 2000元一个月 a price
_ALL_WEEK: Final = "一二三四五六日"
_SURE_HOUR: Final = 4  # 一点, 两点, 三点 are "a bit" and "two points" as often as hours


def pieces_zh(folded: str) -> Iterator[Piece]:
    """The pieces of times in a folded text, in its order."""
    for match in MASTER_ZH.finditer(folded):
        if (piece := _READERS[match.lastgroup or ""](match)) is not None:
            yield piece


def _piece(match: re.Match[str], told: Told | None, *, firm: bool = True) -> Piece:
    """A piece of what was matched; told None: a number that is none."""
    return Piece(match.start(), match.end(), told, firm=firm, void=None if told else Void.WRONG)


def _number(word: str) -> int | None:
    numbers = numbers_of(word)
    return int(numbers[0]) if numbers and numbers[0] == numbers[1] else None


def _read_date(match: re.Match[str]) -> Piece:
    found = match.group()
    numbers = re.findall("[0-9]+", found)
    if len(numbers) == 1:
        numbers = [found[:4], found[4:6], found[6:8]]
    year, month, day = (int(number) for number in (*numbers, "0")[:3])
    return _piece(match, Told(year=year, month=month, day=day or None))


def _read_year(match: re.Match[str]) -> Piece:
    year = year_of(match.group().removesuffix("年"))
    return _piece(match, Told(year=year) if year else None)


def _read_phase(match: re.Match[str]) -> Piece:
    word = match.group().lstrip("度的")
    before = match.string[match.start() - 1 : match.start()]
    of_year = word[0] == "年" or before == "年" or word.endswith("半年")
    word = word.lstrip("年月") or word
    if not of_year:
        return _piece(match, Told(phase=Phase(Unit.MONTH, *words.MONTH_PHASES[word])), firm=len(match.group()) > 1)
    first, last = words.YEAR_PHASES[word[:2] if word[0] in "上下" else word[0]]
    return _piece(match, Told(phase=Phase(Unit.YEAR, first, last)), firm=len(match.group()) > 1)


def _read_months(match: re.Match[str]) -> Piece:
    return _piece(match, Told(months=words.MONTHS[re.split("一?个?月", match.group())[0]]))


def _read_month(match: re.Match[str]) -> Piece:
    month = _number(match.group().split("月")[0])
    return _piece(match, Told(month=month) if month and 1 <= month <= 12 else None)  # noqa: PLR2004


def _read_day(match: re.Match[str]) -> Piece:
    day = _number(match.group().rstrip("日号"))
    return _piece(match, Told(day=day) if day and 1 <= day <= 31 else None)  # noqa: PLR2004


def _read_every(match: re.Match[str]) -> Piece:
    found = match.group()
    if "工作日" in found:
        return _piece(match, Told(every=Every(Unit.WEEK), weekdays=(0, 1, 2, 3, 4)))
    if re.search("周末|双休日|休息日", found):
        return _piece(match, Told(every=Every(Unit.WEEK), weekdays=(5, 6)))
    if "小时" in found and found[0] in "2二":
        return _piece(match, Told(every=Every(Unit.DAY), part=PARTS["all day"]))
    if week := re.search(f"{WEEK}(?=.)", found):
        return _piece(match, Told(every=Every(Unit.WEEK), weekdays=_weekdays(found[week.end() :])))
    interval = re.fullmatch(r"每(隔?)([^个小分天日周星月年]*)个?(小时|分钟|天|日|周|星期|月|年)", found)
    if interval:
        number = numbers_of(interval.group(2)) if interval.group(2) else (1, 1, False)
        skips = 1 if interval.group(1) and interval.group(3) in "天日" else 0  # 每隔一天 is every second day
        every = Every(words.UNITS[interval.group(3)], int(number[0]) + skips) if number and number[0] >= 1 else None
        return _piece(match, Told(every=every) if every else None)
    if found == "隔天":
        return _piece(match, Told(every=Every(Unit.DAY, 2)))
    if found in ("夜夜", "晚晚"):
        return _piece(match, Told(every=Every(Unit.DAY), part=PARTS[words.PARTS_ZH[found[0]]]))
    return _piece(match, Told(every=Every(Unit.DAY if "天" in found else None)))


def _weekdays(listed: str) -> tuple[int, ...]:
    """The days of 一, 一至五, 一、三、五, 六日, 末."""
    if listed == "末":
        return (5, 6)
    days = [_ALL_WEEK.index(day) for day in re.sub(WEEK, "", listed).replace("天", "日") if day in _ALL_WEEK]
    if len(days) == 2 and re.search("[到至~-]", listed):  # noqa: PLR2004 - from, to
        return tuple((days[0] + step) % 7 for step in range((days[1] - days[0]) % 7 + 1))
    return tuple(sorted(set(days)))


def _read_weeks(match: re.Match[str]) -> Piece:
    found = match.group()
    word = re.match("上上|上|本|这|下下|下", found)
    listed = re.sub(f"^(?:上上|上|本|这|下下|下)(?:个|一)?(?:{WEEK})?", "", found)
    days = (5, 6) if "末" in found or "双休" in found else _weekdays(listed) or None
    return _piece(match, Told(weeks=words.WEEKS[word.group() if word else "本"], weekdays=days))


def _read_weekday(match: re.Match[str]) -> Piece:
    days = _weekdays(re.sub(f"^{WEEK}", "", match.group()))
    return _piece(match, Told(weekdays=days, every=Every(Unit.WEEK, rough=True) if len(days) > 1 else None))


def _read_relative_day(match: re.Match[str]) -> Piece:
    word = match.group().rstrip("天日") or match.group()
    if word in words.THEN:
        return _piece(match, Told(then=words.THEN[word]))
    return _piece(match, Told(days=words.DAYS[word]))


def _read_clock(match: re.Match[str]) -> Piece:
    found = match.group()
    if ":" in found:
        hour, minute = (int(number) for number in found.split(":")[:2])
        clock = Clock(60 * hour + minute, 1, settled=hour > 12 or hour == 0 or found[0] == "0", digital=True)  # noqa: PLR2004
        return _piece(match, Told(clock=clock) if minute < HOUR and clock.minute <= DAY else None)
    hour_word, sign, rest = (found, "点", "钟") if match["open"] else re.split("([点时])", found, maxsplit=1)
    hours = numbers_of(hour_word)
    if hours is None or hours[1] > 24:  # noqa: PLR2004
        return _piece(match, None)
    minute, width = _minutes(rest)
    if minute is None:
        return _piece(match, None)
    low, high = int(hours[0]), int(hours[1])
    settled = low > 12 or low == 0 or hour_word[0] == "0"  # noqa: PLR2004
    clock = Clock(60 * low + minute, width + 60 * (high - low), settled=settled, digital=sign == "时")
    spoken = rest.strip("过") == "" and sign == "点" and not hour_word.isdecimal()
    firm = (
        (low >= _SURE_HOUR or not spoken) and not (rest == "" and _counts_points(match)) and (sign == "点" or low > 1)
    )
    return _piece(match, Told(clock=clock) if clock.minute <= DAY else None, firm=firm)


def _minutes(rest: str) -> tuple[int | None, int]:
    """Minutes after the hour, and how fine they are told; None for minutes that are none."""
    if rest in ("", "钟", "整", "过", "多", "多钟"):
        return 0, 60
    if rest == "半":
        return 30, 30
    if "刻" in rest:
        return (15 if rest[0] == "一" else 45), 15
    minute = _number(rest.rstrip("分").lstrip("零") or "零")
    return (minute, 1) if minute is not None and minute < HOUR else (None, 1)


def _counts_points(match: re.Match[str]) -> bool:
    text, start, end = match.string, match.start(), match.end()
    return bool(_COUNTED.search(text[max(0, start - 2) : start]) or _COUNTS.match(text[end : end + 4]))


def _read_span(match: re.Match[str]) -> Piece | None:
    unit, tail, lead = words.UNITS[match["unit"]], match["tail"] or "", match["lead"]
    numbers = numbers_of(match["number"])
    before = match.string[max(0, match.start() - 2) : match.start()]
    over = bool(match["odd"] or match["half"] == "多" or match["more"] in ("多", "余"))
    spent = before.endswith(("了", "满", "过")) and _SPENT.match(match.string, match.end()) is not None
    if numbers is None or _LEFT.search(before) or not (lead or tail or over or spent):
        return None
    if unit in (Unit.MINUTE, Unit.HOUR) and not tail:  # 持续30分钟 does not say up to when
        return None
    rough = numbers[2] or over or bool(match["much"]) or not (lead or tail)
    tens = 3 if match["odd"] in ("几", "来") else 0
    half = 0.5 if match["half"] == "半" or match["more"] == "半" else 0
    low, high = numbers[0] + half + tens, numbers[1] + half + tens
    return _piece(match, Told(span=Span(low, high, unit, ago=tail.endswith("前"), rough=rough)))


def _read_mark(match: re.Match[str]) -> Piece:
    word = match.group()
    trailing = word in words.TRAILING
    mark = words.TRAILING[word] if trailing else words.MARKS.get(word, Mark.UNTIL)
    return Piece(match.start(), match.end(), mark=mark, trailing=trailing)


_READERS: Final[dict[str, Callable[[re.Match[str]], Piece | None]]] = {
    "ymd": _read_date,
    "year": _read_year,
    "years": lambda match: _piece(match, Told(years=words.YEARS[match.group()])),
    "phase": _read_phase,
    "months": _read_months,
    "month": _read_month,
    "vague": lambda match: _piece(match, Told(vague=words.VAGUE[match.group()])),
    "every": _read_every,
    "weeks": _read_weeks,
    "weekday": _read_weekday,
    "relday": _read_relative_day,
    "part": lambda match: _piece(match, Told(part=PARTS[words.PARTS_ZH[match.group()]])),
    "clock": _read_clock,
    "day": _read_day,
    "span": _read_span,
    "unread": lambda match: Piece(match.start(), match.end(), void=Void.UNCOMPUTED),
    "mark": _read_mark,
}
