"""Rules as data: what makes an incident urgent, who may be sent, what it costs. Frozen, versioned, read from YAML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from string import Formatter
from typing import Any, Literal, cast

import yaml
from pydantic import ValidationError

from allocation import rule_schema as schema
from allocation.conditions import Condition
from core.errors import BadInput, UnreadableFile

__all__ = [
    "ByCategory",
    "Costs",
    "Hardness",
    "PriorityRule",
    "Rules",
    "SoftRule",
    "fill",
    "load_rules",
    "parse_rules",
    "points_of",
]


@dataclass(frozen=True, slots=True)
class ByCategory:
    """A number for each category code: the most specific entry wins, then its top class, then the default."""

    values: Mapping[str, float]
    default: float

    def of(self, code: str) -> float:
        """The number for a code of the taxonomy."""
        for candidate in (code, code.split(".", 1)[0]):
            if candidate in self.values:
                return self.values[candidate]
        return self.default


@dataclass(frozen=True, slots=True)
class PriorityRule:
    """Points for an incident where all conditions hold.

    points: added once, or, where `per` names a numeric field, for each unit of it above `above`, at most `at_most` in all.
    zh, en: the reason a person reads; {placeholders} are fields of the incident.
    """

    name: str
    when: tuple[Condition, ...]
    points: float
    per: str | None
    above: float
    at_most: float | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class SoftRule:
    """A penalty (city currency) on a pair of incident and crew where all conditions hold; same `per` as priority rules."""

    name: str
    when: tuple[Condition, ...]
    penalty: float
    per: str | None
    above: float
    at_most: float | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Hardness:
    """How an eligibility holds: hard forbids the pair, soft costs a penalty (city currency), off is not asked."""

    kind: Literal["hard", "soft", "off"]
    penalty: float = 0.0


@dataclass(frozen=True, slots=True)
class Costs:
    """What work costs and what a point of priority is worth.

    value_per_point, per_km: city currency. detour_factor: road metres per straight metre; 1.2 to 1.4 in most countries
    (Ballou, Rahman & Sakagawa 2002, "Selected country circuity factors for road travel distance estimation").
    """

    value_per_point: float
    per_km: float
    detour_factor: float
    currency_zh: str
    currency_en: str


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything a plan is decided by.

    version: the file's own version and a short SHA-256 of its content. importance: base points by category;
    heat_exponent: priority is importance × heat^exponent. service_minutes: time on the spot by category.
    """

    version: str
    importance: ByCategory
    heat_exponent: float
    service_minutes: ByCategory
    priority: tuple[PriorityRule, ...]
    skill: Hardness
    area: Hardness
    soft: tuple[SoftRule, ...]
    costs: Costs


def load_rules(path: Path) -> Rules:
    """The rules of a YAML file; raises UnreadableFile for no YAML, BadInput naming field, value and what was expected."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile("rules", str(path), "a readable UTF-8 YAML file") from error
    return parse_rules(text)


def parse_rules(text: str) -> Rules:
    """The rules in a YAML text; errors as `load_rules`."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UnreadableFile("rules", text[:60], f"YAML ({_where(error)})") from error
    if not isinstance(raw, dict):
        raise BadInput(
            "rules", raw, "a mapping with version, importance, service_minutes, priority, eligibility, costs"
        )
    try:
        parsed = schema.RulesFile.model_validate(raw)
    except ValidationError as error:
        raise _bad_input(error) from error
    digest = sha256(text.encode()).hexdigest()[:8]
    return _frozen(parsed, f"{parsed.version}+{digest}")


def fill(template: str, values: Mapping[str, str]) -> str:
    """A reason with its {placeholders} filled; only plain names, so that a template can reach nothing but these values."""
    return "".join(
        text + (values[name] if name is not None else "") for text, name, _, _ in Formatter().parse(template)
    )


def points_of(each: float, per: float | None, *, above: float, at_most: float | None) -> float:
    """What a rule adds: `each`, or `each` for every unit of `per` above `above`, its size at most `at_most`."""
    points = each if per is None else each * max(0.0, per - above)
    return points if at_most is None else max(-at_most, min(at_most, points))


def _frozen(parsed: schema.RulesFile, version: str) -> Rules:
    costs = parsed.costs
    return Rules(
        version=version,
        importance=_by_category(parsed.importance),
        heat_exponent=parsed.heat.exponent,
        service_minutes=_by_category(parsed.service_minutes),
        priority=tuple(
            PriorityRule(
                rule.rule, _conditions(rule.when), rule.points, rule.per, rule.above, rule.at_most, rule.zh, rule.en
            )
            for rule in parsed.priority
        ),
        skill=_hardness(parsed.eligibility.skill),
        area=_hardness(parsed.eligibility.area),
        soft=tuple(
            SoftRule(
                rule.rule, _conditions(rule.when), rule.penalty, rule.per, rule.above, rule.at_most, rule.zh, rule.en
            )
            for rule in parsed.soft
        ),
        costs=Costs(costs.value_per_point, costs.per_km, costs.detour_factor, costs.currency.zh, costs.currency.en),
    )


def _by_category(values: Mapping[str, float]) -> ByCategory:
    return ByCategory({code: number for code, number in values.items() if code != "default"}, values["default"])


def _conditions(when: Sequence[schema.ConditionModel]) -> tuple[Condition, ...]:
    return tuple(
        Condition(one.field, one.op, cast("Any", tuple(one.value)) if isinstance(one.value, list) else one.value)
        for one in when
    )


def _hardness(value: Literal["hard", "off"] | schema.PenaltyModel) -> Hardness:
    return Hardness(value) if isinstance(value, str) else Hardness("soft", value.penalty)


def _bad_input(error: ValidationError) -> BadInput:
    first = error.errors(include_url=False)[0]
    path = schema.field_path(first["loc"])
    if first["type"] == "problem":
        context = first.get("ctx", {})
        if context["where"]:
            inner = schema.field_path([*first["loc"], *schema.inner_path(context["where"])])
            return BadInput(inner, context["value"], context["expected"])
    if first["type"] == "extra_forbidden":
        return BadInput(
            path, first["input"], "a field of the rules; known: " + ", ".join(schema.known_fields(first["loc"]))
        )
    if first["type"] == "missing":
        return BadInput(path, None, "given, but it is required")
    return BadInput(path, first["input"], schema.expectation(first))


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark is not None else "unreadable"
