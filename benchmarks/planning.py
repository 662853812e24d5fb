"""Crews to incidents at full size: the solver alone, and the whole plan with every reason in two languages."""

from time import perf_counter

from allocation.optimise import optimise
from allocation.plan import make_plan
from allocation.rules import load_rules
from benchmarks.allocation import NOW, invented, median_seconds, problem_of
from benchmarks.bench import COMMAND, Bench, Row, demo_city

__all__ = ["run"]

_INCIDENTS, _CREWS = 10_000, 200
_SECONDS, _GAP = 2.0, 0.01


def run(_bench: Bench) -> list[Row]:
    """One row a case: shifts so long that jobs bind (an exact flow), and shifts of eight hours, where minutes bind."""
    return [_case(name, hours) for name, hours in (("jobs bind", 22), ("minutes bind", 8))]


def _case(name: str, hours: int) -> Row:
    rules = load_rules(demo_city().info.rules)
    incidents, crews = invented(_INCIDENTS, _CREWS, hours)
    problem = problem_of(incidents, crews, rules, hours)
    seconds, solution = median_seconds(lambda: optimise(problem))
    began = perf_counter()
    plan = make_plan(incidents, crews, rules, NOW, hours, made_at=NOW)
    whole = perf_counter() - began
    return Row(
        f"allocation, {name}",
        f"gap ≤ {_GAP:.0%}, ≤ {_SECONDS:.0f} s",
        f"gap {solution.gap:.2%}, {seconds:.1f} s; with weighing and reasons {whole:.1f} s",
        f"{_INCIDENTS:,} incidents × {_CREWS} crews → {len(plan.assignments):,} assigned; solver: median of 3",
        f"{COMMAND} --only planning",
        solution.gap <= _GAP and seconds <= _SECONDS,
    )
