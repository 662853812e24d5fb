"""The command that reads texts: one, shown in the terminal; or every row of a file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.extract_file import extract_file, masked_names, masks_areas
from api.extract_terminal import show
from api.extracted import answer
from api.extracting import TextExtractor, make_extractor
from core.errors import BadInput, UnreadableFile
from core.settings import Settings
from core.types import Language
from graph.city import load_city
from graph.sources import count_rows

__all__ = ["extract"]

console = Console()
errors = Console(stderr=True)
_SHOWN: Final = 10  # rows that could not be read; the file has them all


def extract(
    text: Annotated[str, typer.Argument(help="what somebody wrote; with --out, a JSONL, CSV or Excel file of such")],
    out: Annotated[Path | None, typer.Option(help="JSONL, one line a row of the file, in its order")] = None,
    language: Annotated[Language | None, typer.Option(help="zh or en; unset: each text's own")] = None,
    reported_at: Annotated[
        str | None, typer.Option(help="when it was said, which “yesterday” counts from; unset: now")
    ] = None,
    city: Annotated[
        str | None, typer.Option(help="a packaged city, or a folder with city.yaml; unset: the settings'")
    ] = None,
    aliases: Annotated[Path | None, typer.Option(help="YAML of further area names: area id → list of names")] = None,
) -> None:
    """Show what a text names, how that hangs together, when and where it was and why; or read every row of a file. No graph needed.

    A row needs text; id, subject, reported_at, longitude, latitude, address and language are read where they are there.
    A row that cannot be read gets a line with its error, and the others go on.
    """
    file = _file(text)
    if out is None and file and file.suffix:
        raise BadInput("out", "none", f"--out with a file to write, as {text} is a file")
    if out is not None and file is None:
        raise UnreadableFile("file", text, "a file that exists")
    rows = count_rows(file) if file and out else 0
    with console.status("loading the city …"):
        name = city or Settings().city
        if aliases is None and file and out and masks_areas(file):
            aliases = masked_names(name)
            if aliases:
                errors.print(
                    f"the file masks areas (A3区): read with {aliases.name}; --aliases takes another", highlight=False
                )
        loaded = load_city(name, aliases)
        zone = loaded.info.timezone
        pipeline = make_extractor(loaded.areas, loaded.places, loaded.info.language, zone)
        extractor = TextExtractor(pipeline, loaded.areas, loaded.places, zone)
    if file and out:
        _read_file(file, rows, out, extractor, language)
        return
    row = {"text": text, "language": language, "reported_at": reported_at}
    read = extractor.extract([extractor.accept(row, datetime.now(UTC))])[0]
    show(read, answer(read, extractor), read.report.language, zone, console)


def _read_file(file: Path, rows: int, out: Path, extractor: TextExtractor, language: Language | None) -> None:
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors) as progress:
        task = progress.add_task("reading", total=rows)
        outcome = extract_file(file, out, extractor, language, lambda done: progress.advance(task, done))
    for line in outcome.refused[:_SHOWN]:
        errors.print(f"[yellow]not read:[/] {escape(line)}", highlight=False, soft_wrap=True)
    if len(outcome.refused) > _SHOWN:
        errors.print(f"… and {len(outcome.refused) - _SHOWN:,} more", highlight=False)
    console.print(f"{outcome.answered:,} rows read, {len(outcome.refused):,} not readable: {out}", soft_wrap=True)


def _file(text: str) -> Path | None:
    try:
        return Path(text) if Path(text).is_file() else None
    except (OSError, ValueError):  # a text is no path: too long, or with signs that none has
        return None
