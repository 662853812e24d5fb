"""What the tests of planning share: the demo city, its rules, and invented incidents in it."""

import random
from datetime import UTC, datetime, time, timedelta

from allocation.rules import load_rules
from core.taxonomy import load_taxonomy
from core.types import Crew, NearPlace, OpenIncident, Point, Shift
from graph.city import load_city, read_city_info

INFO = read_city_info("changsha")
ZONE = INFO.timezone
RULES = load_rules(INFO.rules)
NOW = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)  # Tuesday, 08:00 in Changsha
EVERY_DAY = frozenset(range(7))
CENTRE = Point(112.98, 28.20)
DISTRICTS = {"430102": (113.03, 28.19), "430103": (112.99, 28.11), "430104": (112.90, 28.20), "430111": (113.03, 28.13)}


def incident(identifier="inc-1", category="littering", **changes):
    """An incident in the middle of the city, opened an hour ago."""
    facts = {
        "district": "430102",
        "location": CENTRE,
        "opened_at": NOW - timedelta(hours=1),
        "last_seen_at": NOW - timedelta(hours=1),
        "reports": 1,
        "urgency": 1,
        "heat": 1.0,
    }
    return OpenIncident(id=identifier, category=category, **{**facts, **changes})


def crew(identifier="crew-1", **changes):
    """A crew on duty all day that does everything in the one district, at the incident's place."""
    facts = {
        "department": "dept-sanitation",
        "skills": ("littering", "noise", "obstruction", "other"),
        "shift": Shift(EVERY_DAY, time(8), time(16)),
        "capacity": 8,
        "base": CENTRE,
        "covers": ("430102",),
        "speed_kmh": 30.0,
        "hourly_cost": 60.0,
    }
    return Crew(id=identifier, name_zh=f"班组{identifier}", name_en=f"Crew {identifier}", **{**facts, **changes})


def sample_incidents(count, seed=1):
    """Invented incidents over the city's inner districts, four in a hundred without a place."""
    choose, codes = random.Random(seed), load_taxonomy().codes()
    found = []
    for number in range(count):
        district = choose.choice(list(DISTRICTS))
        longitude, latitude = DISTRICTS[district]
        place = Point(longitude + choose.gauss(0, 0.025), latitude + choose.gauss(0, 0.025))
        opened = NOW - timedelta(hours=choose.uniform(1, 300))
        reports, urgency = min(30, int(choose.paretovariate(1.2))), choose.choice([1, 1, 2, 3])
        found.append(
            incident(
                f"inc-{number:05}",
                choose.choice(codes),
                district=district,
                location=None if choose.random() < 0.04 else place,
                opened_at=opened,
                last_seen_at=opened + (NOW - opened) * choose.random(),
                reports=reports,
                urgency=urgency,
                heat=reports * (0.7 + 0.3 * urgency),
                sensitive=(NearPlace("school", "长郡中学", "Changjun High School", choose.uniform(50, 600)),)
                if choose.random() < 0.2
                else (),
                repeats=choose.choice([0, 0, 0, 1, 2]),
            )
        )
    return found


def demo_city():
    """The demo city as its files say."""
    return load_city("changsha")
