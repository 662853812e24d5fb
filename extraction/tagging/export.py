"""A trained tagger → int8 ONNX."""

# torch is the extra [train]; the serving environment in which types are checked does not hold it.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false

import tempfile
import warnings
from pathlib import Path

import torch

from core.bert.onnx_file import OPSET, fuse, quantise
from core.fingerprint import sha256
from extraction.tagging.manifest import MODEL_FILE, OUTPUTS, TOKENIZER_FILE
from extraction.tagging.network import TagBert
from extraction.tagging.windows import Windows

__all__ = ["export_onnx"]


def export_onnx(network: TagBert, windows: Windows, folder: Path) -> dict[str, str]:
    """Write `model.onnx` (int8) and `tokenizer.json` into a folder; returns their SHA-256 by name.

    Raises ValueError where the model is larger than 30 MB.
    """
    folder.mkdir(parents=True, exist_ok=True)
    example = torch.tensor([windows.encode("one two three")[0][0].ids] * 2)
    axes = {0: "batch", 1: "tokens"}
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says that this exporter is its older one, which the optimiser can fuse
        plain, fused = Path(scratch) / "plain.onnx", Path(scratch) / "fused.onnx"
        torch.onnx.export(
            network.eval(),
            (example, torch.ones_like(example)),
            str(plain),
            input_names=["input_ids", "attention_mask"],
            output_names=list(OUTPUTS),
            dynamic_axes=dict.fromkeys(("input_ids", "attention_mask", *OUTPUTS), axes),
            opset_version=OPSET,
            dynamo=False,
        )
        config = network.encoder.config
        fuse(plain, fused, heads=config.num_attention_heads, hidden=config.hidden_size)
        quantise(fused, folder / MODEL_FILE)
    windows.tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)
    return {name: sha256(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE)}
