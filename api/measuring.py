"""The command that measures the extraction: puts cities, taggers and files together; prints tables, writes card and errors."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.bert.model_folder import CONFIG_FILE
from core.card import write_section
from core.errors import UnreadableFile
from core.settings import Settings
from core.types import Language, Report
from extraction.evaluation.addresses import ChunkedAddress, load_addresses
from extraction.evaluation.errors_page import render_errors
from extraction.evaluation.faults import Judged
from extraction.evaluation.geocoding import GeocodingCase, load_cases, load_truth
from extraction.evaluation.gold import GoldMessage, load_gold, load_messages
from extraction.evaluation.measured import Measured, Sources, measure
from extraction.evaluation.sheets import Sheet, as_markdown, sheets_of
from extraction.pipeline import Pipeline
from extraction.tagging.corpus import Marked, load_marked, split_by_family
from extraction.tagging.manifest import TaggerManifest, packaged_taggers, read_manifest
from extraction.tagging.tagger import OnnxTagger
from graph.city import City, load_city

__all__ = ["evaluate_extraction"]

console = Console()
_LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
_RULES: Final = "rules"
_TAGGED: Final = "tagger"  # beside the rules
_SECTION: Final = "extraction"


def evaluate_extraction(
    gold: Annotated[
        Path | None,
        typer.Option(help="folder with gold_dev_zh.jsonl, gold_dev_en.jsonl and, unmarked, reports_zh.jsonl"),
    ] = None,
    addresses: Annotated[
        Path | None, typer.Option(help="chunked Chinese addresses, a character and its tag a line")
    ] = None,
    cases: Annotated[Path | None, typer.Option(help="hard texts with the id of the place they mean, JSONL")] = None,
    city: Annotated[
        str | None, typer.Option(help="a packaged city, or a folder with city.yaml; unset: the settings'")
    ] = None,
    aliases: Annotated[
        Path | None,
        typer.Option(
            help="YAML of names that the messages use for areas; unset: the city's aliases_masked.yaml, if any"
        ),
    ] = None,
    models: Annotated[Path | None, typer.Option(help="folder of taggers; unset: the packaged ones")] = None,
    card: Annotated[Path | None, typer.Option(help="a model card whose figures are replaced")] = None,
    errors: Annotated[Path, typer.Option(help="HTML page of the worst cases; it shows the messages themselves")] = Path(
        "var/extraction_errors.html"
    ),
) -> None:
    """Measure what the extraction finds and where it places it: the rules alone, and with the tagger where there is one."""
    left_out: list[str] = []
    with console.status("reading …"):
        name = city or Settings().city
        plain = load_city(name)
        masks = (aliases or _masks(name)) if gold else None  # the other sets name areas as the city does
        masked = load_city(name, masks) if masks else plain
        manifests = _manifests(models or packaged_taggers(), left_out)
        sources = _sources(plain, gold, addresses, cases, manifests, left_out)
    with console.status("extracting …"):
        measured = [_measure(_RULES, plain, masked, sources, None)]
        if manifests:
            seen = _for_languages(sources, manifests, left_out)
            measured.append(_measure(_TAGGED, plain, masked, seen, OnnxTagger(models)))
    sheets = sheets_of(measured, {language: one.held_out for language, one in manifests.items()})
    for sheet in sheets:
        _print(sheet)
    for one in left_out:
        console.print(f"[yellow]left out:[/] {escape(one)}", soft_wrap=True)
    if card is not None:
        write_section(card, _SECTION, _figures(sheets, manifests, left_out))
    judged = [one for language in _LANGUAGES for one in _best(measured, language)]
    if judged:
        errors.parent.mkdir(parents=True, exist_ok=True)
        errors.write_text(render_errors(judged, title=masked.info.name_en), encoding="utf-8")
        console.print(f"The worst cases: {errors}", soft_wrap=True, highlight=False)


def _sources(
    city: City,
    gold: Path | None,
    addresses: Path | None,
    cases: Path | None,
    manifests: Mapping[Language, TaggerManifest],
    left_out: list[str],
) -> Sources:
    marked_messages: dict[Language, Sequence[GoldMessage]] = {}
    messages: dict[Language, Sequence[Report]] = {}
    marked: dict[Language, Sequence[Marked]] = {}
    for language in _LANGUAGES:
        path = gold / f"gold_dev_{language}.jsonl" if gold else None
        if path and path.is_file():
            marked_messages[language] = load_gold(path, language)
        else:
            left_out.append(f"real messages, {language}: {f'no {path.name}' if path else 'no --gold'}")
        more = gold / f"reports_{language}.jsonl" if gold else None
        if more and more.is_file():
            messages[language] = load_messages(more, language)
        try:
            marked[language] = split_by_family(load_marked(language), seed=_seed(manifests.get(language)) or 0)[1]
        except UnreadableFile:
            left_out.append(f"the project's own marked texts, {language}: there are none")
    chunked: Sequence[ChunkedAddress] = ()
    if addresses:
        chunked = load_addresses(addresses)
    else:
        left_out.append("delivery addresses: no --addresses")
    return Sources(marked_messages, messages, marked, chunked, _cases(city, cases, left_out))


def _cases(city: City, path: Path | None, left_out: list[str]) -> dict[str, Sequence[GeocodingCase]]:
    some: dict[str, Sequence[GeocodingCase]] = {f"hard, {language}": [] for language in _LANGUAGES}  # before the groups
    if path:
        for case in load_cases(path, city.areas, city.places):
            for name in (f"hard, {case.report.language}", *([f"hard: {case.group}"] if case.group else [])):
                some[name] = [*some.get(name, ()), case]
    else:
        left_out.append("texts with the place they mean: no --cases")
    reports = city.info.reports
    truth = reports.with_name("reports_truth.jsonl") if reports else None
    if reports and truth and truth.is_file():
        for case in load_truth(reports, truth):
            name = f"sample, {case.report.language}"
            some[name] = [*some.get(name, ()), case]
    else:
        left_out.append("sample reports: the city has none with the places they were written about")
    return {name: those for name, those in some.items() if those}


def _manifests(folder: Path, left_out: list[str]) -> dict[Language, TaggerManifest]:
    manifests: dict[Language, TaggerManifest] = {}
    for language in _LANGUAGES:
        if (folder / language / CONFIG_FILE).is_file():
            manifests[language] = read_manifest(folder / language, language)
        else:
            left_out.append(f"the tagger, {language}: there is none; make it with citygraph train extractor")
    return manifests


def _for_languages(sources: Sources, manifests: Mapping[Language, TaggerManifest], left_out: list[str]) -> Sources:
    """What taggers may be judged on: languages that have one, and marked texts that it has not learnt."""
    unseen: dict[Language, Sequence[Marked]] = {}
    for language, texts in sources.marked.items():
        if language in manifests and _seed(manifests[language]) is not None:
            unseen[language] = texts
        elif language in manifests:
            left_out.append(f"the tagger on marked texts, {language}: it does not say which it has not learnt")
    return Sources(
        gold={language: some for language, some in sources.gold.items() if language in manifests},
        messages={language: some for language, some in sources.messages.items() if language in manifests},
        marked=unseen,
        addresses=sources.addresses if "zh" in manifests else (),
        cases={
            name: [case for case in some if case.report.language in manifests]
            for name, some in sources.cases.items()
            if any(case.report.language in manifests for case in some)
        },
    )


def _seed(manifest: TaggerManifest | None) -> int | None:
    """By which the families were drawn that the tagger did not learn; a family is drawn alike however the corpus grows."""
    return manifest.training.get("seed") if manifest else None


def _measure(name: str, plain: City, masked: City, sources: Sources, tagger: OnnxTagger | None) -> Measured:
    one, other = (Pipeline(city.areas, city.places, tagger=tagger) for city in (plain, masked))
    return measure(name, one, other, sources, masked.areas, masked.places)


def _masks(city: str) -> Path | None:
    """The city's file of names by which areas stand in messages whose places were masked."""
    folder = Path(city) if Path(city).is_dir() else Path(str(files("demo").joinpath(city)))
    path = folder / "aliases_masked.yaml"
    return path if path.is_file() else None


def _best(measured: Sequence[Measured], language: Language) -> Sequence[Judged]:
    """The last extractor's judged messages: with the tagger, where there is one."""
    some = [one.gold[language].judged for one in measured if language in one.gold]
    return some[-1] if some else ()


def _print(sheet: Sheet) -> None:
    table = Table(title=sheet.title, caption=sheet.note or None, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name, cell in zip(sheet.head, sheet.rows[0], strict=True):
        table.add_column(name, justify="right" if cell[:1].isdigit() else "left", overflow="fold")
    for row in sheet.rows:
        table.add_row(*row)
    console.print(table)


def _figures(sheets: Sequence[Sheet], manifests: Mapping[Language, TaggerManifest], left_out: Sequence[str]) -> str:
    made = [
        f"Tagger {one.model} ({one.language}): base {one.base} ({one.licence}); {one.corpus.get('rows', 'unknown')} marked texts, "
        f"corpus `{str(one.corpus.get('sha256', 'unknown'))[:12]}`; windows of {one.window} tokens."
        for one in manifests.values()
    ]
    missing = [f"Not measured here: {'; '.join(left_out)}."] if left_out else []
    return "\n\n".join([*made, *(as_markdown(sheet) for sheet in sheets), *missing])
