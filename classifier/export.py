"""A trained network → int8 ONNX: exported, fused, quantised (weights and embeddings), measured against float32."""

# torch, transformers and onnx are the extra [train]; the serving environment in which types are checked does not hold them.
# pyright: reportMissingImports=false, reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

import tempfile
import warnings
from pathlib import Path
from typing import Final

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model

from classifier.finetune import FineTuned
from classifier.manifest import MODEL_FILE, OUTPUTS, TOKENIZER_FILE, sha256

__all__ = ["LARGEST", "export_onnx"]

LARGEST: Final = 30 * 1024 * 1024  # bytes a model file may have
_OPSET: Final = 17
_QUANTISED: Final = ("MatMul", "Attention", "EmbedLayerNormalization", "Gather", "Gemm")


def export_onnx(trained: FineTuned, folder: Path) -> dict[str, str]:
    """Write `model.onnx` (int8) and `tokenizer.json` into a folder; returns their SHA-256 by name.

    Raises ValueError where the model is larger than 30 MB.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain, fused = Path(scratch) / "plain.onnx", Path(scratch) / "fused.onnx"
        _trace(trained, plain)
        _fuse(trained, plain, fused)
        _quantise(fused, folder / MODEL_FILE)
    trained.encoder.tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)
    size = (folder / MODEL_FILE).stat().st_size
    if size > LARGEST:
        msg = f"{folder / MODEL_FILE} has {size / 2**20:.1f} MB, more than {LARGEST / 2**20:.0f} MB"
        raise ValueError(msg)
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
            opset_version=_OPSET,
            dynamo=False,
        )


def _fuse(trained: FineTuned, plain: Path, fused: Path) -> None:
    """Join attention, layer norm and GELU into single operators: fewer, faster, and quantised as a whole."""
    config = trained.network.encoder.config
    model = optimize_model(
        str(plain), model_type="bert", num_heads=config.num_attention_heads, hidden_size=config.hidden_size, opt_level=0
    )
    model.save_model_to_file(str(fused))


def _quantise(fused: Path, path: Path) -> None:
    """Weights and embeddings to 8 bits, activations at run time; weights use 7 of the 8 bits.

    The spare bit keeps sums from saturating on processors without VNNI, so every machine gives the same answers.
    """
    quantize_dynamic(
        str(fused),
        str(path),
        op_types_to_quantize=list(_QUANTISED),
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},  # fused operators hide theirs from shape inference
    )
    onnx.checker.check_model(str(path))
