"""Nothing personal is stored, set aside or logged; sealed originals are for one role."""

import json
from dataclasses import replace

import pytest
from city_graph import NOW, classifier, coarse_city, dump, ingestor, intake, load, take_in, texts, unchanged
from cryptography.fernet import Fernet
from fastapi.testclient import TestClient
from pydantic import ValidationError
from structlog.testing import capture_logs

from api.app import create_app
from api.services import Services
from core.errors import BadInput, Conflict
from core.extraction import PersonalKind
from core.settings import Settings
from core.taxonomy import load_taxonomy
from graph.incidents import text_hash
from graph.ingest import Fate
from graph.plans import PlanReader
from graph.privacy import HiddenWords, Original, Privacy, Seal
from graph.proposals import Proposals
from graph.reader import Reader

SECRETS = ("13787654321", "84302580", "430102198803150024", "zhangwei88", "湘A12345", "谭永红", "Karen", "555-0147")
WRITE, READ = {"X-API-Key": "a-key-for-writes"}, {"X-Reader-Key": "a-key-for-originals"}


def row(number, text, **more):
    return {"id": str(number), "text": text, "reported_at": "2026-11-01T08:00:00+08:00", **more}


ROWS = [
    row(1, "投诉人：谭永红，电话13787654321，岳麓区麓山南路夜宵摊占道", subject="谭永红反映占道", address="麓山南路 13787654321"),
    row(2, "身份证430102198803150024，邮箱zhangwei88@163.com，工地半夜打桩，座机0731-84302580"),
    row(3, "湘A12345堵在消防通道", channel="热线13787654321"),
    row(4, "My name is Karen Miller, (512) 555-0147, trash on the corner", longitude=112.97, latitude=28.19),
]  # fmt: skip
BAD = [
    row(5, "路灯坏了", language="13787654321"),
    row(6, "路灯坏了", longitude=13787654321, latitude=28),
    row(7, "路灯坏了", reported_at="打13787654321问谭永红"),
    row(8, "13787654321 （0731）84302580"),
    row(9, ["谭永红", "13787654321"]),
    {"谭永红": "13787654321"},
]


def lines(path, *rows, rest=""):
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)
    path.write_text(text + rest, encoding="utf-8")
    return path


def leaks(text):
    return [secret for secret in SECRETS if secret in text]


@pytest.fixture
def city(store):
    load(store)
    return store


@pytest.fixture
def seal():
    return Seal(Fernet.generate_key().decode())


def services(store, folder, **more):
    return Services(
        store, coarse_city().info, load_taxonomy(), ingestor(store), Reader(store), PlanReader(store),
        WRITE["X-API-Key"], folder, classifier(), texts(), Proposals(store), **more,
    )  # fmt: skip


@pytest.fixture
def client(city, seal, tmp_path):
    """The API of a city that seals originals."""
    sealing = services(city, tmp_path, privacy=Privacy(seal=seal), seal=seal, reader_key=READ["X-Reader-Key"])
    with TestClient(create_app(Settings(), sealing), raise_server_exceptions=False) as client:
        yield client


def test_no_personal_data_is_found_in_the_graph_the_reject_file_or_the_log(city, tmp_path, capfd):
    path = lines(tmp_path / "x.jsonl", *ROWS, *BAD, rest='{"text": "谭永红 13787654321\n')
    with capture_logs() as logged:
        outcome = take_in(city, path)
    assert (outcome.accepted, outcome.rejected) == (len(ROWS), len(BAD) + 1)
    printed = capfd.readouterr()
    assert leaks("\n".join(dump(city))) == []
    assert leaks(path.with_suffix(".rejects").read_text(encoding="utf-8")) == []
    assert leaks(repr(logged) + printed.out + printed.err) == []
    assert (
        Reader(city).report("x:1").full_text == "[姓名]反映占道\n投诉人：[姓名]，电话[电话]，岳麓区麓山南路夜宵摊占道"
    )
    assert Reader(city).report("x:4").text == "My name is [name], [phone], trash on the corner"


def test_mentions_and_evidence_count_in_the_masked_text(city, tmp_path):
    take_in(city, lines(tmp_path / "x.jsonl", *ROWS))
    reports = Reader(city).reports()[0]
    assert any(report.mentions for report in reports)
    for report in reports:
        for one in (*report.mentions, *report.evidence):
            assert report.full_text[one.start : one.end] == one.text


def test_a_file_with_personal_data_is_repeated_when_it_comes_again(city, tmp_path):
    path = lines(tmp_path / "x.jsonl", *ROWS)
    take_in(city, path)
    with unchanged(city):
        again = take_in(city, path)
    assert (again.new, again.repeated, again.rejected) == (0, len(ROWS), 0)


def test_the_same_words_with_another_number_are_the_same_words(city):
    first = intake("x").accept(row(1, "请回电13787654321，垃圾没人清"))
    other = intake("x").accept(row(1, "请回电13900001111，垃圾没人清"))
    assert text_hash(first.full_text) == text_hash(other.full_text)
    assert ingestor(city).accept([first, other], ingest="x").fates == (Fate.NEW, Fate.REPEATED)


def test_an_id_made_from_the_content_is_made_from_the_content_as_it_was_given():
    def identify(text):
        return intake("x").accept({**row(0, text), "id": None}).id

    assert identify("请回电13787654321") != identify("请回电13900001111")
    assert identify("请回电13787654321") == identify("请回电13787654321")


def test_an_error_shows_the_field_and_the_masked_value():
    with pytest.raises(BadInput) as caught:
        intake("x").accept(row(1, "路灯坏了", language="找谭永红13787654321"))
    assert caught.value.field == "language"
    assert leaks(str(caught.value) + repr(caught.value.value)) == []
    assert "[电话]" in str(caught.value)


def test_a_number_that_is_cut_in_the_middle_does_not_show_in_an_error():
    value = "13787654321 " * 40
    error = Privacy().without_personal(BadInput("text", value, "short"))
    assert not any(part in str(error.value) for part in ("1378", "8765", "4321"))


def test_a_header_that_holds_personal_data_is_masked_in_the_error_too():
    with pytest.raises(BadInput) as caught:
        intake("x").check_columns(["谭永红先生", "电话13787654321"])
    assert leaks(str(caught.value)) == []


def test_originals_are_dropped_unless_they_are_to_be_sealed(city, tmp_path):
    assert intake("x").accept(ROWS[0]).sealed is None
    take_in(city, lines(tmp_path / "x.jsonl", *ROWS))
    assert Reader(city).sealed("x:1") is None


def test_a_seal_is_opened_by_its_key_also_after_a_new_key_came_and_by_no_other(seal):
    original = Original({"text": "电话13787654321"}, (HiddenWords("text", PersonalKind.PHONE, 2, 13, "13787654321"),))
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    closed = Seal(old).close(original)
    assert leaks(closed + repr(original)) == []
    assert Seal(f"{new}, {old}").open(closed) == original
    with pytest.raises(Conflict, match="CITYGRAPH_PERSONAL_KEY"):
        seal.open(closed)


def test_what_is_no_key_is_refused_without_being_shown():
    with pytest.raises(BadInput, match="CITYGRAPH_PERSONAL_KEY") as caught:
        Seal("my-secret-but-no-key")
    assert "my-secret" not in str(caught.value)


def test_the_reader_key_opens_a_sealed_report_and_the_reading_is_logged_without_words(client, city):
    sent = {"id": "p1", "subject": "谭永红反映", "text": "请回电13787654321，垃圾没人清", "address": "湘A12345旁边"}
    answer = client.post("/reports", json=sent, headers=WRITE)
    assert answer.status_code == 201
    assert leaks(answer.text) == []
    assert leaks("\n".join(dump(city))) == []
    with capture_logs() as logged:
        body = client.get("/reports/api:p1/original", headers=READ).json()
    assert body["fields"] == {name: sent[name] for name in ("subject", "text", "address")}
    assert [(one["part"], one["kind"], one["words"]) for one in body["hidden"]] == [
        ("subject", "name", "谭永红"),
        ("text", "phone", "13787654321"),
        ("address", "plate", "湘A12345"),
    ]
    readings = [one for one in logged if one["event"] == "original read"]
    assert [one["report"] for one in readings] == ["api:p1"]
    assert all(one["at"] for one in readings)
    assert leaks(repr(logged)) == []


def test_a_sealed_report_sent_again_is_repeated(client):
    sent = {"id": "p1", "text": "请回电13787654321，垃圾没人清"}
    fates = [client.post("/reports", json=sent, headers=WRITE).json()["fate"] for _ in range(2)]
    assert fates == ["new", "repeated"]


@pytest.mark.parametrize(
    "headers", [{}, WRITE, {"X-Reader-Key": WRITE["X-API-Key"]}, {"X-Reader-Key": "é".encode("latin-1")}]
)
def test_no_other_key_opens_a_sealed_report(client, headers):
    client.post("/reports", json={"id": "p1", "text": "请回电13787654321，垃圾没人清"}, headers=WRITE)
    answer = client.get("/reports/api:p1/original", headers=headers)
    assert answer.status_code == 401
    assert "X-Reader-Key" in answer.json()["detail"]


def test_where_nothing_is_sealed_there_is_nothing_to_read(client):
    client.post("/reports", json={"id": "p2", "text": "垃圾没人清"}, headers=WRITE)
    for identifier in ("api:p2", "api:none"):
        assert client.get(f"/reports/{identifier}/original", headers=READ).status_code == 404


def test_where_no_reader_key_is_set_nobody_reads(city, seal, tmp_path):
    with TestClient(create_app(Settings(), services(city, tmp_path, seal=seal))) as client:
        answer = client.get("/reports/api:p1/original", headers=READ)
    assert answer.status_code == 401
    assert "CITYGRAPH_PERSONAL_READER_KEY" in answer.json()["detail"]


def test_the_sealed_original_shows_neither_in_a_report_nor_in_a_neighbourhood(client, city):
    client.post("/reports", json={"id": "p1", "text": "请回电13787654321，垃圾没人清"}, headers=WRITE)
    sealed = Reader(city).sealed("api:p1")
    for path in ("/reports/api:p1", "/reports", "/reports.geojson", "/graph/neighbourhood?label=Report&id=api:p1"):
        text = client.get(path).text
        assert sealed not in text
        assert leaks(text) == []


def test_a_report_without_personal_data_is_not_sealed(seal):
    assert replace(intake("x"), privacy=Privacy(seal=seal), now=NOW).accept(row(1, "垃圾没人清")).sealed is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"personal_data": "seal"}, "CITYGRAPH_PERSONAL_KEY.*needs a key"),
        ({"personal_data": "seal", "personal_key": ""}, "CITYGRAPH_PERSONAL_KEY"),
        ({"personal_key": "topsecret-but-no-key"}, "CITYGRAPH_PERSONAL_KEY.*Fernet"),
        ({"personal_data": "keep"}, "drop"),
        ({"personal_reader_key": "the-same", "api_key": "the-same"}, "CITYGRAPH_PERSONAL_READER_KEY"),
        ({"personal_reader_key": "admin", "environment": "production"}, "CITYGRAPH_PERSONAL_READER_KEY"),
    ],
)
def test_keys_that_do_not_do_are_refused_and_not_shown(given, said):
    with pytest.raises(ValidationError, match=said) as caught:
        Settings(**given)
    assert "topsecret" not in str(caught.value)


def test_several_keys_may_be_set():
    keys = ",".join(Fernet.generate_key().decode() for _ in range(2))
    assert Settings(personal_data="seal", personal_key=keys).personal_key.get_secret_value() == keys
