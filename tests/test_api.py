"""The REST API, on both stores, with the real models behind it."""

import json
from datetime import UTC, datetime

import pytest
from city_graph import DEMO, classifier, coarse_city, ingestor, load, take_in, texts
from fastapi.testclient import TestClient

from api.app import create_app
from api.planning import make_report
from api.services import Services
from core.settings import Settings
from core.taxonomy import load_taxonomy
from graph.plans import PlanReader
from graph.proposals import Proposals
from graph.reader import Reader
from graph.schema import clear

KEY = {"X-API-Key": "a-key-for-tests"}


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def services(request, tmp_path_factory):
    """A city with 150 sample reports."""
    store = request.getfixturevalue(f"{request.param}_server")
    clear(store)
    load(store)
    folder = tmp_path_factory.mktemp("api")
    path = folder / "samples.jsonl"
    path.write_text(
        "".join((DEMO / "reports.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)[-150:]), "utf-8"
    )
    take_in(store, path)
    return Services(
        store, coarse_city().info, load_taxonomy(), ingestor(store), Reader(store), PlanReader(store),
        KEY["X-API-Key"], folder / "reports", classifier(), texts(), Proposals(store),
    )  # fmt: skip


@pytest.fixture(scope="module")
def client(services):
    with TestClient(create_app(Settings(), services), raise_server_exceptions=False) as client:
        yield client


def problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert {"type", "title", "detail", "instance"} <= body.keys()
    return body


def test_health_says_which_store_and_how_much(client):
    body = client.get("/health").json()
    assert body["status"] == "ok"
    assert body["reports"] >= 150
    assert body["store"] in {"ArcadeDB", "Neo4j"}


def test_metrics_are_prometheus_text(client):
    client.get("/health")
    text = client.get("/metrics").text
    assert 'citygraph_request_seconds_count{method="GET",route="/health",status="200"}' in text


def test_a_report_sent_is_understood_and_in_the_graph_at_once(client):
    sent = {"id": "p1", "text": "岳麓区麓山南路夜宵摊占道经营，人行道走不过去", "channel": "app"}
    answer = client.post("/reports", json=sent, headers=KEY)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert body["fate"] == "new"
    report = client.get(f"/reports/{body['report']['id']}").json()
    assert report["text"] == sent["text"]
    assert report["district"] == "430104"
    assert client.get(f"/incidents/{report['incident']}").json()["reports"][0]["id"]


def test_sending_a_report_again_changes_nothing_and_another_text_under_its_id_is_a_conflict(client):
    sent = {"id": "p2", "text": "Garbage has not been collected for a week", "reported_at": "2026-11-10T08:00:00+08:00"}
    assert client.post("/reports", json=sent, headers=KEY).json()["fate"] == "new"
    assert client.post("/reports", json=sent, headers=KEY).json()["fate"] == "repeated"
    body = problem(client.post("/reports", json={**sent, "text": "Street light is out"}, headers=KEY), 409)
    assert "'p2'" in body["detail"]


@pytest.mark.parametrize("headers", [{}, {"X-API-Key": "wrong"}, {"X-API-Key": "é".encode("latin-1")}])
@pytest.mark.parametrize("path", ["/reports", "/plans"])
def test_a_write_needs_the_key(client, headers, path):
    answer = client.post(path, json={"text": "垃圾"} if path == "/reports" else {}, headers=headers)
    assert "X-API-Key" in problem(answer, 401)["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": "😀😀"}, "text"),
        ({"text": "垃圾", "longitude": 200, "latitude": 1}, "longitude"),
        ({"text": "垃圾", "longitude": 112.9}, "latitude"),
        ({"text": "垃圾", "reported_at": "2099-01-01T00:00:00Z"}, "reported_at"),
        ({"text": "垃圾", "language": "fr"}, "language"),
        ({"text": "垃圾", "colour": "red"}, "colour"),
        ({"text": "垃圾", "longitude": float("nan"), "latitude": 28.2}, "longitude"),
        ({"text": "垃圾 \ud800"}, "text"),
        ({"text": 10**400}, "text"),
        ({"text": "垃圾", "reported_at": "0001-01-01T00:00:00+08:00"}, "reported_at"),
    ],
)
def test_a_report_that_does_not_fit_is_refused_with_field_value_and_expectation(client, body, field):
    before = client.get("/health").json()["reports"]
    headers = {**KEY, "content-type": "application/json"}
    refused = problem(client.post("/reports", content=json.dumps(body).encode(), headers=headers), 422)
    assert refused["field"] == field
    assert refused["expected"]
    assert client.get("/health").json()["reports"] == before


def test_a_body_that_is_no_json_is_refused(client):
    problem(client.post("/reports", content=b"{", headers={**KEY, "content-type": "application/json"}), 422)


@pytest.mark.parametrize(
    "path",
    ["/reports/none", "/reports/none/explanation",
     "/incidents/none", "/areas/none", "/plans/none", "/places/none/history", "/reports/allocation/none",
     "/graph/neighbourhood?label=Report&id=none", "/nowhere"],
)  # fmt: skip
def test_what_is_not_there_is_404(client, path):
    problem(client.get(path), 404)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/incidents?category=nois", "category"),
        ("/incidents?limit=0", "limit"),
        ("/incidents?since=2026-01-01T00:00:00", "since"),
        ("/incidents?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z", "until"),
        ("/reports?after=x", "after"),
        ("/reports?category=noise.constructio", "category"),
        ("/reports?doubt=perhaps", "doubt"),
        ("/reports?intent=war", "intent"),
        ("/reports?sentiment=blue", "sentiment"),
        ("/reports/near?longitude=200&latitude=0", "longitude"),
        ("/areas?kind=galaxy", "kind"),
        ("/graph/neighbourhood?label=Migration&id=1", "label"),
        ("/graph/neighbourhood?label=Report&id=1&hops=9", "hops"),
        ("/graph/counts?since=2026-02-01&until=2026-01-01", "until"),
        ("/graph/counts?until=0001-01-01", "until"),
        ("/graph/central?until=0001-01-01T00:00:00Z", "until"),
        ("/incidents?since=0001-01-01T00:00:00%2B08:00", "since"),
        ("/plans?before=0001-01-01T00:00:00%2B08:00", "before"),
        ("/reports?after=0001-01-01T00:00:00%2B08:00~x", "after"),
    ],
)
def test_a_question_that_does_not_fit_is_refused_by_name(client, path, field):
    assert problem(client.get(path), 422)["field"] == field


@pytest.mark.parametrize("kind", ["/reports", "/incidents", "/places"])
def test_pages_by_key_visit_every_row_once(client, kind):
    whole = [row["id"] for row in client.get(f"{kind}?limit=500").json()]
    paged, path = [], f"{kind}?limit=40"
    while path:
        answer = client.get(path)
        paged += [row["id"] for row in answer.json()]
        path = answer.links.get("next", {}).get("url")
    assert paged == whole
    assert len(set(paged)) == len(paged) > 40


@pytest.mark.parametrize("kind", ["/reports", "/incidents", "/areas", "/places"])
def test_geojson_comes_by_accept_and_by_suffix(client, kind):
    by_accept = client.get(f"{kind}?limit=20", headers={"Accept": "application/geo+json"})
    by_suffix = client.get(f"{kind}.geojson?limit=20")
    assert by_accept.headers["content-type"] == by_suffix.headers["content-type"] == "application/geo+json"
    assert by_accept.json() == by_suffix.json()
    features = by_suffix.json()["features"]
    assert features
    assert all(
        f["type"] == "Feature" and f["id"] and "geometry" in f and "location" not in f["properties"] for f in features
    )


def test_filters_narrow_reports_and_incidents(client):
    noise = client.get("/incidents?category=noise&limit=500").json()
    assert noise
    assert {one["category"] for one in noise} == {"noise"}
    there = client.get("/reports?district=430104&limit=500").json()
    assert there
    assert {one["district"] for one in there} == {"430104"}
    since = "2026-11-15T00:00:00+00:00"
    recent = client.get("/reports", params={"since": since, "limit": 500}).json()
    assert all(datetime.fromisoformat(one["reported_at"]) >= datetime.fromisoformat(since) for one in recent)


@pytest.mark.parametrize("field", ["code", "doubt", "intent", "sentiment"])
def test_reports_are_filtered_by_what_was_read_in_them(client, field):
    everything = client.get("/reports?limit=500").json()
    for value in {one[field] for one in everything if one[field]}:
        name = "category" if field == "code" else field
        found = client.get("/reports", params={name: value, "limit": 500}).json()
        ids = [one["id"] for one in everything if value in {one[field], one["category"]} or one[field] == value]
        assert [one["id"] for one in found] == ids != []


def test_a_text_is_classified_as_it_would_be_taken_in_and_nothing_is_kept(client, services):
    before = client.get("/health").json()["reports"]
    sent = {"text": "工地半夜还在打桩，渣土撒了一路也没人扫", "subject": "麓谷又吵又脏"}
    answer = client.post("/classify", json=sent)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    taken = client.post("/reports", json={**sent, "id": "same"}, headers=KEY).json()["report"]
    assert body["text"] == taken["full_text"]
    same = ("category", "confidence", "doubt", "urgency", "sentiment", "intent", "evidence", "model", "language")
    assert {name: body[name] for name in same} == {name: taken[name] for name in same}
    assert [(one["category"], one["probability"]) for one in body["top3"]] == [
        (one["category"], one["probability"]) for one in taken["ranking"][:3]
    ]
    assert (body["code"]["category"], body["code"]["probability"]) == (taken["code"], taken["code_confidence"])
    assert [one["category"] for one in body["also"]] == [one["category"] for one in taken["also"]]
    assert body["outside"] == taken["outside_probability"]
    assert all(one["name_zh"] and one["name_en"] for one in [body["code"], *body["top3"], *body["also"]])
    assert body["explanation"] is None
    assert client.get("/health").json()["reports"] == before + 1


def test_the_language_of_a_text_to_classify_can_be_said(client):
    said = [client.post("/classify", json={"text": "Karaoke 太吵", "language": one}).json() for one in ("zh", "en")]
    assert [one["language"] for one in said] == ["zh", "en"]
    assert said[0]["model"] != said[1]["model"]


def test_a_classification_is_explained_by_words_for_and_against_and_by_examples(client):
    sent = {"text": "The bar plays loud music all night long and nobody can sleep", "explain": True}
    body = client.post("/classify", json=sent).json()
    why = body["explanation"]
    words = why["moved"] + why["against"]
    assert words
    assert all(sent["text"][one["start"] : one["end"]] == one["text"] for one in words)
    assert all(one["weight"] > 0 for one in why["moved"])
    assert all(one["weight"] < 0 for one in why["against"])
    nearness = [one["similarity"] for one in why["neighbours"]]
    assert nearness == sorted(nearness, reverse=True) != []
    codes = {one["code"] for one in client.get("/categories").json()}
    assert all(one["text"] and one["category"] in codes and one["name_zh"] for one in why["neighbours"])


def test_a_report_of_the_graph_is_explained_as_its_text_would_be(client):
    report = next(one for one in client.get("/reports?limit=50").json() if one["source"] == "samples" and one["text"])
    answer = client.get(f"/reports/{report['id']}/explanation")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["text"], body["category"], body["code"]["category"]) == (
        report["full_text"], report["category"], report["code"],
    )  # fmt: skip
    asked = {"text": report["text"], "subject": report["subject"], "language": report["language"], "explain": True}
    assert body == client.post("/classify", json=asked).json()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": " \n "}, "text"),
        ({"text": "太吵了" * 7000}, "text"),
        ({"text": "太吵了", "language": "fr"}, "language"),
        ({"text": "太吵了", "explain": "perhaps"}, "explain"),
        ({"text": "太吵了", "longitude": 1}, "longitude"),
    ],
)
def test_a_text_that_cannot_be_classified_is_refused_by_name(client, body, field):
    assert problem(client.post("/classify", json=body), 422)["field"] == field


def test_reports_near_a_point_come_nearest_first(client):
    found = client.get("/reports/near?longitude=112.971&latitude=28.195&metres=20000&limit=50").json()
    distances = [one["metres"] for one in found]
    assert distances
    assert distances == sorted(distances)
    assert distances[-1] <= 20_000


def test_counts_agree_with_the_reports(client):
    rows = client.get("/graph/counts?area=430100&since=2026-01-01&until=2026-12-31").json()
    outside = client.get("/graph/counts?area=outside&since=2026-01-01&until=2026-12-31").json()
    assert sum(one["reports"] for one in rows + outside) == client.get("/health").json()["reports"]


def test_the_neighbourhood_of_an_incident_holds_its_reports_and_does_not_walk_through_hubs(client):
    incident = client.get("/incidents?limit=1").json()[0]
    around = client.get("/graph/neighbourhood", params={"label": "Incident", "id": incident["id"], "hops": 2}).json()
    keys = {node["key"] for node in around["nodes"]}
    assert f"Category:{incident['category']}" in keys
    assert sum(node["label"] == "Report" for node in around["nodes"]) >= incident["reports"]
    assert all(edge["source"] in keys and edge["target"] in keys for edge in around["edges"])
    direct = {edge["source"] for edge in around["edges"] if edge["target"] == f"Incident:{incident['id']}"}
    assert sum(node["label"] == "Incident" for node in around["nodes"]) < 100
    assert direct


def test_central_places_are_ranked(client):
    found = client.get("/graph/central?since=2026-01-01T00:00:00Z&until=2026-12-31T00:00:00Z&limit=10").json()
    assert found
    ranks = [one["pagerank"] for one in found]
    assert ranks == sorted(ranks, reverse=True)


def test_the_history_of_a_place_lists_its_incidents(client):
    at = next(one["place"] for one in client.get("/incidents?limit=500").json() if one["place"])
    history = client.get(f"/places/{at}/history").json()
    assert history["place"]["id"] == at
    assert {one["place"] for one in history["incidents"]} == {at}


def test_a_plan_explains_every_assignment_and_everything_left_out(client):
    asked = {"start": "2026-11-20T08:00:00+08:00", "hours": 24}
    made = client.post("/plans", json=asked, headers=KEY)
    assert made.status_code == 201, made.text
    plan = client.get(made.headers["location"]).json()
    assert plan == made.json()
    assert plan["assignments"]
    crews = {crew["id"]: crew for crew in client.get("/crews").json()}
    jobs = {}
    for one in plan["assignments"]:
        assert all(one[part] for part in ("why_zh", "why_en", "fired", "cost"))
        jobs.setdefault(one["crew"], []).append(one["sequence"])
    assert all(
        len(own) <= crews[crew]["capacity"] and sorted(own) == list(range(1, len(own) + 1))
        for crew, own in jobs.items()
    )
    assert all(one["why_zh"] and one["why_en"] and one["reason"] for one in plan["left_out"])
    first = plan["assignments"][0]
    assert client.get(f"/incidents/{first['incident']}").json()["assignment"]["crew"] == first["crew"]
    assert plan["plan"]["id"] in {one["id"] for one in client.get("/plans").json()}


def test_a_plan_without_a_zone_in_its_start_is_refused(client):
    assert problem(client.post("/plans", json={"start": "2026-11-20T08:00:00"}, headers=KEY), 422)["field"] == "start"


def test_allocation_reports_are_listed_and_read(client, services):
    assert len(make_report(services, hours=24)) == 4
    listed = client.get("/reports/allocation").json()
    kinds = {(one["language"], one["format"]) for one in listed}
    assert kinds == {("zh", "html"), ("zh", "csv"), ("en", "html"), ("en", "csv")}
    html = next(one for one in listed if one["format"] == "html")
    page = client.get(html["url"])
    assert page.headers["content-type"].startswith("text/html")
    assert "<svg" in page.text


@pytest.mark.parametrize("name", ["../api_key", "..%2Fapi_key", "allocation-2026-01-01-00-zh.html/../../api_key"])
def test_nothing_but_allocation_reports_is_served_from_their_folder(client, services, name):
    services.reports.mkdir(parents=True, exist_ok=True)
    (services.reports.parent / "api_key").write_text("secret")
    assert "secret" not in client.get(f"/reports/allocation/{name}").text


def test_every_category_has_its_name_in_both_languages(client):
    rows = client.get("/categories").json()
    assert {"littering", "noise", "obstruction", "other"} <= {one["code"] for one in rows}
    assert all(one["name_zh"] and one["name_en"] for one in rows)


def test_the_schema_documents_every_route_with_a_summary(client):
    schema = client.get("/openapi.json").json()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert operation.get("summary"), f"{method} {path}"
    assert schema["components"]["schemas"]["ReportRequest"]["examples"]


@pytest.mark.parametrize("body", ['{"hours": NaN}', '{"hours": 1e999}', '{"start": "0001-01-01T00:00:00Z"}'])
def test_a_horizon_that_does_not_fit_is_refused(client, body):
    problem(client.post("/plans", content=body, headers={**KEY, "content-type": "application/json"}), 422)


def test_a_report_sent_without_a_time_is_of_the_citys_now_and_carries_where_it_came_from(client, services):
    now, _ = services.clock()
    sent = client.post("/reports", json={"id": "now-1", "text": "开福区湘雅路人行道上堆满建材"}, headers=KEY).json()
    assert abs((datetime.fromisoformat(sent["report"]["reported_at"]) - now).total_seconds()) < 60
    came = services.store.read("MATCH (:Report {id: 'api:now-1'})-[:FROM]->(i:Ingest) RETURN i.source AS source")
    assert came == [{"source": "api"}]


def test_the_clock_of_an_archive_stands_at_its_last_report(client, services):
    now, replay = services.clock()
    latest = services.reader.latest_report_at()
    assert replay == ((datetime.now(UTC) - latest).days >= 7)
    assert now == latest if replay else now > latest
    assert json.loads(client.get("/health").text)["replay"] == replay


def test_a_browser_finds_the_icon_beside_any_page(client):
    assert client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"
