"""The network: a pre-trained BERT and two linear layers a token: kind of mention, and part it plays."""

# torch is the extra [train]; the serving environment in which types are checked does not hold it.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportUntypedBaseClass=false

from typing import Any, NamedTuple

from torch import Tensor, nn

from extraction.tagging.labels import ROLES, TAGS

__all__ = ["Said", "TagBert"]


class Said(NamedTuple):
    """What the network says of a batch, before any softmax. tags: (batch, tokens, TAGS); roles: (batch, tokens, ROLES)."""

    tags: Tensor
    roles: Tensor


class TagBert(nn.Module):
    """Encoder → dropout → a linear layer for the tags, another for the roles."""

    encoder: Any  # a BERT of transformers, whose types say no more than nn.Module

    def __init__(self, encoder: Any, *, dropout: float = 0.1) -> None:  # noqa: ANN401
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        hidden = encoder.config.hidden_size
        self.tags, self.roles = nn.Linear(hidden, len(TAGS)), nn.Linear(hidden, len(ROLES))
        for layer in (self.tags, self.roles):
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Said:
        """What it says of token ids and their mask, both (batch, tokens)."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        hidden = self.dropout(hidden)
        return Said(self.tags(hidden), self.roles(hidden))
