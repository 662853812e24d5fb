"""Demand: heat times importance, and every point of it can be read back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from allocation_city import NOW, RULES, ZONE, incident, sample_incidents

from allocation.demand import assess
from core.types import NearPlace

CHANGJUN = NearPlace("school", "长郡中学", "Changjun High School", 120.4)


def demand(**changes):
    return assess([incident(**changes)], RULES, NOW, zone=ZONE)[0]


def fired(found, name):
    return next((rule for rule in found.fired if rule.rule == name), None)


def test_the_points_of_the_fired_rules_add_up_to_the_priority():
    for found in assess(sample_incidents(300), RULES, NOW, zone=ZONE):
        assert sum(rule.points for rule in found.fired) == pytest.approx(found.priority)
        assert found.priority >= 0


def test_every_fired_rule_has_a_reason_in_both_languages_and_no_placeholder_left():
    for found in assess(sample_incidents(300), RULES, NOW, zone=ZONE):
        for rule in found.fired:
            assert rule.reason_zh.strip()
            assert rule.reason_en.strip()
            assert not {"{", "}", "?"} & set(rule.reason_zh + rule.reason_en)


def test_priority_is_importance_times_heat_to_its_exponent():
    cold, hot = demand(heat=1.0), demand(heat=9.0)
    assert hot.priority == pytest.approx(cold.priority * 9**RULES.heat_exponent)
    assert "9" in fired(hot, "heat").reason_en


def test_a_sensitive_place_near_is_named_in_both_languages_with_its_distance():
    found = demand(sensitive=(CHANGJUN, NearPlace("school", "雅礼中学", "Yali High School", 180.0)))
    rule = fired(found, "near-school")
    assert rule.reason_zh == "距学校长郡中学 120 米"
    assert rule.reason_en == "120 m from the school Changjun High School"


@pytest.mark.parametrize(("metres", "fires"), [(199.9, True), (200.0, True), (200.1, False)])
def test_a_sensitive_place_counts_up_to_its_distance(metres, fires):
    found = demand(sensitive=(replace(CHANGJUN, metres=metres),))
    assert (fired(found, "near-school") is not None) is fires


def test_a_hospital_near_is_no_school_near():
    assert (
        fired(demand(sensitive=(NearPlace("hospital", "湘雅医院", "Xiangya Hospital", 10.0),)), "near-school") is None
    )


def test_waiting_longer_reports_and_repeats_raise_the_priority_with_their_numbers():
    plain = demand()
    waiting = demand(opened_at=NOW - timedelta(days=4))
    assert waiting.priority > plain.priority
    assert "4 days" in fired(waiting, "waiting").reason_en
    assert fired(demand(reports=5), "many-reports").points == 8
    assert "5" in fired(demand(reports=5), "many-reports").reason_zh
    assert fired(demand(repeats=2), "again-here").points == 10


def test_noise_at_night_counts_by_the_citys_clock():
    night = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # 23:30 in Changsha
    noon = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
    assert fired(demand(category="noise.nightlife", last_seen_at=night), "night-noise") is not None
    assert fired(demand(category="noise.nightlife", last_seen_at=noon), "night-noise") is None
    assert fired(demand(category="littering", last_seen_at=night), "night-noise") is None
    elsewhere = assess([incident(category="noise.nightlife", last_seen_at=night)], RULES, NOW, zone=UTC)[0]
    assert fired(elsewhere, "night-noise") is None


def test_thanks_and_chatter_ask_for_no_crew():
    found = demand(category="other.thanks", urgency=3, reports=9, heat=20.0)
    assert found.priority == 0
    assert fired(found, "floor") is not None


def test_an_incident_from_the_future_is_not_older_than_new():
    assert demand(opened_at=NOW + timedelta(days=3), last_seen_at=NOW + timedelta(days=3)).priority == demand().priority


def test_demands_come_in_the_order_of_the_incidents_with_their_service_minutes():
    found = assess([incident("b", "noise"), incident("a", "obstruction")], RULES, NOW, zone=ZONE)
    assert [one.incident for one in found] == ["b", "a"]
    assert [one.service_minutes for one in found] == [35, 25]


def test_no_incidents_have_no_demand():
    assert assess([], RULES, NOW) == []
