"""Crews to incidents: the solver at the design's size."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter

from allocation.plan import make_plan
from allocation.rules import load_rules
from benchmarks.bench import COMMAND, Bench, Row, demo_city
from core.taxonomy import load_taxonomy
from core.types import AreaKind, Crew, OpenIncident, Point

__all__ = ["run"]

_INCIDENTS, _CREWS = 10_000, 200
_SECONDS, _GAP = 2.0, 0.01
_START = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def run(_bench: Bench) -> list[Row]:
    """A day's plan: weighing, the solver, and every reason in two languages."""
    city = demo_city()
    incidents, crews, rules = _incidents(), _crews(), load_rules(city.info.rules)
    began = perf_counter()
    plan = make_plan(incidents, crews, rules, _START, 24.0, made_at=_START, zone=city.info.timezone)
    seconds = perf_counter() - began
    return [
        Row(
            "allocation: weigh, assign, explain",
            f"gap ≤ {_GAP:.0%}, ≤ {_SECONDS:.0f} s",
            f"gap {plan.gap:.2%}, {seconds:.1f} s",
            f"{_INCIDENTS:,} incidents × {_CREWS} crews → {len(plan.assignments):,} assigned",
            f"{COMMAND} --only planning",
            plan.gap <= _GAP and seconds <= _SECONDS,
        )
    ]


def _incidents() -> list[OpenIncident]:
    choose, codes = random.Random(1), load_taxonomy().codes()
    districts = [area for area in demo_city().areas if area.kind is AreaKind.DISTRICT]
    found: list[OpenIncident] = []
    for number in range(_INCIDENTS):
        district = choose.choice(districts)
        centre = district.centroid
        place = Point(centre.longitude + choose.gauss(0, 0.03), centre.latitude + choose.gauss(0, 0.03))
        opened = _START - timedelta(hours=choose.uniform(1, 300))
        reports, urgency = min(30, int(choose.paretovariate(1.2))), choose.choice([1, 1, 2, 3])
        found.append(
            OpenIncident(
                id=f"incident-{number:05}", category=choose.choice(codes), district=district.id, location=place,
                opened_at=opened, last_seen_at=_START - timedelta(hours=choose.uniform(0, 1)), reports=reports,
                urgency=urgency, heat=reports * (0.5 + 0.5 * urgency), repeats=choose.choice([0, 0, 0, 1, 2]),
                sensitive=(("school", "长郡中学", choose.uniform(50, 600)),) if choose.random() < 0.2 else (),
            )
        )  # fmt: skip
    return found


def _crews() -> list[Crew]:
    """The demo's crews, as many times as it takes."""
    demo = demo_city().crews
    return [replace(demo[n % len(demo)], id=f"{demo[n % len(demo)].id}-{n // len(demo)}") for n in range(_CREWS)]
