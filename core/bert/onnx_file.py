"""A float32 ONNX file → fused → int8: how every BERT here is made fit to serve."""

# onnx is the extra [train]; the serving environment in which types are checked does not hold it.
# pyright: reportMissingImports=false, reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from pathlib import Path
from typing import Final

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model

__all__ = ["LARGEST", "OPSET", "fuse", "quantise"]

LARGEST: Final = 30 * 1024 * 1024  # bytes a model file may have
OPSET: Final = 17
_QUANTISED: Final = ("MatMul", "Attention", "EmbedLayerNormalization", "Gather", "Gemm")


def fuse(plain: Path, fused: Path, *, heads: int, hidden: int) -> None:
    """Join attention, layer norm and GELU into single operators: fewer, faster, and quantised as a whole."""
    model = optimize_model(str(plain), model_type="bert", num_heads=heads, hidden_size=hidden, opt_level=0)
    model.save_model_to_file(str(fused))


def quantise(fused: Path, path: Path) -> None:
    """Weights and embeddings to 8 bits, activations at run time; weights use 7 of the 8 bits.

    The spare bit keeps sums from saturating on processors without VNNI, so every machine gives the same answers.
    Raises ValueError where the model is larger than 30 MB.
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
    size = path.stat().st_size
    if size > LARGEST:
        msg = f"{path} has {size / 2**20:.1f} MB, more than {LARGEST / 2**20:.0f} MB"
        raise ValueError(msg)
