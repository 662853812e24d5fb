"""The process that is the embedded graph store: an ArcadeDB server in a JVM, Bolt on loopback and nothing else.

`graph.embedded` starts it and describes its files; nothing else imports it.
"""

import contextlib
import fcntl
import json
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, Final, cast

from core.errors import StoreUnavailable
from core.private_file import write_privately
from graph.file_lock import open_lock, try_lock
from graph.queries.schema import INDEXED_INSTANTS

__all__ = ["USER", "serve"]

USER: Final = "root"
_DATABASE: Final = "city"
_LOCK_SECONDS: Final = 2.0  # a client that probes the lock holds it for an instant
_POLL_SECONDS: Final = 0.05
_IDLE_ROUNDS: Final = 3  # seconds without a client after which the server ends
# Jars that would open another door (an MCP endpoint, the Postgres and Redis protocols); the server starts what it finds.
_UNUSED_JARS: Final = ("arcadedb-mcp", "arcadedb-postgresw", "arcadedb-redisw")


def serve(home: Path, heap: str) -> None:
    """Run the server until nobody holds it, or until SIGTERM."""
    lock = open_lock(home / "lock")
    patience = time.monotonic() + _LOCK_SECONDS
    while not try_lock(lock, fcntl.LOCK_EX):
        if time.monotonic() > patience:
            raise StoreUnavailable(f"another server holds {home / 'lock'}")
        time.sleep(_POLL_SECONDS)
    port = _free_port(home)  # before the lock says that this process wrote running.json
    (home / "running.json").unlink(missing_ok=True)
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)

    server = _start_server(home, heap, port, _password(home))
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):  # after the JVM has put its own handlers there
        signal.signal(number, _ending(ended))
    facts = {"pid": os.getpid(), "port": port, "started": datetime.now(UTC).isoformat()}
    write_privately(home / "running.json", json.dumps(facts))

    clients = open_lock(home / "clients")
    idle = 0
    while idle < _IDLE_ROUNDS and not ended.wait(1.0):
        alone = try_lock(clients, fcntl.LOCK_EX)
        idle = idle + 1 if alone else 0
        if alone and idle < _IDLE_ROUNDS:  # kept at the last round: a client that comes now waits until we have ended
            fcntl.flock(clients, fcntl.LOCK_UN)
    (home / "running.json").unlink(missing_ok=True)
    server.stop()


def _ending(ended: threading.Event) -> Callable[[int, FrameType | None], None]:
    def handle(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    return handle


def _start_server(home: Path, heap: str, port: int, password: str) -> Any:  # noqa: ANN401 - a Java object
    import jpype  # noqa: PLC0415 - clients need neither the JVM nor its bindings
    from arcadedb_embedded import jvm  # noqa: PLC0415

    java = cast("Any", jpype)
    jars = [str(jar) for jar in Path(jvm.get_jar_path()).glob("*.jar") if not jar.name.startswith(_UNUSED_JARS)]
    flags = [
        f"-Xmx{heap}",
        "--add-modules=jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
        "--add-opens=java.base/java.nio.channels.spi=ALL-UNNAMED",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "-Djava.awt.headless=true",
        "-Dfile.encoding=UTF8",
        "-Dpolyglot.engine.WarnInterpreterOnly=false",
        "-XX:+UseCompactObjectHeaders",
        f"-XX:ErrorFile={home}/log/hs_err_pid%p.log",
    ]
    java.startJVM(jvm.get_bundled_jre_lib_path(), *flags, classpath=jars, interrupt=False)
    configuration = java.JClass("com.arcadedb.ContextConfiguration")()
    for key, value in {
        "server.mode": "development",  # the other mode keeps the reason of an error from the client
        "server.rootPath": str(home),
        "server.logsDirectory": str(home / "log"),
        "server.rootPassword": password,
        "server.defaultDatabases": f"{_DATABASE}[{USER}]",
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "server.httpIncomingHost": "127.0.0.1",
        "server.httpIncomingPort": "0",
        "bolt.host": "127.0.0.1",
        "bolt.port": port,
        "bolt.defaultDatabase": _DATABASE,
        "txWalFlush": 1,  # a commit is on the disk before it is acknowledged
        "opencypher.loadCsv.allowFileUrls": False,
        "opencypher.loadCsv.allowRemoteUrls": False,
    }.items():
        configuration.setValue(f"arcadedb.{key}", value)
    server = java.JClass("com.arcadedb.server.ArcadeDBServer")(configuration)
    server.start()
    server.getHttpServer().stopService()  # it has no switch; its port is ours, on loopback, and open for an instant only
    _declare_instants(server, java.JClass("com.arcadedb.schema.Type").DATETIME_MICROS)
    return server


def _declare_instants(server: Any, instant: Any) -> None:  # noqa: ANN401 - Java objects
    """Give the indexed instants their type, which Cypher cannot say; see INDEXED_INSTANTS."""
    schema = server.getDatabase(_DATABASE).getSchema()
    for label, name in INDEXED_INSTANTS:
        schema.getOrCreateVertexType(label).getOrCreateProperty(name, instant)


def _password(home: Path) -> str:
    path = home / "password"
    if not path.exists():
        write_privately(path, secrets.token_urlsafe(24))
    return path.read_text(encoding="ascii")


def _free_port(home: Path) -> int:
    """A free loopback port: after a crash the one of before, where clients still look for the server."""
    before = 0
    with contextlib.suppress(FileNotFoundError, ValueError, KeyError):
        before = int(json.loads((home / "running.json").read_text(encoding="utf-8"))["port"])
    for port in (before, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise StoreUnavailable("no free port on 127.0.0.1")
