"""Figures of an evaluation as one drawing: confusions, reliability, risk against coverage. Needs matplotlib."""

from pathlib import Path
from typing import Final

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from classifier import metrics
from classifier.evaluate import Evaluation
from core.taxonomy import TOP_CLASSES

__all__ = ["draw"]

_INK: Final = "#1f3a5f"
_SOFT: Final = "#9aa7b5"
# The same drawing for the same figures: no date in the file, ids from a fixed salt, letters as outlines.
_SAME: Final = {"svg.hashsalt": "citygraph", "svg.fonttype": "path", "font.size": 9}


def draw(evaluation: Evaluation, path: Path) -> None:
    """Write one language's three panels as an SVG file, the same bytes for the same figures."""
    with rc_context(_SAME):  # pyright: ignore[reportArgumentType] - the stub's keys are a literal type
        figure = Figure(figsize=(11, 3.6), layout="constrained")
        confusions, reliability, selective = figure.subplots(1, 3)
        _confusions(confusions, evaluation)
        _reliability(reliability, evaluation)
        _selective(selective, evaluation)
        figure.suptitle(f"{evaluation.model} on {evaluation.rows} real messages")
        figure.savefig(path, format="svg", metadata={"Date": None})


def _confusions(axes: Axes, evaluation: Evaluation) -> None:
    counts = np.array(evaluation.confusion)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1.3)
    for (row, column), count in np.ndenumerate(counts):
        readable = "white" if shares[row, column] > 0.5 else _INK  # noqa: PLR2004
        axes.text(column, row, str(count), ha="center", va="center", color=readable)
    axes.set_xticks(range(len(TOP_CLASSES)), TOP_CLASSES, rotation=20)
    axes.set_yticks(range(len(TOP_CLASSES)), TOP_CLASSES)
    axes.set(xlabel="guessed", ylabel="true", title="confusions")


def _reliability(axes: Axes, evaluation: Evaluation) -> None:
    bins = metrics.reliability(np.array(evaluation.truth), np.array(evaluation.probabilities))
    axes.plot([0.2, 1], [0.2, 1], color=_SOFT, linestyle="--", linewidth=1)
    axes.plot([said for said, _, _ in bins], [was for _, was, _ in bins], color=_INK, marker="o")
    for said, was, rows in bins:
        axes.annotate(str(rows), (said, was), xytext=(4, -10), textcoords="offset points", color=_SOFT, fontsize=8)
    title = f"reliability (ECE {evaluation.calibration_error:.3f}; rows a bin)"
    axes.set(xlim=(0.2, 1.02), ylim=(0, 1.05), xlabel="confidence", ylabel="share right", title=title)


def _selective(axes: Axes, evaluation: Evaluation) -> None:
    curve = metrics.risk_coverage(np.array(evaluation.truth), np.array(evaluation.probabilities))
    axes.plot(np.arange(1, curve.size + 1) / curve.size, curve, color=_INK)
    axes.plot([evaluation.coverage], [evaluation.risk], color="#c0392b", marker="o", linestyle="none")
    axes.annotate(
        "its own thresholds", (evaluation.coverage, evaluation.risk), xytext=(-90, 12), textcoords="offset points"
    )
    axes.axvline(0.8, color=_SOFT, linewidth=1, linestyle="--")
    top = max(0.12, float(curve.max()) * 1.1)
    title = f"risk against coverage (area {evaluation.area:.3f})"
    axes.set(
        xlim=(0, 1.02), ylim=(0, top), xlabel="share answered, most confident first", ylabel="share wrong", title=title
    )
