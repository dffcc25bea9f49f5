"""The server as a process: says where it listens, stops on a signal, and refuses to start where it must not."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from api.auth.access import AccessError
from api.server import ServeError, address_of, listen, serve
from api.wiring import open_app
from ingest.home import Home
from tests.api.asking import PATIENCE_S, follow, socket_to
from tests.api.auth.test_access import token_file
from tests.api.worlds import TOKEN, quick_settings, ring_home
from tests.repository import ROOT

SERVING = """
import sys, warnings
warnings.simplefilter("error")
from pathlib import Path
from api.server import serve
from api.wiring import open_app
from configs import load_settings
from ingest.home import Home
app = open_app(Home(Path(sys.argv[1])), load_settings())
serve(app, sys.argv[2], 0, lambda address: print(address, flush=True))
app.close()
print("stopped", flush=True)
"""


@contextmanager
def process(home: Home, host: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a server on a home as a process of its own."""
    command = [sys.executable, "-c", SERVING, str(home.root), host]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def first_line(running: subprocess.Popen[str]) -> str:
    """Give the address that it prints."""
    assert running.stdout is not None
    return running.stdout.readline().strip()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_the_address_when_it_listens_and_stops_on_a_signal(home: Home, number: signal.Signals) -> None:
    with process(ring_home(home), "127.0.0.1", {}) as running:
        address = first_line(running)
        assert httpx.get(f"{address}/readyz").status_code == 200
        with socket_to(address.replace("http", "ws") + "/graphql") as channel:
            next(follow(channel, after=0))
            running.send_signal(number)
            out, errors = running.communicate(timeout=PATIENCE_S)
        assert (running.returncode, out.strip(), errors) == (0, "stopped", "")


def test_beyond_loopback_it_starts_with_a_token_only(home: Home, tmp_path: Path) -> None:
    with process(ring_home(home), "0.0.0.0", {}) as running:
        out, errors = running.communicate(timeout=PATIENCE_S)
        assert running.returncode != 0
        assert (out, "RINGFENCE_TOKEN_FILE" in errors) == ("", True)
    with process(home, "0.0.0.0", token_file(tmp_path)) as running:
        address = first_line(running).replace("0.0.0.0", "127.0.0.1")
        assert httpx.get(f"{address}/api/stats").status_code == 401
        given = {"Authorization": f"Bearer {TOKEN}"}
        assert httpx.get(f"{address}/api/stats", headers=given).status_code == 200
        assert httpx.get(f"{address}/livez").status_code == 200
        origin = {"Origin": "http://localhost:3000", **given}
        assert httpx.get(f"{address}/api/stats", headers=origin).status_code == 403


def test_a_port_that_is_taken_is_said_so(home: Home) -> None:
    app = open_app(home, quick_settings())
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=rf"port {port}.*choose another"):
            serve(app, "127.0.0.1", port, print)
    app.close()


def test_an_address_that_is_not_ours_is_said_so(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_app(home, quick_settings())
    with pytest.raises(AccessError):
        serve(app, "192.0.2.1", 0, print)
    for name, value in token_file(tmp_path).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ServeError, match=re.escape("cannot listen on 192.0.2.1")):
        serve(app, "192.0.2.1", 0, print)
    app.close()


def test_addresses_of_ipv6_are_written_as_browsers_take_them() -> None:
    with listen("::1", 0) as listener:
        assert address_of(listener) == f"http://[::1]:{listener.getsockname()[1]}"


def test_answers_do_not_wait_for_acknowledgements() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
