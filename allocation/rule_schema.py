"""The shape of rules.yaml, checked by pydantic. Nothing else imports it than `rules.py`."""

from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Annotated, Any, Final, Literal, Self, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from allocation.conditions import INCIDENT_FIELDS, OPERATORS, PAIR_FIELDS, FieldKind, Operator, expected_value
from core.errors import UnknownCategory
from core.taxonomy import load_taxonomy

__all__ = [
    "ConditionModel",
    "PenaltyModel",
    "RulesFile",
    "expectation",
    "field_path",
    "inner_path",
    "known_fields",
]

_INCIDENT_WORDS: Final = frozenset(
    {*(name for name in INCIDENT_FIELDS if "." not in name), "category_zh", "category_en", "place", "metres", "points"}
)
_PAIR_WORDS: Final = frozenset(
    {"category", "district", "crew", "crew_zh", "crew_en", "department", "distance_km", "on_duty_hours", "penalty"}
)
# What plans call their own cost parts and reasons.
_RESERVED: Final = frozenset({"travel", "labour", "skill", "area", "shift", "category", "heat", "floor"})


def _known_category(code: str) -> str:
    taxonomy = load_taxonomy()
    if code != "default" and code not in taxonomy:
        raise _problem(UnknownCategory(code, taxonomy.codes()).expected)
    return code


def _with_default(values: dict[str, float]) -> dict[str, float]:
    if "default" not in values:
        raise _problem("a mapping with an entry 'default'")
    return values


def _no_bool(value: object) -> object:
    if isinstance(value, bool | str):
        raise _problem("a number")
    return value


Number = Annotated[float, BeforeValidator(_no_bool), Field(allow_inf_nan=False)]
Positive = Annotated[Number, Field(ge=0)]
ByCategoryModel = Annotated[
    dict[Annotated[str, AfterValidator(_known_category)], Positive], AfterValidator(_with_default)
]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ConditionModel(_Strict):
    """One condition of a rule."""

    field: str
    op: Operator
    value: bool | float | str | list[float] | list[str]


class PenaltyModel(_Strict):
    """A soft eligibility."""

    penalty: Positive


class _Reasoned(_Strict):
    rule: Name
    when: list[ConditionModel] = []
    per: str | None = None
    above: Number = 0.0
    at_most: Positive | None = None
    zh: str
    en: str

    def checked(self, fields: Mapping[str, FieldKind], words: frozenset[str]) -> Self:
        for index, one in enumerate(self.when):
            _check_condition(one, fields, f"when.{index}")
        if self.per is not None and fields.get(self.per) != "number":
            numeric = ", ".join(name for name, kind in fields.items() if kind == "number")
            raise _problem(f"one of {numeric}", "per", self.per)
        for name in ("zh", "en"):
            _check_template(getattr(self, name), words, name)
        return self


class PriorityModel(_Reasoned):
    """One priority rule."""

    points: Number

    @model_validator(mode="after")
    def _fits(self) -> Self:
        return self.checked(INCIDENT_FIELDS, _INCIDENT_WORDS)


class SoftModel(_Reasoned):
    """One soft rule."""

    penalty: Positive

    @model_validator(mode="after")
    def _fits(self) -> Self:
        return self.checked(PAIR_FIELDS, _PAIR_WORDS)


class HeatModel(_Strict):
    """How much heat multiplies importance."""

    exponent: Annotated[Number, Field(ge=0, le=1)] = 0.5


class EligibilityModel(_Strict):
    """Skill and area; the shift is always hard: nobody works off duty."""

    skill: Literal["hard", "off"] | PenaltyModel = "hard"
    area: Literal["hard", "off"] | PenaltyModel = "hard"
    shift: Literal["hard"] = "hard"


class CurrencyModel(_Strict):
    """The currency's name after a number."""

    zh: str
    en: str


class CostsModel(_Strict):
    """Costs in city currency."""

    value_per_point: Annotated[Number, Field(gt=0)]
    per_km: Positive
    detour_factor: Annotated[Number, Field(ge=1, le=3)]
    currency: CurrencyModel


class RulesFile(_Strict):
    """A whole rules.yaml."""

    version: Annotated[str, Field(min_length=1, max_length=40)]
    importance: ByCategoryModel
    heat: HeatModel = HeatModel()
    service_minutes: ByCategoryModel
    priority: list[PriorityModel]
    eligibility: EligibilityModel = EligibilityModel()
    soft: list[SoftModel] = []
    costs: CostsModel

    @model_validator(mode="after")
    def _each_name_once(self) -> Self:
        seen: set[str] = set()
        for part, rules in (("priority", self.priority), ("soft", self.soft)):
            for index, rule in enumerate(rules):
                if rule.rule in _RESERVED or rule.rule.startswith("eligible-"):
                    raise _problem("a name that plans do not use themselves", f"{part}.{index}.rule", rule.rule)
                if rule.rule in seen:
                    raise _problem("a name of its own", f"{part}.{index}.rule", rule.rule)
                seen.add(rule.rule)
        return self


def field_path(location: Sequence[int | str]) -> str:
    """Where in the file, as a person writes it: priority[2].when[0].op."""
    path = "rules"
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part not in _UNION_TAGS:
            path += f".{part}"
    return path.removeprefix("rules.") if path != "rules" else path


def inner_path(where: str) -> list[int | str]:
    """A dotted path inside a rule as location parts: "when.0.op" → when, 0, op."""
    return [int(part) if part.isdigit() else part for part in where.split(".")]


def known_fields(location: Sequence[int | str]) -> list[str]:
    """The fields that may stand where an unknown one was found."""
    model: Any = RulesFile
    for part in location[:-1]:
        if isinstance(part, str) and part in _PARTS:
            model = _PARTS[part]
    return list(model.model_fields)


def expectation(error: ErrorDetails) -> str:
    """What a pydantic error expected, in plain words."""
    context = error.get("ctx", {})
    match error["type"]:
        case "literal_error":
            return f"one of {context['expected']}"
        case "greater_than_equal" | "greater_than" | "less_than_equal" | "less_than":
            return error["msg"].removeprefix("Input should be ")
        case "string_pattern_mismatch":
            return "a name of small letters, digits and hyphens"
        case "problem":
            return str(context["expected"])
        case _:
            return error["msg"].removeprefix("Input should be ")


_UNION_TAGS: Final = frozenset(
    {"bool", "float", "str", "list[float]", "list[str]", "PenaltyModel", "literal['hard','off']"}
)
_PARTS: Final[Mapping[str, type[BaseModel]]] = {
    "heat": HeatModel,
    "priority": PriorityModel,
    "soft": SoftModel,
    "when": ConditionModel,
    "eligibility": EligibilityModel,
    "PenaltyModel": PenaltyModel,
    "costs": CostsModel,
    "currency": CurrencyModel,
}


def _check_condition(one: ConditionModel, fields: Mapping[str, FieldKind], where: str) -> None:
    if one.field not in fields:
        raise _problem("a known field: " + ", ".join(fields), f"{where}.field", one.field)
    kind = fields[one.field]
    expected = expected_value(kind, one.op)
    if expected is None:
        raise _problem(f"an operator for {one.field}: " + " ".join(OPERATORS[kind]), f"{where}.op", one.op)
    if not _fits(one.value, kind, one.op):
        raise _problem(expected, f"{where}.value", one.value)
    if kind == "category":
        known = load_taxonomy()
        for code in one.value if isinstance(one.value, list) else [one.value]:
            if str(code) not in known:
                raise _problem(UnknownCategory(str(code), known.codes()).expected, f"{where}.value", code)


def _fits(value: object, kind: FieldKind, op: Operator) -> bool:
    if op == "within":
        span = cast("list[object]", value) if isinstance(value, list) else []
        return len(span) == 2 and all(isinstance(hour, float) and 0 <= hour <= 24 for hour in span)  # noqa: PLR2004
    if op in ("in", "under"):
        listed = cast("list[object]", value) if isinstance(value, list) else [value]
        return bool(listed) and all(isinstance(one, str) for one in listed)
    if kind == "flag":
        return isinstance(value, bool)
    if kind in ("number", "clock"):
        return isinstance(value, float | int) and not isinstance(value, bool)
    return isinstance(value, str)


def _check_template(template: str, words: frozenset[str], where: str) -> None:
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        raise _problem("a text with {placeholders} in matching braces", where, template) from None
    for _, name, form, conversion in parts:
        if name is not None and (name not in words or form or conversion):
            raise _problem("a text whose {placeholders} are among " + ", ".join(sorted(words)), where, template)


def _problem(expected: str, where: str = "", value: object = None) -> PydanticCustomError:
    return PydanticCustomError("problem", "{expected}", {"expected": expected, "where": where, "value": value})
