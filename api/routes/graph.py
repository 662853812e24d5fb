"""/graph: questions to the graph as a whole."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import CategoryFilter, DistrictFilter, Limit, Period, ReadGraph, Served
from core.errors import BadInput
from core.types import AreaKind
from graph.analytics import Central, central_nodes, reported_together
from graph.subgraph import MAX_HOPS, neighbourhood
from graph.views import Count, Subgraph

__all__ = ["router"]

router = APIRouter(prefix="/graph", tags=["graph"])


@router.get("/neighbourhood", summary="The neighbourhood of any node")
def around(
    services: Served,
    label: Annotated[str, Query(description="its label", examples=["Incident"])],
    id: Annotated[str, Query(max_length=300, description="its id")],  # noqa: A002 - the parameter's public name
    hops: Annotated[int, Query(ge=1, le=MAX_HOPS)] = 1,
    limit: Limit = 200,
) -> Subgraph:
    """All nodes within some hops; hubs such as categories are shown but not walked through."""
    return neighbourhood(services.store, label, id, hops=hops, limit=limit)


@router.get("/counts", summary="Reports by area × category × day")
def counts(
    services: Served,
    reader: ReadGraph,
    category: CategoryFilter,
    area: Annotated[list[str] | None, Query(description="ids of areas; unset: all districts")] = None,
    since: Annotated[
        date | None, Query(description="first day, city-local; unset: the 30 days that end with until")
    ] = None,
    until: Annotated[date | None, Query(description="last day, city-local; unset: today")] = None,
) -> list[Count]:
    """From aggregates kept at ingest, never from a walk over reports."""
    for field, day in (("since", since), ("until", until)):
        if day and not date(1900, 1, 1) <= day < date(2200, 1, 1):
            raise BadInput(field, day.isoformat(), "a day between 1900 and 2200")
    last = until or services.clock()[0].astimezone(services.city.timezone).date()
    first = since or last - timedelta(days=29)
    if first > last:
        raise BadInput("until", last.isoformat(), f"on or after since ({first.isoformat()})")
    areas = area or [one.id for one in reader.all_areas((AreaKind.DISTRICT,))]
    return reader.counts(areas, since=first, until=last, category=category)


@router.get("/central", summary="The places and organisations in the middle of a period's reports")
def central(services: Served, period: Period, district: DistrictFilter = None, limit: Limit = 20) -> list[Central]:
    """PageRank, betweenness and degree in the graph of reports and what they name; 30 days where no period is given."""
    until = period.until or services.clock()[0]
    since = period.since or until - timedelta(days=30)
    return central_nodes(reported_together(services.store, since=since, until=until, district=district), limit=limit)
