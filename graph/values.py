"""What Bolt carries, to and from Python's own values."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

import neo4j
from neo4j.graph import Entity, Path
from neo4j.spatial import Point as BoltPoint
from neo4j.spatial import WGS84Point
from neo4j.time import Date, DateTime, Duration, Time

from core.errors import BadInput
from core.types import Point

__all__ = ["bolt", "plain", "plain_row"]


def bolt(value: Any) -> Any:  # noqa: ANN401 - whatever a parameter may be, a line each
    """A parameter as the driver may have it: instants in UTC, core Points as WGS 84 points, at any depth.

    The driver must not see a `zoneinfo` zone: it hands that C code a datetime of its own making, which can crash the process.
    Raises BadInput for an instant without a zone.
    """
    match value:
        case str() | int() | float() | None | BoltPoint():  # the last is a tuple too
            return value
        case dict():
            return {key: bolt(item) for key, item in cast("dict[str, Any]", value).items()}
        case Mapping():
            return {key: bolt(item) for key, item in cast("Mapping[str, Any]", value).items()}
        case list() | tuple():
            return [bolt(item) for item in cast("list[Any]", value)]
        case datetime():
            if value.tzinfo is None:
                raise BadInput("time", value.isoformat(), "a time with its zone")
            return value.astimezone(UTC)
        case Point():
            return WGS84Point((value.longitude, value.latitude))
        case _:
            return value


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - whatever Bolt carries, a line each
    """A Bolt value as Python's own.

    Instants become aware UTC datetimes; one without a zone counts as UTC, because the embedded store keeps instants so.
    Points become core Points (WGS 84), durations ISO 8601 text, nodes and relationships their properties, paths both in turn.
    """
    match value:
        case DateTime():
            native = value.to_native()
            return native.astimezone(UTC) if native.tzinfo else native.replace(tzinfo=UTC)
        case Date() | Time():
            return value.to_native()
        case Duration():
            return value.iso_format()
        case BoltPoint():
            return Point(float(value[0]), float(value[1]))
        case dict():
            return {key: plain(item) for key, item in cast("dict[str, Any]", value).items()}
        case list():
            return [plain(item) for item in cast("list[Any]", value)]
        case Path():
            steps: list[Entity] = [value.start_node] if value.start_node else []
            for relationship, node in zip(value.relationships, value.nodes[1:], strict=True):
                steps += [relationship, node]
            return [plain(step) for step in steps]
        case Entity():
            return {key: plain(item) for key, item in value.items()}
        case _:
            return value


def plain_row(record: neo4j.Record) -> dict[str, Any]:
    """A record as a dict of plain values."""
    return {key: plain(item) for key, item in record.items()}
