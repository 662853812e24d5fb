"""The spaCy pipelines, one a language: our own components, each of which adds candidates to the document.

gazetteer → tagger → patterns (zh with the pretrained lexer, en) → times → reconcile; the last one leaves
`doc.spans["mentions"]`.
"""

from collections.abc import Callable
from typing import Any, Final, cast

import spacy
from spacy.language import Language as Nlp
from spacy.tokens import Doc

from core.types import Language, Tagged
from extraction.candidate import Candidate
from extraction.fold import has_chinese
from extraction.gazetteer import GAZETTEER_SOURCE, Gazetteer
from extraction.lexer import load_lexer
from extraction.patterns_en import find_english_names
from extraction.patterns_zh import find_chinese_names
from extraction.reconcile import reconcile
from extraction.times import find_times

__all__ = ["MENTIONS", "by_rule", "candidates_of", "make_pipeline", "read"]

MENTIONS: Final = "mentions"  # key of doc.spans
_CANDIDATES: Final = "citygraph_candidates"  # keys of doc.user_data
_TEXT: Final = "citygraph_text"
_BY_RULE: Final = "citygraph_by_rule"
_TAGGED: Final = "citygraph_tagged"


class GazetteerComponent:
    """Adds the names the city knows; the gazetteer is given after the pipeline is made, because it is no JSON."""

    def __init__(self) -> None:
        self.gazetteer = Gazetteer((), ())

    def __call__(self, doc: Doc) -> Doc:
        """Add candidates."""
        return _add(doc, self.gazetteer.find(_text(doc)))


def make_pipeline(language: Language, gazetteer: Gazetteer) -> Nlp:
    """A pipeline for one language: characters as tokens for zh, words for en."""
    nlp = spacy.blank(language)
    component = cast("GazetteerComponent", nlp.add_pipe("citygraph_gazetteer"))
    component.gazetteer = gazetteer
    nlp.add_pipe("citygraph_tagger")
    nlp.add_pipe("citygraph_patterns_zh")
    if language == "en":
        nlp.add_pipe("citygraph_patterns_en")
    nlp.add_pipe("citygraph_times")
    nlp.add_pipe("citygraph_reconcile")
    return nlp


def read(nlp: Nlp, text: str, tagged: Tagged | None = None) -> Doc:
    """The document of a text. tagged: what a trained model sees in it, where there is one."""
    doc = nlp.make_doc(text)
    doc.user_data[_TAGGED] = tagged
    return nlp(doc)


def candidates_of(doc: Doc) -> list[Candidate]:
    """The candidates a document has so far; after the whole pipeline: reconciled, in the order of the text."""
    return cast("list[Candidate]", doc.user_data.get(_CANDIDATES, []))


def by_rule(doc: Doc) -> list[Candidate]:
    """What a document would name without the tagger; nothing where there was none."""
    return cast("list[Candidate]", doc.user_data.get(_BY_RULE, []))


def _text(doc: Doc) -> str:
    """The document's text; `doc.text` is put together from its tokens each time, which costs more than all components."""
    if _TEXT not in doc.user_data:
        doc.user_data[_TEXT] = doc.text
    return cast("str", doc.user_data[_TEXT])


def _add(doc: Doc, candidates: list[Candidate]) -> Doc:
    doc.user_data[_CANDIDATES] = [*candidates_of(doc), *candidates]
    return doc


def _tagger(doc: Doc) -> Doc:
    tagged = _tagged(doc)
    if tagged is None:
        return doc
    return _add(
        doc,
        [Candidate(m.start, m.end, m.kind, m.confidence, m.source, seen=True, role=m.role) for m in tagged.mentions],
    )


def _tagged(doc: Doc) -> Tagged | None:
    return cast("Tagged | None", doc.user_data.get(_TAGGED))


def _patterns_zh(doc: Doc) -> Doc:
    text = _text(doc)
    if not has_chinese(text):
        return doc
    known = [candidate for candidate in candidates_of(doc) if candidate.source == GAZETTEER_SOURCE]
    return _add(doc, find_chinese_names(text, known, load_lexer()))


def _patterns_en(doc: Doc) -> Doc:
    return _add(doc, find_english_names(_text(doc)))


def _times(doc: Doc) -> Doc:
    return _add(doc, find_times(_text(doc)))


def _reconcile(doc: Doc) -> Doc:
    """Settle which candidates stay; `doc.spans` shows them by whole tokens."""
    tagged, candidates = _tagged(doc), candidates_of(doc)
    kept = reconcile(_text(doc), candidates, tagged.support if tagged else None)
    if tagged:
        doc.user_data[_BY_RULE] = reconcile(_text(doc), [one for one in candidates if not one.seen])
    doc.user_data[_CANDIDATES] = kept
    spans: Any = (doc.char_span(c.start, c.end, label=c.kind.value, alignment_mode="expand") for c in kept)
    doc.spans[MENTIONS] = [span for span in spans if span is not None]
    return doc


def _fixed(component: Callable[[Doc], Doc]) -> Callable[[Nlp, str], Callable[[Doc], Doc]]:
    """A factory for a component without settings."""
    return lambda nlp, name: component  # noqa: ARG005 - spaCy calls factories with these names


def _make_gazetteer(nlp: Nlp, name: str) -> GazetteerComponent:  # noqa: ARG001
    return GazetteerComponent()


_register = cast("Callable[..., Callable[..., object]]", Nlp.factory)  # spaCy leaves its decorator partly untyped
_register("citygraph_gazetteer", func=_make_gazetteer)
for _name, _component in (
    ("citygraph_tagger", _tagger),
    ("citygraph_patterns_zh", _patterns_zh),
    ("citygraph_patterns_en", _patterns_en),
    ("citygraph_times", _times),
    ("citygraph_reconcile", _reconcile),
):
    _register(_name, func=_fixed(_component))
