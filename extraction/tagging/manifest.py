"""What a tagger's folder says about itself: `config.json` beside `model.onnx` and `tokenizer.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, cast

from core.bert.model_folder import CONFIG_FILE, check_files, write_config
from core.errors import ModelMissing
from core.types import Language
from extraction.tagging.labels import ROLES, SCHEMA_VERSION, TAGS

__all__ = [
    "OUTPUTS",
    "TaggerManifest",
    "packaged_taggers",
    "read_manifest",
]

OUTPUTS: Final = ("tags", "roles")  # of model.onnx, as network.Said has them


@dataclass(frozen=True, slots=True)
class TaggerManifest:
    """A tagger's identity, how to read its numbers, and where it came from.

    tags, roles: in the order of the network's numbers. window: tokens it reads at once. files: SHA-256 by file name.
    base, licence: the pre-trained model and its licence. corpus: SHA-256 and rows of the marked texts.
    held_out: figures on families that it had not seen. training: the settings used.
    """

    name: str
    version: str
    language: Language
    schema: int
    tags: tuple[str, ...]
    roles: tuple[str | None, ...]
    window: int
    files: Mapping[str, str]
    base: str
    licence: str
    corpus: Mapping[str, Any]
    held_out: Mapping[str, float] = field(default_factory=dict[str, float])
    training: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def model(self) -> str:
        """name@version, as mentions carry it."""
        return f"{self.name}@{self.version}"

    def write(self, folder: Path) -> None:
        """Write `config.json` into the model's folder."""
        write_config(self, folder)


def packaged_taggers() -> Path:
    """Where the taggers that come with the package lie, one folder a language."""
    return Path(str(files("extraction").joinpath("models")))


def read_manifest(folder: Path, language: Language) -> TaggerManifest:
    """The manifest of a tagger's folder, its files checked against their SHA-256.

    Raises ModelMissing, with the command that makes the tagger, where a file is absent, unreadable or altered.
    """
    remedy = f"make it with: citygraph train extractor --language {language}"
    try:
        raw = cast("dict[str, Any]", json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8")))
        raw["tags"], raw["roles"] = tuple(raw["tags"]), tuple(raw["roles"])
        manifest = TaggerManifest(**raw)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelMissing(f"no {language} tagger in {folder}; {remedy}") from error
    if manifest.schema != SCHEMA_VERSION or manifest.tags != TAGS or manifest.roles != ROLES:
        raise ModelMissing(f"{folder} answers with other tags than this version reads; {remedy}")
    if manifest.language != language:
        raise ModelMissing(f"{folder} holds a tagger for {manifest.language}, not {language}; {remedy}")
    check_files(folder, manifest.files, remedy)
    return manifest
