"""The daily allocation report: a plan and its pages in both languages, made once a day at a city-local hour."""

from types import TracebackType
from typing import Self

from apscheduler.schedulers.background import BackgroundScheduler

from api.planning import make_report
from api.services import Services
from core.errors import CityGraphError
from core.observe import get_logger

__all__ = ["Schedule"]

_log = get_logger(__name__)


class Schedule:
    """A context in which the daily report is made. hour: of the city's clock."""

    def __init__(self, services: Services, *, hour: int) -> None:
        self._services = services
        self._scheduler = BackgroundScheduler(timezone=services.city.timezone)
        self._scheduler.add_job(
            self._run,
            "cron",
            hour=hour,
            id="allocation-report",
            coalesce=True,
            max_instances=1,
            misfire_grace_time=3600,
        )

    def __enter__(self) -> Self:
        self._scheduler.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scheduler.shutdown(wait=False)

    def _run(self) -> None:
        try:
            paths = make_report(self._services, hours=24.0)
        except CityGraphError as error:
            _log.error("the daily allocation report failed", error=str(error))
        else:
            _log.info("made the daily allocation report", files=[path.name for path in paths])
