"""`tools/neo4j.py`: what it says where it cannot do its work."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parent.parent / "tools" / "neo4j.py"


def run(tmp_path, *arguments, path):
    environment = {key: value for key, value in os.environ.items() if key != "JAVA_HOME"}
    return subprocess.run(
        [sys.executable, str(TOOL), *arguments, "--home", str(tmp_path / "home")],
        env={**environment, "PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def fake_java(tmp_path):
    """A `java` that says it is of another version."""

    def make(version):
        folder = tmp_path / "bin"
        folder.mkdir()
        java = folder / "java"
        java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2021-01-01' >&2\n")
        java.chmod(0o755)
        return str(folder)

    return make


def test_without_java_it_names_what_to_install(tmp_path):
    answer = run(tmp_path, "start", path=str(tmp_path))
    assert answer.returncode == 1
    assert "`java` is not here" in answer.stderr
    assert "JDK 17 or 21" in answer.stderr


def test_a_java_of_another_version_is_refused(tmp_path, fake_java):
    answer = run(tmp_path, "start", path=fake_java("11.0.2"))
    assert answer.returncode == 1
    assert "needs Java 17 or 21" in answer.stderr
    assert "11.0.2" in answer.stderr


def test_without_maven_it_names_what_to_install(tmp_path, fake_java):
    answer = run(tmp_path, "start", "--bolt-port", "0", "--http-port", "0", path=fake_java("17.0.1"))
    assert answer.returncode == 1
    assert "`mvn` is not here" in answer.stderr


def test_stopping_what_does_not_run_is_no_error(tmp_path):
    answer = run(tmp_path, "stop", path=os.environ["PATH"])
    assert (answer.returncode, answer.stdout) == (0, "not running\n")
