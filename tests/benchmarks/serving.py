"""A real `ringfence serve` process on a free port, for measuring and for end-to-end tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

RINGFENCE = str(Path(sys.executable).with_name("ringfence"))


def free_port() -> int:
    """Give a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(home: Path, store: str = "embedded", environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve `home` while the block runs and give the address; the process is ended by its own id."""
    port = free_port()
    command = [RINGFENCE, "serve", "--home", str(home), "--port", str(port), "--store", store]
    with subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_alive(address, process)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def _wait_until_alive(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before it answered")
        try:
            if httpx.get(f"{address}/livez", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("the server did not answer within 60 s")
