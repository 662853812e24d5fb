"""The figures in docs/model_card.md: written by the measuring code, never by hand."""

from collections.abc import Sequence
from pathlib import Path

from classifier.evaluate import Evaluation
from classifier.faithfulness import Faithfulness
from classifier.manifest import Manifest
from classifier.measure import Measured
from classifier.robustness import Robustness
from core.card import write_section
from core.taxonomy import TOP_CLASSES

__all__ = ["figures", "write_card"]


def write_card(path: Path, text: str) -> None:
    """Put the figures between the card's two markers; raises UnreadableFile where the card lacks them."""
    write_section(path, "figures", text)


def figures(measured: Measured) -> str:
    """One language's figures as Markdown: each set, each class, confusions, calibration, heads, parts, robustness, explanations."""
    manifest, gold = measured.manifest, measured.evaluation
    thresholds = ", ".join(f"{label} {value:g}" for label, value in manifest.thresholds.items())
    made = (
        f"Base {manifest.base} ({manifest.licence}); {manifest.corpus['rows']} training texts, corpus "
        f"`{str(manifest.corpus['sha256'])[:12]}`; {manifest.max_len} tokens; temperature {manifest.temperatures['top']:g}. "
        f"A person decides below: {thresholds}; and where the text is outside with {manifest.limits['outside']:g} or more."
    )
    parts = [
        f"### {manifest.model} ({manifest.language})",
        made,
        _summary(manifest, gold),
        _bars(measured),
        f"![confusions, reliability, risk against coverage](figures/classifier_{manifest.language}.svg)",
        _classes(gold),
        _heads(manifest, gold),
        _parts(gold),
        _registers(manifest),
        _robustness(measured.robustness),
        _faithfulness(measured.faithfulness),
        _parity(manifest),
    ]
    return "\n\n".join(part for part in parts if part)


def _summary(manifest: Manifest, gold: Evaluation) -> str:
    dev = manifest.held_out
    low, high = gold.interval
    real = (
        f"| real messages | {gold.rows} | {gold.accuracy:.3f} | {gold.macro_f1:.3f} ({low:.3f}–{high:.3f}) "
        f"| {gold.calibration_error:.3f} | {gold.coverage:.1%} | {gold.risk:.1%} | {gold.accuracy_at_80:.3f} | {gold.area:.3f} |"
    )
    held = (
        f"| held-out families | {dev['rows']:.0f} | {dev['accuracy']:.3f} "
        f"| {dev['macro_f1']:.3f} ({dev['low']:.3f}–{dev['high']:.3f}) "
        f"| {dev['calibration_error']:.3f} | – | – | – | – |"
    )
    head = (
        "| judged on | texts | accuracy | macro-F1 (95 %) | ECE | answered | wrong of these | accuracy at 80 % | AURC |"
    )
    return "\n".join([head, "|---" * 9 + "|", real, held])


def _bars(measured: Measured) -> str:
    gold, dev = measured.evaluation, measured.manifest.held_out
    rows = ["| on the real messages | accuracy | macro-F1 | McNemar p against it |", "|---|---|---|---|"]
    rows.append(f"| **{gold.model}, 8 bits** | **{gold.accuracy:.3f}** | **{gold.macro_f1:.3f}** | |")
    rows += [f"| {name} | {one.accuracy:.3f} | {one.macro_f1:.3f} | {p:.2g} |" for name, one, p in measured.baselines]
    held = f"On the held-out families TF-IDF with logistic regression reaches {dev['baseline_macro_f1']:.3f}."
    return "\n".join(rows) + f"\n\n{held}"


def _classes(evaluation: Evaluation) -> str:
    rows = ["| class, real messages | precision | recall | F1 | texts |", "|---|---|---|---|---|"]
    for label in TOP_CLASSES:
        precision, recall, f1, support = evaluation.per_class[label]
        rows.append(f"| {label} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {support} |")
    return "\n".join(rows)


def _heads(manifest: Manifest, gold: Evaluation) -> str:
    dev = manifest.held_out
    names = {
        "code_accuracy": "sub-code right, given the class (accuracy)",
        "urgency_macro_f1": "urgency (macro-F1)",
        "sentiment_macro_f1": "sentiment (macro-F1)",
        "intent_macro_f1": "intent (macro-F1)",
        "also_f1": "further troubles (F1; limit fitted on the other half of the families)",
        "evidence_f1": "evidence, by character (F1; likewise)",
        "outside_auroc": "no message to a city, against messages (AUROC)",
        "outside_found": "of such texts, found at the limit that lets 99 % of messages pass",
    }
    rows = ["| other heads, held-out families | |", "|---|---|"]
    rows += [f"| {words} | {dev[name]:.3f} |" for name, words in names.items() if name in dev]
    if gold.urgency_within is not None:
        rows.append(f"| urgency within half a step of the readers' mean, real messages | {gold.urgency_within:.3f} |")
    return "\n".join(rows)


def _parts(evaluation: Evaluation) -> str:
    if not evaluation.parts:
        return ""
    rows = ["| part of the real messages | texts | accuracy | macro-F1 |", "|---|---|---|---|"]
    rows += [
        f"| {one.kind}: {one.name} | {one.rows} | {one.accuracy:.3f} | {one.macro_f1:.3f} |" for one in evaluation.parts
    ]
    gaps: list[str] = []
    for kind in sorted({one.kind for one in evaluation.parts}):
        values = [one.accuracy for one in evaluation.parts if one.kind == kind]
        gaps.append(f"{kind} {max(values) - min(values):.3f}")
    return "\n".join(rows) + f"\n\nWidest gap of accuracy between parts: {', '.join(gaps)}."


def _registers(manifest: Manifest) -> str:
    said = {
        name.removeprefix("accuracy_"): value
        for name, value in manifest.held_out.items()
        if name.startswith("accuracy_")
    }
    if not said:
        return ""
    gap = max(said.values()) - min(said.values())
    told = ", ".join(f"{name} {value:.3f}" for name, value in said.items())
    return f"Accuracy on the held-out families by register: {told}; widest gap {gap:.3f}."


def _robustness(measured: Sequence[Robustness]) -> str:
    rows = ["| change to the real messages | macro-F1 | points lost | same answer |", "|---|---|---|---|"]
    rows += [f"| {one.change} | {one.macro_f1:.3f} | {100 * one.drop:.1f} | {one.same:.1%} |" for one in measured]
    return "\n".join(rows)


def _faithfulness(measured: Faithfulness) -> str:
    rows = ["| share of tokens masked | " + " | ".join(f"{share:.0%}" for share in measured.shares) + " |"]
    rows.append("|---" * (len(measured.shares) + 1) + "|")
    for name, curve in (("the words named first", measured.named), ("words by chance", measured.chance)):
        rows.append(f"| {name} | " + " | ".join(f"{value:.3f}" for value in curve) + " |")
    told = f"Mean probability of the class first given, {measured.texts} of the real messages (gap {measured.gap:.3f}):"
    return f"{told}\n\n" + "\n".join(rows)


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
