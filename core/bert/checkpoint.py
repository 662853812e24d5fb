"""Where a training run stands, on disk: it resumes there after it was killed."""

# torch and accelerate are the extra [train]; the serving environment in which types are checked does not hold them.
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

import hashlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from accelerate import Accelerator
from torch import Tensor

__all__ = ["Checkpoint", "Standing"]

_DONE: Final = "run.txt"  # written last: a folder without it was cut off


@dataclass(slots=True)
class Standing:
    """How far training has come. step: steps done of the epoch; total: their summed loss; best_*: of the best epoch so far."""

    epoch: int = 0
    step: int = 0
    total: float = 0.0
    stale: int = 0
    best_score: float = -1.0
    best_weights: dict[str, Tensor] = field(default_factory=dict[str, Tensor])
    history: list[dict[str, float]] = field(default_factory=list[dict[str, float]])

    def state_dict(self) -> dict[str, Any]:
        """All of it, as Accelerate stores it."""
        return {name: getattr(self, name) for name in self.__slots__}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Stand where that state stood."""
        for name, value in state.items():
            setattr(self, name, value)


class Checkpoint:
    """Saves and restores a run in a folder; None as folder: neither. run: what makes this run the same as an earlier one."""

    def __init__(self, folder: Path | None, run: str, accelerator: Accelerator, standing: Standing) -> None:
        self._folder = folder
        self._run = hashlib.sha256(run.encode()).hexdigest()
        self._accelerator = accelerator
        accelerator.register_for_checkpointing(standing)

    def restore(self) -> bool:
        """Stand where the folder's run stood; False, and nothing changed, where it holds none of this very run."""
        for place in (self._place("now"), self._place("before")):
            if place is not None and (place / _DONE).is_file() and (place / _DONE).read_text() == self._run:
                self._accelerator.load_state(str(place))
                return True
        return False

    def save(self) -> None:
        """Store where the run stands. At any moment one whole state is on disk, whenever the process is killed."""
        now, before, new = self._place("now"), self._place("before"), self._place("new")
        if now is None or before is None or new is None:
            return
        shutil.rmtree(new, ignore_errors=True)
        self._accelerator.save_state(str(new))
        (new / _DONE).write_text(self._run)
        shutil.rmtree(before, ignore_errors=True)
        if now.exists():
            now.rename(before)
        new.rename(now)
        shutil.rmtree(before, ignore_errors=True)

    def _place(self, name: str) -> Path | None:
        return None if self._folder is None else self._folder / name
