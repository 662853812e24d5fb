"""How fast the extraction is: reports, look-ups and points a second. Run: python -m benchmarks.extraction

How good it is says `citygraph evaluate extraction`. Real messages (../shared/data, no part of the project) may be absent.
"""

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import numpy as np
import shapely
from rich.console import Console
from rich.table import Table

from core.bert.model_folder import CONFIG_FILE
from core.language import detect_language
from core.types import Language, Place, Report
from extraction.area_index import AreaIndex
from extraction.evaluation.gold import as_report as text_report
from extraction.gazetteer import Gazetteer
from extraction.name_index import NameIndex
from extraction.pipeline import Pipeline
from extraction.tagging.manifest import packaged_taggers
from extraction.tagging.tagger import OnnxTagger
from graph.city import City, load_city

SHARED = Path(__file__).parents[2] / "shared" / "data"
DEMO = Path(str(files("demo"))) / "changsha"
COUNT = 1000  # reports of each set
ALPHABET = "东西南北金银山水云松柏梅兰竹菊桃李桂荷枫"


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def best_of(runs: int, work: Callable[[], object]) -> float:
    """CPU seconds of the fastest run."""
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def language_of(row: dict[str, Any]) -> Language:
    return row.get("language") or detect_language(row["text"])


def as_report(row: dict[str, Any], language: Language) -> Report:
    return text_report(row["text"], language, identifier=row.get("id", ""), subject=row.get("subject"))


def sets() -> list[tuple[str, Sequence[Report]]]:
    """The demo's reports and the real messages, by name; without those that are absent."""
    found = [("demo", [as_report(row, language_of(row)) for row in rows(DEMO / "reports.jsonl")[:COUNT]])]
    for language in get_args(Language):
        real = rows(SHARED / f"reports_{language}.jsonl")[:COUNT]
        found.append((f"real {language}", [as_report(row, language) for row in real]))
    return [(name, reports) for name, reports in found if reports]


def speed(city: City) -> Table:
    table = Table(
        "extractor", "reports", "count", "characters", "ms each", "reports/s", title="Extraction, CPU time of one core"
    )
    there = {one for one in get_args(Language) if (packaged_taggers() / one / CONFIG_FILE).is_file()}
    for name, tagger in [("rules and names", None), *([("with the tagger", OnnxTagger())] if there else [])]:
        for words, reports in sets():
            languages = {report.language for report in reports}
            if tagger and not languages <= there:
                continue
            pipeline = Pipeline(city.areas, city.places, tagger=tagger)
            pipeline.extract([text_report("预热 warm", language) for language in languages])
            start = time.process_time()
            pipeline.extract(reports)  # once: the lexer remembers words it has seen
            seconds = (time.process_time() - start) / len(reports)
            length = np.mean([len(report.full_text) for report in reports])
            table.add_row(
                name, words, str(len(reports)), f"{length:.0f}", f"{seconds * 1e3:.2f}", f"{1 / seconds:,.0f}"
            )
    return table


def names(city: City) -> Table:
    """What finding and looking up names costs in cities with more of them: the demo's places, renamed."""
    table = Table(
        "names", "gazetteer made, s", "ms a text", "look-up made, s", "ms a right name", "ms a misspelt one",
        title="Names of the city, CPU time",
    )  # fmt: skip
    texts = [row["text"] for row in rows(DEMO / "reports.jsonl")[:COUNT]]
    for count in (1_000, 10_000, 100_000):
        places = [renamed(city.places[n % len(city.places)], n // len(city.places)) for n in range(count)]
        asked = [place.name_zh for place in places[:: max(1, count // 200)]][:200]
        start = time.process_time()
        gazetteer = Gazetteer(city.areas, places)
        made = time.process_time()
        index = NameIndex(city.areas, places)
        indexed = time.process_time()
        finding = best_of(2, lambda g=gazetteer: [g.find(text) for text in texts]) / len(texts)
        right = best_of(2, lambda i=index, some=asked: [i.candidates(name) for name in some]) / len(asked)
        wrong = best_of(2, lambda i=index, some=asked: [i.candidates(f"{n[:1]}误{n[2:]}") for n in some]) / len(asked)
        table.add_row(
            f"{count:,}", f"{made - start:.2f}", f"{finding * 1e3:.3f}", f"{indexed - made:.2f}",
            f"{right * 1e3:.3f}", f"{wrong * 1e3:.3f}",
        )  # fmt: skip
    return table


def renamed(place: Place, turn: int) -> Place:
    """The place in a city that has its like many times: two more characters of a fixed alphabet, for each turn others."""
    if not turn:
        return place
    first, second = divmod(turn, len(ALPHABET))
    prefix = ALPHABET[first % len(ALPHABET)] + ALPHABET[second]
    return replace(
        place, id=f"{place.id}-{turn}", name_zh=prefix + place.name_zh, name_en=f"{turn} {place.name_en}", aliases=()
    )


def points(city: City, count: int = 500_000) -> Table:
    table = Table("areas", "points", "CPU seconds", "points/s", title="District and grid cell of points")
    index = AreaIndex(city.areas)
    west, south, east, north = shapely.total_bounds(
        [shapely.from_geojson(a.geometry) for a in city.areas if a.geometry]
    )
    random = np.random.default_rng(0)
    x, y = random.uniform(west, east, count), random.uniform(south, north, count)
    seconds = best_of(3, lambda: index.locate(x, y))
    table.add_row(f"{len(city.areas):,}", f"{count:,}", f"{seconds:.2f}", f"{count / seconds:,.0f}")
    return table


def main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    console = Console()
    city = load_city("changsha")
    for table in (points, speed, names):  # each is shown as soon as it is measured
        console.print(table(city))
    if not SHARED.is_dir():
        console.print("[yellow]no ../shared/data: real messages are left out[/]")
    if not packaged_taggers().is_dir():
        console.print("[yellow]no taggers: the extractor with them is left out[/]")


if __name__ == "__main__":
    main()
