"""A base model on disk: an encoder and its tokenizer, as fine-tuning takes them."""

# torch and transformers are the extra [train]; the serving environment in which types are checked does not hold them.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

__all__ = ["load_tokenizer", "write_base"]


def load_tokenizer(base: str) -> Tokenizer:
    """The tokenizer of a base, from its folder's tokenizer.json or the hub."""
    path = Path(base) / "tokenizer.json"
    return Tokenizer.from_file(str(path)) if path.is_file() else Tokenizer.from_pretrained(base)


def write_base(encoder: Any, tokenizer: Tokenizer, folder: Path) -> None:  # noqa: ANN401 - a BERT of transformers
    """Write an encoder and its tokenizer.json to a folder that finetune takes as base."""
    encoder.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
