"""The network: a pre-trained BERT, one vector a text, and linear heads on it: one pass answers everything."""

# torch and transformers are the extra [train]; the serving environment in which types are checked does not hold them.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportUntypedBaseClass=false

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from classifier.heads import TAGS, head_slices
from classifier.settings import Pooling

__all__ = ["CityBert", "Said"]


class Said(NamedTuple):
    """What the network says of a batch, before any softmax.

    sentence: (batch, labels of all heads), as head_slices orders them; tags: (batch, tokens, TAGS); vector: (batch, hidden).
    """

    sentence: Tensor
    tags: Tensor
    vector: Tensor


class CityBert(nn.Module):
    """Encoder → one vector a text → dropout → a linear layer for all heads; beside it a linear layer a token for evidence.

    pooling: "cls", the first token's vector, or "mean", the mean of all tokens' (as the base's sentence vectors were made).
    """

    encoder: Any  # a BERT of transformers, whose types say no more than nn.Module

    def __init__(
        self,
        encoder: Any,  # noqa: ANN401
        pooling: Pooling,
        heads: Mapping[str, Sequence[str]],
        *,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.pooling = pooling
        self.slices = head_slices(heads)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(encoder.config.hidden_size, sum(len(labels) for labels in heads.values()))
        self.tagger = nn.Linear(encoder.config.hidden_size, len(TAGS))
        for layer in (self.head, self.tagger):
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, nudge: Tensor | None = None) -> Said:
        """What it says of token ids and their mask, both (batch, tokens).

        nudge: added to the word embeddings (batch, tokens, hidden): adversarial training asks for it.
        """
        if nudge is None:
            hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        else:
            words = self.encoder.get_input_embeddings()(input_ids) + nudge
            hidden = self.encoder(inputs_embeds=words, attention_mask=attention_mask).last_hidden_state
        if self.pooling == "cls":
            vector = hidden[:, 0]
        else:
            weights = attention_mask.unsqueeze(-1).to(hidden.dtype)
            vector = (hidden * weights).sum(dim=1) / weights.sum(dim=1)
        return Said(self.head(self.dropout(vector)), self.tagger(self.dropout(hidden)), vector)

    def shift(self, label: int, amount: float) -> None:
        """Move one top class's logit by a constant, in place."""
        with torch.no_grad():
            self.head.bias[self.slices["top"].start + label] += amount
