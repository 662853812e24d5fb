"""The spaCy pipelines, one a language: our own components, each of which adds candidates to the document.

gazetteer → tagger → patterns (zh with the pretrained lexer, en) → times → reconcile; the last one leaves
`doc.spans["mentions"]`.
"""

from collections.abc import Callable
from typing import Any, Final, cast

import spacy
from spacy.language import Language as Nlp
from spacy.tokens import Doc

from core.types import Language, Tagger
from extraction.candidate import Candidate
from extraction.fold import has_chinese
from extraction.gazetteer import GAZETTEER_SOURCE, Gazetteer
from extraction.lexer import load_lexer
from extraction.patterns_en import find_english_names
from extraction.patterns_zh import find_chinese_names
from extraction.reconcile import reconcile
from extraction.times import find_times

__all__ = ["MENTIONS", "candidates_of", "make_pipeline"]

MENTIONS: Final = "mentions"  # key of doc.spans
_CANDIDATES: Final = "citygraph_candidates"  # keys of doc.user_data
_TEXT: Final = "citygraph_text"
_SUPPORT: Final = "citygraph_support"


class GazetteerComponent:
    """Adds the names the city knows; the gazetteer is given after the pipeline is made, because it is no JSON."""

    def __init__(self) -> None:
        self.gazetteer = Gazetteer((), ())

    def __call__(self, doc: Doc) -> Doc:
        """Add candidates."""
        return _add(doc, self.gazetteer.find(_text(doc)))


class TaggerComponent:
    """Adds what a trained model sees; the tagger is given after the pipeline is made."""

    def __init__(self) -> None:
        self.tagger: Tagger | None = None
        self.language: Language = "zh"

    def __call__(self, doc: Doc) -> Doc:
        """Add candidates."""
        if self.tagger is None:
            return doc
        tagged = self.tagger.tag(_text(doc), self.language)
        doc.user_data[_SUPPORT] = tagged.support
        seen = (
            Candidate(m.start, m.end, m.kind, m.confidence, m.source, seen=True, role=m.role) for m in tagged.mentions
        )
        return _add(doc, list(seen))


def make_pipeline(language: Language, gazetteer: Gazetteer, tagger: Tagger | None = None) -> Nlp:
    """A pipeline for one language: characters as tokens for zh, words for en. tagger: default, none."""
    nlp = spacy.blank(language)
    component = cast("GazetteerComponent", nlp.add_pipe("citygraph_gazetteer"))
    component.gazetteer = gazetteer
    if tagger is not None:
        trained = cast("TaggerComponent", nlp.add_pipe("citygraph_tagger"))
        trained.tagger, trained.language = tagger, language
    nlp.add_pipe("citygraph_patterns_zh")
    if language == "en":
        nlp.add_pipe("citygraph_patterns_en")
    nlp.add_pipe("citygraph_times")
    nlp.add_pipe("citygraph_reconcile")
    return nlp


def candidates_of(doc: Doc) -> list[Candidate]:
    """The candidates a document has so far; after the whole pipeline: reconciled, in the order of the text."""
    return cast("list[Candidate]", doc.user_data.get(_CANDIDATES, []))


def _text(doc: Doc) -> str:
    """The document's text; `doc.text` is put together from its tokens each time, which costs more than all components."""
    if _TEXT not in doc.user_data:
        doc.user_data[_TEXT] = doc.text
    return cast("str", doc.user_data[_TEXT])


def _add(doc: Doc, candidates: list[Candidate]) -> Doc:
    doc.user_data[_CANDIDATES] = [*candidates_of(doc), *candidates]
    return doc


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
    kept = reconcile(_text(doc), candidates_of(doc), doc.user_data.get(_SUPPORT))
    doc.user_data[_CANDIDATES] = kept
    spans: Any = (doc.char_span(c.start, c.end, label=c.kind.value, alignment_mode="expand") for c in kept)
    doc.spans[MENTIONS] = [span for span in spans if span is not None]
    return doc


def _fixed(component: Callable[[Doc], Doc]) -> Callable[[Nlp, str], Callable[[Doc], Doc]]:
    """A factory for a component without settings."""
    return lambda nlp, name: component  # noqa: ARG005 - spaCy calls factories with these names


def _make_gazetteer(nlp: Nlp, name: str) -> GazetteerComponent:  # noqa: ARG001
    return GazetteerComponent()


def _make_tagger(nlp: Nlp, name: str) -> TaggerComponent:  # noqa: ARG001
    return TaggerComponent()


_register = cast("Callable[..., Callable[..., object]]", Nlp.factory)  # spaCy leaves its decorator partly untyped
_register("citygraph_gazetteer", func=_make_gazetteer)
_register("citygraph_tagger", func=_make_tagger)
for _name, _component in (
    ("citygraph_patterns_zh", _patterns_zh),
    ("citygraph_patterns_en", _patterns_en),
    ("citygraph_times", _times),
    ("citygraph_reconcile", _reconcile),
):
    _register(_name, func=_fixed(_component))
