"""The optimiser: which crew takes which incident, so that value minus cost is largest, with a proven gap.

What is modelled: each incident goes to at most one crew or to none; a crew takes at most its jobs, and at most its minutes on
duty, where a job takes its service minutes plus the drive from the crew's base. What is not: the order of the jobs (driving
from job to job is usually shorter than from the base, so minutes are a little pessimistic), time windows, breaks, joint jobs.

How: job capacities alone are a min-cost flow, exact in milliseconds. If its answer also fits the minutes, it is the optimum
(gap 0). If not, minutes make it a generalised assignment problem, NP-hard, and `packing.py` solves it by relaxation and
branch and cut; small problems to gap 0, large ones to a proven gap, which the solution states.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from allocation.matching import match_jobs
from allocation.packing import Packing, pack

__all__ = ["Problem", "Solution", "optimise"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_CENTS: Final = 100  # nets are compared in hundredths of the currency, as whole numbers


@dataclass(frozen=True, slots=True)
class Problem:
    """Who could do what: sparse eligible pairs, sorted by incident then crew, indexes in the order of their ids.

    net: value minus cost of each pair, city currency. minutes: what the pair takes of the crew's time.
    jobs, on_duty: each crew's capacity in jobs and in minutes. incidents: how many there are, with or without pairs.
    """

    incidents: int
    incident: Ints
    crew: Ints
    net: Floats
    minutes: Floats
    jobs: Ints
    on_duty: Floats


@dataclass(frozen=True, slots=True)
class Solution:
    """The pairs taken. bound: no plan can be worth more, proven; gap: (bound − objective) / bound, 0 means optimal."""

    taken: Ints  # indexes of pairs
    objective: float
    bound: float
    gap: float
    method: str  # "flow" or "flow+packing"


def optimise(problem: Problem) -> Solution:
    """The best assignment and its proven gap; deterministic, equal choices go to the smaller index.

    Money is rounded to hundredths. Raises ArithmeticError where numbers leave the solver's range (nets near 10¹² at 10⁴ incidents).
    """
    weight = np.rint(problem.net * _CENTS).astype(np.int64)
    fits = problem.minutes <= problem.on_duty[problem.crew] + 1e-9
    weight = np.where(fits, weight, 0)
    taken = match_jobs(problem.incident, problem.crew, weight, problem.jobs)
    used = np.bincount(problem.crew[taken], weights=problem.minutes[taken], minlength=len(problem.jobs))
    if (used <= problem.on_duty + 1e-6).all():
        value = int(weight[taken].sum())
        return _solution(np.flatnonzero(taken), value, value, "flow")
    worth = np.flatnonzero(weight > 0)
    packed = pack(
        Packing(
            problem.incident[worth],
            problem.crew[worth],
            weight[worth],
            problem.minutes[worth],
            problem.jobs,
            problem.on_duty,
        )
    )
    return _solution(worth[packed.taken], packed.value, packed.bound, "flow+packing")


def _solution(taken: Ints, value: int, bound: int, method: str) -> Solution:
    gap = (bound - value) / bound if bound > value else 0.0
    return Solution(taken, value / _CENTS, bound / _CENTS, gap, method)
