"""Generic words: what kinds of things are called (小区, 大道, "park", "street"); alone they name nothing."""

import re
from typing import Final

from extraction.fold import has_chinese

__all__ = ["ARTICLES", "DIRECTIONS", "STREET_TYPES", "TYPE_WORDS", "is_bare", "is_generic", "split_type"]

_SHORTEST: Final = 2
_NOUNS: Final = """
小区 大道 马路 公路 道路 路 街 街道 巷 巷子 学校 中学 小学 大学 幼儿园 医院 公园 广场 市场 超市 商场
社区 村 镇 乡 区 市 县 花园 公寓 家园 大厦 酒店 宾馆 饭店 餐馆 商店 门面 工地 停车场 车站 站
地铁 地铁站 公交站 公交车站 加油站 派出所 物业 公司 工厂 银行 菜市场 农贸市场 批发市场 购物中心 中心
门口 大门 附近 旁边 对面 周边 周围 小巷 路口 路段 路边 大桥 桥 河 湖 山 楼 栋 期 号 单元 住宅
高速 高架 立交桥 隧道 新村 新城 老街 政府 城管 环卫
"""
_FILLERS: Final = "本 本市 本区 本县 我市 我区 我县 我们 这个 那个 这里 那里 这条 该 某 一个 1个 个 的"
_STREETS: Final = (
    "st ave rd blvd dr ln ct pl sq hwy pkwy ter cir expy fwy tpke trl aly plz way row loop run xing path walk"
)
_LEVELS: Final = (
    "dist subdistrict neighborhood neighbourhood borough county city town township village estate estates park station"
)
_STREETS_BEAR: Final = "park church school sch lake river bridge brg college university univ hospital library"
_COMMON: Final = """
street avenue road house houses home homes building buildings block corner area school sch schools church store
shop shops mall market lot parking garden gardens lake river bridge brg hospital university univ college center ctr
central public local near by at on in of and side front back new old apartment apartments apts complex sidewalk
alley driveway intersection light lights stop bus highway exit office bank hotel restaurant bar cafe library museum
pool field playground plaza junction jct hts mt pt trail trails
"""
ARTICLES: Final = frozenset(["the", "a", "an", "this", "that", "my", "our", "your"])
DIRECTIONS: Final = frozenset(["n", "s", "e", "w", "ne", "nw", "se", "sw", "middle"])
STREET_TYPES: Final = frozenset(_STREETS.split())  # as `name_key` writes them
TYPE_WORDS: Final = STREET_TYPES | frozenset(_LEVELS.split())
_NAMING: Final = frozenset(_STREETS_BEAR.split())  # "church st" is a name
_GENERIC_EN: Final = TYPE_WORDS | DIRECTIONS | ARTICLES | frozenset(_COMMON.split())

_AS_NOUN: Final = "|".join(sorted(_NOUNS.split(), key=len, reverse=True))
_AS_FILLER: Final = "|".join(sorted(_FILLERS.split(), key=len, reverse=True))
_GENERIC_ZH: Final = re.compile(
    rf"(?P<filler>{_AS_FILLER})|(?P<landmark>火车站|汽车站|高铁站|步行街)|{_AS_NOUN}|[东南西北中新老旧大小](?=路|街|门|区|站|段|边|面)"
    r"|\d+(?=栋|号|期|楼|单元|个|路|站|区|段)|[门边面段]"
)
_ENDING: Final = re.compile(f"(?:{_AS_NOUN})$")


def is_generic(key: str) -> bool:
    """Whether a key (`name_key`) is made of generic words only: 小区门口, 中心医院, "north road"."""
    return _count(key) is not None


def is_bare(key: str) -> bool:
    """Whether a key is one generic word, which never names anything: 小区, 本小区, "the street"; so is the empty key."""
    words = _count(key)
    return words is not None and words <= 1


def split_type(key: str) -> tuple[str, str]:
    """A key's stem and the generic word at its end: 芙蓉 and 路, "elm" and "st"; "" where little else would be left."""
    if not has_chinese(key):
        stem, _, kind = key.rpartition(" ")
        return (stem, kind) if stem and kind in _GENERIC_EN else (key, "")
    ending = _ENDING.search(key)
    return (key[: ending.start()], ending.group()) if ending and ending.start() >= _SHORTEST else (key, "")


def _count(key: str) -> int | None:
    """How many generic words a key is made of; None where it holds another word. A landmark (火车站) counts twice."""
    if not has_chinese(key):
        words = key.split()
        if not _GENERIC_EN.issuperset(words) or (key and words[-1] in STREET_TYPES and not _NAMING.isdisjoint(words)):
            return None
        return sum(word not in ARTICLES for word in words)
    at = count = 0
    while at < len(key):
        word = _GENERIC_ZH.match(key, at)
        if word is None:
            return None
        at, count = word.end(), count + (word["filler"] is None) + (word["landmark"] is not None)
    return count
