"""An extraction as people see it: the text with coloured spans, its links as arrows; drawn by displaCy, in zh and en.

The pieces of HTML stand by themselves (a notebook, the page); whatever a text says in them is shown, never run.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from rich.cells import cell_len, set_cell_size
from spacy.displacy.render import DependencyRenderer, EntityRenderer, SpanRenderer

from core.types import Extraction, Language, Link, LinkKind, Mention, MentionKind, RelationKind, Role

__all__ = ["COLOURS", "INK", "as_arrows", "as_html", "kind_label", "link_label", "role_label", "trouble_label"]

INK: Final = "#1f2933"  # of all words, on any of the grounds

COLOURS: Final[dict[MentionKind, str]] = {  # grounds, light enough for the ink: a contrast of 9 and more
    MentionKind.DISTRICT: "#d3e4f5",
    MentionKind.ROAD: "#cfecd9",
    MentionKind.CROSSING: "#bfe8e0",
    MentionKind.ESTATE: "#f7e6b5",
    MentionKind.POI: "#c6eaf2",
    MentionKind.ADDRESS: "#dfebc0",
    MentionKind.ORGANIZATION: "#f9d3e0",
    MentionKind.PERSON: "#ffd8c2",
    MentionKind.PEOPLE: "#e6daf5",
    MentionKind.OBJECT: "#e6dfd3",
    MentionKind.TRIGGER: "#fccfcb",
    MentionKind.TIME: "#dfe3e8",
}

_KINDS: Final[dict[MentionKind, tuple[str, str]]] = {
    MentionKind.DISTRICT: ("行政区", "district"),
    MentionKind.ROAD: ("道路", "road"),
    MentionKind.CROSSING: ("路口", "crossing"),
    MentionKind.ESTATE: ("小区", "estate"),
    MentionKind.POI: ("设施与地点", "facility"),
    MentionKind.ADDRESS: ("门牌地址", "address"),
    MentionKind.ORGANIZATION: ("单位", "organisation"),
    MentionKind.PERSON: ("个人", "person"),
    MentionKind.PEOPLE: ("人群", "people"),
    MentionKind.OBJECT: ("事物", "thing"),
    MentionKind.TRIGGER: ("问题", "trouble"),
    MentionKind.TIME: ("时间", "time"),
}
_ROLES: Final[dict[Role, tuple[str, str]]] = {
    Role.CAUSE: ("被投诉", "cause"),
    Role.WHERE: ("发生地", "where"),
    Role.NEAR: ("附近", "near"),
    Role.AFFECTED: ("受影响", "affected"),
}
_LINKS: Final[dict[LinkKind | RelationKind, tuple[str, str]]] = {
    LinkKind.LOCATED_IN: ("位于", "located in"),
    LinkKind.AT: ("发生在", "at"),
    LinkKind.NEAR: ("在附近", "near"),
    LinkKind.BETWEEN: ("在其间", "between"),
    LinkKind.CAUSED_BY: ("起因", "caused by"),
    LinkKind.AFFECTS: ("影响", "affects"),
    LinkKind.HAPPENS_AT: ("时间", "happens at"),
    LinkKind.REPORTED_BEFORE: ("曾反映", "reported before"),
    RelationKind.REPORTED_AGAINST: ("投诉对象", "reported against"),
}
_TROUBLE: Final = ("这个问题", "the trouble")
_NEGATED: Final = ("（否认）", " (denied)")
_HEARSAY: Final = ("（据说）", " (hearsay)")
_WORD: Final = 16  # columns of a mention that fit under an arrow; a Chinese character takes two
_DISTANCE: Final = 125  # pixels between the words of the arrows, more where a label needs it
_COLUMN: Final = 7  # pixels of a column of a label, and
_AROUND: Final = 36  # … around it
_ABOVE: Final = 8  # pixels above the highest arrow
_FONT: Final = "system-ui, sans-serif"  # displaCy puts it in an attribute, so no quotes

_ENTITY: Final = (
    '<mark class="entity" style="background: {bg}; color: ' + INK + "; padding: 0.2em 0.35em; margin: 0 0.1em; "
    'border-radius: 0.3em; -webkit-box-decoration-break: clone; box-decoration-break: clone">{text}'
    '<span style="font-size: 0.72em; font-weight: 600; margin-left: 0.45em">{label}{kb_link}</span></mark>'
)


def kind_label(kind: MentionKind, language: Language) -> str:
    """What a kind of mention is called."""
    return _said(_KINDS[kind], language)


def role_label(role: Role, language: Language) -> str:
    """What a role is called."""
    return _said(_ROLES[role], language)


def link_label(
    kind: LinkKind | RelationKind, language: Language, *, negated: bool = False, hearsay: bool = False
) -> str:
    """What a relation is called, and whether the text denies it or has it from others."""
    return (
        _said(_LINKS[kind], language)
        + (_said(_NEGATED, language) if negated else "")
        + (_said(_HEARSAY, language) if hearsay else "")
    )


def trouble_label(language: Language) -> str:
    """What the report's trouble as a whole is called."""
    return _said(_TROUBLE, language)


def as_html(text: str, extraction: Extraction, language: Language) -> str:
    """The text with its mentions on coloured grounds; where some overlap, as lines below the words.

    text: what the mentions' offsets count in, `Report.full_text`. language: of the labels.
    """
    # The renderers themselves: `displacy.render` keeps its answer in a global, so two threads could get each other's.
    mentions = sorted(
        (m for m in extraction.mentions if 0 <= m.start < m.end <= len(text)), key=lambda m: (m.start, m.end)
    )
    if any(later.start < earlier.end for earlier, later in pairwise(mentions)):
        html = _spans(text, mentions, language)
    else:
        entities: list[dict[str, Any]] = [
            {
                "start": mention.start,
                "end": mention.end,
                "label": _label(mention, language),
                "params": {"bg": COLOURS[mention.kind]},
            }
            for mention in mentions
        ]
        document: dict[str, Any] = {"text": text, "ents": entities, "settings": {"lang": language}}
        html = EntityRenderer({"template": _ENTITY}).render([document])
    return html.strip()


def as_arrows(extraction: Extraction, language: Language) -> str:
    """The links between what the text names as arrows over its words (SVG); empty where there is none."""
    links = [link for link in extraction.links if link.head != link.tail]
    if not links:
        return ""
    ends = {end for link in links for end in (link.head, link.tail)}
    order = sorted(ends, key=lambda end: (-1, -1) if end is None else _place(extraction.mentions[end]))
    position = {end: index for index, end in enumerate(order)}
    words = [_word(extraction, end, language) for end in order]
    arcs = [_arc(link, position, language) for link in links]
    distance = max(_DISTANCE, *(cell_len(arc["label"]) * _COLUMN + _AROUND for arc in arcs))
    options = {"distance": distance, "compact": True, "color": INK, "bg": "#ffffff", "font": _FONT, "word_spacing": 26}
    renderer = DependencyRenderer(options)
    svg = renderer.render([{"words": words, "arcs": arcs, "settings": {"lang": language}}])
    return f'<div class="arrows" style="overflow-x: auto; font-size: 13px">{_cropped(svg.strip(), renderer)}</div>'


def _cropped(svg: str, renderer: DependencyRenderer) -> str:
    """The drawing without the empty half that displaCy leaves above compact arrows."""
    wide, high = renderer.width, renderer.height
    top = max(0.0, renderer.offset_y - renderer.highest_level * renderer.distance / 6 - _ABOVE)
    view = f'width="{wide}" height="{high - top}" viewBox="0 {top} {wide} {high - top}"'
    return svg.replace(f'width="{wide}" height="{high}"', view, 1).replace(
        f"height: {high}px", f"height: {high - top}px", 1
    )


def _spans(text: str, mentions: Sequence[Mention], language: Language) -> str:
    """As displaCy shows spans that overlap; its tokens are the pieces between the spans' ends."""
    cuts = sorted({0, len(text), *(m.start for m in mentions), *(m.end for m in mentions)})
    token = {cut: index for index, cut in enumerate(cuts)}
    spans: list[dict[str, Any]] = [
        {"start_token": token[m.start], "end_token": token[m.end], "label": _label(m, language)} for m in mentions
    ]
    colours = {_label(m, language): COLOURS[m.kind] for m in mentions}
    document: dict[str, Any] = {
        "tokens": [text[start:end] for start, end in pairwise(cuts)],
        "spans": spans,
        "settings": {"lang": language},
    }
    return SpanRenderer({"colors": colours}).render([document])


def _word(extraction: Extraction, end: int | None, language: Language) -> dict[str, str]:
    if end is None:
        return {"text": trouble_label(language), "tag": ""}
    mention = extraction.mentions[end]
    return {"text": _shortened(" ".join(mention.text.split())), "tag": kind_label(mention.kind, language)}


def _shortened(words: str) -> str:
    return words if cell_len(words) <= _WORD else f"{set_cell_size(words, _WORD - 1).rstrip()}…"


def _arc(link: Link, position: dict[int | None, int], language: Language) -> dict[str, Any]:
    head, tail = position[link.head], position[link.tail]
    return {
        "start": min(head, tail),
        "end": max(head, tail),
        "dir": "right" if head < tail else "left",
        "label": link_label(link.kind, language, negated=link.negated, hearsay=link.hearsay),
    }


def _label(mention: Mention, language: Language) -> str:
    kind = kind_label(mention.kind, language)
    return f"{kind} · {role_label(mention.role, language)}" if mention.role else kind


def _place(mention: Mention) -> tuple[int, int]:
    return mention.start, mention.end


def _said(words: tuple[str, str], language: Language) -> str:
    return words[0] if language == "zh" else words[1]
