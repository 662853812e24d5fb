"""The command line, run as a person runs it."""

import csv
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from city_graph import ROOT, coarse_folder

COMMANDS = [
    "init", "load-geography", "ingest", "plan", "serve", "report", "demo", "train classifier", "train search",
    "evaluate classifier", "evaluate extraction", "evaluate techniques", "evaluate learning-curve",
    "predict", "explain", "extract", "doctor", "browser",
    "places review", "places show", "places decide", "places count",
]  # fmt: skip


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("NEO4J", "CITYGRAPH"))}
    home = tmp_path_factory.mktemp("home")
    return {**clean, "CITYGRAPH_HOME": str(home), "CITYGRAPH_CITY": str(coarse_folder()), "CITYGRAPH_HEAP": "512m",
            "COLUMNS": "200", "NO_COLOR": "1"}  # fmt: skip


def run(env, *arguments, code=0):
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(env, command):
    shown = run(env, *command.split(), "--help")
    assert f"Example: citygraph {command}" in shown


def test_a_file_is_classified_row_by_row_and_what_cannot_be_read_is_named(env, tmp_path):
    rows = [
        {"id": "a", "subject": "夜间噪音", "text": "楼下工地半夜还在打桩，吵得睡不着"},
        {"id": "b", "text": None},
        {"id": "c", "text": "Bags of garbage dumped behind the school", "language": "en"},
        {"id": "d", "text": "trash", "language": "fr"},
    ]
    given, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    given.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n{broken\n", encoding="utf-8")
    shown = run(env, "predict", str(given), "--out", str(out))
    assert "2 rows classified, 3 not readable" in shown
    said = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [line["id"] for line in said[:4]] == ["a", "b", "c", "d"]
    noise, _, litter, french, broken = said
    assert (noise["label"], noise["sub_code"], noise["language"]) == ("noise", "noise.construction", "zh")
    assert (litter["label"], litter["language"]) == ("littering", "en")
    assert noise["top3"][0] == {"label": "noise", "probability": noise["confidence"]}
    assert {noise["urgency"], litter["urgency"]} <= {1, 2, 3}
    full = "夜间噪音\n楼下工地半夜还在打桩，吵得睡不着"
    assert noise["evidence"]
    assert all(full[one["start"] : one["end"]] == one["text"] for one in noise["evidence"])
    assert "text" in said[1]["error"]
    assert "'zh' or 'en'" in french["error"]
    assert "error" in broken


def test_answers_may_replace_the_file_itself_and_a_wrong_name_leaves_earlier_answers(env, tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(
        '{"id": 1, "text": "trash on the street"}\n{"id": 2, "text": "\\ud800 noise at night"}\n', encoding="utf-8"
    )
    run(env, "predict", str(path), "--out", str(path))
    said = path.read_text("utf-8")
    assert [json.loads(line)["id"] for line in said.splitlines()] == [1, 2]
    run(env, "predict", str(tmp_path / "absent.jsonl"), "--out", str(path), code=1)
    assert path.read_text("utf-8") == said


def test_a_text_is_explained_with_its_words_and_examples(env):
    shown = run(env, "explain", "Loud music from the bar every night until 3 am")
    assert "noise.nightlife" in shown
    assert "the training examples most like it" in shown


def test_what_needs_a_city_says_how_to_load_one_and_takes_nothing_in(env, tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "1", "text": "垃圾没人清运", "reported_at": "2026-11-01"}\n', encoding="utf-8")
    empty = {**env, "CITYGRAPH_HOME": str(tmp_path / "home")}
    for command in (["ingest", str(path)], ["serve", "--port", "0"]):
        shown = run(empty, *command, code=1)
        assert "run `citygraph load-geography` first" in shown
        assert "Traceback" not in shown
    assert "; 0 reports" in run(empty, "doctor", code=1)


def test_a_setting_that_does_not_fit_is_named_without_its_value(env):
    shown = run({**env, "CITYGRAPH_ENVIRONMENT": "production", "CITYGRAPH_API_KEY": "changeme"}, "doctor", code=1)
    assert "CITYGRAPH_API_KEY" in shown
    assert "'changeme'" not in shown
    assert "error: setting port" in run({**env, "CITYGRAPH_PORT": "99999"}, "doctor", code=1)


def test_an_empty_key_file_gets_a_key(env, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "api_key").touch()
    run({**env, "CITYGRAPH_HOME": str(home)}, "init")
    assert len((home / "api_key").read_text().strip()) >= 24
    assert (home / "api_key").stat().st_mode & 0o077 == 0


def test_from_nothing_to_a_plan(env, tmp_path):
    assert "API key for writes" in run(env, "init")
    assert "9 districts" not in run(env, "doctor", code=1)  # it says what is missing
    assert "citygraph load-geography" in run(env, "doctor", code=1)
    assert "40 crews" in run(env, "load-geography")
    path = tmp_path / "letters.csv"
    with path.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["留言编号", "留言详情", "留言时间", "x"])
        writer.writerow(["1", "岳麓区麓山南路夜宵摊占道经营，人行道走不过去", "2026/11/19 20:00", ""])
        writer.writerow(["2", "😀", "2026/11/19 20:00", ""])
    shown = run(env, "ingest", str(path))
    assert "2 rows = 1 accepted + 1 rejected" in shown
    rejects = next(iter((Path(env["CITYGRAPH_HOME"]) / "rejects").glob("letters-*.jsonl")))
    assert json.loads(rejects.read_text(encoding="utf-8"))["field"] == "text"
    assert "2 rows = 1 accepted + 1 rejected" in run(env, "ingest", str(path))
    assert "1 assigned" in run(env, "plan", "--start", "2026-11-20T08:00:00")
    files = run(env, "report").split()
    assert sum(name.endswith(".html") for name in files) == 2
    assert "9 districts" in run(env, "doctor")
    assert "bolt://127.0.0.1:" in run(env, "browser")


def test_a_mistake_is_one_clear_line_and_not_a_traceback(env, tmp_path):
    shown = run(env, "ingest", str(tmp_path / "absent.csv"), code=1)
    assert "error: file:" in shown
    assert "Traceback" not in shown


def test_a_port_that_is_taken_is_named(env):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        shown = run(env, "serve", "--port", str(port), code=1)
    assert f"error: port: '127.0.0.1:{port}'" in shown


def test_an_ingest_while_the_service_runs_uses_its_store(env, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run(env, "load-geography")
    service = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", str(port)],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 90
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
                    before = json.load(answer)["reports"]
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.2)
        path = tmp_path / "more.jsonl"
        path.write_text(json.dumps({"id": "z", "text": "垃圾没人清运", "reported_at": "2026-11-19T08:00:00Z"}))
        run(env, "ingest", str(path))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            assert json.load(answer)["reports"] == before + 1
    finally:
        service.send_signal(2)  # Ctrl-C
        assert service.wait(timeout=30) == 0
