"""Numbers → Classification: temperature, ranking, abstention."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from core.taxonomy import TOP_CLASSES
from core.types import Classification, Scored

__all__ = ["classification", "softmax", "unsaid"]


def softmax(logits: npt.NDArray[np.floating], temperature: float = 1.0) -> npt.NDArray[np.float64]:
    """Probabilities along the last axis of logits divided by temperature; shape unchanged."""
    scaled = logits.astype(np.float64) / temperature
    weights = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def classification(
    labels: Sequence[str], probabilities: Sequence[float], *, threshold: float, model: str
) -> Classification:
    """The classification that the probabilities say, ties by the order of labels; abstained below the threshold."""
    ranking = tuple(
        Scored(label, probability)
        for label, probability in sorted(zip(labels, probabilities, strict=True), key=lambda pair: -pair[1])
    )
    best = ranking[0]
    return Classification(best.category, best.probability, ranking, best.probability < threshold, model)


def unsaid(model: str) -> Classification:
    """What a text without words is: "other" by default, all classes equally likely, abstained."""
    share = 1.0 / len(TOP_CLASSES)
    ranking = tuple(Scored(label, share) for label in ("other", *(label for label in TOP_CLASSES if label != "other")))
    return Classification("other", share, ranking, abstained=True, model=model)
