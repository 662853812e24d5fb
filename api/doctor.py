"""What is there, what is missing, and how to get it."""

import importlib.util
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from api.app import open_store
from classifier.predict import OnnxClassifier
from core.errors import CityGraphError
from core.settings import Settings
from graph.city import read_city_info
from graph.reader import Reader

__all__ = ["Finding", "examine"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One part's state: ok, optional (absent, and fine so), or missing; remedy: the command that mends it."""

    part: str
    state: Literal["ok", "optional", "missing"]
    detail: str = ""
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at every part; each answer is a finding, never an exception."""
    return [*_models(), *_city(settings), *_store(settings), *_extras()]


def _models() -> Iterator[Finding]:
    for language in ("zh", "en"):
        try:
            version = OnnxClassifier().manifest(language).model
        except CityGraphError as error:
            yield Finding(
                f"classifier {language}", "missing", str(error), f"citygraph train classifier --language {language}"
            )
        else:
            yield Finding(f"classifier {language}", "ok", version)


def _city(settings: Settings) -> Iterator[Finding]:
    try:
        info = read_city_info(settings.city)
    except CityGraphError as error:
        yield Finding("city", "missing", str(error), "set CITYGRAPH_CITY to a packaged city or a folder with city.yaml")
    else:
        yield Finding("city", "ok", f"{info.name_zh} ({info.name_en})")


def _store(settings: Settings) -> Iterator[Finding]:
    where = "NEO4J_URI" if settings.neo4j_uri else "embedded"
    try:
        with open_store(settings) as store:
            reports = Reader(store).count_reports()
            districts, _ = Reader(store).areas("district")
            yield Finding(f"graph store ({where})", "ok", f"{store.capabilities.product}; {reports} reports")
            if districts:
                yield Finding("geography", "ok", f"{len(districts)} districts")
            else:
                yield Finding("geography", "missing", "no districts", "citygraph load-geography")
    except CityGraphError as error:
        yield Finding(f"graph store ({where})", "missing", str(error), "check NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD")


def _extras() -> Iterator[Finding]:
    if importlib.util.find_spec("torch"):
        yield Finding("training (torch)", "ok")
    else:
        yield Finding("training (torch)", "optional", "serving does not need it", "pip install 'citygraph[train]'")
    java = shutil.which("java")
    if java:
        version = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603
        yield Finding("Java (for make neo4j)", "ok", version.stderr.partition("\n")[0])
    else:
        yield Finding("Java (for make neo4j)", "optional", "the embedded store brings its own", "install a JDK 17")
