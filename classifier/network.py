"""The network: a pre-trained BERT, one vector a text, a linear layer on top."""

# torch and transformers are the extra [train]; the serving environment in which types are checked does not hold them.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportUntypedBaseClass=false

from typing import Any, Literal

import torch
from torch import Tensor, nn
from transformers import AutoModel

__all__ = ["Pooling", "SentenceClassifier", "load_encoder"]

Pooling = Literal["cls", "mean"]


class SentenceClassifier(nn.Module):
    """Encoder → one vector a text → dropout → linear.

    pooling: "cls", the first token's vector, or "mean", the mean of all tokens' (as the base's sentence vectors were made).
    """

    encoder: Any  # a BERT of transformers, whose types say no more than nn.Module

    def __init__(self, encoder: Any, pooling: Pooling, classes: int, *, dropout: float = 0.1) -> None:  # noqa: ANN401
        super().__init__()
        self.encoder = encoder
        self.pooling = pooling
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(encoder.config.hidden_size, classes)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Logits (batch, classes) of token ids and their mask, both (batch, tokens)."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        if self.pooling == "cls":
            vector = hidden[:, 0]
        else:
            weights = attention_mask.unsqueeze(-1).to(hidden.dtype)
            vector = (hidden * weights).sum(dim=1) / weights.sum(dim=1)
        return self.head(self.dropout(vector))

    def shift(self, label: int, amount: float) -> None:
        """Move one class's logit by a constant, in place."""
        with torch.no_grad():
            self.head.bias[label] += amount


def load_encoder(base: str) -> Any:  # noqa: ANN401
    """The pre-trained encoder from a folder or a hub id, in float32, without its pooler."""
    return AutoModel.from_pretrained(base, dtype=torch.float32, add_pooling_layer=False, attn_implementation="eager")
