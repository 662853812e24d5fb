"""A trained network → int8 ONNX: exported, fused, quantised (weights and embeddings), measured against float32."""

# torch, transformers and onnx are the extra [train]; the serving environment in which types are checked does not hold them.
# pyright: reportMissingImports=false, reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

import tempfile
import warnings
from pathlib import Path

import torch

from classifier.finetune import FineTuned
from classifier.manifest import MODEL_FILE, OUTPUTS, TOKENIZER_FILE
from core.bert.onnx_file import OPSET, fuse, quantise
from core.fingerprint import sha256

__all__ = ["export_onnx"]


def export_onnx(trained: FineTuned, folder: Path) -> dict[str, str]:
    """Write `model.onnx` (int8) and `tokenizer.json` into a folder; returns their SHA-256 by name.

    Raises ValueError where the model is larger than 30 MB.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain, fused = Path(scratch) / "plain.onnx", Path(scratch) / "fused.onnx"
        _trace(trained, plain)
        config = trained.network.encoder.config
        fuse(plain, fused, heads=config.num_attention_heads, hidden=config.hidden_size)
        quantise(fused, folder / MODEL_FILE)
    trained.encoder.tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)
    return {name: sha256(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE)}


def _trace(trained: FineTuned, path: Path) -> None:
    """Export in float32 with free batch and token axes.

    The older of torch's two exporters: its graph is the one whose attention the optimiser below knows how to fuse.
    """
    example = torch.tensor([trained.encoder.encode("one two three").ids] * 2)
    axes = {0: "batch", 1: "tokens"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it is the older one, and that traced shapes are constants
        torch.onnx.export(
            trained.network.eval(),
            (example, torch.ones_like(example)),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=list(OUTPUTS),
            dynamic_axes={
                "input_ids": axes,
                "attention_mask": axes,
                "sentence": {0: "batch"},
                "tags": axes,
                "vector": {0: "batch"},
            },
            opset_version=OPSET,
            dynamo=False,
        )
