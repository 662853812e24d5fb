"""A trained tagger → int8 ONNX."""

from pathlib import Path

from core.bert.onnx_file import write_model
from extraction.tagging.manifest import OUTPUTS
from extraction.tagging.network import TagBert
from extraction.tagging.windows import Windows

__all__ = ["export_onnx"]


def export_onnx(network: TagBert, windows: Windows, folder: Path) -> dict[str, str]:
    """Write `model.onnx` (int8) and `tokenizer.json` into a folder; returns their SHA-256 by name.

    Raises ValueError where the model is larger than 30 MB.
    """
    example = windows.encode("one two three")[0][0].ids
    return write_model(network, windows.tokenizer, example, {key: {0: "batch", 1: "tokens"} for key in OUTPUTS}, folder)
