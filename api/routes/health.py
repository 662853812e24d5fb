"""/health and /metrics: for operators."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.deps import ReadGraph, Served

__all__ = ["router"]

router = APIRouter(tags=["operation"])


@dataclass(frozen=True, slots=True)
class Health:
    """That the service answers, on which store, with how much; clock: the city's now, replay where it stands in the past."""

    status: str
    store: str
    city: str
    city_zh: str
    city_en: str
    timezone: str
    reports: int
    clock: datetime
    replay: bool


@router.get("/health", summary="Does it work?")
def health(services: Served, reader: ReadGraph) -> Health:
    """Asks the store; 503 where it does not answer."""
    clock, replay = services.clock()
    city = services.city
    return Health(
        status="ok",
        store=services.store.capabilities.product,
        city=city.id,
        city_zh=city.name_zh,
        city_en=city.name_en,
        timezone=str(city.timezone),
        reports=reader.count_reports(),
        clock=clock,
        replay=replay,
    )


@router.get("/metrics", summary="Prometheus metrics", response_class=Response)
def metrics() -> Response:
    """Counters and histograms in Prometheus' text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
