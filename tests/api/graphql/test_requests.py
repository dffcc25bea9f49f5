"""What the GraphQL endpoint takes and what it refuses, on a real server."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from typing import Any

import httpx
import pytest

from api.graphql.asked import Asked, DeadlineError
from api.reads import Reads
from ingest.home import Home
from tests.api.asking import ask, code_of, post
from tests.api.graphql.test_gate import deep, nested_fragments
from tests.api.worlds import ring_home, served

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("query", [nested_fragments(25), deep(50)], ids=["nested fragments", "depth 50"])
def test_hostile_queries_are_refused_with_a_sentence(client: httpx.Client, query: str) -> None:
    answer = post(client, query)
    assert answer.status_code == 400
    assert code_of(answer) in ("TOO_LARGE", "TOO_DEEP")
    assert answer.elapsed.total_seconds() < 5  # the gate's own time is tested by its own tests


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "BODY"),
        (b"{", "BODY"),
        (b"\xff\xfe", "BODY"),
        (b"null", "BODY"),
        (b'"{stats{run}}"', "BODY"),
        (b"{}", "BODY"),
        (b'{"query": 5}', "BODY"),
        (b'{"query": "  "}', "BODY"),
        (b'{"query": "{stats{run}}", "variables": []}', "BODY"),
        (b'{"query": "{stats{run}}", "operationName": 1}', "BODY"),
        (b"[" * 100_000, "BODY"),
        (b'{"a":' * 20_000, "BODY"),
        (b'[{"query": "{stats{run}}"}]', "NO_BATCHING"),
        (b'{"query": "{stats{run}}", "variables": {"n": "\\ud800"}}', "BODY"),
        (b'{"query": "{stats{run}}", "variables": {"n": {"\\uDFFF": [1]}}}', "BODY"),
        (b'{"query": "{stats{run}}", "variables": {"n": "\xed\xa0\x80"}}', "BODY"),
        (b'{"query": "{stats{run}} # \\ud800"}', "BODY"),
        (b'{"query": "{numbers(filter: {campaign: \\"\\\\ud800\\"}) {totalCount}}"}', "SYNTAX"),
        (b'{"query": "{nope}"}', "INVALID"),
        (b'{"query": "{stats}"}', "INVALID"),
        (b'{"query": "mutation {a}"}', "INVALID"),
        (b'{"query": "query($n: Int!) {numbers(first: $n) {totalCount}}"}', "INVALID"),
        (b'{"query": "query($n: Int!) {numbers(first: $n) {totalCount}}", "variables": {"n": "many"}}', "INVALID"),
        (b'{"query": "{graph(roots: [\\"1\\"], depth: 99999999999999999999) {__typename}}"}', "INVALID"),
        (b'{"query": "{numbers(filter: {minRisk: \\"x\\"}) {totalCount}}"}', "INVALID"),
        (b'{"query": "{numbers(filter: {verdicts: [EVIL]}) {totalCount}}"}', "INVALID"),
        (b'{"query": "subscription {alertStream {__typename}}"}', "SUBSCRIPTION"),
    ],
)
def test_what_is_no_question_is_refused_with_a_sentence(client: httpx.Client, body: bytes, code: str) -> None:
    answer = client.post("/graphql", content=body, headers=JSON)
    assert answer.status_code == 400
    assert code_of(answer) == code
    assert "data" not in answer.json()
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("kind", ["text/plain", "application/graphql", "multipart/form-data; boundary=x", ""])
def test_only_json_is_taken(client: httpx.Client, kind: str) -> None:
    answer = client.post("/graphql", content=b'{"query": "{stats{run}}"}', headers={"Content-Type": kind})
    assert answer.status_code == 415
    assert code_of(answer) == "MEDIA_TYPE"


def test_streams_over_http_are_not_served(client: httpx.Client) -> None:
    for accept in ("multipart/mixed;subscriptionSpec=1.0", "text/event-stream"):
        answer = client.post(
            "/graphql", json={"query": "subscription {alertStream {__typename}}"}, headers={"Accept": accept}
        )
        assert (answer.status_code, code_of(answer)) == (400, "SUBSCRIPTION")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_no_questions_by_other_methods(client: httpx.Client, method: str) -> None:
    answer = client.request(method, "/graphql?query={stats{run}}", headers={"Accept": "text/html"})
    assert answer.status_code == 405
    assert "run-1" not in answer.text


def test_introspection_and_graphiql_are_for_development(
    client: httpx.Client, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    types = "{__schema {types {name fields {name type {name ofType {name ofType {name}}}}}}}"
    assert code_of(post(client, types)) == "NO_INTROSPECTION"
    monkeypatch.setenv("RINGFENCE_ENV", "development")
    with served(ring_home(home)) as server, httpx.Client(base_url=server.address) as own:
        assert "PhoneNumber" in json.dumps(ask(own, types))
        page = own.get("/graphql", headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert "graphiql" in page.text.lower()
        assert own.get("/graphql", params={"query": "{stats{run}}"}).status_code == 405


def test_suggestions_do_not_give_the_schema_away(client: httpx.Client) -> None:
    assert "Did you mean" not in post(client, "{stat {run}}").text


def test_faults_have_a_code_and_a_request_id_and_nothing_of_the_inside(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise KeyError("secret column")

    monkeypatch.setattr(Reads, "stats", broken)
    with served(ring_home(home)) as server, httpx.Client(base_url=server.address) as own:
        with caplog.at_level(logging.ERROR):
            answer = post(own, "{ stats { run } campaigns { totalCount } }")
        assert answer.status_code == 200
        assert answer.json()["data"] == {"stats": None, "campaigns": {"totalCount": 2}}
        (error,) = answer.json()["errors"]
        assert error["extensions"] == {"code": "INTERNAL", "requestId": answer.headers["X-Request-Id"]}
        assert "secret" not in answer.text
        assert answer.headers["X-Request-Id"] in caplog.text
        assert "secret column" in caplog.text


def test_an_answer_that_takes_too_long_is_given_up(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client is told in time, and the thread does no more work for it."""
    entered, let_go = threading.Event(), threading.Event()
    asked_after: list[str] = []

    def slow(*_: Any) -> None:
        entered.set()
        let_go.wait(30)

    monkeypatch.setattr(Reads, "stats", slow)
    monkeypatch.setattr(Reads, "campaign", lambda *_: asked_after.append("more"))
    with served(ring_home(home), timeout_s=0.3) as server, httpx.Client(base_url=server.address, timeout=30) as own:
        answer = post(own, '{ stats { run } campaign(id: "C-1") { __typename } }')
        assert entered.is_set()
        assert code_of(answer) == "TIMEOUT"
        assert own.get("/livez").status_code == 200
        let_go.set()
    assert asked_after == []


def test_after_the_deadline_nothing_is_asked_of_the_data() -> None:
    late: Any = None  # nothing but the clock is looked at
    asked = Asked(late, late, late, late, deadline=time.monotonic(), request_id="1")
    with pytest.raises(DeadlineError):
        _ = asked.view


def test_every_request_has_an_id_of_its_own(client: httpx.Client) -> None:
    ids = {client.get("/livez").headers["X-Request-Id"] for _ in range(5)}
    assert len(ids) == 5
    assert all(re.fullmatch("[0-9a-f]{16}", each) for each in ids)


def test_many_at_once_are_all_answered(client: httpx.Client) -> None:
    query = '{ graph(roots: ["9810000001"], limit: 50) { ... on Graph { totalNodes } } stats { run } }'
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(post(client, query).status_code)) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 24
