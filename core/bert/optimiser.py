"""How fast each part of a BERT learns, and when."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from typing import Any, Protocol

__all__ = ["Rates", "learning_rate", "parameter_groups"]


class Rates(Protocol):
    """The settings that these rates come from."""

    @property
    def learning_rate(self) -> float:
        """Of the encoder's last layer."""
        ...

    @property
    def head_rate(self) -> float:
        """Of what is not the encoder."""
        ...

    @property
    def layer_decay(self) -> float:
        """What a layer's rate is multiplied by for the layer below it."""
        ...

    @property
    def weight_decay(self) -> float:
        """AdamW's, on all but biases and norms."""
        ...


def parameter_groups(network: Any, settings: Rates) -> list[dict[str, Any]]:  # noqa: ANN401 - a module that has an encoder
    """The parameters of a network with an `encoder`, by rate: its heads fastest, each layer below slower."""
    layers = int(network.encoder.config.num_hidden_layers)
    groups: list[dict[str, Any]] = []
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        if not name.startswith("encoder."):
            rate = settings.head_rate
        else:
            depth = int(name.split(".layer.")[1].split(".")[0]) + 1 if ".layer." in name else 0
            rate = settings.learning_rate * settings.layer_decay ** (layers - depth)
        decay = settings.weight_decay if parameter.dim() > 1 else 0.0
        groups.append({"params": [parameter], "lr": rate, "weight_decay": decay})
    return groups


def learning_rate(step: int, steps: int, warmup: float) -> float:
    """What the rates are multiplied by: linear warm-up over the first share of steps, then linear decay to zero."""
    rising = max(1, round(steps * warmup))
    return (step + 1) / rising if step < rising else max(0.0, (steps - step) / max(1, steps - rising))
