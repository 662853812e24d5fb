"""The commands that train and measure models."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from core.errors import ModelMissing
from core.types import Language

if TYPE_CHECKING:
    from classifier.evaluate import Evaluation

__all__ = ["evaluate_app", "train_app"]

train_app = typer.Typer(help="Train models; needs the extra: pip install 'citygraph\\[train]'.", no_args_is_help=True)
evaluate_app = typer.Typer(help="Measure models; needs the extra `train` or `dev`.", no_args_is_help=True)
console = Console()


@train_app.callback()
@evaluate_app.callback()
def _group() -> None:
    """Keep `classifier` a subcommand: extractors join it later."""


@train_app.command(
    "classifier", epilog="Example: citygraph train classifier --language zh --base BAAI/bge-small-zh-v1.5"
)
def train_classifier(
    language: Annotated[Language, typer.Option(help="zh or en")],
    version: Annotated[str, typer.Option(help="version of the new model")] = "dev",
    base: Annotated[
        str | None, typer.Option(help="hub id or folder of the base model; unset: the usual hub id")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="folder of the served models; unset: the packaged one")] = None,
    gold: Annotated[Path | None, typer.Option(help="labelled messages on which int8 is compared with float32")] = None,
) -> None:
    """Fine-tune a BERT on the authored corpus, calibrate it, and export it as int8 ONNX."""
    try:
        from classifier.train import train_classifier as train  # noqa: PLC0415 - needs torch
    except ImportError as error:
        raise ModelMissing(f"training needs {error.name}: pip install 'citygraph[train]'") from error
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress:
        made = train(language, base, version=version, models_dir=out, gold=gold, progress=progress)
    console.print(f"{made.model}: held-out families macro-F1 {made.held_out['macro_f1']:.3f}")


@evaluate_app.command(
    "classifier", epilog="Example: citygraph evaluate classifier --gold ../labelled --card docs/model_card.md"
)
def evaluate_classifier(
    gold: Annotated[Path, typer.Option(help="folder with gold_dev_zh.jsonl and gold_dev_en.jsonl")],
    card: Annotated[Path | None, typer.Option(help="a model card whose figures are replaced")] = None,
) -> None:
    """Measure both languages' models on labelled messages, beside the TF-IDF baseline."""
    try:
        from classifier.card import measure  # noqa: PLC0415 - needs scikit-learn
    except ImportError as error:
        raise ModelMissing(f"the baseline needs {error.name}: pip install 'citygraph[train]'") from error
    measured = measure(gold, card)
    table = Table("", *(one.model for one in measured))
    for name, show in _FIGURES.items():
        table.add_row(name, *(show(one) for one in measured))
    console.print(table)


_FIGURES: dict[str, Callable[["Evaluation"], str]] = {
    "messages": lambda one: str(one.rows),
    "accuracy": lambda one: f"{one.accuracy:.3f}",
    "macro-F1 (95 %)": lambda one: f"{one.macro_f1:.3f} ({one.interval[0]:.3f}–{one.interval[1]:.3f})",
    "macro-F1 of the TF-IDF baseline": lambda one: f"{one.baseline_macro_f1:.3f}",
    "accuracy of the TF-IDF baseline": lambda one: f"{one.baseline_accuracy:.3f}",
    "McNemar's p of the difference": lambda one: f"{one.p_value:.2g}",
    "calibration error (ECE)": lambda one: f"{one.calibration_error:.3f}",
    "answered, not abstained": lambda one: f"{one.coverage:.0%}",
    "wrong of these": lambda one: f"{one.risk:.1%}",
}
