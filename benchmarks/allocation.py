"""Allocation in numbers: time, value, bound and gap. Run: python -m benchmarks.allocation

Invented incidents and crews in nine districts of 8 × 8 km: each crew has one of four skills and covers two districts.
"jobs bind": the shifts are long enough for every crew's jobs, which leaves an exact flow; "minutes bind": eight-hour shifts.
"""

import os
import platform
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from typing import TypeVar

import numpy as np
from rich.console import Console
from rich.table import Table

from allocation.demand import assess
from allocation.offers import Ground, eligible, make_offers
from allocation.optimise import Problem, optimise
from allocation.plan import make_plan
from allocation.rules import Rules, load_rules
from allocation.shifts import duty
from core.taxonomy import TOP_CLASSES, load_taxonomy
from core.types import Crew, OpenIncident, Point, Shift
from graph.city import read_city_info

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SIZES = ((1_000, 40), (10_000, 200))
RUNS = 3

Answer = TypeVar("Answer")


def main() -> None:
    """Print one row a size and shift length: the solver alone, and the whole plan with its reasons."""
    rules = load_rules(read_city_info("changsha").rules)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, median of {RUNS}"
    table = Table(title=f"Allocation ({machine}); target: 10,000 × 200, gap ≤ 1 %, ≤ 2 s")
    for column in (
        "incidents × crews",
        "case",
        "pairs",
        "assigned",
        "value",
        "bound",
        "gap",
        "how",
        "solver s",
        "whole plan s",
    ):
        table.add_column(column, justify="right")
    for incidents, crews in SIZES:
        for case, hours in (("minutes bind", 8), ("jobs bind", 22)):
            waiting, working = invented(incidents, crews, hours)
            problem = problem_of(waiting, working, rules, hours)
            seconds, solution = median_seconds(lambda problem=problem: optimise(problem))
            whole, _ = median_seconds(
                lambda waiting=waiting, working=working, hours=hours: make_plan(
                    waiting, working, rules, NOW, hours, made_at=NOW
                )
            )
            table.add_row(
                f"{incidents:,} × {crews}",
                case,
                f"{len(problem.net):,}",
                f"{len(solution.taken):,}",
                f"{solution.objective:,.0f}",
                f"{solution.bound:,.0f}",
                "0, proven" if solution.gap == 0 else f"{solution.gap:.3%}",
                solution.method,
                f"{seconds:.2f}",
                f"{whole:.2f}",
            )
    Console(width=150).print(table)


def problem_of(incidents: list[OpenIncident], crews: list[Crew], rules: Rules, hours: int) -> Problem:
    """The problem that the solver gets, made as a plan makes it."""
    duties = [duty(crew, NOW, NOW + timedelta(hours=hours), UTC) for crew in crews]
    ground = Ground(assess(incidents, rules, NOW), [one.urgency for one in incidents], crews, duties, rules)
    offers = make_offers(ground, eligible(ground))
    jobs = np.array([one.jobs for one in duties], dtype=np.int64)
    minutes = np.array([one.minutes for one in duties], dtype=np.float64)
    return Problem(len(incidents), offers.incident, offers.crew, offers.net, offers.minutes, jobs, minutes)


def invented(incidents: int, crews: int, hours: int, seed: int = 0) -> tuple[list[OpenIncident], list[Crew]]:
    """Incidents of all categories and crews of all skills, spread over the districts."""
    choose, codes = random.Random(seed), load_taxonomy().codes()
    shift = Shift(frozenset(range(7)), clock(0), clock(hours))

    def place(district: int) -> Point:
        east, north = district % 3 + choose.random(), district // 3 + choose.random()
        return Point(112.8 + east * 8 / 98.1, 28.0 + north * 8 / 111.3)  # kilometres a degree at 28° north

    waiting: list[OpenIncident] = []
    for number in range(incidents):
        district, opened = choose.randrange(9), NOW - timedelta(hours=choose.uniform(1, 400))
        reports, urgency = min(40, int(choose.paretovariate(1.2))), choose.choice((1, 1, 2, 3))
        waiting.append(
            OpenIncident(
                id=f"inc-{number:05}",
                category=choose.choice(codes),
                district=str(district),
                location=place(district),
                opened_at=opened,
                last_seen_at=opened + (NOW - opened) * choose.random(),
                reports=reports,
                urgency=urgency,
                heat=reports * (0.7 + 0.3 * urgency),
            )
        )
    working: list[Crew] = []
    for number in range(crews):
        homes = tuple(choose.sample(range(9), 2))
        working.append(
            Crew(
                id=f"crew-{number:03}",
                name_zh=f"班组 {number}",
                name_en=f"Crew {number}",
                department="dept",
                skills=(TOP_CLASSES[number % 4],),
                shift=shift,
                capacity=choose.randint(6, 12),
                base=place(homes[0]),
                covers=tuple(str(home) for home in homes),
                speed_kmh=25.0,
                hourly_cost=100.0,
            )
        )
    return waiting, working


def median_seconds(work: Callable[[], Answer]) -> tuple[float, Answer]:
    """The median wall time of a few runs, and the answer."""

    def timed() -> tuple[float, Answer]:
        start = time.perf_counter()
        answer = work()
        return time.perf_counter() - start, answer

    return sorted((timed() for _ in range(RUNS)), key=lambda one: one[0])[RUNS // 2]


if __name__ == "__main__":
    main()
