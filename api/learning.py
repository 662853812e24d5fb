"""The commands that train and measure models."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from core.card import write_section
from core.errors import ModelMissing
from core.types import Language

if TYPE_CHECKING:
    from classifier.evaluate import Evaluation

__all__ = ["evaluate_app", "train_app"]

_Language = Annotated[Language, typer.Option(help="zh or en")]
_Version = Annotated[str, typer.Option(help="version of the new model")]
_Base = Annotated[str | None, typer.Option(help="hub id or folder of the base model; unset: the usual hub id")]
_Out = Annotated[Path | None, typer.Option(help="folder of the served models; unset: the packaged one")]

train_app = typer.Typer(help="Train models; needs the extra: pip install 'citygraph\\[train]'.", no_args_is_help=True)
evaluate_app = typer.Typer(
    help="Measure models; the classifier's need the extras `train` and `dev`.", no_args_is_help=True
)
console = Console()
_COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


@train_app.callback()
@evaluate_app.callback()
def _group() -> None:
    """Keep `classifier` a subcommand: extractors join it later."""


@train_app.command(
    "classifier", epilog="Example: citygraph train classifier --language zh --base BAAI/bge-small-zh-v1.5"
)
def train_classifier(
    language: _Language,
    version: _Version = "dev",
    base: _Base = None,
    out: _Out = None,
    extra: Annotated[
        Path | None, typer.Option(help="your own labelled messages, JSONL, learnt beside the corpus")
    ] = None,
    gold: Annotated[Path | None, typer.Option(help="labelled messages on which int8 is compared with float32")] = None,
    work: Annotated[Path, typer.Option(help="checkpoints, from which a killed run resumes, and logs")] = Path("runs"),
    tracker: Annotated[
        list[str] | None, typer.Option(help="where figures go: tensorboard (unset), wandb, mlflow, none")
    ] = None,
) -> None:
    """Fine-tune a BERT on the authored corpus, calibrate it, and export it as int8 ONNX; run again, it resumes."""
    with _needs("training"):
        from classifier.train import train_classifier as train  # noqa: PLC0415 - needs torch
    with Progress(*_COLUMNS) as progress:
        made = train(
            language,
            base,
            version=version,
            models_dir=out,
            extra=extra,
            gold=gold,
            work=work,
            trackers=[name for name in tracker or ["tensorboard"] if name != "none"],
            progress=progress,
        )
    console.print(f"{made.model}: held-out families macro-F1 {made.held_out['macro_f1']:.3f}")


@train_app.command("extractor", epilog="Example: citygraph train extractor --language zh --base BAAI/bge-small-zh-v1.5")
def train_extractor(
    language: _Language,
    version: _Version = "dev",
    base: _Base = None,
    out: _Out = None,
    corpus: Annotated[Path | None, typer.Option(help="folder of marked messages; unset: the packaged ones")] = None,
) -> None:
    """Fine-tune a BERT to mark what messages name, and export it as int8 ONNX."""
    with _needs("training"):
        from extraction.tagging.train import train_tagger as train  # noqa: PLC0415 - needs torch
    with Progress(*_COLUMNS) as progress:
        made = train(language, base, version=version, models_dir=out, corpus=corpus, progress=progress)
    console.print(f"{made.model}: held-out families F1 of all spans {made.held_out['f1_all']:.3f}")


@train_app.command(
    "search", epilog="Example: citygraph train search --language en --trials 20 --storage sqlite:///search.db"
)
def search_settings(
    language: _Language,
    trials: Annotated[int, typer.Option(help="sets of settings to try")] = 20,
    base: _Base = None,
    storage: Annotated[str | None, typer.Option(help="Optuna's storage, from which a killed search resumes")] = None,
    seed: Annotated[int, typer.Option(help="of the search")] = 0,
) -> None:
    """Search the classifier's hyper-parameters with Optuna, on the corpus's dev families."""
    with _needs("searching"):
        from classifier.techniques.search import search  # noqa: PLC0415 - needs torch and Optuna
        from classifier.train import SETTINGS, read_corpus  # noqa: PLC0415
    found = search(language, base, read_corpus(language).split, trials, seed, storage, settings=SETTINGS[language])
    table = Table("trial", *found.trials[0].values, "dev macro-F1", "s")
    for one in sorted(found.trials, key=lambda trial: -trial.dev_macro_f1):
        values = (f"{value:.3g}" for value in one.values.values())
        table.add_row(str(one.number), *values, f"{one.dev_macro_f1:.3f}", f"{one.seconds:.0f}")
    console.print(table)
    console.print(found.best)


@evaluate_app.command(
    "techniques", epilog="Example: citygraph evaluate techniques --language en --share 0.25 --gold labelled/en.jsonl"
)
def compare_techniques(
    language: _Language = "en",
    base: _Base = None,
    row: Annotated[list[str] | None, typer.Option(help="a technique to try; unset: all")] = None,
    share: Annotated[float, typer.Option(help="of the train families, to fit a budget of time")] = 1.0,
    epochs: Annotated[int | None, typer.Option(help="of each run; unset: the language's setting")] = None,
    gold: Annotated[Path | None, typer.Option(help="labelled messages to judge on beside the dev families")] = None,
    card: Annotated[Path | None, typer.Option(help="a model card whose table is replaced")] = None,
) -> None:
    """Set the ways to train side by side: same texts, same seed, same held-out families."""
    with _needs("comparing"):
        from classifier.techniques.compare import compare, markdown  # noqa: PLC0415 - needs torch
        from classifier.train import read_corpus  # noqa: PLC0415
    corpus = read_corpus(language)
    compared = compare(language, base, corpus, rows=row, epochs=epochs, share=share, gold=gold)
    if card is not None:
        told = f"Language {language}, {share:.0%} of the train families, {len(corpus.split.dev)} dev texts."
        write_section(card, "techniques", f"{told}\n\n{markdown(compared)}")
    table = Table("way", "weights trained", "seconds", "texts", "dev macro-F1", "gold macro-F1")
    for one in compared:
        judged = "–" if one.gold is None else f"{one.gold:.3f}"
        table.add_row(one.row, f"{one.trained:,}", f"{one.seconds:.0f}", f"{one.examples:,}", f"{one.dev:.3f}", judged)
    console.print(table)


@evaluate_app.command(
    "learning-curve", epilog="Example: citygraph evaluate learning-curve --language zh --labelled our_letters.jsonl"
)
def draw_learning_curve(
    language: _Language,
    labelled: Annotated[Path, typer.Option(help="your own labelled messages, JSONL")],
    base: _Base = None,
    folds: Annotated[int, typer.Option(help="parts of the cross-validation")] = 5,
    sample: Annotated[
        int,
        typer.Option(help="texts of the corpus learnt once more beside yours; 0: each point is trained anew, slowly"),
    ] = 1000,
    card: Annotated[Path | None, typer.Option(help="a model card whose line for the language is replaced")] = None,
) -> None:
    """Measure what 0, 25, 50, 100, 200 of your own labelled messages would add to the corpus."""
    with _needs("measuring"):
        from classifier.techniques.learning_curve import learning_curve  # noqa: PLC0415 - needs torch
        from classifier.train import read_corpus  # noqa: PLC0415
    points = learning_curve(language, base, read_corpus(language), labelled, folds=folds, sample=sample or None)
    rows = [f"| {one.count} | {one.mean:.3f} | {one.deviation:.3f} |" for one in points]
    if card is not None:
        head = (
            f"| own messages added, {language} | macro-F1, mean of {folds} folds | standard deviation |\n|---|---|---|"
        )
        way = (
            f"Each point goes on from a network that learnt the corpus, with new heads, on {sample:,} of its texts and these."
            if sample
            else "Each point is trained anew on the corpus and these, as `--extra` does."
        )
        write_section(card, f"learning curve {language}", "\n".join([way, "", head, *rows]))
    table = Table("own messages added", "macro-F1", "standard deviation")
    for one in points:
        table.add_row(str(one.count), f"{one.mean:.3f}", f"{one.deviation:.3f}")
    console.print(table)


@evaluate_app.command(
    "classifier", epilog="Example: citygraph evaluate classifier --gold ../labelled --card docs/model_card.md"
)
def evaluate_classifier(
    gold: Annotated[Path, typer.Option(help="folder with gold_dev_zh.jsonl and gold_dev_en.jsonl")],
    card: Annotated[Path | None, typer.Option(help="a model card whose figures are replaced")] = None,
    models: Annotated[Path | None, typer.Option(help="folder of models; unset: the packaged ones")] = None,
) -> None:
    """Measure both languages' models on labelled messages, beside three baselines."""
    with _needs("measuring"):
        from classifier.card import figures, write_card  # noqa: PLC0415 - needs scikit-learn
        from classifier.measure import measure  # noqa: PLC0415
        from classifier.plots import draw  # noqa: PLC0415
    measured = measure(gold, models)
    if card is not None:
        write_card(card, "\n\n".join(figures(one) for one in measured))
        (card.parent / "figures").mkdir(exist_ok=True)
        for one in measured:
            draw(one.evaluation, card.parent / "figures" / f"classifier_{one.manifest.language}.svg")
    table = Table("", *(one.manifest.model for one in measured))
    for name, show in _FIGURES.items():
        table.add_row(name, *(show(one.evaluation) for one in measured))
    for bars in zip(*(one.baselines for one in measured), strict=True):
        table.add_row(f"macro-F1 of {bars[0][0]}", *(f"{bar.macro_f1:.3f} (McNemar p {p:.2g})" for _, bar, p in bars))
    console.print(table)


@contextmanager
def _needs(what: str) -> Generator[None]:
    """Say which extra brings a library that is not installed."""
    try:
        yield
    except ImportError as error:
        raise ModelMissing(f"{what} needs {error.name}: pip install 'citygraph[train,dev]'") from error


_FIGURES: dict[str, Callable[["Evaluation"], str]] = {
    "messages": lambda one: str(one.rows),
    "accuracy": lambda one: f"{one.accuracy:.3f}",
    "macro-F1 (95 %)": lambda one: f"{one.macro_f1:.3f} ({one.interval[0]:.3f}–{one.interval[1]:.3f})",
    "calibration error (ECE)": lambda one: f"{one.calibration_error:.3f}",
    "answered, not abstained": lambda one: f"{one.coverage:.0%}",
    "wrong of these": lambda one: f"{one.risk:.1%}",
    "accuracy on the surest 80 %": lambda one: f"{one.accuracy_at_80:.3f}",
}
