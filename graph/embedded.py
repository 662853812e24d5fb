"""The embedded graph store: an ArcadeDB server in a process of its own, shared by every program that uses one home folder.

`ensure_running` finds that process or starts it (`python -m graph.embedded --home DIR`). It speaks Bolt on a loopback port and
nothing else; it ends by itself a few seconds after its last client has ended, however that client ended. Files in its home:

lock          held by the server, so that two never open the same files; holds its process id
starting      held by the client that is starting it, so that two starters make one server
clients       held (shared) by every client; the server ends when it can hold it alone
password      made at the first start, readable by the owner only
running.json  process id, port, start time; there while the server takes connections
databases/    the graph        log/    what the server and its JVM said
"""

import argparse
import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, cast

from core.errors import StoreUnavailable
from graph.embedded_server import USER, serve
from graph.file_lock import open_lock, try_lock

__all__ = ["EmbeddedStore", "ensure_running"]

_START_SECONDS: Final = 90.0  # a cold start takes 3 s; a slow disk or a long recovery takes longer
_POLL_SECONDS: Final = 0.05
_LOG_BYTES: Final = 1_000_000
_LOG_LINES: Final = 15


@dataclass(slots=True)
class EmbeddedStore:
    """A client's hold on the embedded server: while it is open, the server runs. pid: the server's process."""

    uri: str
    user: str
    password: str
    pid: int
    _hold: int | None

    def close(self) -> None:
        """Let go of the server; it ends by itself when nobody holds it."""
        if self._hold is not None:
            os.close(self._hold)
            self._hold = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def ensure_running(home: Path, heap: str = "1g") -> EmbeddedStore:
    """Find the embedded server of this home, or start it and wait until it takes connections.

    heap: memory of its JVM, e.g. "512m"; a server that runs already keeps its own.
    Raises StoreUnavailable with the last lines of its log where it does not come up.
    """
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    deadline = time.monotonic() + _START_SECONDS
    hold = open_lock(home / "clients")
    try:
        _wait(lambda: try_lock(hold, fcntl.LOCK_SH), deadline, home, "is shutting down and does not end")
        starting = open_lock(home / "starting")
        try:
            _wait(lambda: try_lock(starting, fcntl.LOCK_EX), deadline, home, "is being started and does not come up")
            running = _find(home, deadline) or _start(home, heap, deadline)
        finally:
            os.close(starting)
        password = (home / "password").read_text(encoding="ascii")
    except BaseException:
        os.close(hold)
        raise
    return EmbeddedStore(f"bolt://127.0.0.1:{running['port']}", USER, password, int(running["pid"]), hold)


def _find(home: Path, deadline: float) -> dict[str, Any] | None:
    """What the running server says of itself; None where none runs. Waits for one that is coming up or going down."""
    probe = open_lock(home / "lock")
    try:
        while not try_lock(probe, fcntl.LOCK_SH):
            if running := _running(home):
                return running
            if time.monotonic() > deadline:
                raise _failed(home, "is neither up nor down")
            time.sleep(_POLL_SECONDS)
    finally:
        os.close(probe)
    return None


def _start(home: Path, heap: str, deadline: float) -> dict[str, Any]:
    log = home / "log" / "embedded.log"
    log.parent.mkdir(exist_ok=True)
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    root = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    with log.open("ab") as stream:
        process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-P", "-m", "graph.embedded", "--home", str(home), "--heap", heap],
            cwd=home,  # the JVM writes its logs beside its working directory
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,  # Ctrl-C in the terminal ends its clients first, and it after them
        )
    threading.Thread(target=process.wait, daemon=True, name="embedded-store").start()  # reaps it if it ends before us
    while True:
        running = _running(home)
        if running and running["pid"] == process.pid:
            return running
        if process.poll() is not None:
            raise _failed(home, f"ended with status {process.returncode} before it was up")
        if time.monotonic() > deadline:
            process.terminate()
            raise _failed(home, f"was not up after {_START_SECONDS:.0f} s")
        time.sleep(_POLL_SECONDS)


def _running(home: Path) -> dict[str, Any] | None:
    """running.json, if the process that holds the lock wrote it."""
    try:
        running = cast("dict[str, Any]", json.loads((home / "running.json").read_text(encoding="utf-8")))
        holder = (home / "lock").read_text(encoding="ascii").strip()
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return running if str(running["pid"]) == holder else None


def _wait(done: Callable[[], bool], deadline: float, home: Path, complaint: str) -> None:
    while not done():
        if time.monotonic() > deadline:
            raise _failed(home, complaint)
        time.sleep(_POLL_SECONDS)


def _failed(home: Path, complaint: str) -> StoreUnavailable:
    log = home / "log" / "embedded.log"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:] if log.exists() else []
    return StoreUnavailable(
        "\n".join([f"the embedded graph store in {home} {complaint}; last lines of {log}:", *lines])
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the embedded server of one home until its last client has ended."""
    parser = argparse.ArgumentParser(prog="python -m graph.embedded", description=main.__doc__)
    parser.add_argument("--home", type=Path, required=True, help="folder of the store's files")
    parser.add_argument("--heap", default="1g", help="memory of its JVM")
    options = parser.parse_args(arguments)
    home = cast("Path", options.home).resolve()
    os.chdir(home)
    serve(home, options.heap)
    sys.stdout.flush()
    os._exit(0)  # the server has stopped; threads of the JVM that wait for nothing must not hold the process


if __name__ == "__main__":
    main()
