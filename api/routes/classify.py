"""/classify and /reports/…/explanation: what the models make of a text, and why."""

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter

from api.deps import NodeId, ReadGraph, Served
from api.schemas import ClassifyRequest
from api.services import Services
from classifier.explain import Weighed, explain
from core.classification import Doubt, Evidence, Intent, Scored, Sentiment
from core.taxonomy import Taxonomy
from core.types import Language
from graph.ingest import urgency_of
from graph.intake import Intake

__all__ = ["router"]

router = APIRouter(tags=["classification"])
_TOP = 3


@dataclass(frozen=True, slots=True)
class Chance:
    """A category in both languages, with its probability."""

    category: str
    name_zh: str
    name_en: str
    probability: float


@dataclass(frozen=True, slots=True)
class NearExample:
    """An authored text that the model learnt from, with its category; similarity: cosine, at most 1."""

    text: str
    category: str
    name_zh: str
    name_en: str
    similarity: float


@dataclass(frozen=True, slots=True)
class WhyView:
    """Why a text got its category.

    moved, against: the words for and against it, strongest first; weight: their share of the fall of the category's log-odds
    without them.
    neighbours: the training examples most like it, nearest first.
    """

    moved: tuple[Weighed, ...]
    against: tuple[Weighed, ...]
    neighbours: tuple[NearExample, ...]


@dataclass(frozen=True, slots=True)
class ClassifiedText:
    """What the models make of a text. text: subject and text as they were read; all offsets count its characters.

    code: the sub-code (or the category itself where none fits better), its probability given the category.
    urgency: 1 routine, 2 soon, 3 at once. outside: probability that this is no message to a city. explanation: where asked for.
    """

    text: str
    language: Language
    category: str
    confidence: float
    top3: tuple[Chance, ...]
    doubt: Doubt | None
    code: Chance
    urgency: int
    sentiment: Sentiment | None
    intent: Intent | None
    also: tuple[Chance, ...]
    evidence: tuple[Evidence, ...]
    outside: float
    model: str
    explanation: WhyView | None


@router.post("/classify", summary="Classify a text")
def classify(sent: ClassifyRequest, services: Served) -> ClassifiedText:
    """What `POST /reports` would understand of it; nothing is kept, so no key is needed. `explain` adds why, and takes longer."""
    now = datetime.now(UTC)
    intake = Intake(source="classify", zone=services.city.timezone, now=now, fields={}, privacy=services.privacy)
    report = intake.accept({**sent.model_dump(exclude={"explain"}), "reported_at": now})
    return _classified(services, report.full_text, report.language, why=sent.explain)


@router.get("/reports/{identifier:path}/explanation", summary="Why a report has its category")
def explanation(identifier: NodeId, reader: ReadGraph, services: Served) -> ClassifiedText:
    """The words for and against its category and the training examples most like it, by the models that serve now."""
    report = reader.report(identifier)
    return _classified(services, report.full_text, report.language, why=True)


def _classified(services: Services, text: str, language: Language, *, why: bool) -> ClassifiedText:
    taxonomy = services.taxonomy
    explained = explain(services.classifier, text, language) if why else None
    said = explained.classification if explained else services.classifier.classify([text], [language])[0]
    return ClassifiedText(
        text=text,
        language=language,
        category=said.category,
        confidence=said.confidence,
        top3=tuple(_chance(one, taxonomy) for one in said.ranking[:_TOP]),
        doubt=said.doubt,
        code=_chance(Scored(said.code, said.code_confidence), taxonomy),
        urgency=urgency_of(said, text, taxonomy),
        sentiment=said.sentiment,
        intent=said.intent,
        also=tuple(_chance(one, taxonomy) for one in said.also),
        evidence=said.evidence,
        outside=said.outside,
        model=said.model,
        explanation=WhyView(
            explained.moved,
            explained.against,
            tuple(
                NearExample(one.text, one.code, taxonomy[one.code].name_zh, taxonomy[one.code].name_en, one.similarity)
                for one in explained.neighbours
            ),
        )
        if explained
        else None,
    )


def _chance(scored: Scored, taxonomy: Taxonomy) -> Chance:
    category = taxonomy[scored.category]
    return Chance(category.code, category.name_zh, category.name_en, scored.probability)
