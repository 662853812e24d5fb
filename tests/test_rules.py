"""Rules are data: what a file may say, what it may not, and what the error tells."""

import re
from datetime import time

import pytest
import yaml
from allocation_city import INFO, RULES

from allocation.conditions import Condition, check
from allocation.rules import fill, load_rules, parse_rules, points_of
from core.errors import BadInput, UnreadableFile

TEXT = INFO.rules.read_text(encoding="utf-8")


def changed(change):
    raw = yaml.safe_load(TEXT)
    change(raw)
    return yaml.safe_dump(raw, allow_unicode=True)


def refused(change):
    with pytest.raises(BadInput) as caught:
        parse_rules(changed(change))
    return caught.value


def test_the_demo_rules_load_and_their_version_carries_a_digest_of_the_file():
    assert re.fullmatch(r"2026\.11\+[0-9a-f]{8}", RULES.version)
    assert parse_rules(TEXT + "\n# a comment\n").version != RULES.version


def test_the_most_specific_category_wins_then_its_top_class_then_the_default():
    rules = parse_rules(changed(lambda raw: raw.update(importance={"default": 1, "noise": 2, "noise.animal": 3})))
    assert [rules.importance.of(code) for code in ("noise.animal", "noise.traffic", "other")] == [3, 2, 1]


def test_an_unknown_field_is_refused_by_its_path_with_the_known_ones():
    error = refused(lambda raw: raw["costs"].update(per_mile=3))
    assert error.field == "costs.per_mile"
    assert error.value == 3
    assert "per_km" in error.expected
    inner = refused(lambda raw: raw["priority"][1].update(pionts=3))
    assert inner.field == "priority[1].pionts"
    assert "points" in inner.expected


def test_a_missing_field_is_named():
    error = refused(lambda raw: raw["costs"].pop("per_km"))
    assert error.field == "costs.per_km"
    assert "required" in error.expected


@pytest.mark.parametrize(
    ("condition", "field", "expected"),
    [
        ({"field": "urgncy", "op": "=", "value": 3}, "field", "urgency"),
        ({"field": "urgency", "op": "under", "value": 3}, "op", ">="),
        ({"field": "urgency", "op": "~", "value": 3}, "op", "one of"),
        ({"field": "urgency", "op": ">=", "value": "three"}, "value", "a number"),
        ({"field": "hour", "op": "within", "value": [22, 60]}, "value", "clock hours"),
        ({"field": "category", "op": "under", "value": "nois"}, "value", "did you mean 'noise'?"),
        ({"field": "category", "op": "in", "value": ["noise", "littring"]}, "value", "did you mean 'littering'?"),
    ],
)
def test_a_bad_condition_is_refused_by_its_path(condition, field, expected):
    error = refused(lambda raw: raw["priority"][0].update(when=[condition]))
    assert error.field == f"priority[0].when[0].{field}"
    assert expected in error.expected


@pytest.mark.parametrize("template", ["{urgency.__class__}", "{urgency!r}", "{urgency:>9}", "{secret}", "{", "{0}"])
def test_a_reason_may_hold_only_plain_known_placeholders(template):
    error = refused(lambda raw: raw["priority"][0].update(zh=template))
    assert error.field == "priority[0].zh"
    assert "placeholders" in error.expected


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda raw: raw["costs"].update(detour_factor=0.5), "costs.detour_factor"),
        (lambda raw: raw["costs"].update(per_km=True), "costs.per_km"),
        (lambda raw: raw["service_minutes"].update(noise="an hour"), "service_minutes.noise"),
        (lambda raw: raw["service_minutes"].update(noise=-5), "service_minutes.noise"),
        (lambda raw: raw["importance"].update(nois=5), "importance.nois"),
        (lambda raw: raw["importance"].pop("default"), "importance"),
        (lambda raw: raw["heat"].update(exponent=3), "heat.exponent"),
        (lambda raw: raw["eligibility"].update(area="soft"), "eligibility.area"),
        (lambda raw: raw["eligibility"].update(shift="off"), "eligibility.shift"),
        (lambda raw: raw["priority"][1].update(rule=raw["priority"][0]["rule"]), "priority[1].rule"),
        (lambda raw: raw["soft"][0].update(per="category"), "soft[0].per"),
        (lambda raw: raw.update(version=""), "version"),
    ],
)
def test_values_out_of_range_are_refused_by_their_path(change, field):
    assert refused(change).field.startswith(field)


@pytest.mark.parametrize("name", ["travel", "labour", "skill", "eligible-skill", "category", "heat", "floor"])
def test_a_rule_may_not_take_a_name_that_plans_use_themselves(name):
    assert refused(lambda raw: raw["soft"][0].update(rule=name)).field == "soft[0].rule"


@pytest.mark.parametrize("text", ["", "just words", "- a list", "5"])
def test_a_file_that_is_no_mapping_is_refused(text):
    with pytest.raises(BadInput):
        parse_rules(text)


@pytest.mark.parametrize("content", [b"a: [1, 2", b"\xff\xfe\x00", b"!!python/object/apply:os.system ['true']"])
def test_what_is_no_yaml_or_would_run_code_is_unreadable(tmp_path, content):
    path = tmp_path / "rules.yaml"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile):
        load_rules(path)


def test_a_file_that_is_not_there_is_unreadable(tmp_path):
    with pytest.raises(UnreadableFile):
        load_rules(tmp_path / "none.yaml")


@pytest.mark.parametrize(("hour", "inside"), [(21, False), (22, True), (0, True), (5, True), (6, False)])
def test_a_span_of_the_clock_runs_past_midnight(hour, inside):
    assert check(Condition("hour", "within", (22.0, 6.0)), hour) is inside


def test_a_span_of_the_clock_within_a_day_excludes_its_end():
    assert [check(Condition("hour", "within", (7.0, 9.0)), hour) for hour in (6, 7, 8, 9)] == [False, True, True, False]


def test_under_means_the_code_or_its_sub_codes_and_not_a_code_that_begins_alike():
    condition = Condition("category", "under", "other")
    assert check(condition, "other")
    assert check(condition, "other.traffic")
    assert not check(condition, "otherwise")


@pytest.mark.parametrize(
    ("operator", "truths"),
    [("=", (0, 1, 0)), ("!=", (1, 0, 1)), ("<", (1, 0, 0)), ("<=", (1, 1, 0)), (">", (0, 0, 1)), (">=", (0, 1, 1))],
)
def test_each_comparison_means_what_it_says(operator, truths):
    assert tuple(int(check(Condition("urgency", operator, 2.0), value)) for value in (1, 2, 3)) == truths


def test_points_per_unit_count_above_a_threshold_and_stop_at_most():
    assert points_of(2, 5, above=1, at_most=None) == 8
    assert points_of(2, 0.5, above=1, at_most=None) == 0
    assert points_of(2, 50, above=1, at_most=20) == 20
    assert points_of(-2, 50, above=1, at_most=20) == -20
    assert points_of(7, None, above=1, at_most=None) == 7


def test_a_reason_is_filled_and_doubled_braces_stay_braces():
    assert fill("{{x}} {reports}", {"reports": "3"}) == "{x} 3"


def test_rules_cannot_be_changed_after_loading():
    with pytest.raises(AttributeError):
        RULES.version = time(1)
