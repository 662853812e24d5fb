"""From the corpus to a model folder that serves: split, fine-tune, calibrate, export, check."""

# Reads finetune and export, whose types rest on the extra [train].
# pyright: reportUnknownMemberType=false

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from rich.progress import Progress

from classifier.baseline import BaselineClassifier
from classifier.calibrate import Calibration, calibrate
from classifier.data import (
    Example,
    Split,
    corpus_digest,
    load_corpus,
    load_extra,
    load_outside,
    remove_duplicates,
    split_by_family,
)
from classifier.evaluate import Labelled, evaluate, held_out, load_gold
from classifier.examples import write_examples
from classifier.export import export_onnx
from classifier.finetune import FineTuned, finetune
from classifier.heads import SCHEMA_VERSION, head_slices
from classifier.manifest import Manifest, packaged_models
from classifier.metrics import accuracy, bootstrap_interval, calibration_error, macro_f1
from classifier.predict import OnnxClassifier
from classifier.settings import Settings
from core.bert.bases import provenance
from core.bert.model_folder import CONFIG_FILE
from core.bert.softmax import softmax
from core.errors import BadInput
from core.taxonomy import TOP_CLASSES
from core.types import Language

__all__ = ["NAMES", "SETTINGS", "Corpus", "best_epoch", "package", "read_corpus", "train_classifier"]

NAMES: Final[dict[Language, str]] = {"zh": "zh-bge-small", "en": "en-minilm"}
# Chosen on the dev families and the labelled real messages; the model card has the figures.
SETTINGS: Final[dict[Language, Settings]] = {
    "zh": Settings(epochs=3, learning_rate=1e-4, other_prior=1.0),
    "en": Settings(epochs=3, learning_rate=1e-4),
}
_REGISTER: Final = 10  # texts of a register from which its accuracy says something
_HELD_OUT: Final = 5  # of the outside texts' families, every fifth


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a model is made from: all examples, the authored ones among them, their split; outside texts, all and held out."""

    examples: tuple[Example, ...]
    authored: tuple[Example, ...]
    split: Split
    outside: tuple[str, ...]
    held_outside: tuple[str, ...]


def read_corpus(language: Language, folder: Path | None = None, extra: Path | None = None, *, seed: int = 0) -> Corpus:
    """The packaged corpus or a folder's, with a city's own messages; raises BadInput where a top class is missing."""
    authored = load_corpus(language, folder)
    examples = authored if extra is None else remove_duplicates([*authored, *load_extra(extra)])
    missing = [label for label in TOP_CLASSES if label not in {one.label for one in examples}]
    if missing:
        raise BadInput("corpus", f"no text of {', '.join(missing)}", "texts of every top class")
    outside = load_outside(language, folder)
    held = set(sorted({family for _, family in outside})[::_HELD_OUT])
    learnt = tuple(text for text, family in outside if family not in held)
    split = replace(split_by_family(examples, seed=seed), outside=learnt)
    rest = tuple(text for text, family in outside if family in held)
    return Corpus(tuple(examples), tuple(authored), split, tuple(text for text, _ in outside), rest)


def train_classifier(
    language: Language,
    base: str | None = None,
    *,
    version: str,
    models_dir: Path | None = None,
    corpus: Path | None = None,
    extra: Path | None = None,
    settings: Settings | None = None,
    refit: bool = True,
    gold: Path | None = None,
    work: Path | None = None,
    trackers: Sequence[str] = (),
    progress: Progress | None = None,
) -> Manifest:
    """Make the language's model folder in models_dir (default: the packaged one) and return its manifest.

    First a network is trained without the dev families: it gives the number of epochs and the calibration. With refit, a second
    one learns from all families for that many epochs, and is the one exported. base: folder or hub id.
    settings: default, SETTINGS of the language. extra: a city's own labelled messages (see load_extra), learnt beside the corpus.
    gold: a file of labelled messages (see classifier.evaluate) on which int8 is compared with float32 too; never trained on.
    work: a folder for checkpoints and logs: a run that was killed resumes there; its checkpoints go when the model is made.
    """
    settings = settings or SETTINGS[language]
    texts = read_corpus(language, corpus, extra, seed=settings.seed)
    phases = {phase: None if work is None else work / language / phase for phase in ("judged", "final")}
    judged = finetune(
        language,
        base,
        split=texts.split,
        settings=settings,
        work=phases["judged"],
        trackers=trackers,
        progress=progress,
    )
    calibration = calibrate(judged, texts.split.dev, texts.held_outside, other_prior=settings.other_prior)
    final = judged
    if refit:
        final = finetune(
            language,
            base,
            split=Split(texts.examples, texts.split.dev, texts.outside),
            settings=replace(settings, epochs=best_epoch(judged)),
            keep_best=False,
            work=phases["final"],
            trackers=trackers,
            progress=progress,
        )
    final.network.shift(TOP_CLASSES.index("other"), settings.other_prior * calibration.temperatures["top"])
    name, licence = provenance(language, base)
    manifest = Manifest(
        name=NAMES[language],
        version=version,
        language=language,
        heads=final.heads,
        schema=SCHEMA_VERSION,
        max_len=settings.max_len,
        pooling=final.pooling,
        temperatures=calibration.temperatures,
        thresholds=calibration.thresholds,
        limits=calibration.limits,
        files={},
        base=name,
        licence=licence,
        corpus={"sha256": corpus_digest(language, corpus, extra), "rows": len(texts.examples)},
        held_out=_held_out(language, judged, texts.split, calibration),
        training={**asdict(settings), "epochs_used": best_epoch(judged), "refit": refit},
    )
    tests = {"dev": held_out(texts.split.dev)} | ({} if gold is None else {"gold": load_gold(gold)})
    made = package(final, manifest, models_dir or packaged_models(), tests, texts.authored)
    for phase in phases.values():
        if phase is not None:
            shutil.rmtree(phase / "checkpoint", ignore_errors=True)
    return made


def package(
    trained: FineTuned,
    manifest: Manifest,
    models_dir: Path,
    tests: Mapping[str, Sequence[Labelled]],
    examples: Sequence[Example],
) -> Manifest:
    """Export a network beside its manifest, with its examples' vectors; measure on each test set what 8 bits changed.

    examples: those that may be shown to anybody who asks for reasons; never a city's own messages. The folder is made aside and
    then put in place, its manifest last. Returns the manifest completed.
    """
    models_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models_dir, prefix=".") as aside:
        made = Path(aside) / manifest.language
        manifest = replace(manifest, files=export_onnx(trained, made))
        manifest.write(made)
        classifier = OnnxClassifier(Path(aside))
        files = {**manifest.files, **write_examples(classifier, manifest.language, examples, made)}
        parity: dict[str, float] = {}
        for name, rows in tests.items():
            parity |= _parity(trained, classifier, manifest, rows, name)
        manifest = replace(manifest, files=files, parity=parity)
        manifest.write(made)
        folder = models_dir / manifest.language
        folder.mkdir(exist_ok=True)
        for name in (*files, CONFIG_FILE):
            (made / name).replace(folder / name)
    return manifest


def best_epoch(trained: FineTuned) -> int:
    """The epoch, from 1, with the best dev macro-F1."""
    scores = [row["dev_macro_f1"] for row in trained.history]
    return 1 + int(np.argmax(scores))


def _held_out(language: Language, judged: FineTuned, split: Split, calibration: Calibration) -> dict[str, float]:
    """The judging network and the baseline on the dev families."""
    classes = len(TOP_CLASSES)
    truth = np.array([TOP_CLASSES.index(one.label) for one in split.dev], dtype=np.int64)
    logits = judged.head("top")
    guess = logits.argmax(axis=1)
    baseline = evaluate(BaselineClassifier().fit(split.train, language), language, held_out(split.dev))
    low, high = bootstrap_interval(truth, guess, classes)
    figures = {
        "rows": len(split.dev),
        "accuracy": accuracy(truth, guess),
        "macro_f1": macro_f1(truth, guess, classes),
        "low": low,
        "high": high,
        "calibration_error": calibration_error(truth, softmax(logits, calibration.temperatures["top"])),
        "baseline_macro_f1": baseline.macro_f1,
        **calibration.figures,
        **_by_register(split.dev, truth == guess),
    }
    return {name: round(value, 4) for name, value in figures.items()}


def _by_register(dev: Sequence[Example], right: npt.NDArray[np.bool_]) -> dict[str, float]:
    """Accuracy on the texts of each register of which there are enough to judge."""
    registers = np.array([one.register for one in dev])
    return {
        f"accuracy_{name}": float(right[registers == name].mean())
        for name in sorted(set(registers.tolist()))
        if (registers == name).sum() >= _REGISTER
    }


def _parity(
    trained: FineTuned, classifier: OnnxClassifier, manifest: Manifest, rows: Sequence[Labelled], name: str
) -> dict[str, float]:
    """What int8 changed: share of equal answers, and macro-F1 of both against the labels."""
    texts = [row.text for row in rows]
    truth = np.array([TOP_CLASSES.index(row.label) for row in rows], dtype=np.int64)
    full = trained.head("top", trained.say(texts)).argmax(axis=1)
    top = head_slices(manifest.heads)["top"]
    small = classifier.sentences(texts, manifest.language)[:, top].argmax(axis=1)
    return {
        f"{name}_agreement": round(float((full == small).mean()), 4),
        f"{name}_macro_f1_float32": round(macro_f1(truth, full, len(TOP_CLASSES)), 4),
        f"{name}_macro_f1_int8": round(macro_f1(truth, small, len(TOP_CLASSES)), 4),
    }
