"""Answers in pages: cutting one, reading the key of the next, and reading all of them where everything is needed."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final, LiteralString, TypeVar

from core.errors import BadInput
from graph.store import Store

__all__ = ["PAGE", "cut_page", "heat_key", "read_all", "time_key"]

PAGE: Final = 500  # rows a page where everything is read; no row cap may be smaller
_View = TypeVar("_View")


def read_all(
    store: Store,
    query: LiteralString,
    key: Callable[[dict[str, Any]], str],
    **parameters: Any,  # noqa: ANN401 - as the statement takes them
) -> Iterator[dict[str, Any]]:
    """Every row of a statement that takes $after_id and $limit and is ordered by `key`, whatever the store's row cap."""
    after: str | None = ""
    while after is not None:
        rows = store.read(query, after_id=after, limit=PAGE, **parameters)
        yield from rows
        after = key(rows[-1]) if len(rows) == PAGE else None


def cut_page(rows: list[_View], limit: int, key: Callable[[_View], str]) -> tuple[list[_View], str | None]:
    """The rows of a page that was read one row too far, and the key of the next page (None on the last)."""
    return (rows[:limit], key(rows[limit - 1])) if len(rows) > limit else (rows, None)


def time_key(key: str) -> tuple[datetime, str]:
    """Read a page key `time~id`; raises BadInput."""
    moment, _, identifier = key.partition("~")
    try:
        return datetime.fromisoformat(moment).astimezone(UTC), identifier
    except (ValueError, OverflowError):
        raise BadInput("after", key, "a key taken from a Link header") from None


def heat_key(key: str) -> tuple[float, str]:
    """Read a page key `heat~id`; raises BadInput."""
    heat, _, identifier = key.partition("~")
    try:
        return float(heat), identifier
    except ValueError:
        raise BadInput("after", key, "a key taken from a Link header") from None
