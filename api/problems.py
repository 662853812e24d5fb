"""Our errors as RFC 9457 problem details, mapped once."""

import json
import math
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from core.errors import (
    BadInput,
    CityGraphError,
    CityMissing,
    Conflict,
    ModelMissing,
    NoPlan,
    NotFound,
    QueryTimeout,
    StoreUnavailable,
    Unauthorised,
)
from core.observe import get_logger

__all__ = ["PROBLEM_RESPONSES", "install_problems"]

_MEDIA_TYPE = "application/problem+json"
_RETRY_SECONDS = 5
_LARGEST_INTEGER = 2**63  # that a client can be expected to read

# First match wins, so leaves stand before their parents.
_STATUS: tuple[tuple[type[CityGraphError], int, str], ...] = (
    (BadInput, 422, "Bad input"),
    (NoPlan, 422, "No plan can be made"),
    (NotFound, 404, "Not found"),
    (Unauthorised, 401, "A valid API key is needed"),
    (Conflict, 409, "Conflict"),
    (QueryTimeout, 504, "The query took too long"),
    (StoreUnavailable, 503, "The graph store does not answer"),
    (ModelMissing, 503, "A model is missing"),
    (CityMissing, 503, "The graph holds no city"),
    (CityGraphError, 500, "Error"),
)

PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {
        "description": title,
        "content": {_MEDIA_TYPE: {"example": {"type": "about:blank", "title": title, "status": status, "detail": "…"}}},
    }
    for status, title in ((404, "Not found"), (422, "Bad input"), (503, "The graph store does not answer"))
}


def install_problems(app: FastAPI) -> None:
    """Answer every error of this application as problem+json."""
    app.add_exception_handler(CityGraphError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def _ours(request: Request, error: Exception) -> JSONResponse:
    status, title = next((status, title) for kind, status, title in _STATUS if isinstance(error, kind))
    extra: dict[str, Any] = {}
    if isinstance(error, BadInput):
        extra = {"field": error.field, "value": _short(error.value), "expected": error.expected}
    headers = {"Retry-After": str(_RETRY_SECONDS)} if status in {503, 504} else {}
    if status == 401:  # noqa: PLR2004
        headers["WWW-Authenticate"] = "ApiKey"
    return _problem(request, status, title, str(error), headers, **extra)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type alone
    errors: list[dict[str, Any]] = [
        {
            "field": ".".join(str(part) for part in one["loc"][1:]) or str(one["loc"][0]),
            "value": _short(one.get("input")),
            "expected": one["msg"],
        }
        for one in error.errors()
    ]
    detail = "; ".join(f"{one['field']}: {one['value']!r}: {one['expected']}" for one in errors)
    return _problem(request, 422, "Bad input", detail, None, errors=errors, **errors[0])


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type alone
    return _problem(request, error.status_code, "Error", str(error.detail), dict(error.headers or {}))


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    get_logger(__name__).error("unexpected error", path=request.url.path, error=repr(error))
    return _problem(request, 500, "Internal error", "something went wrong here; the log has the details")


def _problem(
    request: Request, status: int, title: str, detail: str, headers: dict[str, str] | None = None, **extra: object
) -> JSONResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": request.url.path}
    return _Problem({**body, **extra}, status, headers)


def _short(value: object) -> object:
    """The value as a problem shows it; numbers that JSON does not know, and whatever is long, as text."""
    if value is None or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, int) and abs(value) < _LARGEST_INTEGER:
        return value
    return str(value)[:200] if not isinstance(value, int) else "a number of very many digits"


class _Problem(JSONResponse):
    """A problem in ASCII, so that even half a character (a lone surrogate) that was sent can be sent back."""

    media_type = _MEDIA_TYPE

    def render(self, content: object) -> bytes:
        """Implements Response."""
        return json.dumps(content).encode("ascii")
