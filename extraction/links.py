"""How the mentions of a report hang together: where the trouble is, when, who causes it, who suffers, that it was reported before.

Rules over clauses and distance. Every sentence is read by itself: nothing in one changes a link in another.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from core.extraction import SPOT_KINDS
from core.types import Link, LinkKind, Mention, MentionKind, Role
from extraction.roles import Part, find_parts
from extraction.scope import Scopes

__all__ = ["LINKS_SOURCE", "find_links", "with_earlier_complaints"]

LINKS_SOURCE: Final = "links@1"

_SAME_CLAUSE: Final = 1.0
_SAME_SENTENCE: Final = 0.85
_NO_TROUBLE: Final = 0.7  # the sentence names no trouble: the link is the report's as a whole
_SURE_EARLIER: Final = 0.9
_TIME: Final = 0.85
_DISTRICT: Final = 0.8
_BESIDE: Final = 0.8
_BETWEEN: Final = 0.85
_IN: Final = 0.9
_SHORT: Final = 12  # characters
_FALLS_OFF: Final = 200.0  # characters over which a link loses half its confidence within one sentence

_STANDS: Final = SPOT_KINDS | {MentionKind.ORGANIZATION}  # what may lie beside a place
_IN_AREAS: Final = _STANDS | {MentionKind.DISTRICT}
_BY_ROLE: Final = {Role.WHERE: LinkKind.AT, Role.NEAR: LinkKind.NEAR, Role.AFFECTED: LinkKind.AFFECTS}

# Between an area and the place in it, and behind an English place its area.
_IN_AREA: Final = re.compile(r"(?:的|境内的?|辖区内?的?|[ ]?[,，·][ ]?|[ ])?")
_OF_AREA: Final = re.compile(r"(?:,? (?:in|of)(?: the)? |, ?)", re.IGNORECASE)
# Between a landmark and what stands beside it: "X小区对面的Y", "Y across from X".
_LANDMARK_FIRST: Final = re.compile(
    r"的?(?:斜|正)?(?:附近|旁边|旁|边上|隔壁|对面|后面|背后|周边|[东南西北](?:侧|面|边)|楼下|楼上|门口)的?(?:(?:一|那|这|几|两|三)?(?:家|个|处|座|栋)|“)?"
)
_LANDMARK_LAST: Final = re.compile(
    r",? (?:right |just )?(?:near|by|next to|across(?: the street)? from|opposite|behind|beside|in front of|outside)(?: the)? "
    r"|(?:就)?(?:在|位于)?(?:靠近|紧邻|临近|毗邻|挨着)",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"(?:与|和|跟|到|至|、|—|-|~|/)| ?(?:and|&|to|-|/)(?: the)? ", re.IGNORECASE)
_BETWEEN_BEHIND: Final = re.compile(r"(?:路口)?(?:之间|中间|间的|这?一?段|区间|路段)")
_BETWEEN_BEFORE: Final = re.compile(r"\b(?:between|betw?\.?|bet\.)(?: the)? $", re.IGNORECASE)
_FROM: Final = re.compile(r"从$|\bfrom(?: the)? $", re.IGNORECASE)
_TO: Final = re.compile(r"(?:到|至)| ?to(?: the)? ", re.IGNORECASE)
_NEXT: Final = re.compile(r"(?:[(（,，]?(?:从|的)?)| ?[,(]? ?(?:between|bet\.?|from)(?: the)? ", re.IGNORECASE)
_BETWEEN_OF: Final = re.compile(r"(?:路口)?(?:之间|中间|区间|路段|这?一?段)?的?(?:“)?")
# What is left undone is no trouble that a "没" in front denies.
_REMEDY: Final = re.compile(
    r"清|收|运|管|修|理|拖|通|pick|collect|clean|remov|fix|repair|respon|answer|tow|empt|mow|plow", re.IGNORECASE
)


def with_earlier_complaints(text: str, mentions: Sequence[Mention], scopes: Scopes | None = None) -> list[Mention]:
    """These mentions and the words that say that somebody complained before ("多次投诉未果", "called three times"), in order.

    The words become TRIGGER mentions of source "links@1", cut where other mentions stand ("reported | last month"); words whose
    verb is a mention already stay that mention. `find_links` links REPORTED_BEFORE to them.
    """
    added: list[Mention] = []
    starts = [mention.start for mention in mentions]
    for start, end, verb in (scopes or Scopes(text)).earlier:
        index = bisect_right(starts, verb)
        before = mentions[index - 1].end if index else 0
        behind = mentions[index].start if index < len(mentions) else len(text)
        first, last = max(start, before), min(end, behind)
        while first < last and text[first] in " ，,":
            first += 1
        while last > first and text[last - 1] in " ，,":
            last -= 1
        if before <= verb and first < last:
            kind, words = MentionKind.TRIGGER, text[first:last]
            added.append(Mention(first, last, words, kind, _SURE_EARLIER, LINKS_SOURCE))
    return sorted([*mentions, *added], key=lambda mention: mention.start)


def find_links(text: str, mentions: Sequence[Mention], scopes: Scopes | None = None) -> tuple[Link, ...]:
    """How these mentions hang together, by index into them; by tail, then kind.

    mentions: in the order of the text, with a model's roles or without; with `with_earlier_complaints`, else no REPORTED_BEFORE.
    The head of a trouble's link is the nearest TRIGGER of the sentence, in the same clause if there is one, else OBJECT, else
    None. A link is negated where the text denies its tail or its trouble, hearsay where it has either from others.
    scopes: the text's, where somebody has read it already.
    """
    reading = _Reading(text, tuple(mentions), scopes or Scopes(text))
    links = [link for sentence in reading.sentences() for link in _of_sentence(reading, sentence)]
    return tuple(sorted(links, key=lambda link: (link.tail, link.kind, -1 if link.head is None else link.head)))


class _Reading:
    """One text with what was understood of its parts."""

    def __init__(self, text: str, mentions: tuple[Mention, ...], scopes: Scopes) -> None:
        self.text = text
        self.mentions = mentions
        self.scopes = scopes
        self.parts: Sequence[Part] = find_parts(text, mentions, scopes)
        verbs = [verb for _, _, verb in scopes.earlier]
        self.earlier = {
            index
            for index, mention in enumerate(mentions)
            if mention.kind is MentionKind.TRIGGER
            and bisect_left(verbs, mention.end) > bisect_left(verbs, mention.start)
        }

    def sentences(self) -> Iterator["_Sentence"]:
        """The mentions of each sentence that has any."""
        groups: dict[int, list[int]] = {}
        for index, mention in enumerate(self.mentions):
            groups.setdefault(self.scopes.sentence(mention.start)[0], []).append(index)
        for indexes in groups.values():
            known = [i for i in indexes if i not in self.earlier]
            troubles = [i for i in known if self.mentions[i].kind is MentionKind.TRIGGER]
            troubles = troubles or [i for i in known if self.mentions[i].kind is MentionKind.OBJECT]
            yield _Sentence(tuple(indexes), tuple(troubles))

    def denied(self, trouble: int) -> bool:
        """Whether the text denies this trouble; a lack ("没有垃圾桶") or a remedy left out ("没清运") is no denial."""
        mention = self.mentions[trouble]
        adjacent = mention.kind is MentionKind.TRIGGER and not _REMEDY.search(mention.text)
        return self.scopes.denied(mention.start, mention.end, adjacent=adjacent) is not None

    def gap(self, first: int, second: int) -> str:
        """The words between two mentions."""
        return self.text[self.mentions[first].end : self.mentions[second].start]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """Indexes of the mentions of one sentence, and of those that name its trouble."""

    indexes: tuple[int, ...]
    troubles: tuple[int, ...]


def _of_sentence(reading: _Reading, sentence: _Sentence) -> Iterator[Link]:
    ends = dict(_between(reading, sentence))
    for index in sentence.indexes:
        found = _kind(reading, sentence, index, ends)
        if found:
            kind, confidence, words = found
            yield _of_trouble(reading, sentence, kind, index, confidence, words)
    yield from _of_places(reading, sentence)


def _kind(
    reading: _Reading, sentence: _Sentence, index: int, ends: dict[int, str]
) -> tuple[LinkKind, float, str] | None:
    """What kind of link the trouble has to this mention, how sure, and the words for it. ends: of stretches, with their words."""
    mention, part = reading.mentions[index], reading.parts[index]
    if index in reading.earlier:
        return LinkKind.REPORTED_BEFORE, _SURE_EARLIER, mention.text
    if part.denied or part.role is Role.CAUSE:
        return LinkKind.CAUSED_BY, part.confidence, part.reason
    if index in ends:
        return LinkKind.BETWEEN, _BETWEEN, ends[index]
    match mention.kind:
        case MentionKind.TIME:
            return None if _times_complaint(reading, sentence, index) else (LinkKind.HAPPENS_AT, _TIME, mention.text)
        case MentionKind.DISTRICT:
            return LinkKind.LOCATED_IN, _DISTRICT, f"named {mention.text}"
        case _:
            kind = _BY_ROLE.get(part.role) if part.role else None
            return (kind, part.confidence, part.reason) if kind else None


def _times_complaint(reading: _Reading, sentence: _Sentence, index: int) -> bool:
    """Whether this time is that of an earlier complaint: "上个月 | 反映过"."""
    clause = reading.scopes.clause(reading.mentions[index].start)
    return any(
        reading.scopes.clause(reading.mentions[other].start) == clause
        for other in sentence.indexes
        if other in reading.earlier
    )


def _of_trouble(
    reading: _Reading, sentence: _Sentence, kind: LinkKind, tail: int, confidence: float, words: str
) -> Link:
    """The link from the nearest trouble to this mention."""
    mention, part = reading.mentions[tail], reading.parts[tail]
    head, gap = _nearest(reading, sentence, tail)
    same = head is not None and _same_clause(reading, head, tail)
    weight = _NO_TROUBLE if head is None else _SAME_CLAUSE if same else _SAME_SENTENCE
    where = "the report as a whole" if head is None else "same clause" if same else "same sentence"
    behind = kind is LinkKind.AFFECTS
    denied = part.denied is not None or (
        kind is not LinkKind.CAUSED_BY
        and reading.scopes.denied(mention.start, mention.end, adjacent=behind) is not None
    )
    return Link(
        kind,
        head,
        tail,
        round(confidence * weight * _FALLS_OFF / (_FALLS_OFF + gap), 3),
        f"{words}, {where}",
        LINKS_SOURCE,
        negated=denied or (head is not None and reading.denied(head)),
        hearsay=any(reading.scopes.hearsay(reading.mentions[i].start) for i in (tail, head) if i is not None),
    )


def _nearest(reading: _Reading, sentence: _Sentence, tail: int) -> tuple[int | None, int]:
    """The nearest trouble to this mention, one of its clause before any other, and the characters between."""
    troubles = sentence.troubles
    at = bisect_right(troubles, tail)
    beside = [i for i in (*troubles[max(0, at - 2) : at], *troubles[at : at + 1]) if i != tail]
    if not beside:
        return None, 0
    gaps = {i: _gap(reading.mentions[i], reading.mentions[tail]) for i in beside}
    head = min(beside, key=lambda i: (not _same_clause(reading, i, tail), gaps[i], i))
    return head, gaps[head]


def _same_clause(reading: _Reading, one: int, other: int) -> bool:
    scopes, mentions = reading.scopes, reading.mentions
    return scopes.clause(mentions[one].start) == scopes.clause(mentions[other].start)


def _gap(one: Mention, other: Mention) -> int:
    return max(0, max(one.start, other.start) - min(one.end, other.end))


def _between(reading: _Reading, sentence: _Sentence) -> Iterator[tuple[int, str]]:
    """The mentions that are ends of a stretch, with the words that say so: "X路与Y路之间", "from X to Y"."""
    for first, second in pairwise(sentence.indexes):
        one, other = reading.mentions[first], reading.mentions[second]
        if one.kind not in SPOT_KINDS or other.kind not in SPOT_KINDS or not _AND.fullmatch(reading.gap(first, second)):
            continue
        before = reading.text[max(0, one.start - _SHORT) : one.start]
        behind = reading.text[other.end : other.end + _SHORT]
        words = _BETWEEN_BEHIND.match(behind) or _BETWEEN_BEFORE.search(before)
        if words is None and _TO.fullmatch(reading.gap(first, second)):
            words = _FROM.search(before)
        if words:
            yield from ((end, words.group().strip()) for end in (first, second))


def _of_places(reading: _Reading, sentence: _Sentence) -> Iterator[Link]:
    """Links from place to place: the area that holds it, the landmark beside it, the two that it lies between."""
    ends = dict(_between(reading, sentence))
    for first, second in pairwise(sentence.indexes):
        one, other, gap = reading.mentions[first], reading.mentions[second], reading.gap(first, second)
        if {one.kind, other.kind} & {MentionKind.DISTRICT} and {one.kind, other.kind} <= _IN_AREAS:
            yield from _of_area(reading, first, second, gap)
        elif one.kind in _STANDS and other.kind in _STANDS:
            if _LANDMARK_FIRST.fullmatch(gap):
                yield _of_place(LinkKind.NEAR, second, first, _BESIDE, gap)
            elif _LANDMARK_LAST.fullmatch(gap):
                yield _of_place(LinkKind.NEAR, first, second, _BESIDE, gap)
    for first, second, third in zip(sentence.indexes, sentence.indexes[1:], sentence.indexes[2:], strict=False):
        if (
            reading.mentions[first].kind in SPOT_KINDS
            and second in ends
            and third in ends
            and _NEXT.fullmatch(reading.gap(first, second))
        ):
            yield from (_of_place(LinkKind.BETWEEN, first, end, _BETWEEN, ends[end]) for end in (second, third))
        elif (
            reading.mentions[third].kind in SPOT_KINDS
            and first in ends
            and second in ends
            and _BETWEEN_OF.fullmatch(reading.gap(second, third))
        ):
            yield from (_of_place(LinkKind.BETWEEN, third, end, _BETWEEN, ends[end]) for end in (first, second))


def _of_area(reading: _Reading, first: int, second: int, gap: str) -> Iterator[Link]:
    one, other = reading.mentions[first], reading.mentions[second]
    if one.kind is MentionKind.DISTRICT and _IN_AREA.fullmatch(gap) and not one.text.isascii():
        yield _of_place(LinkKind.LOCATED_IN, second, first, _IN, f"{one.text}{gap}{other.text}")
    elif other.kind is MentionKind.DISTRICT and other.text.isascii() and _OF_AREA.fullmatch(gap):
        yield _of_place(LinkKind.LOCATED_IN, first, second, _IN, f"{one.text}{gap}{other.text}")


def _of_place(kind: LinkKind, head: int, tail: int, confidence: float, words: str) -> Link:
    return Link(kind, head, tail, confidence, words.strip() or "side by side", LINKS_SOURCE)
