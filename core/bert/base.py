"""A base model on disk: an encoder and its tokenizer, as fine-tuning takes them."""

# torch and transformers are the extra [train]; the serving environment in which types are checked does not hold them.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import AutoModel

__all__ = ["has_bfloat16", "load_encoder", "load_tokenizer", "write_base"]


def load_tokenizer(base: str) -> Tokenizer:
    """The tokenizer of a base, from its folder's tokenizer.json or the hub."""
    path = Path(base) / "tokenizer.json"
    return Tokenizer.from_file(str(path)) if path.is_file() else Tokenizer.from_pretrained(base)


def write_base(encoder: Any, tokenizer: Tokenizer, folder: Path) -> None:  # noqa: ANN401 - a BERT of transformers
    """Write an encoder and its tokenizer.json to a folder that finetune takes as base."""
    encoder.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))


def has_bfloat16(*, cuda: bool) -> bool:
    """Whether the processor has instructions for bfloat16: 1.5 times as fast on a CPU with AVX-512 BF16, slower without."""
    if cuda:
        return torch.cuda.is_bf16_supported()
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001 - torch has no public name for it


def load_encoder(base: str) -> Any:  # noqa: ANN401
    """The pre-trained encoder from a folder or a hub id, in float32, without its pooler."""
    return AutoModel.from_pretrained(base, dtype=torch.float32, add_pooling_layer=False, attn_implementation="eager")
