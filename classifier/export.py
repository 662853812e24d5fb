"""A trained classifier → int8 ONNX."""

# finetune rests on the extra [train]; the serving environment in which types are checked does not hold it.
# pyright: reportUnknownMemberType=false

from pathlib import Path
from typing import Final

from classifier.finetune import FineTuned
from classifier.manifest import OUTPUTS
from core.bert.onnx_file import write_model

__all__ = ["export_onnx"]

_FREE: Final = {"sentence": {0: "batch"}, "tags": {0: "batch", 1: "tokens"}, "vector": {0: "batch"}}


def export_onnx(trained: FineTuned, folder: Path) -> dict[str, str]:
    """Write `model.onnx` (int8) and `tokenizer.json` into a folder; returns their SHA-256 by name.

    Raises ValueError where the model is larger than 30 MB.
    """
    example = trained.encoder.encode("one two three").ids
    return write_model(
        trained.network, trained.encoder.tokenizer, example, {name: _FREE[name] for name in OUTPUTS}, folder
    )
