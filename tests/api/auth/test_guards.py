"""Host, Origin and token on a real server, for HTTP and websockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from api.auth.guard import host_name, is_same_origin
from ingest.home import Home
from tests.api.asking import PATIENCE_S, SPOKEN, ask, code_of, follow, post, receive, send, socket_to
from tests.api.auth.test_access import token_file
from tests.api.worlds import TOKEN, Served, ring_home, served

FOREIGN = [
    "http://evil.example",
    "null",
    "http://localhost:3001",
    "https://localhost",
    "http://127.0.0.1.evil.example",
    "x",
]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.1", "", "a b"]
)
def test_a_name_that_only_resolves_here_is_refused(client: httpx.Client, host: str) -> None:
    for path in ("/", "/livez", "/api/stats", "/graphql"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code in (400, 421)  # what is no host at all is refused by the parser of requests
        assert "run-1" not in answer.text


def test_the_refusal_of_a_name_is_a_sentence(client: httpx.Client) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).json()["error"]["code"] == "WRONG_HOST"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9", "127.0.0.1:1", "[::1]:8000", "[::1]"])
def test_names_of_this_machine_are_answered(client: httpx.Client, host: str) -> None:
    assert client.get("/livez", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("origin", FOREIGN)
def test_foreign_pages_may_not_ask(client: httpx.Client, origin: str) -> None:
    for answer in (
        client.get("/api/stats", headers={"Origin": origin}),
        client.post("/api/check-number", json={"number": "1"}, headers={"Origin": origin}),
        client.post("/graphql", json={"query": "{stats{run}}"}, headers={"Origin": origin}),
        client.options("/graphql", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}),
    ):
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
        assert "another origin" in answer.text


@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1:3000"])
def test_the_existing_web_client_may_ask(client: httpx.Client, origin: str) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,authorization"}
    before = client.options("/api/check-number", headers={"Origin": origin, **asks})
    assert before.status_code == 200
    assert before.headers["access-control-allow-origin"] == origin
    answer = client.post("/api/check-number", json={"number": "9810000001"}, headers={"Origin": origin})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, origin)


def test_the_servers_own_page_may_ask(client: httpx.Client) -> None:
    assert client.get("/api/stats", headers={"Origin": str(client.base_url).rstrip("/")}).status_code == 200


@pytest.mark.parametrize("origin", FOREIGN)
def test_foreign_pages_may_not_open_sockets(still: Served, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(still.websocket, subprotocols=SPOKEN, additional_headers={"Origin": origin})
    assert refused.value.response.status_code == 403
    assert b"another origin" in (refused.value.response.body or b"")


def test_own_pages_may_open_sockets(still: Served) -> None:
    for origin in (still.address, "http://localhost:3000"):
        with socket_to(still.websocket, additional_headers={"Origin": origin}) as channel:
            assert next(follow(channel, after=0))["alert"]["title"] == "Wangiri 1"


def test_sockets_under_another_name_are_refused(still: Served) -> None:
    here = socket.create_connection(("127.0.0.1", still.port))
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://rebound.example:{still.port}/graphql", sock=here, subprotocols=SPOKEN)
    assert refused.value.response.status_code == 421


@pytest.mark.parametrize("path", ["/ws", "/api/stats", "/graphql/x"])
def test_there_are_no_other_sockets(still: Served, path: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://127.0.0.1:{still.port}{path}", subprotocols=SPOKEN)
    assert refused.value.response.status_code in (403, 404)


@pytest.fixture
def guarded(home: Home, tmp_path: Path) -> Iterator[Served]:
    """A server that demands the token, on loopback."""
    with served(ring_home(home), token_file(tmp_path)) as running:
        yield running


BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.mark.parametrize(
    "given", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}, {"Authorization": "Basic x"}]
)
def test_without_the_token_nothing_is_told(guarded: Served, given: dict[str, str]) -> None:
    with httpx.Client(base_url=guarded.address, headers=given) as client:
        for path in (
            "/",
            "/api/stats",
            "/api/campaigns",
            "/api/alerts",
            "/openapi.json",
            "/nothing",
            "/assets",
            "/livez/../api/stats",
        ):
            answer = client.get(path, headers={"Accept": "application/json"})
            assert answer.status_code == 401, path
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert "token" in answer.json()["error"]["message"]
        assert code_of(post(client, "{ stats { run } }")) == "NO_TOKEN"
        assert client.post("/api/check-number", json={"number": "1"}).status_code == 401


def test_health_and_the_page_need_no_token(guarded: Served) -> None:
    with httpx.Client(base_url=guarded.address) as client:
        assert client.get("/livez").status_code == client.get("/readyz").status_code == 200
        page = client.get("/", headers={"Accept": "text/html"})
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert client.get("/assets/app.js").status_code == 200
        assert client.post("/", headers={"Accept": "text/html"}).status_code in (401, 405)


def test_with_the_token_everything_is_answered(guarded: Served) -> None:
    with httpx.Client(base_url=guarded.address, headers=BEARER) as client:
        assert client.get("/api/stats").json()["total_calls"] == 68
        assert ask(client, "{ stats { run } }")["stats"]["run"] == "run-1"


def test_a_page_that_lacks_the_token_can_read_that_it_does(guarded: Served) -> None:
    answer = httpx.get(f"{guarded.address}/api/stats", headers={"Origin": "http://localhost:3000"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (401, "http://localhost:3000")


@pytest.mark.parametrize(
    "payload", [None, {}, {"authorization": "Bearer wrong"}, {"authorization": 5}, {"token": TOKEN}]
)
def test_a_socket_without_the_token_is_closed(guarded: Served, payload: dict[str, object] | None) -> None:
    with connect(guarded.websocket, subprotocols=SPOKEN, open_timeout=PATIENCE_S) as channel:
        send(channel, type="connection_init", **({} if payload is None else {"payload": payload}))
        with pytest.raises(ConnectionClosed) as closed:
            receive(channel)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403


def test_a_socket_may_bring_the_token_in_its_first_message_or_in_a_header(guarded: Served) -> None:
    with socket_to(guarded.websocket, {"authorization": f"Bearer {TOKEN}"}) as channel:
        assert next(follow(channel, after=0))["alert"]["title"] == "Wangiri 1"
    with socket_to(guarded.websocket, additional_headers=BEARER) as channel:
        assert next(follow(channel, after=0))["alert"]["title"] == "Wangiri 1"


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (["localhost"], "localhost"),
        (["LocalHost:80"], "localhost"),
        (["[::1]:8000"], "::1"),
        (["a", "b"], None),
        ([], None),
        (["user@localhost"], None),
        (["localhost:99999999"], None),
        (["::1"], None),
    ],
)
def test_host_names(headers: list[str], name: str | None) -> None:
    assert host_name(headers) == name


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://localhost:8000", "localhost:8000", True),
        ("https://ringfence.example", "ringfence.example", True),
        ("http://localhost:8000", "localhost:8001", False),
        ("http://localhost", "localhost:8000", False),
        ("file://localhost:8000", "localhost:8000", False),
        ("http://[::1", "localhost", False),
        ("http://a@localhost:8000", "localhost:8000", False),
    ],
)
def test_origins(origin: str, host: str, same: bool) -> None:
    assert is_same_origin(origin, host) is same
