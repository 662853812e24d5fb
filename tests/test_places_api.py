"""Proposed places from outside: over REST on both stores, and on the command line, in a terminal and without one."""

import json
import os
import pty
import re
import select
import subprocess
import sys
from urllib.parse import quote

import pytest
from city_graph import ROOT, classifier, coarse_city, coarse_folder, ingestor, load, take_in, texts
from fastapi.testclient import TestClient
from rich.console import Console
from test_api import problem
from test_proposals import ESTATE, HERE, PLACE, SAID, lines, row
from typer.testing import CliRunner

from api.app import create_app, open_services, open_store
from api.cli import app
from api.services import Services
from core.errors import BadInput, Conflict, NotFound
from core.settings import Settings
from core.taxonomy import load_taxonomy
from graph.plans import PlanReader
from graph.proposals import Proposals
from graph.reader import Reader

KEY = {"X-API-Key": "a-key-for-tests"}
ROAD = "road:birchwood ln"
OTHER = "estate:荷塘月色"
ROWS = (
    *(row(n, said, **(HERE[n] if n < 3 else {})) for n, said in enumerate(SAID)),
    *(
        row(f"b{n}", f"{said} on Birchwood Lane")
        for n, said in enumerate(("Loud music", "Trash dumped", "Parked cars"))
    ),
    row("c", "岳麓区荷塘月色小区垃圾没人收"),
)


@pytest.fixture
def client(store, tmp_path):
    """A city with an estate, a road and, named once, another estate that it does not know."""
    load(store)
    take_in(store, lines(tmp_path / "x.jsonl", *ROWS))
    services = Services(
        store, coarse_city().info, load_taxonomy(), ingestor(store), Reader(store), PlanReader(store), KEY["X-API-Key"],
        tmp_path / "reports", classifier(), texts(), Proposals(store),
    )  # fmt: skip
    with TestClient(create_app(Settings(), services), raise_server_exceptions=False) as client:
        yield client


def at(identifier, more=""):
    return f"/places/proposals/{quote(identifier)}{more}"


def decide(client, identifier, **body):
    return client.post(at(identifier, "/decision"), json={"by": "Li Wei", **body}, headers=KEY)


def test_what_waits_is_listed_and_paged_along_the_links(client):
    first = client.get("/places/proposals?limit=1")
    assert [one["id"] for one in first.json()] == [ESTATE]
    following = re.search(r"<(.+)>", first.headers["link"]).group(1)
    second = client.get(following)
    assert [one["id"] for one in second.json()] == [ROAD]
    assert "link" not in second.headers
    estate = first.json()[0]
    assert (estate["reports"], estate["state"], estate["location"]) == (
        4,
        "open",
        {"longitude": 112.931, "latitude": 28.191},
    )
    assert estate["districts"][0]["name_zh"] == "岳麓区"
    assert estate["districts"][0]["name_en"] == "Yuelu District"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=candidate", [OTHER]),
        ("kind=road", [ROAD]),
        ("district=430104", [ESTATE]),
        ("min_reports=4", [ESTATE]),
        ("min_reports=1&kind=estate", [ESTATE, OTHER]),
        ("state=rejected", []),
    ],
)
def test_the_list_is_filtered(client, query, found):
    assert [one["id"] for one in client.get(f"/places/proposals?{query}").json()] == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=lost", "state"),
        ("kind=district", "kind"),
        ("min_reports=0", "min_reports"),
        ("after=x", "after"),
        ("limit=0", "limit"),
    ],
)
def test_a_filter_that_does_not_fit_is_named(client, query, field):
    assert problem(client.get(f"/places/proposals?{query}"), 422)["field"] == field


def test_one_proposal_has_all_that_a_decision_needs(client):
    body = client.get(at(ESTATE)).json()
    assert {"proposal", "examples", "near", "suggestion", "decisions"} == body.keys()
    assert body["suggestion"]["decision"] == "confirm"
    assert body["suggestion"]["why_zh"]
    assert body["suggestion"]["why_en"]
    assert len(body["examples"]) == 4
    assert len(client.get(at(ESTATE, "?examples=2")).json()["examples"]) == 2


def test_a_name_is_confirmed_and_taken_back_over_http(client):
    answer = decide(client, ESTATE, decision="confirm", name_en="Yingxia Estate", why="on the map of the district")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["record"]["place"], answer.json()["record"]["reports"]) == (PLACE, 4)
    assert answer.json()["detail"]["proposal"]["place_en"] == "Yingxia Estate"
    assert PLACE in {one["id"] for one in client.get("/places?limit=500").json()}
    assert client.get(f"/places/{quote(PLACE)}/history").json()["place"]["name_en"] == "Yingxia Estate"
    around = client.get("/graph/neighbourhood", params={"label": "ProposedPlace", "id": ESTATE}).json()
    assert f"Place:{PLACE}" in {node["key"] for node in around["nodes"]}
    undone = decide(client, ESTATE, decision="undo").json()
    assert [one["decision"] for one in undone["detail"]["decisions"]] == ["confirm", "undo"]
    assert PLACE not in {one["id"] for one in client.get("/places?limit=500").json()}


@pytest.mark.parametrize("headers", [{}, {"X-API-Key": "wrong"}])
def test_a_decision_needs_the_key(client, headers):
    problem(client.post(at(ESTATE, "/decision"), json={"decision": "reject", "by": "x"}, headers=headers), 401)
    assert client.get(at(ESTATE)).json()["proposal"]["state"] == "open"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "decision"),
        ({"decision": "burn"}, "decision"),
        ({"decision": "reject", "by": ""}, "by"),
        ({"decision": "reject", "by": "  "}, "by"),
        ({"decision": "reject", "colour": "red"}, "colour"),
        ({"decision": "alias"}, "place"),
        ({"decision": "confirm", "location": {"longitude": 121.47, "latitude": 31.23}}, "location"),
        ({"decision": "confirm", "location": {"longitude": 200, "latitude": 0}}, "location.longitude"),
        ({"decision": "confirm", "location": {"longitude": 112.9}}, "location.latitude"),
        ({"decision": "confirm", "sensitive": "bank"}, "sensitive"),
        ({"decision": "confirm", "kind": "crossing"}, "kind"),
        ({"decision": "confirm", "name_zh": "小区"}, "name_zh"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused_with_field_and_expectation(client, body, field):
    refused = problem(decide(client, ESTATE, **body), 422)
    assert refused["field"] == field
    assert refused["expected"]


def test_what_is_not_there_is_404_and_what_the_state_forbids_409(client):
    problem(client.get(at("estate:none")), 404)
    problem(decide(client, "estate:none", decision="reject"), 404)
    problem(decide(client, ESTATE, decision="alias", place="place-none"), 404)
    problem(decide(client, ESTATE, decision="undo"), 409)
    assert decide(client, ESTATE, decision="reject").status_code == 200
    problem(decide(client, ESTATE, decision="reject"), 409)


def test_a_running_service_understands_a_new_name_at_once(tmp_path, monkeypatch):
    settings = Settings(home=tmp_path / "home", city=str(coarse_folder()), heap="512m", neo4j_uri=None)
    with open_store(settings) as store:
        load(store)
        take_in(store, lines(tmp_path / "x.jsonl", *ROWS))
        with open_services(settings) as services, TestClient(create_app(settings, services)) as client:
            headers = {"X-API-Key": services.key}
            sent = {"text": "映霞小区3栋门口又堆满垃圾"}
            before = client.post("/extract", json=sent).json()
            assert "映霞小区" not in json.dumps([one for one in before["places"] if one["chosen"]], ensure_ascii=False)
            client.post(
                at(ESTATE, "/decision"), json={"decision": "confirm", "by": "x"}, headers=headers
            ).raise_for_status()
            report = client.post("/reports", json=sent, headers=headers).json()["report"]
            assert (report["location_method"], report["district"]) == ("place", "430104")
            after = client.post("/extract", json=sent).json()
            assert PLACE in json.dumps(after, ensure_ascii=False)


# --- the command line ---


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    """A home with the city and the reports; its store runs as long as the tests do."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, city=str(coarse_folder()), heap="512m", neo4j_uri=None)
    with open_store(settings) as store:
        load(store)
        take_in(store, lines(home / "x.jsonl", *ROWS))
        yield {"CITYGRAPH_HOME": str(home), "CITYGRAPH_CITY": str(coarse_folder()), "COLUMNS": "200", "NO_COLOR": "1"}


@pytest.fixture
def run(env, monkeypatch):
    """Run a command of `citygraph places` where nobody can answer; what it prints."""
    for name in [name for name in os.environ if name.startswith(("NEO4J", "CITYGRAPH"))]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("api.places.console", Console(width=200, no_color=True))

    def _run(*arguments):
        done = CliRunner().invoke(app, ["places", *arguments], env=env)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.stdout

    return _run


def in_terminal(env, *arguments, answers):
    """What a person sees who answers each question in turn. answers: (what the question holds, the answer)."""
    screen, typed = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "places", *arguments],
        cwd=ROOT, env={**os.environ, **env, "TERM": "dumb"}, stdin=typed, stdout=typed, stderr=typed, close_fds=True,
    )  # fmt: skip
    os.close(typed)
    seen, since = "", 0
    waiting = list(answers)
    while process.poll() is None:
        if not select.select([screen], [], [], 0.2)[0]:
            continue
        try:
            seen += os.read(screen, 65536).decode("utf-8", errors="replace")
        except OSError:  # the other side is closed
            break
        if waiting and waiting[0][0] in seen[since:]:
            since = len(seen)
            os.write(screen, f"{waiting.pop(0)[1]}\n".encode())
    assert process.wait() == 0, seen
    os.close(screen)
    assert waiting == [], seen
    return seen


def state_of(run, identifier):
    return json.loads(run("show", identifier, "--json"))["proposal"]["state"]


def test_the_proposals_are_listed_for_people_and_for_programs(run):
    shown = run("review", "--list")
    assert ESTATE in shown
    assert ROAD in shown
    assert run("review") == shown  # where nobody can answer
    listed = json.loads(run("review", "--json", "--kind", "estate", "--min-reports", "1"))
    assert [one["id"] for one in listed] == [ESTATE, OTHER]
    assert "rejected" in run("review", "--state", "rejected")
    assert len(json.loads(run("review", "--json", "--limit", "1"))) == 1


def test_a_proposal_is_shown_with_its_sentences_and_what_seems_right(run):
    shown = run("show", ESTATE)
    assert all(said in shown for said in SAID)
    assert "suggestion: confirm" in shown


def test_a_proposal_is_decided_on_and_undone_without_a_terminal(run):
    said = run("decide", ROAD, "confirm", "--location", "112.93,28.19", "--name-zh", "桦林巷", "--by", "Li Wei")
    assert "3 reports tied to it" in said
    assert state_of(run, ROAD) == "confirmed"
    undone = json.loads(run("decide", ROAD, "undo", "--why", "a slip", "--json"))
    assert undone["record"]["undoes"] == "confirm"
    assert state_of(run, ROAD) == "open"


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ((ROAD, "confirm"), BadInput, "location"),
        ((ROAD, "confirm", "--location", "here"), BadInput, "longitude,latitude"),
        ((ROAD, "alias", "--place", "place-none"), NotFound, "place-none"),
        ((ROAD, "undo"), Conflict, "nothing is decided"),
        (("estate:none", "reject"), NotFound, "estate:none"),
    ],
)
def test_a_mistake_is_named(run, arguments, error, said):
    with pytest.raises(error, match=said):
        run("decide", *arguments)


def test_stored_reports_are_counted_once(run):
    assert "0 stored reports" in run("count")


def test_in_a_terminal_proposals_are_gone_through_one_by_one(env, run):
    ask = "(s): "
    seen = in_terminal(
        env, "review", "--by", "Li Wei", "--min-reports", "1",
        answers=[
            (ask, "c"), ("Chinese name", ""), ("English name", "Yingxia Estate"), ("kind", ""), ("longitude,latitude", ""),
            ("sensitive", ""), (ask, "c"), ("Chinese name", ""), ("English name", ""), ("kind", ""),
            ("longitude,latitude", "nowhere"), (ask, "r"), ("why", "no such lane here"), (ask, "s"),
        ],
    )  # fmt: skip
    assert "4 reports tied to it" in seen
    assert "not longitude,latitude" in seen  # said, and asked again
    assert "2 of 3 decided" in seen
    assert (state_of(run, ESTATE), state_of(run, ROAD)) == ("confirmed", "rejected")
    last = json.loads(run("show", ROAD, "--json"))["decisions"][-1]
    assert (last["by"], last["why"]) == ("Li Wei", "no such lane here")
    run("decide", ROAD, "undo")
    run("decide", ESTATE, "undo")


def test_in_a_terminal_one_may_call_it_another_name_of_a_place_and_leave(env, run):
    ask = "(s): "
    seen = in_terminal(env, "review", answers=[(ask, "a"), ("id of a place", "place-wuyi-square"), (ask, "q")])
    assert "1 decided, 1 left" in seen
    assert state_of(run, ESTATE) == "alias"
    run("decide", ESTATE, "undo")
