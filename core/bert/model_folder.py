"""A folder that holds one served model: `model.onnx`, `tokenizer.json`, and `config.json`, which says what they are."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import onnxruntime as ort

from core.errors import ModelMissing
from core.fingerprint import sha256

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["CONFIG_FILE", "MODEL_FILE", "TOKENIZER_FILE", "check_files", "open_session", "write_config"]

CONFIG_FILE: Final = "config.json"
MODEL_FILE: Final = "model.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"


def write_config(manifest: "DataclassInstance", folder: Path) -> None:
    """Write `config.json`; the order of what it holds is kept."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
    (folder / CONFIG_FILE).write_text(text + "\n", encoding="utf-8")


def check_files(folder: Path, files: Mapping[str, str], remedy: str) -> None:
    """Raise ModelMissing, with the remedy, where a file of the folder is absent or has another SHA-256 than named."""
    for name, expected in files.items():
        path = folder / name
        if not path.is_file():
            raise ModelMissing(f"{path} is missing; {remedy}")
        if sha256(path) != expected:
            raise ModelMissing(f"{path} is not the file its config.json names (SHA-256 differs); {remedy}")


def open_session(folder: Path) -> ort.InferenceSession:
    """The folder's model on one thread: whoever serves runs several texts at once instead."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return ort.InferenceSession(str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"])
