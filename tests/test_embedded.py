"""The embedded store's process: one for all its clients, closed to everybody else, gone when nobody needs it."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.errors import StoreUnavailable
from graph.embedded import ensure_running
from graph.file_lock import open_lock, try_lock
from graph.store import connect

ROOT = Path(__file__).resolve().parent.parent
# A client that says which server it got, and stays until its standard input closes.
CLIENT = """
import sys
from pathlib import Path
from graph.embedded import ensure_running
with ensure_running(Path(sys.argv[1]), "256m") as server:
    print(server.pid, server.uri, flush=True)
    sys.stdin.read()
"""
# A client that writes node after node, and says each number that the store has acknowledged.
WRITER = """
import sys
from pathlib import Path
from core.errors import StoreUnavailable
from graph.embedded import ensure_running
from graph.store import connect
with ensure_running(Path(sys.argv[1]), "256m") as server:
    with connect(server.uri, server.user, server.password) as store:
        for number in range(1_000_000):
            store.write("CREATE (:Acknowledged {number: $number})", number=number)
            print(number, flush=True)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with ensure_running(tmp_path_factory.mktemp("embedded") / "store", "256m") as running:
        yield running


@pytest.fixture
def home(tmp_path):
    """A home whose server is gone after the test, whatever happened."""
    folder = tmp_path / "store"
    yield folder
    await_end(folder)


def client(home, script=CLIENT, **options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", script, str(home)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, **options,
    )  # fmt: skip


def await_end(home, seconds=30):
    """Wait until no server holds this home."""
    if not home.exists():
        return
    lock = open_lock(home / "lock")
    try:
        deadline = time.monotonic() + seconds
        while not try_lock(lock, fcntl.LOCK_SH):
            assert time.monotonic() < deadline, "the server still runs"
            time.sleep(0.1)
    finally:
        os.close(lock)


def listening(pid):
    """(address, port) of every TCP socket on which this process listens; UDP sockets count too."""
    links = [str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()]
    inodes = {link.removeprefix("socket:[").rstrip("]") for link in links if link.startswith("socket:[")}
    found = []
    for name, state in (("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")):
        for line in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == state and fields[9] in inodes:
                address, port = fields[1].split(":")
                found.append((address, int(port, 16)))
    return found


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="open ports are read from Linux's /proc")
def test_the_only_open_port_is_bolt_on_loopback(server):
    loopback = {"0100007F", "0000000000000000FFFF00000100007F"}  # as IPv4, and as IPv4 within IPv6
    ports = listening(server.pid)
    assert [port for _, port in ports] == [int(server.uri.rpartition(":")[2])]
    assert {address for address, _ in ports} <= loopback


def test_its_secrets_are_its_owners_only(server, tmp_path_factory):
    home = next(tmp_path_factory.getbasetemp().glob("embedded*/store"))
    assert home.stat().st_mode & 0o777 == 0o700
    for name in ("password", "running.json", "lock", "clients", "starting"):
        assert (home / name).stat().st_mode & 0o777 == 0o600, name
    assert len((home / "password").read_text()) >= 32
    for log in (home / "log").iterdir():
        assert server.password not in log.read_text(errors="replace")


def test_a_wrong_password_does_not_open_it(server):
    with pytest.raises(StoreUnavailable, match="refuses"):
        connect(server.uri, server.user, "playwithdata")


def test_a_second_client_gets_the_same_server(server, tmp_path_factory):
    home = next(tmp_path_factory.getbasetemp().glob("embedded*/store"))
    with ensure_running(home) as second:
        assert (second.pid, second.uri, second.password) == (server.pid, server.uri, server.password)


def test_it_is_no_child_of_the_terminal(server):
    assert os.getsid(server.pid) != os.getsid(0)
    assert os.getpgid(server.pid) != os.getpgid(0)


def test_a_second_server_does_not_open_the_same_files(server, tmp_path_factory):
    home = next(tmp_path_factory.getbasetemp().glob("embedded*/store"))
    second = subprocess.run(
        [sys.executable, "-m", "graph.embedded", "--home", str(home)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode != 0
    assert "another server holds" in second.stderr
    with connect(server.uri, server.user, server.password) as store:
        assert store.read("RETURN 1 AS one") == [{"one": 1}]


def test_two_starters_at_once_make_one_server_and_leave_no_trace_elsewhere(home, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    clients = [client(home, cwd=elsewhere) for _ in range(3)]
    answers = {one.stdout.readline() for one in clients}
    assert len(answers) == 1
    assert answers.pop().strip()
    for one in clients:
        one.communicate()
    assert list(elsewhere.iterdir()) == []


def test_it_outlives_a_killed_client_while_another_stays_and_ends_after_the_last(home):
    with client(home) as first, client(home) as second:
        pid = int(first.stdout.readline().split()[0])
        assert int(second.stdout.readline().split()[0]) == pid
        first.kill()
        first.wait()
        time.sleep(5)  # longer than it waits for a client
        lock = open_lock(home / "lock")
        assert not try_lock(lock, fcntl.LOCK_SH)
        os.close(lock)
        second.kill()
    await_end(home)
    assert not (home / "running.json").exists()


def test_what_was_acknowledged_outlives_a_killed_server(home):
    with ensure_running(home, "256m") as before, connect(before.uri, before.user, before.password) as old:
        with client(home, WRITER, stderr=subprocess.DEVNULL) as writer:
            for _ in range(200):
                last = int(writer.stdout.readline())
            os.kill(before.pid, signal.SIGKILL)
            await_end(home)
            with ensure_running(home, "256m") as after:
                assert after.pid != before.pid
                assert after.uri == before.uri  # where clients of before still look
                writer.kill()
                last = max([last, *map(int, writer.stdout.read().split())])
                with connect(after.uri, after.user, after.password) as store:
                    found = store.read("MATCH (n:Acknowledged) RETURN count(n) AS n, max(n.number) AS last")[0]
                assert old.read("RETURN 1 AS one") == [{"one": 1}]  # its connections had died with the server
        assert last >= 199
        assert found["last"] >= last
        assert found["n"] >= last + 1


def test_it_ends_cleanly_when_asked_and_keeps_its_data(home):
    with ensure_running(home, "256m") as before:
        with connect(before.uri, before.user, before.password) as store:
            store.write("CREATE (:Place {id: 'kept'})")
        os.kill(before.pid, signal.SIGTERM)
        await_end(home)
        assert not (home / "running.json").exists()
        with ensure_running(home, "256m") as after, connect(after.uri, after.user, after.password) as store:
            assert store.read("MATCH (n:Place) RETURN n.id AS id") == [{"id": "kept"}]
    assert "SEVER" not in (home / "log" / "embedded.log").read_text()


def test_a_server_that_cannot_start_says_why(home):
    with pytest.raises(StoreUnavailable, match="Too small maximum heap"):
        ensure_running(home, "1k")


def test_after_a_failed_start_the_next_one_works(home):
    with pytest.raises(StoreUnavailable):
        ensure_running(home, "nonsense")
    with (
        ensure_running(home, "256m") as server,
        socket.create_connection(("127.0.0.1", int(server.uri.rpartition(":")[2]))),
    ):
        pass
