"""Plans: who goes where and why, who is left out and why, and the same plan for the same city."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from allocation_city import CENTRE, EVERY_DAY, NOW, RULES, ZONE, crew, demo_city, incident, sample_incidents
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation.plan import make_plan
from allocation.rules import Hardness
from allocation.shifts import duty, on_duty
from core.errors import BadInput, NoPlan
from core.types import Point, Shift

NAMES = {"430102": ("芙蓉区", "Furong District"), "430105": ("开福区", "Kaifu District")}


def plan(incidents, crews, *, start=NOW, hours=8.0, rules=RULES, made_at=NOW):
    return make_plan(incidents, crews, rules, start, hours, made_at=made_at, zone=ZONE, areas=NAMES)


def left_out(incidents, crews, **changes):
    made = plan(incidents, crews, **changes)
    assert not made.assignments
    return made.unassigned[0]


@pytest.fixture(scope="module")
def city():
    return demo_city()


@pytest.fixture(scope="module")
def incidents():
    return sample_incidents(220)


@pytest.fixture(scope="module")
def made(city, incidents):
    return plan(incidents, city.crews, hours=24)


def test_every_incident_is_assigned_once_or_left_out_with_a_reason(made, incidents):
    named = [one.incident for one in (*made.assignments, *made.unassigned)]
    assert sorted(named) == sorted(one.id for one in incidents)
    assert made.assignments
    assert made.unassigned


def test_every_assignment_keeps_the_hard_rules(made, incidents, city):
    by_id, crews = {one.id: one for one in incidents}, {one.id: one for one in city.crews}
    for one in made.assignments:
        sent, job = crews[one.crew], by_id[one.incident]
        assert any(job.category == skill or job.category.startswith(skill + ".") for skill in sent.skills)
        assert job.district in sent.covers
        assert job.location is not None
    for sent in city.crews:
        mine = [one for one in made.assignments if one.crew == sent.id]
        assert len(mine) <= duty(sent, made.start, made.end, ZONE).jobs
        assert sorted(one.sequence for one in mine) == list(range(1, len(mine) + 1))


def test_the_objective_is_value_minus_cost_and_what_was_found_is_within_the_gap(made):
    total = sum(one.value - sum(one.cost.values()) for one in made.assignments)
    assert made.objective == pytest.approx(total, abs=0.02 * len(made.assignments))
    assert 0 <= made.gap <= 0.01


def test_every_reason_speaks_both_languages(made):
    for one in (*made.assignments, *made.unassigned):
        assert one.why_zh.strip().endswith("。")
        assert one.why_en.strip().endswith(".")


def test_the_same_inputs_in_any_order_and_at_any_time_give_the_same_plan(city, incidents, made):
    shuffled, crews = list(incidents), list(city.crews)
    random.Random(3).shuffle(shuffled)
    random.Random(4).shuffle(crews)
    later = NOW + timedelta(hours=3)
    again = plan(shuffled, crews, hours=24, made_at=later)
    assert replace(again, made_at=made.made_at) == made


def test_other_inputs_give_another_id(city, incidents, made):
    assert plan(incidents[1:], city.crews, hours=24).id != made.id
    assert plan(incidents, city.crews, hours=12).id != made.id
    assert plan(incidents, city.crews[1:], hours=24).id != made.id
    assert plan(incidents, city.crews, hours=24, rules=replace(RULES, version="x")).id != made.id


def test_ids_are_told_from_the_plan_and_the_incident(made):
    assert all(one.id == f"{made.id}:{one.incident}" for one in made.assignments)


def test_costs_are_travel_and_labour_and_the_penalties_that_applied():
    base = Point(CENTRE.longitude + 0.1, CENTRE.latitude)
    one = plan([incident(heat=9.0)], [crew(base=base)]).assignments[0]
    km = one.travel_metres / 1000
    assert km == pytest.approx(9.8 * RULES.costs.detour_factor, rel=0.01)
    assert one.cost["travel"] == pytest.approx(km / 30 * 60 + km * RULES.costs.per_km, abs=0.01)
    assert one.cost["labour"] == pytest.approx(25 / 60 * 60)
    assert one.cost["far-from-base"] == pytest.approx(2 * (km - 12), abs=0.01)
    assert set(one.cost) == {"travel", "labour", "far-from-base"}
    assert any(rule.rule == "far-from-base" and f"{km:.1f} km" in rule.reason_en for rule in one.fired)


def test_the_only_eligible_crew_is_said_to_be_that():
    one = plan([incident()], [crew()]).assignments[0]
    assert "The only eligible crew." in one.why_en
    assert "唯一符合条件的班组。" in one.why_zh


def test_the_next_best_crew_is_named_with_what_it_would_cost_more():
    far = crew("crew-2", base=Point(CENTRE.longitude + 0.05, CENTRE.latitude))
    one = plan([incident()], [far, crew("crew-1")]).assignments[0]
    assert one.crew == "crew-1"
    extra = plan([incident()], [far]).assignments[0]
    more = sum(extra.cost.values()) - sum(one.cost.values())
    assert f"Next best, Crew crew-2, would cost {more:.1f} yuan more, 6.4 km farther." in one.why_en
    assert f"次选 班组crew-2 要多花 {more:.1f} 元" in one.why_zh


def test_a_cheaper_crew_that_is_full_is_named_as_such():
    near, far = crew("near", capacity=1), crew("far", base=Point(CENTRE.longitude + 0.05, CENTRE.latitude))
    made = plan([incident("a", heat=4.0), incident("b")], [near, far])
    by_crew = {one.crew: one for one in made.assignments}
    assert "Crew near would save" in by_crew["far"].why_en
    assert "1 of 1 jobs" in by_crew["far"].why_en


def test_two_crews_alike_go_by_id_and_are_said_to_cost_the_same():
    one = plan([incident()], [crew("crew-2"), crew("crew-1")]).assignments[0]
    assert one.crew == "crew-1"
    assert "costs the same" in one.why_en


def test_jobs_are_in_nearest_neighbour_order_from_the_base():
    places = {"a": 0.03, "b": 0.01, "c": 0.02}
    jobs = [incident(name, location=Point(CENTRE.longitude + east, CENTRE.latitude)) for name, east in places.items()]
    made = plan(jobs, [crew()])
    assert [one.incident for one in sorted(made.assignments, key=lambda one: one.sequence)] == ["b", "c", "a"]


def test_no_place_is_a_reason():
    assert left_out([incident(location=None)], [crew()]).reason == "no_location"


def test_no_skill_is_a_reason_and_names_the_category():
    found = left_out([incident(category="noise.animal")], [crew(skills=("littering",))])
    assert found.reason == "no_skill"
    assert "Barking and animal noise" in found.why_en
    assert "犬吠等动物噪音" in found.why_zh


def test_no_area_is_a_reason_and_names_the_district_and_how_many_have_the_skill():
    found = left_out([incident(district="430105")], [crew()])
    assert found.reason == "no_area"
    assert "Kaifu District" in found.why_en
    assert "1" in found.why_en
    assert "开福区" in found.why_zh


def test_an_incident_in_no_known_district_has_no_area():
    assert left_out([incident(district=None)], [crew()]).reason == "no_area"


def test_nobody_on_duty_is_a_reason():
    found = left_out([incident()], [crew(shift=Shift(EVERY_DAY, time(20), time(23)))])
    assert found.reason == "no_shift"
    assert "off duty" in found.why_en


def test_a_duty_too_short_for_the_job_is_a_reason_with_the_minutes():
    found = left_out([incident(category="littering.construction-spoil")], [crew()], hours=1.0)
    assert found.reason == "no_shift"
    assert "90 min" in found.why_en
    assert "60 min" in found.why_en


def test_full_crews_are_a_reason_that_names_the_job_that_was_worth_more():
    made = plan([incident("big", heat=9.0), incident("small")], [crew(capacity=1)])
    assert [one.incident for one in made.assignments] == ["big"]
    found = made.unassigned[0]
    assert (found.incident, found.reason) == ("small", "capacity")
    assert "1 of 1 jobs" in found.why_en
    assert "big" in found.why_en
    assert "big" in found.why_zh


def test_costing_more_than_it_is_worth_is_a_reason_with_both_numbers():
    found = left_out([incident(category="other.thanks")], [crew()])
    assert found.reason == "not_worth"
    assert "value is 0 yuan" in found.why_en


def test_the_most_important_incident_left_out_comes_first():
    made = plan([incident("a"), incident("b", heat=9.0)], [crew(skills=("noise",))])
    assert [one.incident for one in made.unassigned] == ["b", "a"]


def test_a_soft_area_lets_a_neighbour_help_at_a_penalty():
    rules = replace(RULES, area=Hardness("soft", 30.0))
    one = plan([incident(district="430105")], [crew()], rules=rules).assignments[0]
    assert one.cost["area"] == 30
    assert any(rule.rule == "area" and rule.points == 30 for rule in one.fired)


def test_working_time_limits_the_jobs_before_the_capacity_does():
    made = plan([incident(f"i{number}") for number in range(8)], [crew()], hours=2.0)
    assert len(made.assignments) == 2  # a quarter of an eight-job shift
    long = plan([incident(f"i{number}", "other.water-drainage") for number in range(8)], [crew()], hours=8.0)
    assert len(long.assignments) == 5  # 480 minutes hold five jobs of 90


def test_a_night_shift_runs_past_midnight_in_the_citys_time():
    night = crew(shift=Shift(frozenset({0}), time(22), time(6)))  # Monday night only
    monday_23 = datetime(2026, 11, 23, 15, tzinfo=UTC)
    tuesday_2, tuesday_23 = monday_23 + timedelta(hours=3), monday_23 + timedelta(hours=24)
    assert duty(night, monday_23, monday_23 + timedelta(hours=1), ZONE).minutes == 60
    assert duty(night, tuesday_2, tuesday_2 + timedelta(hours=24), ZONE).minutes == 240
    assert duty(night, tuesday_23, tuesday_23 + timedelta(hours=8), ZONE).jobs == 0


def test_a_shift_across_a_clock_change_is_as_long_as_the_clocks_say():
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 10, 24, 12, tzinfo=UTC)
    spans = on_duty(Shift(EVERY_DAY, time(22), time(6)), start, start + timedelta(hours=24), berlin)
    assert (spans[0][1] - spans[0][0]) == timedelta(hours=9)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 23), st.integers(0, 23), st.integers(0, 24 * 7), st.integers(1, 96),
    st.frozensets(st.integers(0, 6), min_size=1),
)  # fmt: skip
def test_duty_is_what_counting_every_hour_finds(opens, closes, offset, hours, days):
    shift = Shift(days, time(opens), time(closes))
    start = NOW + timedelta(hours=offset)
    length = (closes - opens) % 24 or 24
    counted = 0
    for hour in range(hours):
        local = (start + timedelta(hours=hour)).astimezone(ZONE)
        since = (local.hour - opens) % 24
        counted += since < length and (local - timedelta(hours=since)).weekday() in days
    assert duty(crew(shift=shift), start, start + timedelta(hours=hours), ZONE).minutes == 60 * counted


def test_no_incidents_make_an_empty_plan_and_no_crews_none():
    assert plan([], [crew()]).assignments == ()
    with pytest.raises(NoPlan):
        plan([incident()], [])


@pytest.mark.parametrize("hours", [0, -1, float("nan"), 745])
def test_a_horizon_must_have_a_length(hours):
    with pytest.raises(BadInput, match="horizon"):
        plan([incident()], [crew()], hours=hours)


def test_times_need_a_zone_and_ids_must_differ():
    with pytest.raises(BadInput, match="zone"):
        plan([incident()], [crew()], start=datetime(2026, 11, 24))
    with pytest.raises(BadInput, match="given once"):
        plan([incident(), incident()], [crew()])


def test_a_plan_holds_plain_numbers_that_json_can_carry(made):
    for one in made.assignments:
        json.dumps([one.sequence, one.travel_metres, dict(one.cost), one.value])
        json.dumps([[rule.rule, rule.points] for rule in one.fired])
    json.dumps([made.objective, made.gap, [one.priority for one in made.unassigned]])
