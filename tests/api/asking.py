"""Asking a server over GraphQL: by POST and over a socket."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

SPOKEN = [Subprotocol("graphql-transport-ws")]
STREAM = """subscription Alerts($after: Int, $filter: AlertFilter) { alertStream(after: $after, filter: $filter) {
  __typename ... on AlertEvent { seq alert { id number title severity } }
  ... on Discontinuity { from to dropped } } }"""
PATIENCE_S = 30.0  # a test that waits this long has failed


def post(client: httpx.Client, query: str, **variables: Any) -> httpx.Response:
    """Send a question and give the whole answer."""
    return client.post("/graphql", json={"query": query, "variables": variables})


def ask(client: httpx.Client, query: str, **variables: Any) -> Any:
    """Give the data of an answer without errors."""
    answer = post(client, query, **variables)
    assert answer.status_code == 200, answer.text
    assert "errors" not in answer.json(), answer.text
    return answer.json()["data"]


def code_of(answer: httpx.Response) -> str:
    """Give the code of the first error of a GraphQL answer."""
    return str(answer.json()["errors"][0]["extensions"]["code"])


def send(socket: ClientConnection, **message: Any) -> None:
    """Send one message of the protocol."""
    socket.send(json.dumps(message))


def receive(socket: ClientConnection) -> Any:
    """Give the next message of the protocol."""
    return json.loads(socket.recv(timeout=PATIENCE_S))


@contextmanager
def socket_to(address: str, payload: Mapping[str, Any] | None = None, **more: Any) -> Iterator[ClientConnection]:
    """Open a socket and introduce ourselves."""
    with connect(address, subprotocols=SPOKEN, open_timeout=PATIENCE_S, **more) as socket:
        send(socket, type="connection_init", payload=payload or {})
        assert receive(socket) == {"type": "connection_ack"}
        yield socket


def follow(socket: ClientConnection, name: str = "1", **variables: Any) -> Iterator[Any]:
    """Subscribe to alerts and give the items."""
    send(socket, id=name, type="subscribe", payload={"query": STREAM, "variables": variables})
    while True:
        message = receive(socket)
        assert message["type"] == "next", message
        assert message["id"] == name
        yield message["payload"]["data"]["alertStream"]
