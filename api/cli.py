"""The command line. One of the two places where parts are put together; what takes long shows that it goes on."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from api.app import create_app, open_services, open_store, write_key
from api.doctor import examine
from api.extract_command import extract
from api.learning import evaluate_app, train_app
from api.measuring import evaluate_extraction
from api.places import places_app
from api.planning import make_and_store, make_report
from api.prediction import explain_text, predict_file
from api.server import listening, run
from core.errors import CityGraphError
from core.observe import configure_logging
from core.settings import Settings
from core.taxonomy import load_taxonomy
from core.types import Language
from graph.city import load_city
from graph.embedded import ensure_running
from graph.ingest import Outcome
from graph.intake import Intake
from graph.sources import count_rows, fingerprint, load_mapping, read_rows
from graph.writer import write_city, write_taxonomy

__all__ = ["app", "main"]

app = typer.Typer(
    name="citygraph",
    help="A knowledge graph of the city: from a citizen's message to an explained allocation of crews.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.add_typer(train_app, name="train")
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(places_app, name="places")
evaluate_app.command(
    "extraction", epilog="Example: citygraph evaluate extraction --gold ../labelled --card docs/model_card.md"
)(evaluate_extraction)
app.command("predict", epilog="Example: citygraph predict messages.jsonl --out answers.jsonl")(predict_file)
app.command("explain", epilog="Example: citygraph explain '楼下工地半夜还在打桩'")(explain_text)
app.command("extract", epilog="Example: citygraph extract '昨晚11点五一广场夜宵摊占道'")(extract)
console = Console()
errors = Console(stderr=True)


def main() -> None:
    """Run the command line; our own errors are one clear line and exit code 1."""
    configure_logging(json=not sys.stderr.isatty())
    try:
        app()
    except CityGraphError as error:
        errors.print(f"[bold red]error:[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        raise SystemExit(1) from None
    except ValidationError as error:  # of the settings; their values are not shown, a key may be among them
        for one in error.errors(include_input=False, include_url=False):
            field = ".".join(str(part) for part in one["loc"])
            errors.print(
                f"[bold red]error:[/] setting {escape(field or 'secret')}: {escape(one['msg'])}", soft_wrap=True
            )
        raise SystemExit(1) from None


@app.command(epilog="Example: citygraph init")
def init() -> None:
    """Start the graph store, bring its schema up to date, write the taxonomy, make the API key."""
    settings = Settings()
    with open_store(settings) as store:
        write_taxonomy(store, load_taxonomy())
        console.print(f"Store ready: {store.capabilities.product}")
    fresh = settings.api_key is None and not (settings.home / "api_key").exists()
    key = write_key(settings)
    console.print(f"API key for writes: {key}" if fresh else f"API key for writes: see {settings.home / 'api_key'}")


@app.command("load-geography", epilog="Example: citygraph load-geography --aliases aliases_masked.yaml")
def load_geography(
    city: Annotated[
        str | None, typer.Option(help="a packaged city, or a folder with city.yaml; unset: the settings'")
    ] = None,
    aliases: Annotated[Path | None, typer.Option(help="YAML of further area names: area id → list of names")] = None,
) -> None:
    """Load a city: its areas and grid, places, departments and crews. Loading again changes nothing."""
    settings = Settings()
    with console.status("cutting the grid and finding borders …"):
        loaded = load_city(city or settings.city, aliases)
    with open_store(settings) as store, console.status("writing the city to the graph …"):
        write_taxonomy(store, load_taxonomy())
        write_city(store, loaded)
    console.print(
        f"{loaded.info.name_zh} ({loaded.info.name_en}): {len(loaded.areas)} areas, {len(loaded.borders)} borders, "
        f"{len(loaded.places)} places, {len(loaded.departments)} departments, {len(loaded.crews)} crews"
    )


@app.command(epilog="Example: citygraph ingest letters.csv --mapping mapping.yaml")
def ingest(
    file: Annotated[Path, typer.Argument(help="CSV, JSONL or Excel")],
    mapping: Annotated[Path | None, typer.Option(help="YAML that says which column is which")] = None,
    source: Annotated[str | None, typer.Option(help="name of the source; unset: the mapping's, or the file's")] = None,
) -> None:
    """Take a file of reports into the graph. The same file twice changes nothing; rows that do not fit are set aside."""
    settings = Settings()
    columns = load_mapping(mapping)
    rows = count_rows(file)
    with open_services(settings) as services:
        zone = services.city.timezone
        intake = Intake(
            source=source or columns.source or file.stem,
            zone=ZoneInfo(columns.timezone) if columns.timezone else zone,
            now=datetime.now(UTC),
            fields=columns.fields,
            datum=columns.datum,
            time_format=columns.time_format,
            synthetic=columns.synthetic,
            privacy=services.privacy,
        )
        identifier = fingerprint(file)
        rejects = settings.home / "rejects" / f"{file.stem}-{identifier[:8]}.jsonl"
        with _bar("reading, understanding, writing", rows) as advance:
            outcome = services.ingestor.ingest_rows(
                read_rows(file), intake, ingest=identifier, rejects=rejects, progress=advance
            )
    _print_outcome(file.name, outcome, rejects)


@app.command(epilog="Example: citygraph plan --hours 8")
def plan(
    start: Annotated[datetime | None, typer.Option(help="start of the horizon, city-local; unset: now")] = None,
    hours: Annotated[float, typer.Option(help="length of the horizon")] = 24.0,
    language: Annotated[Language, typer.Option(help="of the reasons")] = "zh",
    show: Annotated[int, typer.Option(help="assignments to print")] = 12,
) -> None:
    """Send crews where they are needed: weigh, assign optimally, explain, store."""
    with open_services(Settings()) as services:
        begin = start.replace(tzinfo=services.city.timezone) if start else None
        with console.status("weighing incidents and assigning crews …"):
            made = make_and_store(services, start=begin, hours=hours)
        view = services.plans.plan(made.id)
    gap = "optimal" if made.gap == 0 else f"at most {made.gap:.2%} from the optimum"
    table = Table(title=f"Plan {made.id}: {len(made.assignments)} assigned, {len(made.unassigned)} left out, {gap}")
    for name in ("crew", "incident", "priority rules", "why"):
        table.add_column(name)
    zh = language == "zh"
    for one in view.assignments[:show]:
        fired = "; ".join(rule.reason_zh if zh else rule.reason_en for rule in one.fired)
        table.add_row(one.crew_zh if zh else one.crew_en, one.incident_title, fired, one.why_zh if zh else one.why_en)
    console.print(table)


@app.command(epilog="Example: citygraph report --hours 24")
def report(
    hours: Annotated[float, typer.Option(help="length of the plan's horizon")] = 24.0,
) -> None:
    """Make a plan and write it as a self-contained HTML report, in Chinese and in English."""
    with open_services(Settings()) as services, console.status("planning and drawing …"):
        paths = make_report(services, hours=hours)
    for path in paths:
        console.print(str(path), soft_wrap=True)


@app.command(epilog="Example: citygraph serve --port 8080")
def serve(
    host: Annotated[str | None, typer.Option(help="address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="port to listen on")] = None,
) -> None:
    """Serve the API and the page; the daily allocation report is made while it runs."""
    settings = _settings(host, port)
    with listening(settings) as listener, open_services(settings) as services:
        console.print(f"API key for writes: {services.key}")
        run(create_app(settings, services), listener)


@app.command(epilog="Example: citygraph demo")
def demo(
    host: Annotated[str | None, typer.Option(help="address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="port to listen on")] = None,
) -> None:
    """Load the demo city with its sample reports where they are not there yet, plan, and serve."""
    from api.demo import run_demo  # noqa: PLC0415 - keeps the other commands' start short

    run_demo(_settings(host, port), console)


@app.command(epilog="Example: citygraph browser")
def browser() -> None:
    """Keep the graph store running, and say where Neo4j Browser connects to it."""
    settings = Settings()
    if settings.neo4j_uri:
        console.print(f"Connect Neo4j Browser to {settings.neo4j_uri} as {settings.neo4j_user}.")
        return
    with ensure_running(settings.home / "store", settings.heap) as store:
        console.print(
            f"Connect Neo4j Browser to {store.uri}, user {store.user}, password {store.password}", soft_wrap=True
        )
        console.print("Neo4j Browser itself: `make neo4j` serves one, and so does any Neo4j server at /browser/.")
        if sys.stdin.isatty():
            console.input("The store runs until you press Enter. ")


@app.command(epilog="Example: citygraph doctor")
def doctor() -> None:
    """Say what is there, what is missing, and how to get it."""
    table = Table("part", "state", "what to do")
    findings = examine(Settings())
    for finding in findings:
        mark = {"ok": "[green]ok[/]", "optional": "[yellow]absent[/]", "missing": "[red]missing[/]"}[finding.state]
        table.add_row(finding.part, f"{mark} {escape(finding.detail)}", escape(finding.remedy))
    console.print(table)
    if any(finding.state == "missing" for finding in findings):
        raise typer.Exit(1)


@contextmanager
def _bar(text: str, total: int) -> Generator[Callable[[int], None]]:
    columns = (SpinnerColumn(), TextColumn(text), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors) as progress:
        task = progress.add_task(text, total=total)

        def advance(rows: int) -> None:
            progress.advance(task, rows)

        yield advance


def _settings(host: str | None, port: int | None) -> Settings:
    settings = Settings()
    return settings.model_copy(update={k: v for k, v in (("host", host), ("port", port)) if v is not None})


def _print_outcome(name: str, outcome: Outcome, rejects: Path) -> None:
    table = Table(title=f"{name}: {outcome.lines} rows = {outcome.accepted} accepted + {outcome.rejected} rejected")
    for column in ("new", "there already", "rejected", "incidents opened", "duplicates", "outside the city", "no place found",
                   "for a person to decide"):  # fmt: skip
        table.add_column(column, justify="right")
    table.add_row(*(str(n) for n in (
        outcome.new, outcome.repeated, outcome.rejected, outcome.incidents, outcome.duplicates, outcome.outside,
        outcome.unlocated, outcome.abstained,
    )))  # fmt: skip
    console.print(table)
    if outcome.rejected:
        console.print(f"Rejected rows, each with its reason: {rejects}", soft_wrap=True)


if __name__ == "__main__":
    main()
