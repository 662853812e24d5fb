"""What is read out of a text, in the terminal: the sentence with coloured spans, relations as arrows, times, places weighed."""

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from api.extracted import ExtractedText, PlaceFound, untold
from api.extracting import Named, ReadText
from core.types import Extraction, Language, LinkKind, Mention, RelationKind
from extraction.display import COLOURS, INK, kind_label, link_label, role_label, trouble_label

__all__ = ["show"]

_SHOWN: Final = 5  # candidates of a place; the others are counted
_STEP: Final = 0.005  # smaller steps of a score would be shown as nothing
_TIME_COLUMNS: Final = ("words", "from", "to", "repeats", "sure", "why")
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "relations": ("关系", "relations"),
    "report": ("这条留言", "this text"),
    "times": ("时间", "times"),
    "words": ("原文", "words"),
    "from": ("起", "from"),
    "to": ("止", "to"),
    "repeats": ("重复", "repeats"),
    "why": ("依据", "why"),
    "sure": ("把握", "sure"),
    "places": ("地点是怎样认出来的", "places considered"),
    "candidate": ("候选", "candidate"),
    "score": ("得分", "score"),
    "parts": ("得分构成", "what its score is made of"),
    "open": ("未定", "left open"),
    "unknown": ("本市名录中没有这个名称", "the city knows no such name"),
    "address": ("地址栏", "address field"),
    "more": ("另有 {count} 个候选", "{count} more"),
    "location": ("定位", "location"),
    "nowhere": ("无法定位", "not placed"),
    "outside": ("坐标在市外", "the coordinates lie outside the city"),
    "contradicted": ("坐标与文中地区不符：文中说的是{area}", "the text names {area} instead"),
    "party": ("投诉对象", "complains about"),
    "masked": ("隐去个人信息后", "without personal data"),
    "nothing": ("没有读出任何地点、时间或对象。", "It names no place, time or party."),
}
_PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "name": ("名称", "name"),
    "kind": ("种类", "kind"),
    "prior": ("通常所指", "usually meant"),
    "history": ("以往所指", "earlier reports"),
    "point": ("坐标", "coordinates"),
    "area": ("所在区域", "area named"),
    "others": ("文中其他地点", "other places named"),
}


def show(read: ReadText, said: ExtractedText, language: Language, zone: tzinfo, console: Console) -> None:
    """Print it. language: of the labels; zone: in which times are shown."""
    found = read.extraction
    console.print(_sentence(read))
    if not found.mentions:
        console.print(Text(_t("nothing", language), "dim"))
    else:
        console.print(_legend(found, language))
    parts: list[RenderableType | None] = [
        _relations(found, said, language),
        _times(said, language, zone),
        *_places(said, language),
        _facts(said, language),
    ]
    for part in parts:
        if part is not None:
            console.print()
            console.print(part)


def _sentence(read: ReadText) -> Text:
    words = Text(read.report.full_text)
    for mention in read.extraction.mentions:
        words.stylize(_style(mention), mention.start, mention.end)
    return words


def _style(mention: Mention) -> str:
    return f"{INK} on {COLOURS[mention.kind]}"


def _legend(found: Extraction, language: Language) -> Table:
    """Each kind with its words, so that the colours need not be seen."""
    table = _rows()
    for kind in dict.fromkeys(one.kind for one in found.mentions):
        words = Text(" · ").join(_named_words(one, language) for one in found.mentions if one.kind is kind)
        table.add_row(Text(f" {kind_label(kind, language)} ", f"{INK} on {COLOURS[kind]}"), words)
    return table


def _named_words(mention: Mention, language: Language) -> Text:
    words = Text(_line(mention.text))
    if mention.role:
        words.append(f" ({role_label(mention.role, language)})", "dim")
    return words


def _relations(found: Extraction, said: ExtractedText, language: Language) -> Tree | None:
    if not (said.links or said.relations):
        return None
    tree = Tree(Text(_t("relations", language), "bold"), guide_style="dim")
    for link in said.links:
        head = trouble_label(language) if link.head is None else found.mentions[link.head].text
        label = link_label(link.kind, language, negated=link.negated, hearsay=link.hearsay)
        tree.add(_arrow(head, label, found.mentions[link.tail].text, link.confidence, link.reason, language))
    for one in untold(said):
        kind = RelationKind(one.kind)
        known = kind if kind is RelationKind.REPORTED_AGAINST else LinkKind(one.kind)
        name = one.name_zh if language == "zh" else one.name_en
        tree.add(
            _arrow(_t("report", language), link_label(known, language), name, one.confidence, one.reason, language)
        )
    return tree


def _arrow(head: str, label: str, tail: str, confidence: float, reason: str, language: Language) -> Text:
    arrow = Text.assemble(_line(head), (f" ─{label}→ ", "bold cyan"), _line(tail), f"  {confidence:.0%}")
    return arrow.append(f"  {_line(reason)}", "dim") if language == "en" else arrow


def _times(said: ExtractedText, language: Language, zone: tzinfo) -> Table | None:
    if not said.times:
        return None
    table = _table(*(_t(key, language) for key in _TIME_COLUMNS[: None if language == "en" else -1]))
    table.title, table.title_justify = Text(_t("times", language), "bold"), "left"
    for one in said.times:
        row = [
            _line(one.text),
            _local(one.start, zone),
            _local(one.end, zone),
            one.recurrence or "",
            f"{one.confidence:.0%}",
        ]
        table.add_row(*(Text(cell) for cell in [*row, *([one.reason] if language == "en" else [])]))
    return table


def _local(moment: datetime | None, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}" if moment else "…"


def _places(said: ExtractedText, language: Language) -> Iterator[RenderableType]:
    if said.places:
        yield Text(_t("places", language), "bold")
    for place in said.places:
        yield _place(place, language)


def _place(place: PlaceFound, language: Language) -> RenderableType:
    chosen = _name(place.chosen, language) if place.chosen else _t("open" if place.considered else "unknown", language)
    words = _line(place.text) if place.mention is not None else f"{_t('address', language)}: {_line(place.text)}"
    head = Text.assemble(
        words, (" → ", "bold cyan"), (chosen, "bold" if place.chosen else "yellow"), f"  {place.score:.2f}"
    )
    if language == "en":
        head.append(f"  {_line(place.reason)}", "dim")
    if not place.considered:
        return head
    table = _table("", *(_t(key, language) for key in ("candidate", "score", "parts")))
    for one in place.considered[:_SHOWN]:
        won = place.chosen is not None and one.target == place.chosen.id
        name = one.name_zh if language == "zh" else one.name_en
        row = (Text(name), Text(f"{one.score:.2f}"), Text(_parts(one.parts, language)))
        table.add_row("✓" if won else "", *row, style="" if won else "dim")
    if len(place.considered) > _SHOWN:
        more = _t("more", language).format(count=len(place.considered) - _SHOWN)
        table.add_row("", Text(more), "", "", style="dim")
    return Group(head, Padding(table, (0, 0, 0, 2)))


def _parts(parts: Mapping[str, float], language: Language) -> str:
    """The first part is where the score begins, the others are steps from there; steps of nothing are left out."""
    told: list[str] = []
    for name, step in parts.items():
        label = _pick(_PARTS.get(name, (name, name)), language)
        if not told:
            told.append(f"{label} {step:.2f}")
        elif abs(step) >= _STEP:
            told.append(f"{label} {step:+.2f}")
    return "  ".join(told)


def _facts(said: ExtractedText, language: Language) -> Table:
    location, table = said.location, _rows()
    table.add_row(Text(_t("location", language), "bold"), _location(said, language))
    if location.contradicted:
        area = _name(location.contradicted, language)
        table.add_row("", Text(_t("contradicted", language).format(area=area), "yellow"))
    if said.party:
        names = ", ".join(f"{_line(one.name)} {one.confidence:.0%}" for one in said.party)
        table.add_row(Text(_t("party", language), "bold"), Text(names))
    if said.masked.hidden:
        masked = "\n".join(filter(None, (said.masked.subject, said.masked.text)))
        table.add_row(Text(_t("masked", language), "bold"), Text(masked))
    return table


def _location(said: ExtractedText, language: Language) -> Text:
    location = said.location
    if location.point is None and location.area is None:
        return Text(_t("nowhere", language), "yellow")
    names = dict.fromkeys(_name(one, language) for one in (location.district, location.area) if one)
    where = " · ".join(names) or _t("outside", language)
    point = f"  {location.point.longitude:.5f}, {location.point.latitude:.5f}" if location.point else ""
    said_why = f"  {_line(location.reason)}" if language == "en" else ""
    return Text.assemble(where, point, f"  {location.confidence:.0%}", (said_why, "dim"))


def _table(*heads: str) -> Table:
    """A table whose cells fold, as Chinese text has no spaces to break at."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def _rows() -> Table:
    """The same without heads: names and what they say."""
    table = _table("", "")
    table.show_header = False
    return table


def _name(named: Named, language: Language) -> str:
    return named.name_zh if language == "zh" else named.name_en


def _line(text: str) -> str:
    return " ".join(text.split())


def _t(key: str, language: Language) -> str:
    return _pick(_WORDS[key], language)


def _pick(words: tuple[str, str], language: Language) -> str:
    return words[0] if language == "zh" else words[1]
