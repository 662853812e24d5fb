"""A search for training settings: a tree-structured Parzen estimator (Bergstra et al. 2011), by Optuna (Akiba et al. 2019)."""

# optuna, and torch under finetune, are the extra [train]; the serving environment in which types are checked does not hold them.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import optuna

from classifier.data import Split
from classifier.finetune import finetune
from classifier.settings import Settings
from core.errors import BadInput
from core.types import Language

__all__ = ["SPACE", "Found", "Trial", "search"]

# Setting → lowest and highest value; the rate on a logarithmic scale, epochs whole.
SPACE: Final[Mapping[str, tuple[float, float]]] = {
    "learning_rate": (1e-5, 2e-4),
    "epochs": (2, 6),
    "layer_decay": (0.75, 1.0),
    "class_balance": (0.0, 1.0),
    "label_smoothing": (0.0, 0.15),
    "dropout": (0.0, 0.3),
    "consistency": (0.0, 2.0),
    "noise": (0.0, 0.15),
}


@dataclass(frozen=True, slots=True)
class Trial:
    """One set of values, the best dev macro-F1 of its epochs, and the seconds it took."""

    number: int
    values: Mapping[str, float]
    dev_macro_f1: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Found:
    """The best settings, and every trial that ended, in order."""

    best: Settings
    trials: tuple[Trial, ...]


def search(
    language: Language,
    base: str | None,
    split: Split,
    trials: int,
    seed: int,
    storage: str | None = None,
    *,
    settings: Settings | None = None,
    space: Mapping[str, tuple[float, float]] = SPACE,
    study: str | None = None,
) -> Found:
    """Train with `trials` sets of settings and return the one with the best dev macro-F1.

    The first are `settings` themselves (default: Settings()), moved into the space; what the space does not name keeps their
    value. storage: an Optuna URL such as sqlite:///search.db; a search that was killed goes on from there, and ends as if it
    had not been. study: its name there; default, of language and seed. No trial is pruned: each stops early by its own
    patience. The best of many is the luckier one on these dev families: judge it on others. Raises BadInput below one trial.
    """
    start = settings or Settings()
    if trials < 1:
        raise BadInput("trials", trials, "at least one")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    name = study or f"citygraph-{language}-{seed}"
    held = optuna.create_study(direction="maximize", storage=storage, study_name=name, load_if_exists=True)

    def objective(trial: Any) -> float:  # noqa: ANN401 - Optuna's
        began = time.monotonic()
        tried = replace(start, **{setting: _suggest(trial, setting, bounds) for setting, bounds in space.items()})
        score = max(row["dev_macro_f1"] for row in finetune(language, base, split=split, settings=tried).history)
        trial.set_user_attr("seconds", round(time.monotonic() - began, 1))
        return score

    for number in range(len(_ended(held)), trials):
        held.sampler = optuna.samplers.TPESampler(seed=seed * 1000 + number)  # so that an interruption changes no draw
        if number == 0 and not held.get_trials(states=(optuna.trial.TrialState.WAITING,)):
            held.enqueue_trial(_inside(start, space))
        held.optimize(objective, n_trials=1)
    ended = _ended(held)[:trials]
    table = tuple(
        Trial(number, one.params, float(one.value or 0.0), float(one.user_attrs["seconds"]))
        for number, one in enumerate(ended)
    )
    best = max(table, key=lambda one: one.dev_macro_f1)
    return Found(replace(start, **dict(best.values)), table)


def _suggest(trial: Any, setting: str, bounds: tuple[float, float]) -> float:  # noqa: ANN401
    low, high = bounds
    if setting == "epochs":
        return trial.suggest_int(setting, int(low), int(high))
    return trial.suggest_float(setting, low, high, log=setting.endswith("rate"))


def _inside(settings: Settings, space: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    given = asdict(settings)
    return {setting: min(max(given[setting], low), high) for setting, (low, high) in space.items()}


def _ended(study: Any) -> list[Any]:  # noqa: ANN401
    return study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.COMPLETE,))
