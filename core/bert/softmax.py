"""Numbers of a network → probabilities."""

import numpy as np
import numpy.typing as npt

__all__ = ["softmax"]

Numbers = npt.NDArray[np.float64]


def softmax(logits: npt.NDArray[np.floating], temperature: float = 1.0) -> Numbers:
    """Probabilities along the last axis of logits divided by temperature; shape unchanged."""
    scaled = logits.astype(np.float64) / temperature
    weights = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)
