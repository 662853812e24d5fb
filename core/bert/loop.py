"""A plain training loop: AdamW, warm-up and linear decay, clipped gradients."""

# torch and transformers are the extra [train]; the serving environment in which types are checked does not hold them.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import torch
from torch import Tensor, nn
from transformers import get_linear_schedule_with_warmup

from core.bert.base import has_bfloat16

__all__ = ["device", "learn"]

_WARMUP: Final = 0.1  # share of the steps
_CLIP: Final = 1.0  # norm of the gradient


def device() -> torch.device:
    """CUDA where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def learn(
    network: nn.Module,
    epochs: Sequence[Iterable[Any]],
    loss: Callable[[Any], Tensor],
    groups: Sequence[Mapping[str, Any]],
    *,
    steps: int,
    bfloat16: bool | None = None,
) -> tuple[float, ...]:
    """Train in place, one pass an epoch over its batches; returns each epoch's mean loss.

    groups: AdamW's, with their rates. steps: batches of all epochs. bfloat16: default, where the processor computes in it.
    """
    place = device()
    network.to(place).train()
    optimiser = torch.optim.AdamW([dict(group) for group in groups])
    schedule = get_linear_schedule_with_warmup(optimiser, round(_WARMUP * steps), steps)
    low = has_bfloat16(cuda=place.type == "cuda") if bfloat16 is None else bfloat16
    history: list[float] = []
    for batches in epochs:
        losses: list[float] = []
        for batch in batches:
            with torch.autocast(place.type, dtype=torch.bfloat16, enabled=low):
                value = loss(batch)
            value.backward()
            nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            losses.append(float(value.detach()))
        history.append(sum(losses) / max(1, len(losses)))
    network.eval().to("cpu")
    return tuple(history)
