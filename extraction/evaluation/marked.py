"""How good the extraction is on the project's own marked texts: exact spans, by kind and by role."""

from collections.abc import Sequence

from core.types import Extractor, Language, Mention, MentionKind
from extraction.evaluation.agreement import Agreement, Tally, agreement
from extraction.evaluation.gold import as_report
from extraction.tagging.corpus import Mark, Marked

__all__ = ["evaluate_marked"]

_Item = tuple[str, object]  # kind or "role …", and what identifies it in its text


def evaluate_marked(extractor: Extractor, texts: Sequence[Marked], language: Language) -> dict[str, Agreement]:
    """Figures by kind (exact spans), by "role …" (the words said to play it), and "all" for all kinds together.

    Counted as the tagger's manifest counts its own. Times are left out: the corpus does not mark them.
    """
    extractions = extractor.extract([as_report(one.text, language) for one in texts])
    pairs = [
        (
            _items(one.text, [m for m in extraction.mentions if m.kind is not MentionKind.TIME]),
            _items(one.text, one.marks),
        )
        for one, extraction in zip(texts, extractions, strict=True)
    ]
    names = sorted({name for pair in pairs for some in pair for name, _ in some}, key=_kinds_first)
    groups = {"all": {name for name in names if not name.startswith("role")}, **{name: {name} for name in names}}
    return {group: agreement([_tally(pair, members) for pair in pairs]) for group, members in groups.items()}


def _items(text: str, marks: Sequence[Mention] | Sequence[Mark]) -> set[_Item]:
    spans: set[_Item] = {(one.kind.value, (one.start, one.end)) for one in marks}
    return spans | {(f"role {one.role.value}", text[one.start : one.end]) for one in marks if one.role}


def _tally(pair: tuple[set[_Item], set[_Item]], members: set[str]) -> Tally:
    found, wanted = ({item for item in some if item[0] in members} for some in pair)
    return Tally.of(found, wanted)


def _kinds_first(name: str) -> tuple[bool, str]:
    return name.startswith("role"), name
