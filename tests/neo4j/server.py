"""A real Neo4j with Graph Data Science for tests: given by address, in a container, or from its own jars.

Run by hand, it starts a server, prints how to reach it and keeps it until Ctrl-C: `python -m tests.neo4j.server`.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from filelock import FileLock
from neo4j import GraphDatabase

POM = Path(__file__).with_name("pom.xml")
CACHE = Path(__file__).parents[2] / ".cache" / "neo4j"
IMAGE = "neo4j:5.26"
NEEDED = ("java", "mvn")
START_S = 180.0
HOW_TO_GET_ONE = (
    "Tests need a real Neo4j with Graph Data Science, and {missing} is not installed. One of these helps: "
    "install Java 17 or later and Maven (Debian: apt-get install default-jdk-headless maven); start a Docker engine; "
    "or set RINGFENCE_TEST_NEO4J to the bolt:// address of a server that may be emptied, and "
    "RINGFENCE_TEST_NEO4J_PASSWORD to its password."
)
OPENED_PACKAGES = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch", "java.base/java.util.concurrent")
CONFIGURATION = """\
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.directories.plugins={plugins}
server.memory.heap.max_size=1g
server.memory.pagecache.size=256m
dbms.security.procedures.unrestricted=gds.*
dbms.usage_report.enabled=false
"""


@dataclass(frozen=True)
class Neo4jServer:
    """How to reach a running server."""

    uri: str
    user: str
    password: str

    def gds_version(self) -> str:
        """Ask the server for the version of its Graph Data Science."""
        with GraphDatabase.driver(self.uri, auth=(self.user, self.password)) as driver:
            records = driver.execute_query("RETURN gds.version() AS version").records
        return str(records[0]["version"])


class NoNeo4jError(RuntimeError):
    """No server was given and none can be started; the message says how to get one."""


@contextmanager
def running_server() -> Iterator[Neo4jServer]:
    """Give a server that answers with Graph Data Science, and stop it afterwards if it was started here.

    Order: RINGFENCE_TEST_NEO4J, a container where a Docker engine answers, the server's jars from Maven Central.
    Raises NoNeo4jError when none of these is possible.
    """
    if uri := os.environ.get("RINGFENCE_TEST_NEO4J"):
        user = os.environ.get("RINGFENCE_TEST_NEO4J_USER", "neo4j")
        yield Neo4jServer(uri, user, os.environ.get("RINGFENCE_TEST_NEO4J_PASSWORD", ""))
        return
    with _container() if _docker_answers() else _from_jars() as server:
        yield server


def _docker_answers() -> bool:
    # In a process of its own: the client leaks its socket when nobody answers, and leaks are errors in tests.
    probe = [sys.executable, "-c", "import docker; docker.from_env().ping()"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


@contextmanager
def _container() -> Iterator[Neo4jServer]:
    from testcontainers.community.neo4j import Neo4jContainer

    password = secrets.token_urlsafe(12)
    container = Neo4jContainer(IMAGE, username="neo4j", password=password)
    container.with_env("NEO4J_PLUGINS", '["graph-data-science"]').with_env("NEO4J_server_memory_heap_max__size", "1g")
    with container:
        yield Neo4jServer(container.get_connection_url(), "neo4j", password)


class OwnServer:
    """A server on a folder of its own, without password and plugins, to be imported into, killed and started again.

    It runs from the jars even where RINGFENCE_TEST_NEO4J names another, which nobody may kill.
    """

    def __init__(self, home: Path) -> None:
        self._jars = downloaded_jars()
        self._home = home
        self._port = _free_port()
        self._process: AbstractContextManager[int] | None = None
        self._pid = 0
        configuration = CONFIGURATION.format(port=self._port, plugins=home / "plugins")
        home.mkdir()
        text = f"{configuration}dbms.security.auth_enabled=false\n"
        (home / "neo4j.conf").write_text(text, encoding="utf-8")

    @property
    def uri(self) -> str:
        """Where it answers while it runs; the same each time."""
        return f"bolt://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, unless it runs, and return when it answers."""
        if self._process is not None:
            return
        self._process = _process(_command(self._jars, self._home))
        self._pid = self._process.__enter__()

    def kill(self) -> None:
        """End it without a word, as a power cut would."""
        if self._process is not None:
            self._process.__exit__(None, None, None)
            self._process = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it stand still for a while: its connections stay open, and nothing is answered."""
        os.kill(self._pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._pid, signal.SIGCONT)

    def administer(self, script: Path) -> None:
        """Run a shell script that calls `neo4j-admin`, on this server's folder while it does not run."""
        programs = self._home / "bin"
        programs.mkdir(exist_ok=True)
        admin = programs / "neo4j-admin"
        call = f'exec java -Xmx512m -cp "{self._jars}/lib/*" org.neo4j.cli.AdminTool "$@"'
        admin.write_text(f"#!/bin/sh\n{call}\n", encoding="utf-8")
        admin.chmod(0o755)
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "NEO4J_HOME": str(self._home), "NEO4J_CONF": str(self._home)}
        done = subprocess.run(
            ["sh", str(script)], cwd=script.parent, env=environment, capture_output=True, text=True, check=False
        )
        assert not done.returncode, done.stdout + done.stderr


@contextmanager
def _from_jars() -> Iterator[Neo4jServer]:
    jars = downloaded_jars()
    with tempfile.TemporaryDirectory(prefix="ringfence-neo4j-") as folder:
        port = _free_port()
        home = Path(folder)
        configuration = CONFIGURATION.format(port=port, plugins=jars / "plugins")
        (home / "neo4j.conf").write_text(configuration, encoding="utf-8")
        with _process(_command(jars, home)):
            yield _with_password(f"bolt://127.0.0.1:{port}")


def downloaded_jars() -> Path:
    """Give the folder with lib/ and plugins/ for the versions in pom.xml; downloads 135 MB the first time."""
    if missing := [tool for tool in NEEDED if shutil.which(tool) is None]:
        raise NoNeo4jError(HOW_TO_GET_ONE.format(missing=" and ".join(missing)))
    folder = CACHE / hashlib.sha256(POM.read_bytes()).hexdigest()[:16]
    CACHE.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            _download(folder)
    return folder


def _download(folder: Path) -> None:
    partial = folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    _copy_dependencies("server", partial / "lib")
    _copy_dependencies("gds", partial / "plugins")
    for library in (partial / "lib").iterdir():
        (partial / "plugins" / library.name).unlink(missing_ok=True)
    partial.rename(folder)


def _copy_dependencies(profile: str, target: Path) -> None:
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={target}"]
    done = subprocess.run(
        ["mvn", "-q", "-B", "-f", str(POM), "-P", profile, *goal], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NoNeo4jError(f"Maven could not fetch the {profile} jars of Neo4j:\n{done.stdout[-2000:]}{done.stderr}")


def _command(jars: Path, home: Path) -> list[str]:
    opened = [f"--add-opens={package}=ALL-UNNAMED" for package in OPENED_PACKAGES]
    # The plugins stand before the libraries, or the injection of their procedures fails at start.
    classes = ["-cp", f"{jars}/plugins/*:{jars}/lib/*", "org.neo4j.server.CommunityEntryPoint"]
    folders = ["--console-mode", f"--home-dir={home}", f"--config-dir={home}"]
    # Where the system can, the kernel ends the server with us, so that a killed test run leaves none behind.
    leash = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
    return [*leash, "java", "-Xmx1g", *opened, *classes, *folders]


@contextmanager
def _process(command: Sequence[str]) -> Iterator[int]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        console = _Console(process.stdout)
        try:
            console.wait_for_start()
            yield process.pid
        finally:
            process.kill()  # its data is thrown away: nothing to save
            console.wait_for_end()


class _Console:
    """Reads what the server prints, so that its pipe never fills, and tells when it has started."""

    def __init__(self, lines: IO[str]) -> None:
        self._lines = lines
        self._seen: list[str] = []
        self._started = False
        self._settled = threading.Event()
        self._reader = threading.Thread(target=self._read, name="neo4j console", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._lines:
            self._seen.append(line)
            if line.rstrip().endswith("INFO  Started."):
                self._started = True
                self._settled.set()
        self._settled.set()

    def wait_for_start(self) -> None:
        """Return when the server has started; raise NoNeo4jError with its last words when it ended or hangs."""
        self._settled.wait(START_S)
        if not self._started:
            raise NoNeo4jError("Neo4j did not start:\n" + "".join(self._seen[-40:]))

    def wait_for_end(self) -> None:
        """Return when the server has closed its output, which it does when it ends."""
        self._reader.join()


def _with_password(uri: str) -> Neo4jServer:
    password = secrets.token_urlsafe(12)
    with GraphDatabase.driver(uri, auth=("neo4j", "neo4j")) as driver:
        statement = "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password"
        driver.execute_query(statement, password=password, database_="system")
    return Neo4jServer(uri, "neo4j", password)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def main() -> None:
    """Start a server and keep it until Ctrl-C."""
    with suppress(KeyboardInterrupt), running_server() as server:
        print(f"Graph Data Science {server.gds_version()}; Ctrl-C stops the server", file=sys.stderr)
        print(f"export RINGFENCE_TEST_NEO4J={server.uri} RINGFENCE_TEST_NEO4J_PASSWORD={server.password}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
