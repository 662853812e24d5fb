"""What training minimises: one sum over all heads, each counted where its label is known."""

# torch is the extra [train]; the serving environment in which types are checked does not hold it.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Mapping, Sequence
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from classifier.batches import ABSENT, Batch
from classifier.heads import head_slices
from classifier.network import Said
from classifier.settings import Settings
from core.taxonomy import load_taxonomy

__all__ = ["Loss"]

_MARKS: Final = ("urgency", "sentiment", "intent")
_IMPOSSIBLE: Final = -1e4  # a logit that no softmax keeps


class Loss:
    """Weighted cross-entropy or focal loss of the top class, and the other heads' beside it.

    The sub-code is learnt within the true top class, so that the two never contradict each other. Where a row has a teacher's
    probabilities, half of the top class's lesson is the teacher's (Hinton, Vinyals & Dean 2015). weights: a weight a top class.
    """

    def __init__(self, heads: Mapping[str, Sequence[str]], weights: Tensor, settings: Settings) -> None:
        self.slices = head_slices(heads)
        self.weights = weights
        self.settings = settings
        tops = list(heads["top"])
        under = [tops.index(load_taxonomy()[code].top) for code in heads["code"]]
        self._elsewhere = torch.tensor([[top != one for one in under] for top in range(len(tops))]).to(weights.device)

    def __call__(self, said: Said, batch: Batch) -> Tensor:
        """The loss of a batch, a scalar; rows of any kind may be absent from it."""
        top = self.part(said, "top")
        known = batch.one["top"] != ABSENT
        total = self._doubt(top[~known])
        if known.any():
            labels = batch.one["top"][known]
            total = total + self._top(top[known], labels, None if batch.soft is None else batch.soft[known])
            code = self.part(said, "code")[known].masked_fill(self._elsewhere[labels], _IMPOSSIBLE)
            total = total + self.settings.code_weight * _entropy(code, batch.one["code"][known])
        for name in _MARKS:
            total = total + self.settings.mark_weight * _entropy(self.part(said, name), batch.one[name])
        total = total + self.settings.mark_weight * _binary(self.part(said, "troubles"), batch.troubles)
        total = total + self.settings.doubt * _binary(self.part(said, "outside")[:, 0], batch.outside)
        return total + self.settings.tag_weight * _entropy(said.tags.flatten(0, 1), batch.tags.flatten())

    def part(self, said: Said, head: str) -> Tensor:
        """One head's numbers, (batch, labels)."""
        return said.sentence[:, self.slices[head]]

    def _top(self, logits: Tensor, labels: Tensor, soft: Tensor | None) -> Tensor:
        smooth = self.settings.label_smoothing
        if self.settings.focal:
            losses = functional.cross_entropy(logits, labels, label_smoothing=smooth, reduction="none")
            sure = logits.softmax(-1).gather(1, labels[:, None])[:, 0]
            weights = self.weights[labels]
            hard = ((1 - sure) ** self.settings.focal * losses * weights).sum() / weights.sum()
        else:
            hard = functional.cross_entropy(logits, labels, weight=self.weights, label_smoothing=smooth)
        if soft is None:
            return hard
        return (hard + functional.kl_div(logits.log_softmax(-1), soft, reduction="batchmean")) / 2

    def _doubt(self, logits: Tensor) -> Tensor:
        """Cross-entropy against an even guess, for texts of which no class is true."""
        return -self.settings.doubt * logits.log_softmax(-1).mean() if len(logits) else logits.new_zeros(())


def _entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean cross-entropy over the labels that are known; 0 where none is."""
    known = labels != ABSENT
    return functional.cross_entropy(logits[known], labels[known]) if known.any() else logits.new_zeros(())


def _binary(logits: Tensor, labels: Tensor) -> Tensor:
    known = labels != ABSENT
    if not known.any():
        return logits.new_zeros(())
    return functional.binary_cross_entropy_with_logits(logits[known], labels[known].to(logits.dtype))
