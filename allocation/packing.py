"""Minutes make it a packing: the generalised assignment problem, by Lagrangian flow, linear relaxation and branch and cut.

1. Lagrangian rounds (large problems): minutes get a price for each crew, the flow is solved with it, prices move with
   the overload. Finds the few thousand pairs that matter.
2. Linear relaxation over these (HiGHS); its dual prices bound all pairs; pairs that could still improve are added,
   until the bound is tight.
3. Pairs the relaxation takes whole stay, the rest is solved as an integer program.
4. Pairs whose reduced cost exceeds what is left to gain can be in no better plan (reduced-cost fixing); if few remain,
   one last integer program proves the optimum, else one over the most promising pairs improves the plan.
Source: Martello & Toth 1990, Knapsack Problems, ch. 7; Fisher 1981.
Limits are counts of nodes, not seconds, so that the same input gives the same plan.
"""

from dataclasses import dataclass
from math import floor
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from allocation.matching import match_jobs

__all__ = ["Packed", "Packing", "pack"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_SMALL: Final = 5_000  # pairs that are all priced at once
_LAGRANGE_ROUNDS: Final = 14
_PRICING_ROUNDS: Final = 6
_TIGHT: Final = 5e-4  # pricing ends when the bound is this near the relaxation
_BEST_PER_CREW: Final = 40
_GOOD: Final = 5e-3  # a gap at which a large problem is left alone
_POLISHED: Final = 600
_BOUNDABLE: Final = 1_000  # pairs left after fixing whose integer program is still worth its bound
_PROVABLE: Final = 600  # as few are solved to the end
_REPAIR_PAIRS: Final = 1_000
_REPAIR_NODES: Final = 20
_PROOF_NODES: Final = 10
_POLISH_NODES: Final = 1
_WHOLE: Final = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Packing:
    """Pairs with positive weight (hundredths), sorted by incident; each crew's jobs and minutes."""

    incident: Ints
    crew: Ints
    weight: Ints
    minutes: Floats
    jobs: Ints
    on_duty: Floats


@dataclass(frozen=True, slots=True)
class Packed:
    """Indexes of the pairs taken, their sum of weights, and a proven upper bound of any such sum."""

    taken: Ints
    value: int
    bound: int


@dataclass(frozen=True, slots=True)
class _Relaxed:
    """The relaxation: each pair's share in [0, 1], the bound, and by how much each pair falls short of being chosen (≤ 0)."""

    share: Floats
    bound: float
    shortfall: Floats


def pack(problem: Packing) -> Packed:
    """The best pairs found within jobs and minutes, with a proven bound."""
    relaxed = _relax(problem, _start(problem))
    taken = _repair(problem, relaxed)
    value = int(problem.weight[taken].sum())
    bound = _whole(relaxed.bound)
    open_pairs = np.flatnonzero(relaxed.shortfall > -(bound - value) - 1)
    proving = len(open_pairs) <= _BOUNDABLE
    if value < bound and (proving or (bound - value > _GOOD * bound and len(taken) <= 2 * _POLISHED // 3)):
        pool = open_pairs if proving else _nearest(open_pairs, relaxed.shortfall, _POLISHED)
        pool = np.union1d(pool, taken)
        nodes, gap = (_PROOF_NODES, 0.0) if len(open_pairs) <= _PROVABLE else (_POLISH_NODES, _GOOD)
        better, mip_bound = _integer(problem, pool, problem.jobs, problem.on_duty, nodes=nodes, gap=gap)
        if int(problem.weight[better].sum()) > value:
            taken, value = better, int(problem.weight[better].sum())
        if proving:
            bound = min(bound, max(value, _whole(mip_bound)))
    return Packed(np.sort(taken), value, max(bound, value))


def _start(problem: Packing) -> Bools:
    if len(problem.weight) <= _SMALL:
        return np.ones(len(problem.weight), dtype=np.bool_)
    active = np.zeros(len(problem.weight), dtype=np.bool_)
    price = np.zeros(len(problem.jobs))
    best, best_price = float("inf"), price
    step = 2.0 * float(np.median(problem.weight / problem.minutes))
    for _ in range(_LAGRANGE_ROUNDS):
        priced = np.rint(problem.weight - price[problem.crew] * problem.minutes).astype(np.int64)
        taken = match_jobs(problem.incident, problem.crew, priced, problem.jobs)
        bound = float(priced[taken].sum() + price @ problem.on_duty)
        if bound < best:
            best, best_price = bound, price
        active |= taken
        used = np.bincount(problem.crew[taken], weights=problem.minutes[taken], minlength=len(price))
        price = np.maximum(0.0, price + step * (used - problem.on_duty) / np.maximum(problem.on_duty, 1.0))
        step *= 0.8
    return active | _best(problem, problem.weight - best_price[problem.crew] * problem.minutes, ~active)


def _best(problem: Packing, score: Floats, among: Bools) -> Bools:
    indexes = np.flatnonzero(among)
    ranked = indexes[np.lexsort((-score[indexes], problem.crew[indexes]))]
    crew = problem.crew[ranked]
    place = np.arange(len(ranked)) - np.searchsorted(crew, crew)
    best = np.zeros(len(score), dtype=np.bool_)
    best[ranked[place < _BEST_PER_CREW]] = True
    return best


def _relax(problem: Packing, active: Bools) -> _Relaxed:
    crews = len(problem.jobs)
    first = np.flatnonzero(np.r_[True, problem.incident[1:] != problem.incident[:-1]])
    group = np.cumsum(np.r_[True, problem.incident[1:] != problem.incident[:-1]]) - 1
    answer: _Relaxed | None = None
    for _ in range(_PRICING_ROUNDS):
        columns = np.flatnonzero(active)
        matrix, limits = _rows(problem, columns, problem.jobs, problem.on_duty)
        solved: Any = linprog(-problem.weight[columns], A_ub=matrix, b_ub=limits, bounds=(0, None), method="highs-ds")
        if solved.status != 0:
            msg = f"the relaxation ended with: {solved.message}"
            raise ArithmeticError(msg)
        prices: Floats = np.maximum(0.0, -np.asarray(solved.ineqlin.marginals, dtype=np.float64))
        job_price, minute_price = prices[-2 * crews : -crews], prices[-crews:]
        reduced = problem.weight - job_price[problem.crew] - minute_price[problem.crew] * problem.minutes
        worth = np.maximum(np.maximum.reduceat(reduced, first), 0.0)
        bound = float(worth.sum() + job_price @ problem.jobs + minute_price @ problem.on_duty)
        if answer is None or bound < answer.bound:
            share = np.zeros(len(active))
            share[columns] = solved.x
            answer = _Relaxed(share, bound, reduced - worth[group])
        if bound + float(solved.fun) <= _TIGHT * bound or active.all():
            break
        active = active | _best(problem, reduced, ~active & (reduced > 0))
    if answer is None:
        msg = "no round of the relaxation ran"
        raise ArithmeticError(msg)
    return answer


def _repair(problem: Packing, relaxed: _Relaxed) -> Ints:
    whole = np.flatnonzero(relaxed.share > _WHOLE)
    crews = len(problem.jobs)
    jobs = problem.jobs - np.bincount(problem.crew[whole], minlength=crews)
    minutes = problem.on_duty - np.bincount(problem.crew[whole], weights=problem.minutes[whole], minlength=crews)
    free = ~np.isin(problem.incident, problem.incident[whole])
    free &= (jobs[problem.crew] > 0) & (problem.minutes <= minutes[problem.crew])
    nearest = _nearest(np.flatnonzero(free), relaxed.shortfall, _REPAIR_PAIRS)
    rest, _ = _integer(problem, nearest, jobs, np.maximum(minutes, 0.0), nodes=_REPAIR_NODES, gap=_GOOD)
    return np.concatenate([whole, rest])


def _nearest(pairs: Ints, shortfall: Floats, most: int) -> Ints:
    return np.sort(pairs[np.argsort(-shortfall[pairs], kind="stable")][:most])


def _integer(
    problem: Packing, columns: Ints, jobs: Ints, minutes: Floats, *, nodes: int, gap: float
) -> tuple[Ints, float]:
    """The pairs an integer program takes among these columns, and its own upper bound."""
    if not len(columns):
        return columns, 0.0
    matrix, limits = _rows(problem, columns, jobs, minutes)
    solved: Any = milp(
        -problem.weight[columns].astype(np.float64),
        constraints=LinearConstraint(matrix, -np.inf, limits),
        integrality=np.ones(len(columns), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"node_limit": nodes, "mip_rel_gap": gap},
    )
    bound = float("inf") if solved.mip_dual_bound is None else -float(solved.mip_dual_bound)
    if solved.x is None:
        return columns[:0], bound
    taken = columns[np.asarray(solved.x) > 0.5]  # noqa: PLR2004
    return taken, float(problem.weight[taken].sum()) if gap == 0 and solved.status == 0 else bound


def _rows(problem: Packing, columns: Ints, jobs: Ints, minutes: Floats) -> tuple[Any, Floats]:
    """Rows over the columns: each incident once, then crews' jobs, then crews' minutes; with their limits."""
    waiting, row = np.unique(problem.incident[columns], return_inverse=True)
    count, crews = len(waiting), len(jobs)
    crew, place, ones = problem.crew[columns], np.arange(len(columns)), np.ones(len(columns))
    matrix = csr_array(
        (
            np.concatenate([ones, ones, problem.minutes[columns]]),
            (np.concatenate([row, count + crew, count + crews + crew]), np.concatenate([place, place, place])),
        ),
        shape=(count + 2 * crews, len(columns)),
    )
    return matrix, np.concatenate([np.ones(count), jobs.astype(np.float64), minutes])


def _whole(bound: float) -> int:
    """Weights are whole numbers, so a bound may be rounded down, with a hair for the solver's tolerance."""
    return floor(bound + 1e-8 * abs(bound) + 1e-3) if np.isfinite(bound) else 2**62
