"""Bodies that are too long, with and without a declared length, and bodies that never end."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest

from ingest.home import Home
from tests.api.asking import PATIENCE_S
from tests.api.worlds import Served, ring_home, served

MOST = 262_144


def pieces(count: int) -> Iterator[bytes]:
    """Give a body in pieces, so that it is sent chunked, without a length."""
    for _ in range(count):
        yield b" " * 4096


def question(length: int) -> bytes:
    """Give a question padded to a length."""
    return b'{"query": "{ stats { run } }"}'.ljust(length)


def test_a_body_at_the_limit_is_read(client: httpx.Client) -> None:
    answer = client.post("/graphql", content=question(MOST), headers={"Content-Type": "application/json"})
    assert answer.json() == {"data": {"stats": {"run": "run-1"}}}


@pytest.mark.parametrize("path", ["/graphql", "/api/check-number", "/", "/nothing"])
def test_a_longer_one_is_refused_whatever_the_route(client: httpx.Client, path: str) -> None:
    answer = client.post(path, content=question(MOST + 1), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert str(MOST) in answer.text


def test_a_longer_one_without_a_declared_length_is_refused(client: httpx.Client) -> None:
    answer = client.post("/graphql", content=pieces(MOST // 4096 + 1), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


def test_pieces_within_the_limit_are_read(client: httpx.Client) -> None:
    def body() -> Iterator[bytes]:
        yield question(100)
        yield from pieces(10)

    answer = client.post("/graphql", content=body(), headers={"Content-Type": "application/json"})
    assert answer.json() == {"data": {"stats": {"run": "run-1"}}}


def raw(server: Served, *parts: bytes) -> bytes:
    """Send bytes as they are and give what comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as channel:
        for part in parts:
            channel.sendall(part)
        answer = b""
        while piece := channel.recv(65_536):
            answer += piece
    return answer


HEAD = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def test_a_declared_length_is_believed_before_anything_is_read(still: Served) -> None:
    answer = raw(still, HEAD + b"Content-Length: 999999999999\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413")


def test_a_body_that_does_not_come_is_given_up(home: Home) -> None:
    with served(ring_home(home), timeout_s=0.3) as server:
        answer = raw(server, HEAD + b"Content-Length: 100\r\n\r\n{")
        assert answer.startswith(b"HTTP/1.1 408")


def test_who_leaves_in_the_middle_of_a_body_harms_nobody(still: Served) -> None:
    with socket.create_connection(("127.0.0.1", still.port)) as channel:
        channel.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
    assert httpx.get(f"{still.address}/livez").status_code == 200


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
    ids=["no host", "two hosts", "no length", "two lengths", "no request", "TLS", "a long address"],
)
def test_what_is_no_request_is_refused(still: Served, request_head: bytes) -> None:
    answer = raw(still, request_head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4"))
