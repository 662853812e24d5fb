"""Training few weights beside a frozen encoder, and merging them into it afterwards, by peft.

AdaLoRA runs without its orthogonality term: peft adds that to a loss computed within the model, and ours is computed outside.
"""

# peft is of the extra [train]; the serving environment in which types are checked does not hold it.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from typing import Any

from peft import AdaLoraConfig, IA3Config, LoraConfig, get_peft_model

from classifier.network import CityBert
from classifier.settings import Settings

__all__ = ["Adapter"]

_LINEAR = ["query", "key", "value", "dense"]


class Adapter:
    """The settings' adapter on a network's encoder; without one, nothing. steps: optimiser steps of the run."""

    def __init__(self, network: CityBert, settings: Settings, steps: int) -> None:
        self._network = network
        self._kind = settings.adapter
        if self._kind != "none":
            network.encoder = get_peft_model(network.encoder, _config(settings, steps))

    def step(self, number: int) -> None:
        """After an optimiser step: AdaLoRA moves rank to the layers that need it."""
        if self._kind == "adalora":
            self._network.encoder.base_model.update_and_allocate(number)

    def merge(self) -> None:
        """Add what the adapter learnt to the encoder's own weights, and drop the adapter."""
        if self._kind != "none":
            self._network.encoder = self._network.encoder.merge_and_unload()


def _config(settings: Settings, steps: int) -> Any:  # noqa: ANN401 - one of three
    if settings.adapter == "lora":
        return LoraConfig(r=16, lora_alpha=32, lora_dropout=settings.dropout, target_modules=_LINEAR)
    if settings.adapter == "adalora":
        early, late = round(0.1 * steps), round(0.3 * steps)
        return AdaLoraConfig(
            init_r=24, target_r=12, lora_alpha=32, tinit=early, tfinal=late, total_step=steps, target_modules=_LINEAR
        )
    return IA3Config(target_modules=["key", "value", "output.dense"], feedforward_modules=["output.dense"])
