"""Start and stop a Neo4j server with Neo4j Browser on this machine: for tests, and for people with a JDK but no Docker.

    python tools/neo4j.py run                      fetch, start, wait; Ctrl-C stops it
    python tools/neo4j.py start                    the same in the background
    python tools/neo4j.py stop

Maven fetches the packages named in tools/neo4j/pom.xml (140 MB, once). Neo4j Community is GPLv3; nothing of it is kept here.
It listens on 127.0.0.1 only. The password is made at the first start, shown once and kept in a file that you alone can read.
"""

# ruff: noqa: INP001, S603, T201 - a script, no package; it runs tools that it found itself, and talks to a person at a terminal

import argparse
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_POM: Final = Path(__file__).resolve().parent / "neo4j" / "pom.xml"
_JAVA: Final = (17, 21)  # what Neo4j 5.26 runs on
_UP_SECONDS: Final = 120.0
_DOWN_SECONDS: Final = 60.0
_BOLT_HELLO: Final = b"\x60\x60\xb0\x17" + b"\x00\x04\x04\x05" + b"\x00\x00\x00\x00" * 3
_LOG_LINES: Final = 20
_FLAGS: Final = (
    "-XX:+UseG1GC",
    "-XX:+ExitOnOutOfMemoryError",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "-Dfile.encoding=UTF-8",
    "-Dlog4j2.disable.jmx=true",
)


class ToolError(Exception):
    """Something the person at the keyboard can mend; the message says how."""


@dataclass(frozen=True, slots=True)
class Home:
    """A server's folder and ports. heap: memory of its JVM."""

    path: Path
    bolt_port: int
    http_port: int
    password_file: Path
    heap: str

    @property
    def libraries(self) -> Path:
        """Where Maven puts the server's jars; Neo4j Browser is one of them, which is how the server finds and serves it."""
        return self.path / "lib"

    @property
    def pid_file(self) -> Path:
        """The running server's process id."""
        return self.path / "run" / "neo4j.pid"

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.path / "logs" / "console.log"


def start(home: Home) -> subprocess.Popen[bytes] | None:
    """Fetch what is missing, start the server and wait until Bolt answers; None where it runs already."""
    if pid := _running(home):
        print(f"already running (process {pid})")
        return None
    java = _java()
    for port in (home.bolt_port, home.http_port):
        _check_free(port)
    _fetch(home)
    _configure(home)
    _set_password(home, java)
    home.log.parent.mkdir(exist_ok=True)
    home.pid_file.parent.mkdir(exist_ok=True)
    command = [
        java, *_FLAGS, f"-Xmx{home.heap}", "-cp", f"{home.libraries}/*",
        "org.neo4j.server.CommunityEntryPoint", f"--home-dir={home.path}", f"--config-dir={home.path / 'conf'}",
    ]  # fmt: skip
    with home.log.open("wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=home.path, start_new_session=True
        )
    home.pid_file.write_text(str(process.pid), encoding="ascii")
    try:
        _await_bolt(home, process)
    except BaseException:
        process.terminate()
        process.wait()
        home.pid_file.unlink(missing_ok=True)
        raise
    print(f"Neo4j          bolt://127.0.0.1:{home.bolt_port}   user neo4j, password in {home.password_file}")
    print(f"Neo4j Browser  http://127.0.0.1:{home.http_port}/browser/", flush=True)
    return process


def stop(home: Home) -> None:
    """Ask the server to end and wait until it has."""
    pid = _running(home)
    if pid is None:
        print("not running")
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _DOWN_SECONDS
    while _running(home):
        if time.monotonic() > deadline:
            raise ToolError(f"process {pid} has not ended after {_DOWN_SECONDS:.0f} s; see {home.log}")
        time.sleep(0.1)
    home.pid_file.unlink(missing_ok=True)
    print("stopped")


def run(home: Home) -> None:
    """Start the server and stay until Ctrl-C or SIGTERM."""
    process = start(home)
    if process is None:
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        print("Ctrl-C stops it", flush=True)
        process.wait()
        raise ToolError(f"the server ended by itself (status {process.returncode}):\n{_tail(home)}")
    except KeyboardInterrupt:
        pass
    finally:
        process.terminate()
        process.wait()
        home.pid_file.unlink(missing_ok=True)


def _java() -> str:
    java = _tool("java", "a JDK 17 or 21, e.g. `apt install openjdk-17-jdk-headless` or `brew install openjdk@17`")
    answer = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', answer)
    if not found or int(found[1]) not in _JAVA:
        said = answer.splitlines()[0] if answer else "nothing"
        raise ToolError(f"Neo4j 5.26 needs Java 17 or 21; {java} says {said}. Set JAVA_HOME to a JDK 17 or 21.")
    return java


def _tool(name: str, remedy: str) -> str:
    home = os.environ.get("JAVA_HOME")
    found = shutil.which(name, path=str(Path(home) / "bin")) if home and name == "java" else None
    found = found or shutil.which(name)
    if found is None:
        raise ToolError(f"`{name}` is not here: install {remedy}")
    return found


def _fetch(home: Home) -> None:
    done = home.libraries / ".fetched"
    wanted = _POM.read_text(encoding="utf-8")
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return
    maven = _tool("mvn", "Maven, e.g. `apt install maven` or `brew install maven`")
    print("fetching Neo4j with Maven (140 MB, once) …", flush=True)
    shutil.rmtree(home.libraries, ignore_errors=True)
    home.libraries.mkdir(parents=True)
    command = [
        maven, "-B", "-q", "-f", str(_POM), "dependency:copy-dependencies",
        "-DincludeScope=runtime", f"-DoutputDirectory={home.libraries}",
    ]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=home.path)
    if result.returncode:
        raise ToolError(f"Maven could not fetch Neo4j:\n{(result.stdout + result.stderr)[-2000:]}")
    done.write_text(wanted, encoding="utf-8")


def _configure(home: Home) -> None:
    conf = home.path / "conf"
    conf.mkdir(parents=True, exist_ok=True)
    (conf / "neo4j.conf").write_text(
        f"""# Written by tools/neo4j.py at each start.
server.default_listen_address=127.0.0.1
server.default_advertised_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{home.bolt_port}
server.bolt.advertised_address=127.0.0.1:{home.bolt_port}
server.http.listen_address=127.0.0.1:{home.http_port}
server.http.advertised_address=127.0.0.1:{home.http_port}
server.https.enabled=false
server.memory.pagecache.size=256m
dbms.usage_report.enabled=false
""",
        encoding="utf-8",
    )


def _set_password(home: Home, java: str) -> None:
    if home.password_file.exists():
        return
    password = secrets.token_urlsafe(18)
    command = [
        java, "-cp", f"{home.libraries}/*", f"-Dapp.home={home.path}", f"-Dbasedir={home.path}",
        "org.neo4j.server.startup.Neo4jAdminCommand", "dbms", "set-initial-password", "--", password,
    ]  # fmt: skip
    environment = {**os.environ, "NEO4J_HOME": str(home.path), "NEO4J_CONF": str(home.path / "conf")}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=home.path)
    if result.returncode:
        raise ToolError(f"the first password could not be set:\n{(result.stdout + result.stderr)[-2000:]}")
    descriptor = os.open(home.password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(password)
    print(f"password, shown this once: {password}")


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ToolError(f"port {port} is taken; choose others with --bolt-port and --http-port") from error


def _await_bolt(home: Home, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _UP_SECONDS
    while not _answers(home.bolt_port):
        if process.poll() is not None:
            raise ToolError(f"the server ended with status {process.returncode} before it was up:\n{_tail(home)}")
        if time.monotonic() > deadline:
            raise ToolError(f"the server was not up after {_UP_SECONDS:.0f} s:\n{_tail(home)}")
        time.sleep(0.2)


def _answers(port: int) -> bool:
    """Whether a Bolt server shakes hands on this port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(_BOLT_HELLO)
            return connection.recv(4) not in {b"", b"\0\0\0\0"}
    except OSError:
        return False


def _running(home: Home) -> int | None:
    """The server's process id, if that process lives and is this home's server."""
    try:
        pid = int(home.pid_file.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
    command = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)
    return pid if f"--home-dir={home.path}" in shown.stdout else None


def _tail(home: Home) -> str:
    if not home.log.exists():
        return ""
    return "\n".join(home.log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:])


def main() -> int:
    """Read the command line and do what it says; the exit status is 0 where it worked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["start", "stop", "run"])
    parser.add_argument("--home", type=Path, default=Path(".neo4j"), help="folder of the server (.neo4j)")
    parser.add_argument("--bolt-port", type=int, default=7687, help="port for drivers (7687)")
    parser.add_argument("--http-port", type=int, default=7474, help="port for Neo4j Browser (7474)")
    parser.add_argument("--password-file", type=Path, help="where the password is kept (HOME/password)")
    parser.add_argument("--heap", default="1g", help="memory of its JVM (1g)")
    options = parser.parse_args()
    path = options.home.resolve()
    password_file = (options.password_file or path / "password").resolve()
    path.mkdir(parents=True, exist_ok=True)
    home = Home(path, options.bolt_port, options.http_port, password_file, options.heap)
    try:
        {"start": start, "stop": stop, "run": run}[options.action](home)
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
