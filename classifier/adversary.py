"""One training step's gradients: plain, with two dropout passes, or against nudged word embeddings."""

# torch is the extra [train]; the serving environment in which types are checked does not hold it.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Callable
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional

from classifier.batches import Batch
from classifier.loss import Loss
from classifier.settings import Settings

__all__ = ["gradients"]

_ASCENTS: Final = 2  # of FreeLB


def gradients(network: Any, batch: Batch, loss: Loss, settings: Settings, backward: Callable[[Tensor], None]) -> float:  # noqa: ANN401 - a CityBert, as it is or as Accelerate wraps it
    """Add the batch's gradients to the network's, by the settings' way; returns the loss.

    R-Drop: the mean of two passes and their symmetric KL divergence. FGM: the gradient at the text, then at the nudge that
    hurts most in first order. FreeLB: the mean gradient along a few such nudges, each from the last.
    """
    if settings.adversary == "none":
        value = _consistent(network, batch, loss, settings) if settings.consistency else _plain(network, batch, loss)
        backward(value)
        return float(value.detach())
    shape = (*batch.ids.shape, network.encoder.get_input_embeddings().embedding_dim)
    nudge = torch.zeros(shape, device=batch.ids.device)
    rounds = 2 if settings.adversary == "fgm" else _ASCENTS + 1
    share = 0.5 if settings.adversary == "fgm" else 1 / rounds
    first = 0.0
    for number in range(rounds):
        nudge = nudge.detach().requires_grad_()
        value = loss(network(batch.ids, batch.mask, nudge), batch)
        backward(value * share)
        first = first if number else float(value.detach())
        slope = nudge.grad if nudge.grad is not None else torch.zeros_like(nudge)
        length = slope.norm(dim=(1, 2), keepdim=True).clamp_min(1e-12)
        nudge = nudge.detach() * (settings.adversary == "freelb") + settings.epsilon * slope / length
    return first


def _plain(network: Any, batch: Batch, loss: Loss) -> Tensor:  # noqa: ANN401
    return loss(network(batch.ids, batch.mask), batch)


def _consistent(network: Any, batch: Batch, loss: Loss, settings: Settings) -> Tensor:  # noqa: ANN401
    first, second = network(batch.ids, batch.mask), network(batch.ids, batch.mask)
    one, two = (loss.part(said, "top").log_softmax(-1) for said in (first, second))
    apart = functional.kl_div(one, two, log_target=True, reduction="batchmean")
    apart = apart + functional.kl_div(two, one, log_target=True, reduction="batchmean")
    return (loss(first, batch) + loss(second, batch)) / 2 + settings.consistency * apart / 4
