"""Numbers → Classification: temperatures, ranking, sub-code, marks, evidence, and whether a person should decide."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, cast

import numpy as np
import numpy.typing as npt

from classifier.heads import TAGS, head_slices
from classifier.manifest import Manifest
from classifier.tokens import Tokens
from core.bert.softmax import softmax
from core.classification import Classification, Doubt, Evidence, Intent, Scored, Sentiment
from core.taxonomy import TOP_CLASSES, load_taxonomy

__all__ = ["find_evidence", "outcome", "ranked", "sigmoid", "unsaid", "within"]

Numbers = npt.NDArray[np.float64]
_WEAK: Final = 0.6  # of the limit: what a token within a run needs
_STEP: Final = 2  # tokens from one of a run to the next
_GAP: Final = 16  # characters between them
_TRIM: Final = " \t\r\n，。、；：！？,.;:!?()（）“”\"'-—…"


def sigmoid(logits: npt.NDArray[np.floating]) -> Numbers:
    """Probabilities of logits, one by one; shape unchanged."""
    return 0.5 * (1.0 + np.tanh(0.5 * logits.astype(np.float64)))


def within(codes: Sequence[str], top: str) -> list[int]:
    """The places in codes of those under a top class."""
    return list(_under(tuple(codes))[top])


def ranked(
    labels: Sequence[str], probabilities: Sequence[float], thresholds: Mapping[str, float], model: str
) -> Classification:
    """What the top classes' probabilities say, ties by the order of labels; unsure below the threshold of the best class."""
    ranking = _ranking(labels, probabilities)
    best = ranking[0]
    doubt = Doubt.UNSURE if best.probability < thresholds.get(best.category, 0.0) else None
    return Classification(best.category, best.probability, ranking, doubt, model, code=best.category)


def unsaid(model: str) -> Classification:
    """What a text without words is: "other" by default, all classes equally likely, for a person to decide."""
    share = 1.0 / len(TOP_CLASSES)
    ranking = tuple(Scored(label, share) for label in ("other", *(label for label in TOP_CLASSES if label != "other")))
    return Classification("other", share, ranking, Doubt.WORDLESS, model, code="other")


def outcome(manifest: Manifest, sentence: Numbers, tags: Numbers, tokens: Tokens, text: str) -> Classification:
    """What one text's numbers say: sentence (labels of all heads,), tags (tokens, TAGS)."""
    slices = head_slices(manifest.heads)

    def chances(head: str) -> Numbers:
        return softmax(sentence[slices[head]], manifest.temperatures.get(head, 1.0))

    def best(head: str) -> str:
        return manifest.heads[head][int(sentence[slices[head]].argmax())]

    ranking = _ranking(manifest.heads["top"], chances("top").tolist())
    category, confidence = ranking[0].category, ranking[0].probability
    places = within(manifest.heads["code"], category)
    codes = softmax(sentence[slices["code"]][places], manifest.temperatures.get("code", 1.0))
    outside = float(sigmoid(sentence[slices["outside"]])[0])
    return Classification(
        category=category,
        confidence=confidence,
        ranking=ranking,
        doubt=_doubt(manifest, category, confidence, outside),
        model=manifest.model,
        code=manifest.heads["code"][places[int(codes.argmax())]],
        code_confidence=float(codes.max()),
        urgency=int(best("urgency")),
        sentiment=cast("Sentiment", best("sentiment")),
        intent=cast("Intent", best("intent")),
        also=_also(manifest, sigmoid(sentence[slices["troubles"]]), category),
        evidence=find_evidence(softmax(tags), tokens, text, manifest.limits["evidence"]),
        outside=outside,
    )


def _ranking(labels: Sequence[str], probabilities: Sequence[float]) -> tuple[Scored, ...]:
    pairs = sorted(zip(labels, probabilities, strict=True), key=lambda pair: -pair[1])
    return tuple(Scored(label, probability) for label, probability in pairs)


def _doubt(manifest: Manifest, category: str, confidence: float, outside: float) -> Doubt | None:
    if outside >= manifest.limits["outside"]:
        return Doubt.OUTSIDE
    return Doubt.UNSURE if confidence < manifest.thresholds.get(category, 0.0) else None


def _also(manifest: Manifest, chances: Numbers, category: str) -> tuple[Scored, ...]:
    ranking = _ranking(manifest.heads["troubles"], chances.tolist())
    return tuple(one for one in ranking if one.probability >= manifest.limits["also"] and one.category != category)


def find_evidence(chances: Numbers, tokens: Tokens, text: str, limit: float) -> tuple[Evidence, ...]:
    """Runs of tokens about as likely evidence as the limit, each with one that is more likely, in the order of the text.

    chances: (tokens, TAGS). A single weak token parts no run; what a long text leaves out between its ends does.
    """
    likely = 1.0 - chances[:, 0]
    runs: list[list[int]] = []
    for number, (start, end) in enumerate(tokens.spans):
        if end == 0 or likely[number] < _WEAK * limit:
            continue
        if runs and number - runs[-1][-1] <= _STEP and start - tokens.spans[runs[-1][-1]][1] <= _GAP:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = (_span(run, chances, tokens, text) for run in runs if likely[run].max() >= limit)
    return tuple(one for one in said if one is not None)


def _span(run: list[int], chances: Numbers, tokens: Tokens, text: str) -> Evidence | None:
    start, end = tokens.spans[run[0]][0], tokens.spans[run[-1]][1]
    words = text[start:end]
    start += len(words) - len(words.lstrip(_TRIM))
    words = words.strip(_TRIM)
    if len(words) < 2:  # noqa: PLR2004 - one letter says nothing
        return None
    mean = chances[run].mean(axis=0)
    return Evidence(start, start + len(words), words, TAGS[1 + int(mean[1:].argmax())], float(1.0 - mean[0]))


@cache
def _under(codes: tuple[str, ...]) -> Mapping[str, tuple[int, ...]]:
    taxonomy = load_taxonomy()
    return {top: tuple(place for place, code in enumerate(codes) if taxonomy[code].top == top) for top in TOP_CLASSES}
