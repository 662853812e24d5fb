"""Errors, as a tree by what the caller does next.

CityGraphError
├── BadInput            the caller mends the request            422
│   ├── UnknownCategory
│   ├── UnreadableFile  not text, empty, wrong encoding or format
│   ├── BadGeometry     self-crossing, empty or outside the globe
│   └── OutsideCity
├── NotFound            the caller looks elsewhere              404
├── Unauthorised        the caller brings a key                 401
├── Conflict            the caller reads again and retries      409
├── StoreUnavailable    the caller waits and retries            503
│   └── QueryTimeout    the caller asks for less                504
├── ModelMissing        the operator installs something         503
├── CityMissing         the operator loads a city               503
└── NoPlan              no feasible plan: the operator mends rules or crews  422
"""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "BadGeometry",
    "BadInput",
    "CityGraphError",
    "CityMissing",
    "Conflict",
    "ModelMissing",
    "NoPlan",
    "NotFound",
    "OutsideCity",
    "QueryTimeout",
    "StoreUnavailable",
    "Unauthorised",
    "UnknownCategory",
    "UnreadableFile",
]


class CityGraphError(Exception):
    """Anything this project raises on purpose."""


class BadInput(CityGraphError):  # noqa: N818 - reads as what it is
    """Input that does not fit: names the field, the value and what was expected."""

    def __init__(self, field: str, value: object, expected: str) -> None:
        self.field = field
        self.value = value
        self.expected = expected
        shown = repr(value)
        super().__init__(f"{field}: {shown[:77] + '…' if len(shown) > 78 else shown} is not {expected}")  # noqa: PLR2004


class UnknownCategory(BadInput):
    """A category code that the taxonomy does not hold."""

    def __init__(self, code: str, known: Iterable[str]) -> None:
        near = get_close_matches(code, list(known), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        super().__init__("category", code, f"a category of the taxonomy{hint}")


class UnreadableFile(BadInput):
    """A file that cannot be read as what it should be."""


class BadGeometry(BadInput):
    """A geometry that is empty, crosses itself or leaves the globe."""


class OutsideCity(BadInput):
    """A point that lies in no area of the city."""


class NotFound(CityGraphError):  # noqa: N818
    """Nothing has this id."""

    def __init__(self, kind: str, identifier: str) -> None:
        self.kind = kind
        self.identifier = identifier
        super().__init__(f"no {kind} has the id {identifier!r}")


class Unauthorised(CityGraphError):  # noqa: N818
    """A write without a valid API key."""


class Conflict(CityGraphError):  # noqa: N818
    """The state changed under the caller."""


class StoreUnavailable(CityGraphError):  # noqa: N818
    """The graph store does not answer."""


class QueryTimeout(StoreUnavailable):
    """A query ran past its time limit."""


class ModelMissing(CityGraphError):  # noqa: N818
    """A model file is not there; the message carries the command that brings it."""


class CityMissing(CityGraphError):  # noqa: N818
    """The graph holds no city yet; the message carries the command that loads one."""


class NoPlan(CityGraphError):  # noqa: N818
    """No plan can be made: nothing to assign, or rules and crews contradict."""
