"""Personal data in a text: found, and masked with its kind kept, before anything is stored or logged.

Masked are telephone numbers and chat accounts, numbers of identity cards and the like, e-mail addresses, number plates, and
names of private persons. Labels that stand in a text already, [电话] or [phone], and forms that the sender masked, 138****1234,
stay as they are, so that masking twice is masking once.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from core.extraction import Mention, MentionKind, PersonalKind, PersonalSpan
from core.personal import Hidden, Masked
from core.types import Language
from extraction.lexer import Lexer, load_lexer
from extraction.person_names_en import find_english_persons, is_person
from extraction.person_names_zh import find_chinese_persons, is_private
from extraction.personal_contacts import find_emails, find_phones
from extraction.personal_papers import find_cards, find_plates
from extraction.plain import plain

__all__ = ["LABELS", "PERSONAL_SOURCE", "Masker", "find_personal", "mask"]

LABELS: Final[dict[Language, dict[PersonalKind, str]]] = {
    "zh": {
        PersonalKind.PHONE: "[电话]",
        PersonalKind.ID_CARD: "[身份证号]",
        PersonalKind.EMAIL: "[邮箱]",
        PersonalKind.PLATE: "[车牌]",
        PersonalKind.NAME: "[姓名]",
    },
    "en": {
        PersonalKind.PHONE: "[phone]",
        PersonalKind.ID_CARD: "[ID number]",
        PersonalKind.EMAIL: "[email]",
        PersonalKind.PLATE: "[plate]",
        PersonalKind.NAME: "[name]",
    },
}
PERSONAL_SOURCE: Final = "personal@1"
_GONE: Final = "\ufffc"  # stands for what is hidden, one character whatever it was, so that finding again sees the same
_LABEL: Final = re.compile("|".join(re.escape(label) for labels in LABELS.values() for label in labels.values()))
# Which kind wins where two overlap.
_ORDER: Final = {
    kind: rank
    for rank, kind in enumerate(
        (PersonalKind.EMAIL, PersonalKind.ID_CARD, PersonalKind.PLATE, PersonalKind.PHONE, PersonalKind.NAME)
    )
}
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_LATIN: Final = re.compile("[A-Za-z]{2}")
_NUMBER: Final = re.compile(
    "[0-9幺零〇一二三四五六七八九]{3}|(?i:zero|one|two|three|[a-z]{2}[:： ]{0,2}[a-z0-9_]{6})|微信|QQ|qq"
)


def find_personal(
    text: str, persons: Sequence[Mention] = (), *, lexer: Callable[[], Lexer] = load_lexer
) -> list[PersonalSpan]:
    """The personal data of a text, in its order, without overlap.

    persons: mentions of kind PERSON that a trained tagger found in it; where the words show a public person, or a road that
    bears a name, they are left out. Finds nothing more in a text that was masked by what it found.
    """
    read = _Reading(text)
    known = [
        PersonalSpan(m.start, m.end, PersonalKind.NAME, m.confidence, m.source)
        for m in persons
        if m.kind is MentionKind.PERSON
    ]
    found: list[PersonalSpan] = []
    candidates = [one for one in map(read.inside, known) if one and _is_private(read.view, one.start, one.end)]
    names: set[str] = set()
    while True:
        kept = _without_overlap(
            (*candidates, *_candidates(read.view, lexer), *_named_again(read.view, names)), len(read.view)
        )
        if not kept:
            return sorted(found, key=lambda one: one.start)
        names.update(read.view[one.start : one.end] for one in kept if one.kind is PersonalKind.NAME)
        found += [read.outside(one) for one in kept]
        read.hide(kept)
        candidates = []


def mask(text: str, spans: Iterable[PersonalSpan], language: Language) -> Masked:
    """The text with a label for each span; spans that overlap an earlier one are left out."""
    parts: list[str] = []
    hidden: list[Hidden] = []
    at = 0
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if span.start < at:
            continue
        parts += (text[at : span.start], LABELS[language][span.kind])
        hidden.append(Hidden(span, text[span.start : span.end]))
        at = span.end
    return Masked("".join((*parts, text[at:])), tuple(hidden))


class Masker:
    """Takes personal data out of texts. Deterministic; loads the lexer when the first Chinese name needs it."""

    def mask(self, text: str, language: Language) -> Masked:
        """Implements PersonalMasker."""
        return mask(text, find_personal(text), language)


class _Reading:
    """A text as it is read: its plain view with one sign for everything hidden, and where each character stood."""

    def __init__(self, text: str) -> None:
        self.view = plain(text)
        self._places = list(range(len(text) + 1))
        self._cut((label.start(), label.end()) for label in _LABEL.finditer(text))

    def hide(self, spans: Sequence[PersonalSpan]) -> None:
        """Put the sign for these spans of the view."""
        self._cut((span.start, span.end) for span in sorted(spans, key=lambda one: one.start))

    def outside(self, span: PersonalSpan) -> PersonalSpan:
        """A span of the view as one of the text."""
        return replace(span, start=self._places[span.start], end=self._places[span.end - 1] + 1)

    def inside(self, span: PersonalSpan) -> PersonalSpan | None:
        """A span of the text as one of the view; None where a label stands in it or it is no span of the text."""
        places = {place: at for at, place in enumerate(self._places)}
        start, end = places.get(span.start), places.get(span.end)
        if start is None or end is None or start >= end or _GONE in self.view[start:end]:
            return None
        return replace(span, start=start, end=end)

    def _cut(self, spans: Iterable[tuple[int, int]]) -> None:
        views: list[str] = []
        places: list[int] = []
        at = 0
        for start, end in spans:
            views += (self.view[at:start], _GONE)
            places += (*self._places[at:start], self._places[start])
            at = end
        if views:
            self.view = "".join((*views, self.view[at:]))
            self._places = [*places, *self._places[at:]]


def _candidates(view: str, lexer: Callable[[], Lexer]) -> Iterator[PersonalSpan]:
    yield from find_emails(view)
    yield from find_cards(view)
    yield from find_plates(view)
    yield from find_phones(view)
    if _HAN.search(view):
        yield from find_chinese_persons(view, lexer)
    if _LATIN.search(view):
        yield from find_english_persons(view)


def _named_again(view: str, names: Iterable[str]) -> Iterator[PersonalSpan]:
    """Where names that the text gave away stand again, an English one in part too: 何伟明, Karen of Karen Miller."""
    chinese = {name for name in names if _HAN.match(name) and len(name) > 1}
    english = {part for name in names for part in re.findall(r"[A-Z][a-z]{2,}|[A-Z]{4,}", name)}
    for pattern in (_any_of(chinese, "{}"), _any_of(english, r"(?<![A-Za-z])(?:{})(?![A-Za-z])")):
        for match in pattern.finditer(view) if pattern else ():
            if _is_private(view, *match.span()):
                yield PersonalSpan(match.start(), match.end(), PersonalKind.NAME, 0.6, PERSONAL_SOURCE)


def _any_of(words: Iterable[str], form: str) -> re.Pattern[str] | None:
    found = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(form.format("|".join(map(re.escape, found)))) if found else None


def _is_private(view: str, start: int, end: int) -> bool:
    return is_private(view, start, end) and is_person(view, start, end)


def _without_overlap(candidates: Iterable[PersonalSpan], length: int) -> list[PersonalSpan]:
    """Of candidates that overlap, the one of the surer kind, then the longer, then the surer, then the earlier."""
    kept: list[PersonalSpan] = []
    taken = bytearray(length)
    for one in sorted(candidates, key=lambda c: (_ORDER[c.kind], c.start - c.end, -c.confidence, c.start)):
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
            kept.append(one)
    return kept
