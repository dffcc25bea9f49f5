"""Subscriptions on real sockets: the protocol, resuming, and consumers that do not read."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import delete
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from api.event_tables import events as events_table
from api.events import Page
from api.graphql.gate import Gate
from ingest.home import Home
from ingest.ledger.database import open_database
from tests.api.asking import PATIENCE_S, SPOKEN, STREAM, follow, receive, send, socket_to
from tests.api.graphql.test_gate import deep, nested_fragments
from tests.api.worlds import CALLER, OPENER, Served, alert, put_in_front, ring_home, ring_world, served


def closed_with(address: str, *messages: Any, binary: bool = False, **more: Any) -> int:
    """Say these messages and give the code with which the server closes."""
    with connect(address, subprotocols=SPOKEN, open_timeout=PATIENCE_S, **more) as channel:
        texts = [message if isinstance(message, str) else json.dumps(message) for message in messages]
        with pytest.raises(ConnectionClosed) as closed:
            _talk(channel, [text.encode() if binary else text for text in texts])
    assert closed.value.rcvd is not None
    return int(closed.value.rcvd.code)


def _talk(channel: ClientConnection, messages: Sequence[str | bytes]) -> None:
    for message in messages:
        channel.send(message)
    while True:
        channel.recv(timeout=PATIENCE_S)


INIT = {"type": "connection_init"}


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([{"type": "subscribe", "id": "1", "payload": {"query": STREAM}}], 4401),
        ([INIT, INIT], 4429),
        ([{"type": "connection_init", "payload": "x"}], 4400),
        (["hello"], 4400),
        ([{"type": "connection_init", "payload": {"authorization": "Bearer \ud800"}}], 4400),
        ([INIT, {"type": "subscribe", "id": "\udfff", "payload": {"query": STREAM}}], 4400),
        (["[" * 50_000], 4400),
        (["5"], 4400),
        (["{}"], 4400),
        ([{"type": 5}], 4400),
        ([INIT, {"type": "nonsense" * 100}], 4400),
        ([INIT, {"type": "subscribe"}], 4400),
        ([INIT, {"type": "subscribe", "id": ["1"], "payload": {"query": STREAM}}], 4400),
        ([INIT, {"type": "subscribe", "id": "x" * 65, "payload": {"query": STREAM}}], 4400),
        ([INIT, {"type": "complete", "id": {}}], 4400),
        ([INIT, *[{"type": "subscribe", "id": "1", "payload": {"query": STREAM}}] * 2], 4409),
    ],
)
def test_who_breaks_the_protocol_is_told_by_its_codes(still: Served, messages: list[Any], code: int) -> None:
    assert closed_with(still.websocket, *messages) == code


def test_binary_messages_are_refused(still: Served) -> None:
    assert closed_with(still.websocket, INIT, binary=True) == 4400


def test_a_message_that_is_too_long_ends_the_conversation(still: Served) -> None:
    assert closed_with(still.websocket, " " * 300_000) == 1009


def test_who_does_not_introduce_himself_is_dropped(home: Home) -> None:
    with served(ring_home(home), stream_init_s=0.2) as server:
        assert closed_with(server.websocket) == 4408
        assert closed_with(server.websocket, {"type": "ping"}) == 4408


@pytest.mark.parametrize("protocols", [["graphql-ws"], [], ["soap", "graphql-ws"]])
def test_the_legacy_protocol_is_not_spoken(still: Served, protocols: list[Any]) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(still.websocket, subprotocols=protocols or None, open_timeout=PATIENCE_S)
    assert refused.value.response.status_code == 400
    assert b"graphql-transport-ws" in (refused.value.response.body or b"")


def test_pings_are_answered_before_and_after_the_introduction(still: Served) -> None:
    with connect(still.websocket, subprotocols=SPOKEN) as channel:
        for _ in range(2):
            send(channel, type="ping")
            assert receive(channel) == {"type": "pong"}
        send(channel, type="connection_init")
        assert receive(channel) == {"type": "connection_ack"}
        send(channel, type="pong")
        send(channel, type="ping")
        assert receive(channel) == {"type": "pong"}


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"query": "{ stats { run } }"}, "NOT_A_SUBSCRIPTION"),
        ({"query": "subscription { nope }"}, "INVALID"),
        ({"query": nested_fragments(25)}, "TOO_LARGE"),
        ({"query": deep(50)}, "TOO_DEEP"),
        ({"query": 5}, "BODY"),
        ({"query": STREAM, "variables": []}, "BODY"),
        ({"query": STREAM, "variables": {"after": "x"}}, "INVALID"),
        ([], "NO_BATCHING"),
        (None, "BODY"),
    ],
)
def test_a_question_that_is_none_is_refused_and_the_socket_lives(still: Served, payload: Any, code: str) -> None:
    with socket_to(still.websocket) as channel:
        send(channel, id="1", type="subscribe", payload=payload)
        answer = receive(channel)
        assert (answer["id"], answer["type"]) == ("1", "error")
        assert answer["payload"][0]["extensions"]["code"] == code
        assert next(follow(channel, after=0))["alert"]["title"] == "Wangiri 1"


def test_a_negative_place_is_refused(still: Served) -> None:
    with socket_to(still.websocket) as channel:
        send(channel, id="1", type="subscribe", payload={"query": STREAM, "variables": {"after": -1}})
        answer = receive(channel)
        assert answer["payload"]["errors"][0]["extensions"]["code"] == "BAD_PLACE"


def test_alerts_are_streamed_from_the_log_and_as_they_come(server: Served) -> None:
    with socket_to(server.websocket) as channel:
        stream = follow(channel, after=0)
        old = list(islice(stream, 2))
        assert [item["alert"]["title"] for item in old] == ["Wangiri 1", "Wangiri 2"]
        put_in_front(server.app.home, ring_world(), "run-2", raised=[alert(3)])
        new = next(stream)
        assert new["alert"]["title"] == "Wangiri 3"
        assert new["seq"] > old[1]["seq"] > old[0]["seq"] >= 1


def test_a_stream_without_a_place_begins_now(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    began = threading.Event()
    after = server.app.log.after

    def noted(place: int, limit: int, *kinds: str) -> Page:
        began.set()
        return after(place, limit, *kinds)

    monkeypatch.setattr(server.app.log, "after", noted)
    with socket_to(server.websocket) as channel:
        send(channel, id="1", type="subscribe", payload={"query": STREAM})
        assert began.wait(PATIENCE_S)  # it has its place by now
        put_in_front(server.app.home, ring_world(), "run-2", raised=[alert(3)])
        assert receive(channel)["payload"]["data"]["alertStream"]["alert"]["title"] == "Wangiri 3"


def test_a_stream_is_resumed_where_it_ended(server: Served) -> None:
    with socket_to(server.websocket) as channel:
        first = next(follow(channel, after=0))
    put_in_front(server.app.home, ring_world(), "run-2", raised=[alert(3)])
    with socket_to(server.websocket) as channel:
        rest = list(islice(follow(channel, after=first["seq"]), 2))
    assert [item["alert"]["title"] for item in rest] == ["Wangiri 2", "Wangiri 3"]


def test_alerts_are_filtered(home: Home) -> None:
    raised = [
        alert(1, severity="LOW"),
        alert(2, OPENER, fraud_type="robocall", campaign=None),
        alert(3, CALLER, campaign="C-2"),
        alert(4, fraud_type=None),
    ]
    put_in_front(home, ring_world(), raised=raised)
    wanted = [
        ({"severities": ["LOW"]}, "Wangiri 1"),
        ({"fraudTypes": ["robocall"]}, "Wangiri 2"),
        ({"campaign": "C-2"}, "Wangiri 3"),
        ({"severities": ["HIGH"], "campaign": "C-1"}, "Wangiri 4"),
    ]
    with served(home) as server:
        for chosen, title in wanted:
            with socket_to(server.websocket) as channel:
                assert next(follow(channel, after=0, filter=chosen))["alert"]["title"] == title


def test_a_place_beyond_the_log_is_said(server: Served) -> None:
    newest = server.app.log.newest()
    with socket_to(server.websocket) as channel:
        stream = follow(channel, after=newest + 50)
        assert next(stream) == {"__typename": "Discontinuity", "from": newest + 50, "to": newest, "dropped": 0}
        put_in_front(server.app.home, ring_world(), "run-2", raised=[alert(3)])
        assert next(stream)["alert"]["title"] == "Wangiri 3"


def test_what_was_pruned_is_said_with_how_much(server: Served) -> None:
    put_in_front(server.app.home, ring_world(), "run-2", raised=[alert(3)])
    newest = server.app.log.newest()
    with open_database(server.app.home, "events").begin() as connection:
        connection.execute(delete(events_table).where(events_table.c.seq < newest - 3))
    with socket_to(server.websocket) as channel:
        stream = follow(channel, after=1)
        gap = next(stream)
        assert gap == {"__typename": "Discontinuity", "from": 1, "to": newest - 4, "dropped": newest - 5}
        assert next(stream)["alert"]["title"] == "Wangiri 3"


def test_a_completed_subscription_can_be_begun_again(still: Served) -> None:
    with socket_to(still.websocket) as channel:
        for _ in range(3):
            assert next(follow(channel, after=0))["alert"]["title"] == "Wangiri 1"
            assert receive(channel)["payload"]["data"]["alertStream"]["alert"]["title"] == "Wangiri 2"
            send(channel, id="1", type="complete")
        send(channel, type="ping")
        assert receive(channel) == {"type": "pong"}


def test_a_socket_carries_so_many_subscriptions_and_no_more(still: Served) -> None:
    with socket_to(still.websocket) as channel:
        for name in range(21):
            send(channel, id=str(name), type="subscribe", payload={"query": STREAM, "variables": {}})
        answer = receive(channel)
        assert (answer["id"], answer["payload"][0]["extensions"]["code"]) == ("20", "TOO_MANY")


def test_two_subscriptions_on_one_socket_keep_apart(still: Served) -> None:
    with socket_to(still.websocket) as channel:
        for name in ("a", "b"):
            send(channel, id=name, type="subscribe", payload={"query": STREAM, "variables": {"after": 0}})
        got = sorted(
            (m["id"], m["payload"]["data"]["alertStream"]["seq"]) for m in (receive(channel) for _ in range(4))
        )
        assert [name for name, _ in got] == ["a", "a", "b", "b"]
        assert [seq for _, seq in got[:2]] == [seq for _, seq in got[2:]]


WITH_DESCRIPTION = STREAM.replace("severity", "severity description")
MANY = 3_000
LONG = "x" * 2_000  # together far more than the buffers between both ends hold


def test_a_consumer_that_does_not_read_holds_nobody_up(home: Home) -> None:
    put_in_front(home, ring_world(), raised=[alert(place, description=LONG) for place in range(MANY)])
    with served(home) as server, deaf(server), socket_to(server.websocket) as channel:
        seen = [item["alert"]["title"] for item in islice(follow(channel, after=0), 500)]
        assert seen == [f"Wangiri {place}" for place in range(500)]
        put_in_front(home, ring_world(), "run-2", raised=[alert(MANY)])
        with socket_to(server.websocket) as late:
            newest = next(follow(late, after=server.app.log.newest() - 4))
            assert newest["alert"]["title"] == f"Wangiri {MANY}"


def test_pages_bound_what_is_read_for_one_consumer(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log is read page by page, and for who does not read on it is not read on."""
    put_in_front(home, ring_world(), raised=[alert(place, description=LONG * 10) for place in range(2_000)])
    limits: list[int] = []
    with served(home, stream_page=10) as server:
        after = server.app.log.after

        def counted(place: int, limit: int, *kinds: str) -> Page:
            limits.append(limit)
            return after(place, limit, *kinds)

        monkeypatch.setattr(server.app.log, "after", counted)
        with deaf(server), socket_to(server.websocket) as channel:
            assert len(list(islice(follow(channel, after=0), 300))) == 300
    assert set(limits) == {10}
    assert len(limits) < 150  # 31 for who reads; of 200 pages of 200 KB the deaf one gets what fits into buffers


def test_the_gate_is_asked_before_anything_else(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    check = Gate.check

    def counted(gate: Gate, query: str, variables: Any, operation: str | None) -> Any:
        asked.append(query)
        return check(gate, query, variables, operation)

    monkeypatch.setattr(Gate, "check", counted)
    with socket_to(server.websocket) as channel:
        next(follow(channel, after=0))
    assert asked == [STREAM]


def test_events_of_a_process_that_died_are_made_good(server: Served) -> None:
    """A run that was switched to and never logged is logged by the server that sees it."""
    before = server.app.log.newest()
    put_in_front(server.app.home, ring_world(), "run-2", raised=[alert(3)], log=False)
    with socket_to(server.websocket) as channel:
        assert next(follow(channel, after=before))["alert"]["title"] == "Wangiri 3"


@contextmanager
def deaf(server: Served) -> Iterator[None]:
    """Hold a client that subscribes to everything, with long descriptions, and never reads."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", server.port))
    with connect(server.websocket, sock=raw, subprotocols=SPOKEN, max_queue=1) as channel:
        send(channel, type="connection_init")
        send(channel, id="1", type="subscribe", payload={"query": WITH_DESCRIPTION, "variables": {"after": 0}})
        yield
        channel.close_socket()
