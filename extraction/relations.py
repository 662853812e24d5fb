"""Whom a report complains about: the organisations it names, and REPORTED_AGAINST for those it accuses.

An office that is only asked to act ("请城管局处理") is named, not accused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.types import Mention, MentionKind, Relation, RelationKind
from extraction.complaints import ACCUSED, ACCUSING, ADDRESSED, ASKED, NEGLECT
from extraction.fold import organization_id

__all__ = ["RELATIONS_SOURCE", "Accusations", "find_accused"]

RELATIONS_SOURCE: Final = "relations@1"

_ACCUSED_BY_NAME: Final = 0.85  # "投诉 X"
_ACCUSED_BY_DEED: Final = 0.75  # "X 扰民"
_NEGLECTED: Final = 0.65  # an authority that does not act
_BARE_FACTOR: Final = 0.7  # "物业" of the estate named before it
_REACH: Final = 24  # characters looked at on either side
_OWNER_REACH: Final = 12  # a bare party belongs to the estate named this closely before it

_AUTHORITY: Final = re.compile(
    r"(?:局|政府|委员会|办公室|街道办|派出所|交警队?|城管队?|城管|执法大队|管委会|department|bureau|council|"
    r"government|police|311)$",
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    r"(?:物业(?:公司)?|开发商|业委会|业主委员会|居委会|村委会|工地|ktv|酒吧|歌厅|麻将馆|棋牌室|夜总会|property "
    r"management(?: company)?|"
    r"construction (?:site|company|crew)|homeowners association|karaoke bar|night ?club|garbage truck|trash "
    r"collection)",
    re.IGNORECASE,
)
_BREAK: Final = re.compile(r"[\n。！？；.!?;]")
_LINK: Final = re.compile(
    r" (?:\w+ ){0,3}(?:on|at|of|in|near|by|behind|opposite|outside|next to|across from) (?:the )?", re.IGNORECASE
)
_OWNERS: Final = frozenset({MentionKind.ESTATE, MentionKind.POI, MentionKind.ROAD})
_ACCUSABLE_PLACE: Final = re.compile(
    r"(?:学校|中学|小学|大学|学院|幼儿园|医院|卫生院|养老院|酒店|宾馆|市场|超市|商场|商贸城|购物中心|工地|厂|"
    r"搅拌站|加油站|停车场|"
    r"school|hospital|hotel|market|mall|restaurant|supermarket|construction site|plant|church)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Accusations:
    """Mentions with their organisations' ids, the relations REPORTED_AGAINST, and every organisation's name by id."""

    mentions: tuple[Mention, ...]
    relations: tuple[Relation, ...]
    organizations: dict[str, str]


def find_accused(text: str, mentions: Sequence[Mention]) -> Accusations:
    """Give the organisations among these mentions their ids, and find which of them the text complains about."""
    resolved: list[Mention] = []
    best: dict[str, Relation] = {}
    organizations: dict[str, str] = {}
    for index, mention in enumerate(mentions):
        name = _name(text, mentions, index)
        verdict = _verdict(text, mention) if name else None
        if mention.kind is MentionKind.ORGANIZATION and name:
            identifier = organization_id(name)
            organizations[identifier] = name
            resolved.append(replace(mention, target=identifier))
        else:
            resolved.append(mention)
        if name and verdict:
            identifier = organization_id(name)
            organizations[identifier] = name
            confidence, reason = verdict
            confidence = round(confidence * (_BARE_FACTOR if name != mention.text else 1.0), 3)
            if identifier not in best or best[identifier].confidence < confidence:
                best[identifier] = Relation(
                    RelationKind.REPORTED_AGAINST, identifier, confidence, reason, RELATIONS_SOURCE, index
                )
    return Accusations(tuple(resolved), tuple(best.values()), organizations)


def _name(text: str, mentions: Sequence[Mention], index: int) -> str | None:
    """What the organisation is called: its words, or for a bare "物业" the estate named before it too; None for no party."""
    mention = mentions[index]
    if mention.kind is MentionKind.POI:
        return mention.text if _ACCUSABLE_PLACE.search(mention.text) else None
    if mention.kind is not MentionKind.ORGANIZATION:
        return None
    if not _BARE.fullmatch(mention.text):
        return mention.text
    owner = _owner(text, mentions, index)
    if owner is None:
        return None
    space = " " if mention.text.isascii() else ""
    return f"{owner.text}{space}{mention.text}"


def _owner(text: str, mentions: Sequence[Mention], index: int) -> Mention | None:
    """The estate, place or road that a bare party belongs to: "X旁边的工地", "the construction site on X"."""
    mention = mentions[index]
    before = next((m for m in reversed(mentions[:index]) if m.kind in _OWNERS), None)
    if before and mention.start - before.end <= _OWNER_REACH and not _BREAK.search(text, before.end, mention.start):
        return before
    after = next((m for m in mentions[index + 1 :] if m.kind in _OWNERS), None)
    return after if after and _LINK.fullmatch(text, mention.end, after.start) else None


def _verdict(text: str, mention: Mention) -> tuple[float, str] | None:
    """How sure it is that the text complains about this mention, and why; None where it does not."""
    before = text[max(0, mention.start - _REACH) : mention.start]
    after = text[mention.end : mention.end + _REACH]
    if _AUTHORITY.search(mention.text):
        neglect = NEGLECT.match(after)
        return (_NEGLECTED, f"{mention.text}: {neglect.group().strip()}") if neglect else None
    if ADDRESSED.search(before) or ASKED.match(after):
        return None
    accusing = ACCUSING.search(before)
    if accusing:
        return _ACCUSED_BY_NAME, f"{accusing.group().strip()} {mention.text}"
    deed = ACCUSED.match(after)
    return (_ACCUSED_BY_DEED, f"{mention.text} {deed.group().strip()}") if deed else None
