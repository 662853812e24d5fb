"""One planning problem with its answer: everything an explanation is read from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocation.offers import Eligible, Offers
from allocation.optimise import Solution
from allocation.rules import Rules
from allocation.shifts import Duty
from core.types import Crew, Demand

__all__ = ["Case", "Load", "loads"]


@dataclass(frozen=True, slots=True)
class Load:
    """What a crew does in the plan. pairs: its offers taken; minutes: planned; jobs: how many."""

    pairs: npt.NDArray[np.int64]
    jobs: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Case:
    """Demands and crews sorted by id, the offers between them, what was taken, and each crew's load."""

    demands: Sequence[Demand]
    crews: Sequence[Crew]
    duties: Sequence[Duty]
    rules: Rules
    able: Eligible
    offers: Offers
    solution: Solution
    loads: Sequence[Load]


def loads(crews: int, offers: Offers, solution: Solution) -> list[Load]:
    """The load of each crew under a solution."""
    answer: list[Load] = []
    for crew in range(crews):
        pairs = solution.taken[offers.crew[solution.taken] == crew]
        answer.append(Load(pairs, len(pairs), float(offers.minutes[pairs].sum())))
    return answer
