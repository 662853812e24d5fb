"""Short names: what people leave out of a name, or add to it, and still mean the same place.

芙蓉 is 芙蓉区, 丽发新城小区 is 丽发新城, 恒大江湾二期3栋 lies in 恒大江湾, "Maplehurst" is "W Maplehurst St".
All here works on keys (`name_key`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from extraction.fold import has_chinese
from extraction.generic_words import ARTICLES, DIRECTIONS, STREET_TYPES, TYPE_WORDS, is_bare, is_generic

__all__ = ["WIDE", "Dropped", "ShortName", "Shortener", "agree", "lost_street", "steps"]

Dropped = tuple[tuple[str, str], ...]  # (slot, value), e.g. ("phase", "2期")
WIDE: Final = "*"
_LONGEST_CHAIN: Final = 6
_MOST_FORMS: Final = 24
_COST_NOTHING: Final = frozenset({"article", "where"})
_SHORTEST: Final = 2
_N: Final = r"(?:\d+|[a-z]\d*)"

# Parts at the end of a Chinese address, by what they tell; the part's own value is what two names must share.
_TAILS: Final = {
    "where": "附近|旁边|对面|门口|门前|周边|周围|里面|内部|一带|路段|(?<=..)[旁内里边处]",
    "gate": r"(?:[东南西北正后侧大前]|\d+号)门",
    "exit": f"(?:{_N}号?)?(?:出入口|出口)|{_N}号?口",
    "room": f"{_N}(?:室|房|户|层|楼)",
    "unit": f"{_N}单元",
    "building": f"{_N}(?:[、,至到和]{_N})*(?:栋|幢|座|号楼|号院|号栋)",
    "number": r"\d+(?:[ -]\d+)*号",
    "group": r"\d+(?:组|队)",
    "phase": f"{_N}期",
    "section": r"(?:[东南西北中]|\d+)段",
    "crossing": "(?<=[路街巷道])口|交叉口|交汇处|交叉路口|10字路口",
    "block": f"(?:{_N}|[东南西北中])(?:区|地块|组团)",
}
_TAIL: Final = re.compile(f"(?:{'|'.join(f'(?P<{slot}>{words})' for slot, words in _TAILS.items())})$")
_PARTS: Final = (frozenset(_TAILS) | {"unit", "number"}) - {
    "where",
    "gate",
    "exit",
}  # two names must not differ in them

# Endings that say what a thing is. Two names that lost different classes are not one: 芙蓉区 is not 芙蓉街道; 望城县 became 望城区.
_TYPES: Final = {
    "county": "自治县|[市区县]",
    "town": "街道办事处|街道办|街道|办事处|[镇乡]",
    "village": "社区居民委员会|社区居委会|社区|村民委员会|村委会|居委会|村",
    "estate": "住宅小区|安置小区|小区|安置区|家属区|家属楼|家属院|大院",
    "station": "地铁站|公交站|公交车站|站",
    "park": "湿地公园|森林公园|公园",
    "company": "股份有限公司|有限责任公司|有限公司|集团公司|集团|公司",
}
_TYPE: Final = re.compile(f"(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _TYPES.items())})$")
_ROAD: Final = re.compile(
    r"(?P<stem>.{2,}?)(?P<direction>[东南西北中]|\d+)?(?P<type>大道|公路|高架桥?|快速路|路|大街|街|巷)$"
)
_SCHOOL: Final = re.compile(r"(?:.*\D)?\d+中(?P<rest>学)$")
_PROVINCE: Final = re.compile(r"[\u3400-\u9fff]{2,3}省")

_UNITS: Final = frozenset(("apt", "unit", "ste", "suite", "bldg", "lot", "rm", "room", "fl", "floor", "phase", "no"))


class ShortName(NamedTuple):
    """A shorter form of a name. dropped: what was left out, in order."""

    text: str
    dropped: Dropped = ()


class Shortener:
    """Knows what may be left out of a name. areas: key of an area's name → what stands for it.

    What stands for an area that holds all others (the city) begins with WIDE: losing it contradicts nothing.
    """

    def __init__(self, areas: Mapping[str, str]) -> None:
        self._areas = areas
        self._longest = max(map(len, areas), default=0)
        self._heads = {key[:_SHORTEST] for key in areas}

    def forms(self, key: str) -> tuple[list[ShortName], ShortName]:
        """The shorter forms of a name, at most 24, and the one that is only the place, with its type.

        That one lacks the areas before it and the parts of an address behind it. No form is a bare generic word.
        """
        zh = has_chinese(key)
        trim, untype = (_without_tail, _untyped_zh) if zh else (_without_part, _untyped_en)
        spine = _chain(ShortName(key), trim)
        ends = [_chain(form, self._without_area if zh else self._without_town) for form in spine]
        forms = {key: spine[0]}
        for form in (form for chain in ends for form in chain):
            for further in (form, *untype(form)):
                if further.text not in forms and len(further.text) >= _SHORTEST and not _says_little(further):
                    forms[further.text] = further
        place = next((f for chain in reversed(ends) for f in reversed(chain) if f.text in forms), spine[0])
        return list(forms.values())[1 : _MOST_FORMS + 1], place

    def is_kind_of_thing(self, key: str) -> bool:
        """Whether a Chinese key is an area's full name before generic words: 长沙市政府, 芙蓉区医院."""
        ends = range(_SHORTEST + 1, min(self._longest, len(key) - 1) + 1) if key[:_SHORTEST] in self._heads else ()
        return any(key[:end] in self._areas and is_generic(key[end:]) for end in ends)

    def _without_town(self, form: ShortName) -> ShortName | None:
        """English names have their area at the end."""
        words = form.text.split(" ")
        for count in range(min(3, len(words) - 1), 0, -1):
            area = self._areas.get(" ".join(words[-count:]))
            rest = " ".join(words[:-count])
            if area is not None and not is_generic(rest):
                return _shorter(form, rest, "area", area)
        return None

    def _without_area(self, form: ShortName) -> ShortName | None:
        text = form.text
        if province := _PROVINCE.match(text):
            return _shorter(form, text[province.end() :], "area", WIDE)
        if text[:_SHORTEST] in self._heads:
            for end in range(min(self._longest, len(text) - _SHORTEST), _SHORTEST - 1, -1):
                area = self._areas.get(text[:end])
                rest = text[end:]
                if area is not None and not (is_bare(rest) if end > _SHORTEST else is_generic(rest)):  # 芙蓉 | 中路
                    return _shorter(form, text[end:], "area", area)
        return None


def _chain(form: ShortName, trim: Callable[[ShortName], ShortName | None]) -> list[ShortName]:
    """A form and what is left of it as it is trimmed again and again."""
    chain = [form]
    while len(chain) < _LONGEST_CHAIN and (shorter := trim(chain[-1])):
        chain.append(shorter)
    return chain


def agree(lost: Dropped, lost_too: Dropped) -> bool:
    """Whether two names with one short form may be one place, by what each of them lost.

    A building or phase that only one of them names is no contradiction, two that differ are.
    """
    for slot in ("area", "type", "direction"):
        values, values_too = (
            {value for at, value in lost_ if at == slot and value[:1] != WIDE} for lost_ in (lost, lost_too)
        )
        if values and values_too and values.isdisjoint(values_too):
            return False
    parts, parts_too = ({part for part in lost_ if part[0] in _PARTS} for lost_ in (lost, lost_too))
    return parts <= parts_too or parts >= parts_too


def _shorter(form: ShortName, text: str, slot: str, value: str) -> ShortName:
    return ShortName(text, (*form.dropped, (slot, value)))


def lost_street(lost: Dropped) -> bool:
    """Whether a name lost the word that makes it a street: what is left of "furong rd" must not become a district."""
    return any(slot == "type" and (value == "road" or value in STREET_TYPES) for slot, value in lost)


def steps(lost: Dropped, lost_too: Dropped) -> int:
    """How many parts only one of two names lost; articles and words such as 附近 cost nothing."""
    return sum(slot not in _COST_NOTHING for slot, _ in set(lost).symmetric_difference(lost_too))


def _without_part(form: ShortName) -> ShortName | None:
    words = form.text.split(" ")
    if words[0] in ARTICLES and len(words) > 1:
        return _shorter(form, " ".join(words[1:]), "article", "")
    if len(words) > _SHORTEST and words[-2] in _UNITS:
        return _shorter(form, " ".join(words[:-2]), "unit", words[-1])
    if len(words) > _SHORTEST and words[0].isdigit() and not is_generic(" ".join(words[1:])):
        return _shorter(form, " ".join(words[1:]), "number", words[0])
    return None


def _without_tail(form: ShortName) -> ShortName | None:
    tail = _TAIL.search(form.text)
    if tail is None or tail.start() < _SHORTEST:
        return None
    slot = tail.lastgroup or ""
    return _shorter(form, form.text[: tail.start()], slot, tail.group())


def _untyped_zh(form: ShortName) -> Iterator[ShortName]:
    text = form.text
    if kind := _TYPE.search(text):
        yield _shorter(form, text[: kind.start()], "type", kind.lastgroup or "")
    if road := _ROAD.fullmatch(text):
        stem, direction, ending = road.groups()
        if direction:
            yield _shorter(form, stem + ending, "direction", direction)
            yield _shorter(form, stem + direction, "type", "road")
        # 五一路 and 五一大道 meet in this one, which 五一 alone does not.
        yield _shorter(form, f"{stem}{direction or ''}#", "type", "road")
    elif school := _SCHOOL.fullmatch(text):
        yield _shorter(form, text[: school.start("rest")], "type", "school")


def _untyped_en(form: ShortName) -> Iterator[ShortName]:
    words = form.text.split(" ")
    named = [form]
    at = next((i for i in (0, -1, -2) if len(words) > max(_SHORTEST - 1, -i) and words[i] in DIRECTIONS), None)
    if at is not None:
        rest = [word for i, word in enumerate(words) if i != at % len(words)]
        named.append(_shorter(form, " ".join(rest), "direction", words[at]))
        yield named[-1]
    for name in named:
        stem, _, kind = name.text.rpartition(" ")
        if stem and kind in TYPE_WORDS:
            yield _shorter(name, stem, "type", kind)


def _says_little(form: ShortName) -> bool:
    """Whether a form is one generic word, or lost its type or direction and has only generic words left."""
    if is_bare(form.text.removesuffix("#")):
        return True
    return (
        bool(form.dropped) and form.dropped[-1][0] in ("type", "direction") and is_generic(form.text.removesuffix("#"))
    )
