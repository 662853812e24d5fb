"""From the corpus to a model folder that serves: split, fine-tune, calibrate, export, check."""

# Reads finetune and export, whose types rest on the extra [train].
# pyright: reportUnknownMemberType=false

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from rich.progress import Progress

from classifier.baseline import BaselineClassifier
from classifier.data import Split, corpus_digest, load_corpus, split_by_family
from classifier.evaluate import Labelled, evaluate, held_out, load_gold
from classifier.export import export_onnx
from classifier.finetune import BASES, FineTuned, Settings, finetune, predict_logits
from classifier.manifest import Manifest, packaged_models
from classifier.metrics import accuracy, bootstrap_interval, calibration_error, fit_temperature, fit_threshold, macro_f1
from classifier.outcome import softmax
from classifier.predict import OnnxClassifier
from core.taxonomy import TOP_CLASSES
from core.types import Language

__all__ = ["LICENCES", "NAMES", "SETTINGS", "best_epoch", "package", "train_classifier"]

NAMES: Final[dict[Language, str]] = {"zh": "zh-bge-small", "en": "en-minilm"}
# Chosen on the dev families and the labelled real messages; the model card has the figures.
SETTINGS: Final[dict[Language, Settings]] = {
    "zh": Settings(epochs=3, learning_rate=1e-4, other_prior=0.9),
    "en": Settings(epochs=3, learning_rate=1e-4),
}
LICENCES: Final[dict[Language, str]] = {"zh": "MIT", "en": "Apache-2.0"}


def train_classifier(
    language: Language,
    base: str | None = None,
    *,
    version: str,
    models_dir: Path | None = None,
    corpus: Path | None = None,
    settings: Settings | None = None,
    refit: bool = True,
    gold: Path | None = None,
    progress: Progress | None = None,
) -> Manifest:
    """Make the language's model folder in models_dir (default: the packaged one) and return its manifest.

    First a network is trained without the dev families: it gives the number of epochs, the temperature and the threshold. With
    refit, a second one learns from all families for that many epochs, and is the one exported. base: folder or hub id.
    settings: default, SETTINGS of the language.
    gold: a file of labelled messages (see classifier.evaluate) on which int8 is compared with float32 too; never trained on.
    """
    settings = settings or SETTINGS[language]
    examples = load_corpus(language, corpus)
    split = split_by_family(examples, seed=settings.seed)
    judged = finetune(language, base, split=split, settings=settings, progress=progress)
    final = judged
    if refit:
        again = replace(settings, epochs=best_epoch(judged))
        everything = Split(tuple(examples), split.dev)
        final = finetune(language, base, split=everything, settings=again, keep_best=False, progress=progress)
    final.network.shift(TOP_CLASSES.index("other"), settings.other_prior)
    name, licence = _provenance(language, base)
    temperature = fit_temperature(judged.dev_labels, judged.dev_logits)
    manifest = Manifest(
        name=NAMES[language],
        version=version,
        language=language,
        labels=TOP_CLASSES,
        max_len=settings.max_len,
        pooling=final.pooling,
        temperature=round(temperature, 4),
        threshold=round(fit_threshold(judged.dev_labels, softmax(judged.dev_logits, temperature)), 4),
        files={},
        base=name,
        licence=licence,
        corpus={"sha256": corpus_digest(language, corpus), "rows": len(examples)},
        held_out=_held_out(language, judged, split, temperature),
        training={**asdict(settings), "epochs_used": best_epoch(judged), "refit": refit},
    )
    tests = {"dev": held_out(split.dev)} | ({} if gold is None else {"gold": load_gold(gold)})
    return package(final, manifest, models_dir or packaged_models(), tests)


def package(
    trained: FineTuned, manifest: Manifest, models_dir: Path, tests: Mapping[str, Sequence[Labelled]]
) -> Manifest:
    """Export a network beside its manifest, measure on each test set what 8 bits changed, and return the manifest completed."""
    folder = models_dir / manifest.language
    manifest = replace(manifest, files=export_onnx(trained, folder))
    manifest.write(folder)
    parity: dict[str, float] = {}
    for name, rows in tests.items():
        parity |= _parity(trained, models_dir, manifest.language, rows, name)
    manifest = replace(manifest, parity=parity)
    manifest.write(folder)
    return manifest


def best_epoch(trained: FineTuned) -> int:
    """The epoch, from 1, with the best dev macro-F1."""
    scores = [row["dev_macro_f1"] for row in trained.history]
    return 1 + int(np.argmax(scores))


def _provenance(language: Language, base: str | None) -> tuple[str, str]:
    """Hub id and licence of the base; a local copy is known by its folder's name."""
    hub = BASES[language][0]
    if base is None or base == hub or Path(base).name == hub.split("/")[1]:
        return hub, LICENCES[language]
    return base, "as the base's"


def _held_out(language: Language, judged: FineTuned, split: Split, temperature: float) -> dict[str, float]:
    """The judging network and the baseline on the dev families."""
    classes = len(TOP_CLASSES)
    guess = _argmax(judged.dev_logits)
    baseline = evaluate(BaselineClassifier().fit(split.train, language), language, held_out(split.dev))
    low, high = bootstrap_interval(judged.dev_labels, guess, classes)
    figures = {
        "rows": len(split.dev),
        "accuracy": accuracy(judged.dev_labels, guess),
        "macro_f1": macro_f1(judged.dev_labels, guess, classes),
        "low": low,
        "high": high,
        "calibration_error": calibration_error(judged.dev_labels, softmax(judged.dev_logits, temperature)),
        "baseline_macro_f1": baseline.macro_f1,
    }
    return {name: round(value, 4) for name, value in figures.items()}


def _parity(
    trained: FineTuned, models_dir: Path, language: Language, rows: Sequence[Labelled], name: str
) -> dict[str, float]:
    """What int8 changed: share of equal answers, and macro-F1 of both against the labels."""
    texts = [row.text for row in rows]
    truth = np.array([TOP_CLASSES.index(row.label) for row in rows], dtype=np.int64)
    full = _argmax(predict_logits(trained.network, trained.encoder, texts))
    small = _argmax(OnnxClassifier(models_dir).logits(texts, language))
    return {
        f"{name}_agreement": round(float((full == small).mean()), 4),
        f"{name}_macro_f1_float32": round(macro_f1(truth, full, len(TOP_CLASSES)), 4),
        f"{name}_macro_f1_int8": round(macro_f1(truth, small, len(TOP_CLASSES)), 4),
    }


def _argmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    return logits.argmax(axis=1)
