"""The exact core: crews matched to incidents by min-cost flow, capacity counted in jobs."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

__all__ = ["match_jobs"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_LARGEST: Final = 2**61  # the solver multiplies costs by its node count and refuses what would leave 64 bits


def match_jobs(incident: Ints, crew: Ints, weight: Ints, jobs: Ints) -> Bools:
    """Which pairs to take so that the sum of weights is largest: each incident at most once, crew c at most jobs[c] times.

    Pairs with weight ≤ 0 are never taken. Optimal: cost-scaling min-cost flow (OR-Tools), whose node-arc matrix is totally
    unimodular. Among equal sums the one with smaller indexes wins, so callers sort by id. Raises ArithmeticError where the
    solver refuses the numbers.
    """
    taken = np.zeros(len(incident), dtype=np.bool_)
    useful = np.flatnonzero(weight > 0)
    if not len(useful) or not jobs.any():
        return taken
    crews = len(jobs)
    waiting, row = np.unique(incident[useful], return_inverse=True)
    count = len(waiting)
    source, sink = count + crews, count + crews + 1
    slots = min(int(jobs.sum()), count)
    preference = (count - row) + (crews - crew[useful])
    scale = slots * (count + crews) + 1
    room = _LARGEST // ((count + crews + 4) * (int(weight[useful].max()) + 1))
    if scale > room:
        scale, preference = max(1, room), np.zeros(len(useful), dtype=np.int64)
    flow: Any = SimpleMinCostFlow()  # its stubs ask for one array type an argument and give back objects
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([row, np.full(count, source), count + np.arange(crews), [source]]),
        np.concatenate([count + crew[useful], np.arange(count), np.full(crews, sink), [sink]]),
        np.concatenate([np.ones(len(useful) + count, dtype=np.int64), jobs, [slots]]),
        np.concatenate([-(weight[useful] * scale + preference), np.zeros(count + crews + 1, dtype=np.int64)]),
    )
    flow.set_node_supply(source, slots)
    flow.set_node_supply(sink, -slots)
    status = flow.solve()
    if status != flow.OPTIMAL:
        msg = f"min-cost flow ended with {status}"
        raise ArithmeticError(msg)
    taken[useful] = flow.flows(arcs[: len(useful)]) > 0
    return taken
