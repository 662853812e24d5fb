"""Whom a report complains about: the organisations it names, and REPORTED_AGAINST for those it blames, the surest first.

An office that is only asked to act ("请城管局处理") is named, not blamed. A party's name is the exact words of the text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.types import Mention, MentionKind, Relation, RelationKind
from extraction.complaints import AGAIN, HEADLINE, Party, is_bare_keeper, odds, party_of, probability
from extraction.fold import organization_id
from extraction.roles import BLAMED, Part, find_parts
from extraction.scope import Scopes

__all__ = ["PARTY_SURE", "RELATIONS_SOURCE", "Accusations", "find_accused", "with_registered_names"]

RELATIONS_SOURCE: Final = "relations@2"
PARTY_SURE: Final = 0.5  # from this confidence on a relation names the report's party

_UNNAMED_WORTH: Final = 0.5  # "a barbecue stall": blamed, but it tells nobody who that is
_SITE_WORTH: Final = 0.75  # a building site's name tells where, not who
_KEEPER_WORTH: Final = 0.85  # "物业" without its estate
_HEARSAY_WORTH: Final = 0.8
_OWNER_REACH: Final = 12  # characters between an owner and the party that belongs to it
_SHORTEST_NAME: Final = 3
_SHORTEST_PARTY: Final = 2

_OWNERS: Final = frozenset({MentionKind.ESTATE, MentionKind.POI, MentionKind.ROAD})
_OWNED_BY: Final = frozenset({MentionKind.ESTATE, MentionKind.POI, MentionKind.DISTRICT})
_JOINTS: Final = frozenset({"", "小区", "社区", " "})  # between an estate and its keeper, still one name
_COMMITTEE: Final = re.compile(r"[居村]委会|[居村]民委员会")
_BREAK: Final = re.compile(r"[\n。！？；.!?;]")
_PLACED: Final = re.compile(
    r" (?:\w+ ){0,3}(?:on|at|of|in|near|by|behind|opposite|outside|next to|across from) (?:the )?", re.IGNORECASE
)
# A company's or an office's registered name begins with its area: "A市骏宝巴士有限公司".
_REGISTERED: Final = re.compile(r"(?:公司|集团|[支分]行|银行|局|厅|委员会|政府|街道办|办事处|合作社)$")
_PUBLIC: Final = re.compile(
    r"(?:第[一二三四五六七八九十]+)?(?:实验|中心|人民|中医|妇幼|儿童)?(?:[中小]学|医院|卫生院|保健院|幼儿园|学校)"
)
_PROVINCE: Final = re.compile(r"[\u4e00-\u9fff]{2}(?:省|自治区)$")
_SCHOOLS: Final = re.compile(r"(?:[中小大]学|学校|幼儿园|医院|卫生院)$")
# What an area begins and an ending closes: "A7县 + 卫生健康局". The words between hold none that a name has not.
_AFTER_AREA: Final = re.compile(
    r"(?!中小学|各|全)(?:(?:(?![的在有是请把对向与和了不到被让从至去等])[\u4e00-\u9fff]){1,9}?"
    r"(?:局(?![长面部势])|公司|[中小]学|医院|卫生院|幼儿园|法院|银行(?:[\u4e00-\u9fff]{1,5}支行)?)"
    r"|(?:[\u4e00-\u9fff]{0,4}?(?:[居村]民委员会|[居村]委会|街道办(?:事处)?|派出所|(?:人民)?政府|卫生院|法院)))"
)
_AFTER_AREA_SURE: Final = 0.75
_HAN: Final = re.compile(r"[\u4e00-\u9fff]{2}$")
# Words that say what kind of business it is, and no name.
_UNNAMED: Final = re.compile(
    r"(?:貌似|私人|小型|大型|某|[这那]家|[一二三四五]楼|楼[上下]|门口|隔壁|附近|旁边|对面|路边|非法|[黑老新]|多家|临街|流动|无证|违规|私自)*"
    r"(?:烧烤|烤肉|早餐|[夜宵]宵|宵夜|火锅|小吃|水果|[粉面饭菜砖餐茶酒药驾]|快递|汽修|汽车修理|修车|洗车|理发|美容|养生|按摩|足浴|洗脚|健身|餐饮|装修|广告|"
    r"建筑|施工|房产|房地产|地产|贷款|搬家|燃气|天然气|自来水|供[水电]|电力|公交|轨道|运营|保洁|管理|物流|培训|中介|麻将|棋牌|建材|搅拌|混凝土|石材|"
    r"加工|印刷|家具|化工|养[殖猪]|废品|收购|回收|生鲜|便利|五金|门窗|铝合金|快餐|奶茶|咖啡|服装|电动车|手机|宠物|开发|作业|集团|销售|工程|建设|投资|"
    r"保险|环卫|清洁)*"
    r"(?:[店馆厂队方站摊室行城吧部铺房场]|总?公司|单位|摊位|机构|KTV|工地|酒店|宾馆|[饭餐]店|餐厅|餐馆|超市|市场|学校|医院|幼儿园|工厂|银行|商场|门面|中心|"
    r"广场|农家乐|歌厅|夜总会|夜市)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Accusations:
    """Mentions with their organisations' ids, the relations REPORTED_AGAINST, and every organisation's name by id.

    relations: the surest first; from `PARTY_SURE` on, the first names the party that the report is about.
    """

    mentions: tuple[Mention, ...]
    relations: tuple[Relation, ...]
    organizations: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Named:
    """A mention that may be a party. name: the exact words; owner: what it belongs to, where words stand between them."""

    index: int
    name: str
    owner: str | None
    party: Party
    part: Part


def with_registered_names(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """These mentions and the offices, firms, schools and hospitals that an area's name begins, where nothing found them yet."""
    found: list[Mention] = []
    for index, mention in enumerate(mentions):
        found.append(mention)
        if mention.kind is not MentionKind.DISTRICT:
            continue
        limit = mentions[index + 1].start if index + 1 < len(mentions) else len(text)
        name = _AFTER_AREA.match(text, mention.end, limit)
        if name:
            kind = MentionKind.POI if _SCHOOLS.search(name.group()) else MentionKind.ORGANIZATION
            found.append(Mention(name.start(), name.end(), name.group(), kind, _AFTER_AREA_SURE, RELATIONS_SOURCE))
    return found


def find_accused(text: str, mentions: Sequence[Mention], scopes: Scopes | None = None) -> Accusations:
    """Give the organisations among these mentions their ids, and find which of them the text complains about.

    A mention with the role "cause" is blamed, as sure as its model and the rules together; without roles the rules decide.
    What the text says is not to blame ("不是物业的问题") is not reported against. Persons are never: their names are kept out.
    scopes: the text's, where somebody has read it already.
    """
    scopes = scopes or Scopes(text)
    parts = find_parts(text, mentions, scopes)
    named = [one for index in range(len(mentions)) if (one := _named(text, mentions, parts, index))]
    called = _one_name_each(named, mentions)
    resolved = list(mentions)
    organizations: dict[str, str] = {}
    groups: dict[str, list[_Named]] = {}
    for one in named:
        name = called[one.name]
        identifier = organization_id(f"{one.owner}{name}" if one.owner and name == one.name else name)
        groups.setdefault(identifier, []).append(one)
        if mentions[one.index].kind is MentionKind.ORGANIZATION:
            organizations[identifier] = name
            resolved[one.index] = replace(mentions[one.index], target=identifier)
    headline = text.find("\n")
    relations: list[Relation] = []
    for identifier, group in groups.items():
        relation = _relation(identifier, called[group[0].name], group, mentions, scopes, headline)
        if relation:
            organizations[identifier] = called[group[0].name]
            relations.append(relation)
    relations.sort(key=lambda relation: (-relation.confidence, relation.mention or 0))
    return Accusations(tuple(resolved), tuple(relations), organizations)


def _relation(
    identifier: str, name: str, group: Sequence[_Named], mentions: Sequence[Mention], scopes: Scopes, headline: int
) -> Relation | None:
    """The relation to one organisation, by the mention that blames it most; None where none does or one denies it."""
    if any(one.part.denied for one in group):
        return None
    best = max(group, key=lambda one: (one.part.blamed, -one.index))
    points = odds(best.part.blamed)
    points += AGAIN * (len(group) > 1) + HEADLINE * any(mentions[one.index].start < headline for one in group)
    sure = probability(points)
    if sure < BLAMED:
        return None
    worth = _worth(name, best) * (_HEARSAY_WORTH if scopes.hearsay(mentions[best.index].start) else 1.0)
    confidence = round(sure * worth, 3)
    return Relation(RelationKind.REPORTED_AGAINST, identifier, confidence, best.part.why, RELATIONS_SOURCE, best.index)


def _named(text: str, mentions: Sequence[Mention], parts: Sequence[Part], index: int) -> _Named | None:
    """What this mention is called as a party; None where it can be none."""
    mention, part = mentions[index], parts[index]
    party = party_of(mention)
    if party is None or party is Party.PERSON:
        return None
    start = _start(text, mentions, index)
    name = text[start : mention.end]
    if len(name) < _SHORTEST_PARTY:
        return None
    bare = start == mention.start and (is_bare_keeper(name) or _UNNAMED.fullmatch(name) is not None)
    return _Named(index, name, _owner(text, mentions, index) if bare else None, party, part)


def _start(text: str, mentions: Sequence[Mention], index: int) -> int:
    """Where the name begins: before the mention, where an owner or an area that belongs to the name stands right there."""
    mention = mentions[index]
    start = mention.start
    before = mentions[index - 1] if index else None
    if before and before.end <= start:
        between = text[before.end : start]
        area = before.kind is MentionKind.DISTRICT
        if is_bare_keeper(mention.text):
            if between in _JOINTS and before.kind in _OWNED_BY and (not area or _COMMITTEE.search(mention.text)):
                return before.start
        elif not between and area and (_REGISTERED.search(mention.text) or _PUBLIC.fullmatch(mention.text)):
            return before.start
    if mention.text.startswith("省") and _HAN.search(text, max(0, start - 2), start):
        return start - 2
    province = _PROVINCE.search(text, max(0, start - 5), start) if _REGISTERED.search(mention.text) else None
    return province.start() if province else start


def _owner(text: str, mentions: Sequence[Mention], index: int) -> str | None:
    """What a party without a name belongs to: "X旁边的工地", "the construction site on X"."""
    mention = mentions[index]
    before = mentions[index - 1] if index else None
    beside = before and before.kind in _OWNERS and mention.start - before.end <= _OWNER_REACH
    if before and beside and not _BREAK.search(text, before.end, mention.start):
        return before.text
    after = mentions[index + 1] if index + 1 < len(mentions) else None
    if after and after.kind in _OWNERS and _PLACED.fullmatch(text, mention.end, after.start):
        return after.text
    return None


def _one_name_each(named: Sequence[_Named], mentions: Sequence[Mention]) -> dict[str, str]:
    """What each name is called in the end: one organisation that stands in several lengths has one name.

    The name with its area or estate stands for the one without ("物业" for "A2区华庭物业", if no other keeper is named); a name
    that the words before were taken into ("现广铁集团") is the shorter one that stands alone elsewhere.
    """
    called = {one.name: one.name for one in named}
    longer: dict[str, set[str]] = {}
    for name in called:
        for at in range(1, len(name)):
            if name[at:] in called:
                longer.setdefault(name[at:], set()).add(name)
    joined = {one.name for one in named if one.name != mentions[one.index].text}
    keepers = {name for name in called if is_bare_keeper(name)}
    for name, others in longer.items():
        if name in keepers or others & joined:
            if len(others) == 1:
                called[name] = next(iter(others))
        elif len(name) >= _SHORTEST_NAME and not _UNNAMED.fullmatch(name):
            called.update(dict.fromkeys(others, name))
    return called


def _worth(name: str, one: _Named) -> float:
    """How well the words tell who is meant, in [0, 1]."""
    if is_bare_keeper(name):
        return _KEEPER_WORTH
    if _UNNAMED.fullmatch(name):
        return _UNNAMED_WORTH
    return _SITE_WORTH if one.party is Party.SITE else 1.0
