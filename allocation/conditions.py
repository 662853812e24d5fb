"""Conditions: what a rule asks of an incident or of a pair of incident and crew. Plain data, never code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

__all__ = [
    "INCIDENT_FIELDS",
    "OPERATORS",
    "PAIR_FIELDS",
    "SENSITIVE_KINDS",
    "Condition",
    "FieldKind",
    "Operator",
    "Value",
    "check",
    "expected_value",
    "under",
]

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "under", "within"]
Value = str | float | bool | tuple[str, ...] | tuple[float, ...]
FieldKind = Literal["number", "clock", "text", "category", "flag"]

SENSITIVE_KINDS: Final = ("school", "kindergarten", "hospital", "elderly_care")

# What a priority rule may ask of an incident. Hours and days are numbers; `hour` is the city-local clock hour of the last report.
INCIDENT_FIELDS: Final[Mapping[str, FieldKind]] = {
    "category": "category",
    "district": "text",
    "urgency": "number",
    "reports": "number",
    "repeats": "number",
    "heat": "number",
    "age_hours": "number",
    "age_days": "number",
    "quiet_hours": "number",
    "hour": "clock",
    "weekday": "number",
    "near": "number",
    **{f"near.{kind}": "number" for kind in SENSITIVE_KINDS},
}

# What a soft rule may ask of a pair. distance_km: by road from the crew's base; exact_skill: the crew names the very sub-code.
PAIR_FIELDS: Final[Mapping[str, FieldKind]] = {
    "category": "category",
    "district": "text",
    "crew": "text",
    "department": "text",
    "urgency": "number",
    "distance_km": "number",
    "on_duty_hours": "number",
    "covers": "flag",
    "exact_skill": "flag",
}

# Which operators fit which kind of field. "within" is a span of the clock, [22, 6] runs past midnight, the end is not in it.
OPERATORS: Final[Mapping[FieldKind, tuple[Operator, ...]]] = {
    "number": ("=", "!=", "<", "<=", ">", ">="),
    "clock": ("=", "!=", "<", "<=", ">", ">=", "within"),
    "text": ("=", "!=", "in"),
    "category": ("=", "!=", "in", "under"),
    "flag": ("=", "!="),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A field, an operator and a value, e.g. urgency >= 3."""

    field: str
    op: Operator
    value: Value


def expected_value(kind: FieldKind, op: Operator) -> str | None:
    """What the value of such a condition must be, in words for an error message; None where the operator does not fit."""
    if op not in OPERATORS[kind]:
        return None
    if op == "within":
        return "two clock hours from 0 to 24, e.g. [22, 6]"
    if op in ("in", "under"):
        return "a text or a list of texts"
    return {"number": "a number", "clock": "a clock hour from 0 to 23", "flag": "true or false"}.get(kind, "a text")


def under(code: str, codes: Sequence[str]) -> bool:
    """Whether a category code is one of these codes or a sub-code of one."""
    return any(code == broader or code.startswith(broader + ".") for broader in codes)


def check(condition: Condition, actual: Value) -> bool:  # noqa: PLR0911 - one line an operator
    """Whether the actual value of the condition's field satisfies it."""
    wanted = condition.value
    match condition.op:
        case "=":
            return actual == wanted
        case "!=":
            return actual != wanted
        case "in":
            return actual in _texts(wanted)
        case "under":
            return under(str(actual), _texts(wanted))
        case "within":
            first, last = (float(hour) for hour in wanted)  # type: ignore[union-attr]
            hour = _number(actual)
            return first <= hour < last if first < last else hour >= first or hour < last
        case "<":
            return _number(actual) < _number(wanted)
        case "<=":
            return _number(actual) <= _number(wanted)
        case ">":
            return _number(actual) > _number(wanted)
        case ">=":
            return _number(actual) >= _number(wanted)


def _texts(value: Value) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, tuple) else (str(value),)


def _number(value: Value) -> float:
    if isinstance(value, tuple):
        msg = "a list has no order; the schema refuses it at load"
        raise TypeError(msg)
    return float(value)
