"""What a model folder says about itself: `config.json` beside `model.onnx` and `tokenizer.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, cast

from classifier.heads import SCHEMA_VERSION, default_heads
from core.bert.model_folder import CONFIG_FILE, check_files, write_config
from core.errors import ModelMissing
from core.taxonomy import load_taxonomy
from core.types import Language

__all__ = [
    "EXAMPLES_FILE",
    "OUTPUTS",
    "Manifest",
    "packaged_models",
    "read_manifest",
]

EXAMPLES_FILE: Final = "examples.npz"
OUTPUTS: Final = ("sentence", "tags", "vector")  # of model.onnx, as network.Said has them


@dataclass(frozen=True, slots=True)
class Manifest:
    """A model's identity, how to read its numbers, and where it came from.

    heads: head → labels, in the order of the network's numbers. schema: version of these labels. max_len: tokens.
    temperatures: head → what its numbers are divided by before the softmax. thresholds: top class → confidence below which a
    person decides. limits: probabilities from which a further trouble ("also"), a token of evidence ("evidence") or a text that is
    no message to a city ("outside") counts as such. files: SHA-256 by file name.
    base, licence: the pre-trained model and its licence. corpus: SHA-256 and rows of the training texts.
    held_out: figures on families that the judging network had not seen.
    parity: what int8 changed against float32. training: the settings used.
    """

    name: str
    version: str
    language: Language
    heads: Mapping[str, tuple[str, ...]]
    schema: int
    max_len: int
    pooling: str
    temperatures: Mapping[str, float]
    thresholds: Mapping[str, float]
    limits: Mapping[str, float]
    files: Mapping[str, str]
    base: str
    licence: str
    corpus: Mapping[str, Any]
    held_out: Mapping[str, float] = field(default_factory=dict[str, float])
    parity: Mapping[str, float] = field(default_factory=dict[str, float])
    training: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def model(self) -> str:
        """name@version, as classifications carry it."""
        return f"{self.name}@{self.version}"

    def write(self, folder: Path) -> None:
        """Write `config.json` into the model's folder; the order of the heads is part of what it says."""
        write_config(self, folder)


def packaged_models() -> Path:
    """Where the models that come with the package lie, one folder a language."""
    return Path(str(files("classifier").joinpath("models")))


def read_manifest(folder: Path, language: Language) -> Manifest:
    """The manifest of a model folder, its files checked against their SHA-256.

    Raises ModelMissing, with the command that makes the model, where a file is absent, unreadable or altered.
    """
    remedy = f"make it with: citygraph train classifier --language {language}"
    try:
        raw = cast("dict[str, Any]", json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8")))
        raw["heads"] = {head: tuple(labels) for head, labels in raw["heads"].items()}
        manifest = Manifest(**raw)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelMissing(f"no {language} classifier in {folder}; {remedy}") from error
    known = {**default_heads(), "code": manifest.heads.get("code")}  # which codes there are is the corpus's to say
    if manifest.schema != SCHEMA_VERSION or manifest.heads != known:
        raise ModelMissing(f"{folder} answers with other labels than this version reads; {remedy}")
    if manifest.language != language:
        raise ModelMissing(f"{folder} holds a model for {manifest.language}, not {language}; {remedy}")
    unknown = [code for code in manifest.heads.get("code", ()) if code not in load_taxonomy()]
    if unknown:
        raise ModelMissing(f"{folder} knows codes that the taxonomy lacks ({', '.join(unknown[:3])}); {remedy}")
    check_files(folder, manifest.files, remedy)
    return manifest
