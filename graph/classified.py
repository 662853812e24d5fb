"""How a classification is kept on CLASSIFIED_AS, and read back; the text of evidence is cut from the report's full text."""

from dataclasses import dataclass
from typing import Any

from core.classification import Classification, Doubt, Evidence, Intent, Scored, Sentiment

__all__ = ["Kept", "kept", "properties"]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a stored report says of its classification beside category, confidence, ranking and model.

    Reports stored by an earlier version lack all of it: their code is the category, the rest None and empty.
    """

    code: str
    code_confidence: float | None
    doubt: Doubt | None
    sentiment: Sentiment | None
    intent: Intent | None
    also: tuple[Scored, ...]
    evidence: tuple[Evidence, ...]
    outside_probability: float | None


def properties(classification: Classification) -> dict[str, Any]:
    """The properties of a classification as the store keeps them: texts, numbers and lists of these."""
    evidence = classification.evidence
    return {
        "confidence": classification.confidence,
        "model": classification.model,
        "abstained": classification.abstained,
        "doubt": classification.doubt.value if classification.doubt else None,
        "ranking_codes": [scored.category for scored in classification.ranking],
        "ranking_probabilities": [scored.probability for scored in classification.ranking],
        "code": classification.code,
        "code_confidence": classification.code_confidence,
        "sentiment": classification.sentiment,
        "intent": classification.intent,
        "outside": classification.outside,
        "also_codes": [scored.category for scored in classification.also],
        "also_probabilities": [scored.probability for scored in classification.also],
        "evidence_starts": [one.start for one in evidence],
        "evidence_ends": [one.end for one in evidence],
        "evidence_categories": [one.category for one in evidence],
        "evidence_confidences": [one.confidence for one in evidence],
    }


def kept(stored: dict[str, Any], category: str, full_text: str) -> Kept:
    """Read the properties of a report's CLASSIFIED_AS."""
    doubt = stored.get("doubt")
    spans = zip(
        *(stored.get(f"evidence_{part}") or () for part in ("starts", "ends", "categories", "confidences")), strict=True
    )
    return Kept(
        code=stored.get("code") or category,
        code_confidence=stored.get("code_confidence"),
        doubt=Doubt(doubt) if doubt else None,
        sentiment=stored.get("sentiment"),
        intent=stored.get("intent"),
        also=tuple(
            Scored(code, probability)
            for code, probability in zip(
                stored.get("also_codes") or (), stored.get("also_probabilities") or (), strict=True
            )
        ),
        evidence=tuple(
            Evidence(start, end, full_text[start:end], about, confidence) for start, end, about, confidence in spans
        ),
        outside_probability=stored.get("outside"),
    )
