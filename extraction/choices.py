"""Which place of the city each name of a report means: candidates by name, one joint choice, or none.

The names of a report constrain each other, so candidates are weighed twice: first each name alone, then once more by the
areas and places that the other names may mean. Where nothing is sure enough, or two are as likely, the choice is left open.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, Protocol

from core.extraction import NAME_KINDS
from core.types import AreaKind, Mention, MentionKind, PlaceChoice, PlaceKind, Point
from extraction.evidence import Other, Weighing, too_near
from extraction.fold import fold, name_key
from extraction.geocode import Fix, Geocoder, Standing
from extraction.name_index import NameHit, NameIndex

__all__ = ["Chooser", "History", "settled"]

_SURE: Final = 0.65  # a best candidate below it is left open
_HOPELESS: Final = 0.2  # candidates below it are not worth showing
_AROUND: Final = 6  # names before and after one that may constrain it
_REMEMBERED: Final = 8192  # names
_LOOKED_UP: Final = 200  # distinct names of one report; of further ones only what the gazetteer read is weighed
_BESIDE: Final = re.compile(r"\s?[,，·的]?\s?")  # between an area and what it holds: "雨花区 人民公园"
_INSIDE: Final = re.compile(
    r"\s?(?:[,，(（]|in|of)\s?(?:the )?"
)  # between a place and its area: "People's Park, Yuhua"
_TOGETHER: Final = re.compile(r"\s?(?:[与和跟及、/&×x]|and|at|@|交叉?)?\s?")  # between two roads that cross
# The end of a name that is something of the place it begins with: "珠江花城|物业", "润和紫郡|垃圾站"; folded.
_OF_IT: Final = re.compile(
    r"(?:物业(?:公司|管理处|服务中心)?|业委会|业主委员会|居委会|开发商|工地|垃圾[站桶房点]|停车场|地下车库|车库|"
    r"宿舍楼?|家属[区楼]|校区|[前后正老]?[坪街门巷]|路|桥|路口|街口|交叉口|广场|酒店|酒吧|ktv|歌厅|菜场|菜市场|农贸市场|夜市|超市|"
    r"便利店|药店|烧烤店|火锅店|餐馆|饭店|粉店|麻将馆|棋牌室|网吧|健身房|幼儿园|派出所|加油站|立交桥?|天桥|地下通道|隧道口?|"
    r" (?:property management(?: company)?|management(?: company)?|construction site|parking lot|parking garage|gate|entrance|"
    r"homeowners association|bar|ktv|hotel|market|supermarket|bus stop|metro station|subway station|station|street|plaza))$"
)
_OF_IT_SHARE: Final = 0.9  # × the similarity of what it begins with


class History(Protocol):
    """What names meant in earlier reports, e.g. as corrected by people."""

    def meant(self, name: str) -> Mapping[str, int]:
        """How many earlier reports meant which target (id → reports) by this name, given as its `name_key`."""
        ...


@dataclass(frozen=True, slots=True)
class _Found:
    """What a look-up found. whole: whether all words of the name were met, so that its kind is the place's."""

    hits: Sequence[NameHit]
    whole: bool = True


@dataclass(slots=True)
class _Name:
    """A name as a report uses it. indexes: of its mentions; beside: the area named with it; joined: roads it crosses.

    folded: its text, by which other names refer to it. weighed: its candidates, best first. rivals: those that are as likely
    as the first, weighed alone. area: the district or subdistrict that it means for sure, weighed alone.
    """

    text: str
    folded: str
    kind: MentionKind
    beside: str | None
    indexes: list[int] = field(default_factory=list[int])
    joined: set[str] = field(default_factory=set[str])
    weighed: list[Weighing] = field(default_factory=list[Weighing])
    rivals: list[Weighing] = field(default_factory=list[Weighing])
    area: Standing | None = None

    def keep(self, weighed: list[Weighing]) -> None:
        """Keep the candidates as weighed alone."""
        self.weighed = weighed
        self.rivals = [one for one in weighed if one is weighed[0] or too_near(weighed[0].score, one.score)]
        if len(self.rivals) == 1 and weighed[0].score >= _SURE:
            here = weighed[0].standing
            self.area = here if here.is_area and here.district else None


class Chooser:
    """Chooses what the names of a report mean. Deterministic, whatever order areas and places were given in."""

    def __init__(self, names: NameIndex, geocoder: Geocoder, history: History | None = None) -> None:
        self._names = names
        self._geocoder = geocoder
        self._history = history
        self._hits = lru_cache(maxsize=_REMEMBERED)(self._look_up)

    def choose(
        self,
        text: str,
        mentions: Sequence[Mention],
        *,
        address: str = "",
        address_mentions: Sequence[Mention] = (),
        point: Point | None = None,
        fix: Fix | None = None,
    ) -> tuple[PlaceChoice, ...]:
        """What each place-like mention means, in their order, then what the names in the report's address field mean.

        text, address: what the mentions' offsets count in. fix: what the polygons say of the point, if at hand.
        An organisation has a choice only where the city has a place of its name.
        """
        every = [*mentions, *address_mentions]
        names = _names(((text, mentions, 0), (address, address_mentions, len(mentions))))
        here = (point, fix or self._geocoder.locate_point(point)) if point else None
        for number, name in enumerate(names):
            known = {mention.target for mention in (every[index] for index in name.indexes) if mention.target}
            found = self._hits(name.text) if number < _LOOKED_UP else _Found(())
            name.keep(self._alone(name, found, known, here))
        areas = {name.folded: name.area for name in names if name.area}
        for at, name in enumerate(names):
            name.weighed = _together(
                name, areas, [*names[max(at - _AROUND, 0) : at], *names[at + 1 : at + 1 + _AROUND]]
            )
        made: dict[int, PlaceChoice] = {}
        for number, name in enumerate(names):
            if name.weighed or (name.kind is not MentionKind.ORGANIZATION and number < _LOOKED_UP):
                choice = _choice(name.weighed)
                made |= {i: replace(choice, mention=i if i < len(mentions) else None) for i in name.indexes}
        return tuple(made[index] for index in sorted(made))

    def _alone(
        self, name: _Name, found: _Found, known: Iterable[str], here: tuple[Point, Fix] | None
    ) -> list[Weighing]:
        """The candidates weighed by what concerns this name only. known: targets that the gazetteer gave."""
        hits = {hit.target: hit for hit in found.hits}
        if name.kind is MentionKind.ORGANIZATION:  # any word may be the name of one
            hits = {target: hit for target, hit in hits.items() if hit.how != "fuzzy"}
        else:  # what the gazetteer read in its own way
            hits |= {target: NameHit(target, name.text, "alias", 0.95) for target in known if target not in hits}
        counts = self._history.meant(name_key(name.text)) if self._history and hits else {}
        weighed: list[Weighing] = []
        for hit in hits.values():
            standing = self._geocoder.standing(hit.target)
            if standing and not (standing.is_area and name.kind is MentionKind.ORGANIZATION):
                one = Weighing(hit, standing)
                if found.whole:
                    one.weigh_kind(name.kind)
                one.weigh_prior()
                one.weigh_history(counts)
                if here:
                    one.weigh_point(*here)
                weighed.append(one)
        return _ranked(weighed)

    def _look_up(self, text: str) -> _Found:
        """What a name may mean: the whole of it, else what it begins with where the rest is only something of a place."""
        text = fold(text).rstrip("的")  # a reader of spans may take it along
        hits = self._names.candidates(text)
        if hits and hits[0].how != "fuzzy":
            return _Found(hits)
        part = _OF_IT.search(text)
        stem = text[: part.start()].rstrip() if part else ""
        holders = [hit for hit in self._names.candidates(stem) if self._holds(hit)] if stem else []
        if not holders:
            return _Found(hits)
        return _Found(
            [NameHit(h.target, h.name, "short", round(_OF_IT_SHARE * h.similarity, 3)) for h in holders], whole=False
        )

    def _holds(self, hit: NameHit) -> bool:
        """Whether a name's beginning stands for this: its full name does, an estate's short one too."""
        standing = self._geocoder.standing(hit.target)
        return hit.how in ("exact", "alias") or (
            hit.how == "short" and standing is not None and standing.kind is PlaceKind.ESTATE
        )


def settled(mentions: Sequence[Mention], choices: Sequence[PlaceChoice]) -> tuple[Mention, ...]:
    """The mentions with the targets chosen; a sure place makes it surer that words are a name. Organisations keep theirs."""
    found = {choice.mention: choice for choice in choices}
    return tuple(
        replace(
            mention, target=choice.chosen, confidence=max(mention.confidence, choice.score if choice.chosen else 0.0)
        )
        if (choice := found.get(index)) and mention.kind is not MentionKind.ORGANIZATION
        else mention
        for index, mention in enumerate(mentions)
    )


def _together(name: _Name, areas: Mapping[str, Standing], around: Sequence[_Name]) -> list[Weighing]:
    """A name's candidates weighed by what else the report names. areas: by their folded names; around: the nearest names."""
    if not name.weighed:
        return []
    named = [area for folded, area in areas.items() if folded != name.folded]
    others = [
        Other(rival.standing, rival.score / len(other.rivals), joined=other.folded in name.joined)
        for other in around
        if other.folded != name.folded
        for rival in other.rivals
        if not rival.standing.is_area
    ]
    weighed = [one.after() for one in name.weighed]
    for one in weighed:
        if one.standing.kind is not AreaKind.CITY:
            one.weigh_areas(areas.get(name.beside) if name.beside else None, named)
            one.weigh_others(others)
    return _ranked(weighed)


def _names(sources: Iterable[tuple[str, Sequence[Mention], int]]) -> list[_Name]:
    """The distinct names of a report, in its order. sources: text, its mentions in order, the first one's index."""
    names: dict[tuple[MentionKind, str, str | None], _Name] = {}
    for text, mentions, first in sources:
        placed = [(first + index, m) for index, m in enumerate(mentions) if m.kind in NAME_KINDS]
        before: tuple[Mention, _Name] | None = None
        for (index, mention), following in zip(placed, [*(m for _, m in placed[1:]), None], strict=False):
            gap = text[before[0].end : mention.start] if before else None
            area = None
            if before and gap is not None and _BESIDE.fullmatch(gap):
                area = before[1].folded if before[1].kind is MentionKind.DISTRICT else before[1].beside
            elif following and _inside(mention, following, text):
                area = fold(following.text)
            folded = fold(mention.text)
            name = names.setdefault((mention.kind, folded, area), _Name(mention.text, folded, mention.kind, area))
            name.indexes.append(index)
            if before and gap is not None and _TOGETHER.fullmatch(gap):
                name.joined.add(before[1].folded)
                before[1].joined.add(folded)
            before = (mention, name)
    return list(names.values())


def _inside(mention: Mention, following: Mention, text: str) -> bool:
    """Whether the mention that follows is the area that holds this one: "People's Park, Yuhua"."""
    districts = (mention.kind is MentionKind.DISTRICT, following.kind is MentionKind.DISTRICT)
    return districts == (False, True) and _INSIDE.fullmatch(text[mention.end : following.start]) is not None


def _ranked(weighed: Iterable[Weighing]) -> list[Weighing]:
    return sorted(weighed, key=lambda one: (-one.score, one.standing.target))


def _choice(weighed: Sequence[Weighing]) -> PlaceChoice:
    """The best candidate where it is sure enough and clearly better than the next."""
    considered = tuple(one.considered() for one in weighed if one.score >= _HOPELESS)
    if not considered:
        return PlaceChoice(None, None, 0.0, (), "the city knows no such name")
    best = considered[0]
    if best.score < _SURE:
        return PlaceChoice(
            None, None, best.score, considered, f"nothing sure enough: best {best.name} {best.score:.2f}"
        )
    rivals = [one for one in considered[1:] if too_near(best.score, one.score)]
    if rivals:
        likely = ", ".join(f"{one.name} {one.score:.2f}" for one in (best, *rivals[:2]))
        return PlaceChoice(None, None, best.score, considered, f"left open, {1 + len(rivals)} are as likely: {likely}")
    return PlaceChoice(None, best.target, best.score, considered, best.reason)
