"""The REST interface of existing clients: exact names, exact types, sentences instead of traces."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.reads import Reads
from ingest.home import Home
from tests.api.worlds import NEVER_SEEN, VICTIMS, alert, put_in_front, ring_home, ring_world, served, write_run
from tests.contract.graphs import Drawing

CHECKED = {
    "status": str,
    "risk_score": float,
    "category": str,
    "reports": int,
    "carrier": str,
    "last_active": str,
    "fraud_type": str | None,
    "cluster_id": str | None,
    "anomaly_score": float,
    "explanation": str,
    "data_available": bool,
}
ALERT = {
    "id": str,
    "severity": str,
    "title": str,
    "description": str,
    "cluster_id": str | None,
    "caller_id": str,
    "status": str,
    "created_at": str,
    "time": str,
}


def assert_shape(found: dict[str, Any], shape: dict[str, Any]) -> None:
    """Exactly these names with exactly these types."""
    assert list(found) == list(shape)
    assert {name for name, kind in shape.items() if not isinstance(found[name], kind)} == set()


def check(client: httpx.Client, number: object) -> httpx.Response:
    """Ask about a number; a lone surrogate goes as an escape."""
    return client.post(
        "/api/check-number", content=json.dumps({"number": number}), headers={"Content-Type": "application/json"}
    )


def test_the_message_that_clients_look_for(client: httpx.Client) -> None:
    for accept in ("application/json", "*/*"):
        answer = client.get("/", headers={"Accept": accept})
        assert answer.json() == {"message": "Satark Intelligence Grid Online"}
    assert "Accept" in answer.headers["Vary"]


def test_a_browser_gets_the_page(client: httpx.Client) -> None:
    answer = client.get("/", headers={"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"})
    assert answer.text.startswith("<!doctype html>")


def test_campaigns(client: httpx.Client) -> None:
    assert client.get("/api/campaigns").json() == [
        {"id": "C-1", "name": "Campaign C-1", "risk_score": 96.0, "affected_users": 1, "status": "ACTIVE"},
        {"id": "C-2", "name": "Campaign C-2", "risk_score": 90.0, "affected_users": 1, "status": "ACTIVE"},
    ]


def test_stats(client: httpx.Client) -> None:
    shown = {"total_calls": 68, "blocked_threats": 0, "active_campaigns_count": 2, "total_fraud_detected": 5}
    assert client.get("/api/stats").json() == shown


def test_a_number_of_a_ring(client: httpx.Client) -> None:
    found = check(client, "98100 00001").json()
    assert_shape(found, CHECKED)
    assert (found["status"], found["risk_score"], found["category"]) == ("DANGEROUS", 96.0, "wangiri")
    assert (found["fraud_type"], found["cluster_id"], found["data_available"]) == ("wangiri", "C-1", True)
    assert found["explanation"] == "Calls last 3.5 s, usual are 60 s. It calls 9 numbers."
    assert found["last_active"].endswith("Z")


def test_a_victim_is_safe(client: httpx.Client) -> None:
    found = check(client, VICTIMS[0].partition(" ")[2]).json()
    assert_shape(found, CHECKED)
    assert (found["status"], found["category"], found["data_available"]) == ("SAFE", "Normal", True)
    assert found["explanation"]


def test_never_seen_is_safe_but_says_that_there_is_no_data(client: httpx.Client) -> None:
    found = check(client, NEVER_SEEN).json()
    assert_shape(found, CHECKED)
    assert (found["status"], found["risk_score"], found["category"]) == ("SAFE", 0.0, "No data")
    assert (found["last_active"], found["data_available"]) == ("Never", False)


@pytest.mark.parametrize(
    "number", ["", "hello", "9.18E+11", "0", "\ud800", "+" * 100_000, 5, None, ["1"], {"a": 1}, True]
)
def test_what_is_no_number_is_refused_with_a_sentence(client: httpx.Client, number: object) -> None:
    answer = check(client, number)
    assert answer.status_code == 422
    assert_refusal(answer)


def assert_refusal(answer: httpx.Response) -> None:
    """A code and a sentence, and nothing of the inside."""
    error = answer.json()["error"]
    assert list(answer.json()) == ["error"]
    assert list(error) == ["code", "message"]
    assert error["message"].endswith(".")
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"5", b"{}", b'{"numbers": "1"}', b"\xff", b"[" * 100_000, b'{"number": NaN}']
)
def test_bad_bodies_are_refused_with_a_sentence(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/api/check-number", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert_refusal(answer)


def test_another_media_type_is_refused_with_a_sentence(client: httpx.Client) -> None:
    answer = client.post(
        "/api/check-number", content=b"number=1", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert 400 <= answer.status_code < 500
    assert_refusal(answer)


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_text_is_answered_or_refused(client: httpx.Client, text: str) -> None:
    assert check(client, text).status_code in (200, 422)


def test_alerts(client: httpx.Client) -> None:
    found = client.get("/api/alerts").json()
    assert [alert["title"] for alert in found] == ["Wangiri 2", "Wangiri 1"]  # the riskier first
    for shown in found:
        assert_shape(shown, ALERT)
        assert shown["caller_id"] == "+919810000001"
        assert shown["cluster_id"] == "C-1"
        assert shown["created_at"] == "2024-11-03T01:00:00Z"
        assert shown["time"] == "2024-11-03T00:00:00Z"


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("severity=CRITICAL", ["Wangiri 2"]),
        ("severity=LOW", []),
        ("status=OPEN", ["Wangiri 2", "Wangiri 1"]),
        ("status=CLOSED", []),
        ("limit=1", ["Wangiri 2"]),
        ("limit=1000&severity=HIGH&status=OPEN", ["Wangiri 1"]),
    ],
)
def test_alerts_are_filtered(client: httpx.Client, query: str, titles: list[str]) -> None:
    assert [alert["title"] for alert in client.get(f"/api/alerts?{query}").json()] == titles


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=x", "limit=-1", "limit=1e3", "severity=EVIL", "severity=", f"status={'x' * 17}"],
)
def test_bad_filters_are_refused_with_a_sentence(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/api/alerts?{query}")
    assert answer.status_code == 422
    assert_refusal(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/api",
        "/api/alerts/",
        "/docs",
        "/redoc",
        "/api/docs",
        "/assets/../wiring.py",
        "/assets/nothing.js",
        "/%00",
        "/api/campaigns/C-1",
    ],
)
def test_what_is_not_there_is_said_not_to_be_there(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert_refusal(answer)


def test_wrong_methods_are_refused_with_a_sentence(client: httpx.Client) -> None:
    for method, path in (("POST", "/api/stats"), ("GET", "/api/check-number"), ("DELETE", "/"), ("PUT", "/livez")):
        answer = client.request(method, path)
        assert answer.status_code == 405
        assert_refusal(answer)


def test_openapi_names_what_there_is(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/api/campaigns", "/api/stats", "/api/check-number", "/api/alerts", "/livez", "/readyz", "/"} == set(paths)


def test_before_the_first_run_everything_is_empty(home: Home) -> None:
    with served(home) as server, httpx.Client(base_url=server.address) as client:
        assert client.get("/api/campaigns").json() == []
        assert client.get("/api/alerts").json() == []
        assert set(client.get("/api/stats").json().values()) == {0}
        assert check(client, NEVER_SEEN).json()["category"] == "No data"


def test_ready_says_what_is_missing(home: Home) -> None:
    with served(home) as server, httpx.Client(base_url=server.address) as client:
        assert client.get("/livez").json() == {"status": "alive"}
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "ringfence run" in answer.json()["error"]["message"]
        put_in_front(home, ring_world())
        assert client.get("/readyz").status_code == 200
        (home.databases / "work.sqlite").unlink()
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "ringfence migrate" in answer.json()["error"]["message"]


def test_alerts_of_a_run_that_does_not_count_are_not_shown(home: Home) -> None:
    put_in_front(home, ring_world(), raised=[alert(1)])
    write_run(home, Drawing(ring_world().calls), "run-2", [alert(2)])
    with served(home) as server:
        found = httpx.get(f"{server.address}/api/alerts").json()
    assert [each["title"] for each in found] == ["Wangiri 1"]


def test_a_fault_is_told_by_its_id_and_stands_in_the_log(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise KeyError("secret column")

    monkeypatch.setattr(Reads, "campaigns", broken)
    with served(ring_home(home)) as server:
        answer = httpx.get(f"{server.address}/api/campaigns")
    assert answer.status_code == 500
    assert_refusal(answer)
    assert answer.headers["X-Request-Id"] in answer.text
    assert "secret" not in answer.text
    assert f"request {answer.headers['X-Request-Id']} failed" in caplog.text


def test_every_answer_carries_the_policy(client: httpx.Client) -> None:
    for answer in (
        client.get("/", headers={"Accept": "text/html"}),
        client.get("/api/stats"),
        client.get("/nothing"),
        client.get("/", headers={"Host": "evil.example"}),
        client.get("/", headers={"Origin": "http://evil.example"}),
        client.post("/graphql", content=b"x" * 300_000),
    ):
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' data:",
            "connect-src": "'self'",
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
            "form-action": "'none'",
        }
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "server" not in answer.headers
