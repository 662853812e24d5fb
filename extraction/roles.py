"""What part each mention plays in the trouble: a trained model's word where there is one, and rules over the words beside it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.extraction import SPOT_KINDS
from core.types import Mention, MentionKind, Role
from extraction.complaints import Blame, blame_of, odds, probability
from extraction.scope import Scopes

__all__ = ["BLAMED", "Part", "find_parts", "is_told"]

BLAMED: Final = 0.5  # from this probability on a mention is said to be the cause
_MODEL_SAYS_CAUSE: Final = 3.0  # points of log-odds on top of the rules' own
_MODEL_SAYS_OTHER: Final = -2.0
_MODEL_SAYS_NOTHING: Final = -1.0
_WINDOW: Final = 12  # characters
_MODELLED: Final = SPOT_KINDS | {MentionKind.DISTRICT, MentionKind.ORGANIZATION, MentionKind.PERSON}
_TAGGER: Final = "tagger"  # how the source of a trained tagger's mentions begins

_NEAR_BEHIND: Final = re.compile(
    r"的?(?:斜|正)?(?:附近|旁边|旁|边上|隔壁|对面|后面|背后|后方|周边|周围|不远|一墙之隔|以[东南西北]|[东南西北](?:侧|面|边|方向)|往[东南西北上下前后])"
    r"|[ ](?:is )?(?:next door|nearby|across the (?:street|road))",
    re.IGNORECASE,
)
_NEAR_BEFORE: Final = re.compile(
    r"(?:靠近?|紧邻|邻近|临近|毗邻|挨着|紧挨|离|距离?|(?:旁边|隔壁|对面|附近)(?:就|都)?[是有])(?:着|我们)?$"
    r"|\b(?:near|nearby|by|next (?:door )?to|across(?: the street)? from|opposite|behind|beside|in back of|close to|adjacent to|"
    r"past|beyond|toward|towards|facing|away from|down from|up from|around the corner from)(?: the| my| our)?[ ]$",
    re.IGNORECASE,
)
# A road beside which something lies is mostly the road it lies on.
_NEAR_ROAD: Final = re.compile(r"的?(?:后面|背后|后方|对面|隔壁|以[东南西北])")
_NEAR_ROAD_BEFORE: Final = re.compile(
    r"(?:离|距离?)$|\b(?:near|behind|past|beyond|toward|towards|opposite|(?<!street )(?<!road )from)(?: the)?[ ]$",
    re.IGNORECASE,
)
_SUFFERS_BEFORE: Final = re.compile(
    r"(?:影响(?:到|了)?|危害|困扰|危及|吵到|熏到|骚扰|威胁|针对着|对着|受害的是)(?:着|整个|我们|附近的?|周边的?)?$"
    r"|\b(?:affect(?:s|ing)?|disturb(?:s|ing)?|bother(?:s|ing)?|flood(?:s|ing)?)(?: the| us at)?[ ]$",
    re.IGNORECASE,
)
_LIVES_BEFORE: Final = re.compile(
    r"(?:我们?是?|我们?住|住在?|家在|家住|本人是|业主住在)(?:[^，。！？；,\n]{0,6})$"
    r"|\b(?:i live (?:at|in|on)|we(?: are)?(?: live)?(?: at| in| of)?)(?: the)?[ ]$",
    re.IGNORECASE,
)
_LIVES_BEHIND: Final = re.compile(
    r"(?:小区)?的?(?:全体|广大|众多|很多)?(?:业主|居民|住户|村民|学生|家长)|[ ](?:residents?|tenants?|students?|homeowners?)",
    re.IGNORECASE,
)
_WHOLE_AREA: Final = re.compile(r"(?:一带|片区|这边|这一片|到处|全[镇村区]|整个|范围)")
_VILLAGE: Final = re.compile(r"(?:[村组队坪]|片区?|大学城)$")


@dataclass(frozen=True, slots=True)
class Part:
    """A mention's part in the trouble, how sure it is, and the words that say so.

    role: None where it plays none. blamed: how likely it is the cause, in [0, 1], whatever its role; why: the words for that.
    denied: the words that say it is not the cause; then `blamed` is 0 and `confidence` that of the denial.
    """

    role: Role | None
    confidence: float
    reason: str
    blamed: float = 0.0
    why: str = ""
    denied: str | None = None


def is_told(mention: Mention) -> bool:
    """Whether a model decided this mention's part: it has a role, or a tagger found it and gave it none."""
    return mention.role is not None or mention.source.startswith(_TAGGER)


def find_parts(text: str, mentions: Sequence[Mention], scopes: Scopes) -> list[Part]:
    """The part of each mention, in their order; what one sentence says changes nothing in another.

    Who is the cause, the rules and a model's role tell together, by the sum of their points; the other roles are the model's
    where it found the mention. Without a model the rules decide alone.
    """
    places = Counter(scopes.sentence(mention.start)[0] for mention in mentions if mention.kind in SPOT_KINDS)
    return [_part(text, mention, scopes, places) for mention in mentions]


def _part(text: str, mention: Mention, scopes: Scopes, places: Mapping[int, int]) -> Part:
    blame = blame_of(text, mention, scopes)
    if blame and blame.denied:
        return Part(None, blame.probability, blame.reason, denied=blame.denied)
    blamed, why = _blamed(mention, blame)
    if blamed >= BLAMED:
        return Part(Role.CAUSE, blamed, why, blamed, why)
    if mention.role and mention.role is not Role.CAUSE:
        return Part(mention.role, mention.confidence, "read by the model", blamed, why)
    if mention.role is None and is_told(mention) and mention.kind in _MODELLED:
        return Part(None, mention.confidence, "no part", blamed, why)
    return replace(_by_rules(text, mention, scopes, places), blamed=blamed, why=why)


def _blamed(mention: Mention, blame: Blame | None) -> tuple[float, str]:
    """How likely the mention is the cause, of the model's word and the rules' together, and the words that say so.

    What nobody runs, such as a road or a district, is never the cause, whatever a model says.
    """
    if blame is None:
        return 0.0, ""
    sure = max(0.0, 2 * mention.confidence - 1)  # a model that is half sure says nothing
    says = _MODEL_SAYS_CAUSE * sure if mention.role is Role.CAUSE else _MODEL_SAYS_OTHER
    said = says if mention.role else _MODEL_SAYS_NOTHING if is_told(mention) else 0.0
    return probability(odds(blame.probability) + said), blame.reason


def _by_rules(text: str, mention: Mention, scopes: Scopes, places: Mapping[int, int]) -> Part:
    """places: how many places each sentence names, by its start."""
    first, last = scopes.sentence(mention.start)
    before = text[max(first, mention.start - 2 * _WINDOW) : mention.start]
    behind = text[mention.end : min(last, mention.end + _WINDOW)]
    match mention.kind:
        case MentionKind.PEOPLE:
            return Part(Role.AFFECTED, 0.9, mention.text)
        case MentionKind.DISTRICT:
            return _district(mention, behind, finer=places.get(first, 0) > 0)
        case MentionKind.ORGANIZATION:
            near = _NEAR_BEHIND.match(behind) or _NEAR_BEFORE.search(before)
            return Part(Role.NEAR, 0.6, near.group().strip()) if near else Part(None, 0.5, "no part")
        case kind if kind in SPOT_KINDS:
            return _place(mention, before, behind, others=places.get(first, 0) > 1)
        case _:
            return Part(None, 0.5, "no part")


def _place(mention: Mention, before: str, behind: str, *, others: bool) -> Part:
    road = mention.kind is MentionKind.ROAD
    near = (_NEAR_ROAD if road else _NEAR_BEHIND).match(behind) or (_NEAR_ROAD_BEFORE if road else _NEAR_BEFORE).search(
        before
    )
    if near:
        return Part(Role.NEAR, 0.8, near.group().strip())
    if mention.kind in (MentionKind.ESTATE, MentionKind.POI):
        suffers = _SUFFERS_BEFORE.search(before)
        if suffers:
            return Part(Role.AFFECTED, 0.8, suffers.group().strip())
        lives = _LIVES_BEHIND.match(behind) or _LIVES_BEFORE.search(before)
        if lives and mention.kind is MentionKind.ESTATE and others:
            return Part(Role.AFFECTED, 0.55, lives.group().strip())
    return Part(Role.WHERE, 0.75, f"named {mention.text}")


def _district(mention: Mention, behind: str, *, finer: bool) -> Part:
    """An area is where the trouble happens only if the text speaks of all of it, or names nothing smaller."""
    whole = _WHOLE_AREA.match(behind)
    if whole or (not finer and _VILLAGE.search(mention.text)):
        return Part(Role.WHERE, 0.6, whole.group() if whole else f"named {mention.text}")
    return Part(None, 0.6, "encloses")
