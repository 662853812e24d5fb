"""The documentation says what the code does: every query runs, the example city loads, nothing public is left out."""

import re
from pathlib import Path

import pytest
from city_graph import DEMO, NOW, classifier, coarse_city, load, take_in
from typer.main import get_command

from allocation.plan import make_plan
from allocation.rules import load_rules
from api.app import create_app
from api.cli import app as command_line
from core.settings import Settings
from core.taxonomy import load_taxonomy
from core.types import AreaKind
from extraction.pipeline import Pipeline
from graph.city import load_city
from graph.ingest import Ingestor
from graph.intake import Intake
from graph.plans import PlanReader
from graph.reader import Reader
from graph.schema import clear
from graph.sources import load_mapping, read_rows
from graph.writer import write_city, write_plan, write_taxonomy

ROOT = Path(__file__).resolve().parent.parent
DOCS = {path.name: path.read_text(encoding="utf-8") for path in [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]}
QUERIES = re.findall(r"```cypher\n(.*?)```", DOCS["cypher.md"], re.DOTALL)


def in_table(pattern):
    """What the tables of the reference name in their first column."""
    return set(re.findall(rf"^\| `({pattern})` \|", DOCS["reference.md"], re.MULTILINE))


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def demo_graph(request, tmp_path_factory):
    """The demo city with its reports and a plan."""
    store = request.getfixturevalue(f"{request.param}_server")
    clear(store)
    load(store)
    path = tmp_path_factory.mktemp("docs") / "changsha.jsonl"
    path.write_bytes((DEMO / "reports.jsonl").read_bytes())
    take_in(store, path)
    plans, city = PlanReader(store), coarse_city()
    start = Reader(store).latest_report_at()
    waiting = plans.waiting(start).incidents
    rules = load_rules(city.info.rules)
    plan = make_plan(waiting, plans.crews_for_planning(), rules, start, 8, made_at=NOW, zone=city.info.timezone)
    write_plan(store, plan)
    return store


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: " ".join(query.split())[:50])
def test_a_query_of_the_docs_finds_something_in_the_demo_city(demo_graph, query):
    assert demo_graph.read(query, timeout=30)


def test_the_docs_have_queries():
    assert len(QUERIES) >= 15


def test_every_command_is_in_the_reference_and_no_other():
    def names(group, prefix):
        for name, command in group.commands.items():
            yield from names(command, f"{prefix} {name}") if hasattr(command, "commands") else [f"{prefix} {name}"]

    assert in_table("citygraph [a-z -]+") == set(names(get_command(command_line), "citygraph"))


def test_every_option_of_a_command_is_in_the_reference():
    def options(group):
        for command in group.commands.values():
            yield from options(command) if hasattr(command, "commands") else (o for p in command.params for o in p.opts)

    asked = {option for option in options(get_command(command_line)) if option.startswith("--")} - {"--help"}
    assert {option for option in asked if f"`{option}`" not in DOCS["reference.md"]} == set()


def test_every_setting_is_in_the_reference_with_its_default_and_no_other():
    fields = Settings.model_fields
    names = {str(field.validation_alias or f"CITYGRAPH_{name.upper()}"): field for name, field in fields.items()}
    assert in_table("[A-Z0-9_]+") == set(names)
    rows = dict(re.findall(r"^\| `([A-Z0-9_]+)` \| `([^`]+)` \|", DOCS["reference.md"], re.MULTILINE))
    assert rows == {name: str(names[name].default) for name in rows}
    assert len(rows) >= 10


def test_every_route_is_in_the_reference_and_no_other():
    served = {
        f"{method.upper()} {path}"
        for path, methods in create_app(Settings()).openapi()["paths"].items()
        for method in methods
    }
    assert in_table("(?:GET|POST|PUT|PATCH|DELETE) /[^`]*") == {re.sub(r":path}", "}", route) for route in served}


def test_a_link_to_a_file_of_the_project_leads_to_it():
    for name, text in DOCS.items():
        folder = ROOT if name == "README.md" else ROOT / "docs"
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", text):
            assert (folder / target).exists(), f"{name}: {target}"


@pytest.fixture
def example_city(tmp_path):
    """The files of docs/another_city.md, each written from its block."""
    blocks = re.findall(r"```\w+ ([\w.]+)\n(.*?)```", DOCS["another_city.md"], re.DOTALL)
    for name, text in blocks:
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_example_city_of_the_docs_loads_with_its_rules_and_takes_in_its_reports(example_city, store):
    city = load_city(str(example_city))
    info = city.info
    assert load_rules(info.rules).version
    assert {area.name_en for area in city.areas if area.kind is AreaKind.DISTRICT} == {"Mission", "Bernal Heights"}
    write_taxonomy(store, load_taxonomy())
    write_city(store, city)
    columns = load_mapping(example_city / "mapping.yaml")
    ingestor = Ingestor(
        store, classifier(), Pipeline(city.areas, city.places, language_default=info.language), load_taxonomy(),
        city=info.area, zone=info.timezone,
    )  # fmt: skip
    outcome = ingestor.ingest_rows(
        read_rows(example_city / "cases.csv"),
        Intake(source=columns.source, zone=info.timezone, now=NOW, fields=columns.fields, time_format=columns.time_format),
        ingest="docs", rejects=example_city / "rejects.jsonl",
    )  # fmt: skip
    assert (outcome.new, outcome.rejected) == (3, 0)
    districts = {report.district for report in Reader(store).reports()[0]}
    assert districts == {"sf:Mission", "sf:Bernal Heights"}


def test_every_field_of_a_city_is_explained():
    from graph import city_file

    models = [getattr(city_file, name) for name in city_file.__all__ if name != "Aliases"]
    fields = {field for model in models for field in model.model_fields}
    assert {field for field in fields if f"`{field}`" not in DOCS["another_city.md"]} == set()


def test_every_field_and_operator_of_a_rule_is_explained():
    from allocation.conditions import INCIDENT_FIELDS, OPERATORS, PAIR_FIELDS

    words = {*INCIDENT_FIELDS, *PAIR_FIELDS, *(one for some in OPERATORS.values() for one in some)}
    assert {word for word in words if f"`{word}`" not in DOCS["another_city.md"]} == set()
