"""The demo: a city, its sample reports and a plan where they are not there yet; then the service, and what to try next."""

import signal
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.app import create_app, open_services, open_store
from api.planning import make_and_store, make_report
from api.server import listening, run
from api.services import Services
from core.settings import Settings
from core.taxonomy import load_taxonomy
from graph.city import load_city
from graph.intake import Intake
from graph.plans import PlanReader
from graph.sources import count_rows, fingerprint, read_rows
from graph.writer import write_city, write_taxonomy

__all__ = ["run_demo"]


def run_demo(settings: Settings, console: Console) -> None:
    """Prepare the demo city and serve until Ctrl-C."""
    console.print("[bold]citygraph[/]: starting the graph store …")
    with listening(settings) as listener, open_store(settings) as store:
        if not PlanReader(store).crews():  # a city is there wholly, crews and all, or not at all
            with console.status("loading the city: districts, grid cells, places, crews …"):
                write_taxonomy(store, load_taxonomy())
                write_city(store, load_city(settings.city))
        with open_services(settings) as services:
            _ingest_samples(settings, services, console)
            if not services.plans.plans(limit=1):
                with console.status("making a plan and its report …"):
                    make_and_store(services, start=None, hours=24.0)
                    make_report(services, hours=24.0)
            console.print(_what_next(settings, services), soft_wrap=True, highlight=False)
            run(create_app(settings, services), listener)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C shall not break the closing
    console.print("Stopped. `make demo` starts on the same data again.")


def _ingest_samples(settings: Settings, services: Services, console: Console) -> None:
    path = services.city.reports
    if path is None:
        return
    intake = Intake(
        source=services.city.id,
        zone=services.city.timezone,
        now=datetime.now(UTC),
        fields={},
        synthetic=True,
        privacy=services.privacy,
    )
    rejects = settings.home / "rejects" / f"{path.stem}.jsonl"
    columns = (TextColumn("sample reports, through the models"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=count_rows(path))
        outcome = services.ingestor.ingest_rows(
            read_rows(path),
            intake,
            ingest=fingerprint(path),
            rejects=rejects,
            progress=lambda rows: progress.advance(task, rows),
        )
    console.print(
        f"{outcome.new} new reports → {outcome.incidents} incidents, {outcome.duplicates} duplicates linked"
        + (f"; {outcome.repeated} were there already" if outcome.repeated else "")
        + (f"; {outcome.rejected} set aside, see {rejects}" if outcome.rejected else "")
    )


def _what_next(settings: Settings, services: Services) -> str:
    at = f"http://{settings.host}:{settings.port}"
    return f"""
[bold]{services.city.name_zh} ({services.city.name_en}) is up.[/] All its reports are synthetic.

The page         {at}
Daily reports    {at}/reports/allocation
API schema       {at}/openapi.json

Three things to ask:
  curl '{at}/incidents?category=noise&limit=3'
  curl '{at}/graph/central?limit=5'
  curl -X POST {at}/reports -H 'X-API-Key: {services.key}' -H 'Content-Type: application/json' -d '{{"text": "麓山南路夜宵摊占道"}}'

Neo4j Browser    .venv/bin/citygraph browser  says where to connect; then try
  MATCH (i:Incident)<-[:PART_OF]-(r:Report) RETURN i, r LIMIT 50

Ctrl-C stops everything; the data stay.
"""
