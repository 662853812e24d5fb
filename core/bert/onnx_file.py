"""A trained network → ONNX in float32 → fused → int8: how every BERT here is made fit to serve."""

# torch and onnx are the extra [train]; the serving environment in which types are checked does not hold them.
# pyright: reportMissingImports=false, reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model
from tokenizers import Tokenizer

from core.bert.model_folder import MODEL_FILE, TOKENIZER_FILE
from core.fingerprint import sha256

__all__ = ["LARGEST", "write_model"]

LARGEST: Final = 30 * 1024 * 1024  # bytes a model file may have
_OPSET: Final = 17
_QUANTISED: Final = ("MatMul", "Attention", "EmbedLayerNormalization", "Gather", "Gemm")


def write_model(
    network: Any,  # noqa: ANN401 - a module that has an encoder
    tokenizer: Tokenizer,
    example: Sequence[int],
    outputs: Mapping[str, Mapping[int, str]],
    folder: Path,
) -> dict[str, str]:
    """Write `model.onnx` (int8) and `tokenizer.json` into a folder; returns their SHA-256 by name.

    example: token ids of some text. outputs: name → its free axes, in the order of what the network answers.
    Raises ValueError where the model is larger than 30 MB.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain, fused = Path(scratch) / "plain.onnx", Path(scratch) / "fused.onnx"
        _trace(network, example, outputs, plain)
        config = network.encoder.config
        _fuse(plain, fused, heads=config.num_attention_heads, hidden=config.hidden_size)
        _quantise(fused, folder / MODEL_FILE)
    tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)
    return {name: sha256(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE)}


def _trace(network: Any, example: Sequence[int], outputs: Mapping[str, Mapping[int, str]], path: Path) -> None:  # noqa: ANN401
    """Export in float32 with free batch and token axes.

    The older of torch's two exporters: its graph is the one whose attention the optimiser below knows how to fuse.
    """
    ids = torch.tensor([list(example)] * 2)
    axes = {0: "batch", 1: "tokens"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it is the older one, and that traced shapes are constants
        torch.onnx.export(
            network.eval(),
            (ids, torch.ones_like(ids)),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=list(outputs),
            dynamic_axes={"input_ids": axes, "attention_mask": axes, **outputs},
            opset_version=_OPSET,
            dynamo=False,
        )


def _fuse(plain: Path, fused: Path, *, heads: int, hidden: int) -> None:
    """Join attention, layer norm and GELU into single operators: fewer, faster, and quantised as a whole."""
    model = optimize_model(str(plain), model_type="bert", num_heads=heads, hidden_size=hidden, opt_level=0)
    model.save_model_to_file(str(fused))


def _quantise(fused: Path, path: Path) -> None:
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
