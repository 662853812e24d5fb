"""The figures in docs/model_card.md: written by the measuring code, never by hand."""

from pathlib import Path
from typing import Final, get_args

from classifier.baseline import BaselineClassifier
from classifier.data import load_corpus
from classifier.evaluate import Evaluation, evaluate
from classifier.manifest import Manifest
from classifier.predict import OnnxClassifier
from core.errors import UnreadableFile
from core.taxonomy import TOP_CLASSES
from core.types import Language

__all__ = ["figures", "measure", "write_card"]

_BEGIN: Final = "<!-- figures: begin (written by `citygraph evaluate classifier --card`) -->"
_END: Final = "<!-- figures: end -->"


def measure(gold: Path, card: Path | None = None, models_dir: Path | None = None) -> list[Evaluation]:
    """Judge both languages' models on gold_dev_{zh,en}.jsonl of a folder, beside a baseline fitted on the whole corpus.

    card: a model card whose figures are then replaced by these. Needs scikit-learn for the baseline.
    """
    classifier = OnnxClassifier(models_dir)
    evaluations: list[Evaluation] = []
    for language in get_args(Language):
        baseline = BaselineClassifier().fit(load_corpus(language), language)
        path = gold / f"gold_dev_{language}.jsonl"
        evaluations.append(evaluate(classifier, language, path, baseline=baseline))
    if card is not None:
        write_card(card, "\n\n".join(figures(classifier.manifest(e.language), e) for e in evaluations))
    return evaluations


def write_card(path: Path, text: str) -> None:
    """Put the figures between the card's two markers; raises UnreadableFile where the card lacks them."""
    card = path.read_text(encoding="utf-8")
    if _BEGIN not in card or _END not in card:
        raise UnreadableFile("card", str(path), "a model card with the markers of its figures")
    before, after = card.split(_BEGIN)[0], card.split(_END)[1]
    path.write_text(f"{before}{_BEGIN}\n\n{text}\n\n{_END}{after}", encoding="utf-8")


def figures(manifest: Manifest, gold: Evaluation) -> str:
    """One language's figures as Markdown: both test sets, each class, the confusions, calibration and abstention."""
    made = (
        f"Base {manifest.base} ({manifest.licence}); {manifest.corpus['rows']} training texts, corpus "
        f"`{str(manifest.corpus['sha256'])[:12]}`; {manifest.max_len} tokens; temperature {manifest.temperature:g}; "
        f"abstains below {manifest.threshold:g}."
    )
    parts = [
        f"### {manifest.model} ({manifest.language})",
        made,
        _summary(manifest, gold),
        _classes(gold),
        _confusion(gold),
    ]
    return "\n\n".join([*parts, _parity(manifest)])


def _summary(manifest: Manifest, gold: Evaluation) -> str:
    dev = manifest.held_out
    base = "–" if gold.baseline_macro_f1 is None else f"{gold.baseline_macro_f1:.3f}"
    p = "–" if gold.p_value is None else f"{gold.p_value:.2g}"
    low, high = gold.interval
    real = (
        f"| real messages | {gold.rows} | {gold.accuracy:.3f} | {gold.macro_f1:.3f} ({low:.3f}–{high:.3f}) "
        f"| {base} | {p} | {gold.calibration_error:.3f} | {gold.coverage:.1%} | {gold.risk:.1%} |"
    )
    held = (
        f"| held-out families | {dev['rows']:.0f} | {dev['accuracy']:.3f} "
        f"| {dev['macro_f1']:.3f} ({dev['low']:.3f}–{dev['high']:.3f}) "
        f"| {dev['baseline_macro_f1']:.3f} | – | {dev['calibration_error']:.3f} | – | – |"
    )
    head = "| judged on | texts | accuracy | macro-F1 (95 %) | TF-IDF macro-F1 | McNemar p | ECE | answered | wrong of these |"
    return "\n".join([head, "|---" * 9 + "|", real, held])


def _parity(manifest: Manifest) -> str:
    sentences: list[str] = []
    for name, words in (
        ("dev", "the dev families (which the exported network has learnt)"),
        ("gold", "the real messages"),
    ):
        if f"{name}_agreement" in manifest.parity:
            agreement, small, full = (
                manifest.parity[f"{name}_{key}"] for key in ("agreement", "macro_f1_int8", "macro_f1_float32")
            )
            sentences.append(f"on {words} {agreement:.1%} equal answers, macro-F1 {small:.3f} against {full:.3f}")
    return f"8-bit against float32: {'; '.join(sentences)}."


def _classes(evaluation: Evaluation) -> str:
    rows = ["| class, real messages | precision | recall | F1 | texts |", "|---|---|---|---|---|"]
    for label in TOP_CLASSES:
        precision, recall, f1, support = evaluation.per_class[label]
        rows.append(f"| {label} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {support} |")
    return "\n".join(rows)


def _confusion(evaluation: Evaluation) -> str:
    rows = ["| true ↓ guessed → | " + " | ".join(TOP_CLASSES) + " |", "|---" * (len(TOP_CLASSES) + 1) + "|"]
    for label, counts in zip(TOP_CLASSES, evaluation.confusion, strict=True):
        rows.append(f"| {label} | " + " | ".join(str(count) for count in counts) + " |")
    return "\n".join(rows)
