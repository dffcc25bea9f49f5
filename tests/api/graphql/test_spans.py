"""Graphs as of another instant than the run's, and of a span, from a served home with a lake and two runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.scope import SCOPE
from graph.windows import DAY, HOUR, iso
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.lake.pair_day import refresh
from ingest.ledger.database import open_database
from ingest.ledger.ledger import RunRow, switch_run
from ingest.progress import Silent
from tests.api.worlds import put_in_front, ring_world, served, write_run
from tests.contract.graphs import AS_OF, START, Drawing
from tests.graph.calls import call
from tests.graph.lakes import lake_of

CALLER, FRIEND, VICTIM, NEW = "+919810000001", "+919900000000", "+919900000001", "+919733300000"
ASKED = """query(
  $roots: [String!]!, $depth: Int!, $asOf: DateTime, $from: DateTime, $to: DateTime, $reasons: [String!],
  $fresh: Boolean! = false
) {
  graph(roots: $roots, depth: $depth, asOf: $asOf, from: $from, to: $to, reasons: $reasons, fresh: $fresh) {
    __typename
    ... on Graph {
      totalNodes window { from to } uncounted { from to }
      nodes { id number hop verdict role } edges { kind calls seconds }
    }
    ... on NotFound { id message }
  }
}"""


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home = Home(tmp_path_factory.mktemp("past") / "home").create()
    days = [iso(START + day * DAY + 12 * HOUR) for day in range(30)]
    rows = [call(CALLER, FRIEND, days[0], 60), call(CALLER, FRIEND, days[1], 60), call(CALLER, VICTIM, days[20], 5)]
    lake_of(home, [*rows, call(NEW, CALLER, days[28], 5), call(FRIEND, VICTIM, days[29])])
    with home.writing("test"):
        refresh(Lake(home), None, None, (22, 6), Silent())
    write_run(home, Drawing(ring_world().calls), "run-0")
    earlier = RunRow("run-0", SCOPE, START + 10 * DAY, START, START + 10 * DAY, "digest", "run-0", START, "run")
    with open_database(home, "ledger").begin() as connection:
        switch_run(connection, earlier)
    put_in_front(home, ring_world())
    with served(home) as running, httpx.Client(base_url=running.address, timeout=30) as client:
        yield client


def asked(client: httpx.Client, *roots: str, depth: int = 1, **more: Any) -> dict[str, Any]:
    answer = client.post(
        "/graphql", json={"query": ASKED, "variables": {"roots": roots, "depth": depth, **more}}
    ).json()
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]["graph"]
    return found


def code(client: httpx.Client, **more: Any) -> tuple[str, str]:
    answer = client.post("/graphql", json={"query": ASKED, "variables": {"roots": [CALLER], "depth": 1, **more}})
    (error,) = answer.json()["errors"]
    return error["extensions"]["code"], error["message"]


def test_the_graph_of_last_week_has_the_calls_until_then(past: httpx.Client) -> None:
    found = asked(past, CALLER, asOf=iso(START + DAY))
    assert [(node["number"], node["hop"]) for node in found["nodes"]] == [(CALLER, 0), (FRIEND, 1)]
    assert found["edges"] == [{"kind": "CALLED", "calls": 1, "seconds": 60.0}]
    assert found["window"] == {"from": iso(START - 29 * DAY), "to": iso(START + DAY)}
    assert found["uncounted"] == []


def test_before_any_run_nothing_is_said_of_the_risk(past: httpx.Client) -> None:
    found = asked(past, CALLER, asOf=iso(START + DAY))
    assert {(node["verdict"], node["role"]) for node in found["nodes"]} == {("NO_DATA", "none")}


def test_from_a_runs_instant_on_its_verdicts_are_shown(past: httpx.Client) -> None:
    found = asked(past, CALLER, asOf=iso(AS_OF))
    verdicts = {node["number"]: node["verdict"] for node in found["nodes"]}
    assert verdicts == {CALLER: "DANGEROUS", FRIEND: "SAFE", VICTIM: "SAFE", NEW: "NO_DATA"}
    assert [edge["calls"] for edge in found["edges"]] == [2, 1, 1, 1]


def test_between_two_runs_the_verdicts_of_the_first_are_shown(past: httpx.Client) -> None:
    found = asked(past, CALLER, depth=0, asOf=iso(START + 15 * DAY))
    assert [node["verdict"] for node in found["nodes"]] == ["SAFE"]


def test_a_span_has_only_its_own_calls(past: httpx.Client) -> None:
    span: dict[str, Any] = {"from": iso(START + DAY), "to": iso(START + 21 * DAY)}
    found = asked(past, CALLER, **span)
    assert sorted(node["number"] for node in found["nodes"]) == [CALLER, FRIEND, VICTIM]
    assert (found["window"], [edge["calls"] for edge in found["edges"]]) == (span, [1, 1])


def test_ids_of_a_graph_of_the_past_are_those_of_the_run(past: httpx.Client) -> None:
    number = next(node["id"] for node in asked(past, CALLER, depth=0)["nodes"])
    assert asked(past, number, depth=0, asOf=iso(START + DAY))["nodes"][0]["number"] == CALLER


def test_what_is_not_found_is_named_as_it_was_asked(past: httpx.Client) -> None:
    number = next(node["id"] for node in asked(past, CALLER, depth=0)["nodes"])
    assert asked(past, number, asOf=iso(START))["id"] == number
    assert asked(past, number, "+91 98100 00001", asOf=iso(START))["id"] == f"{number}, +91 98100 00001"


def test_an_instant_outside_the_lake_is_told_where_its_calls_lie(past: httpx.Client) -> None:
    found = asked(past, CALLER, asOf=iso(START))
    assert found["__typename"] == "NotFound"
    assert f"the lake's calls span {iso(START + 12 * HOUR)}" in found["message"]


def test_a_number_without_calls_by_then_is_not_found(past: httpx.Client) -> None:
    found = asked(past, NEW, asOf=iso(START + DAY))
    assert found["message"] == (
        f"No call of these numbers lies between {iso(START - 29 * DAY)} and {iso(START + DAY)}."
    )


@pytest.mark.parametrize(
    "span",
    [
        {"asOf": iso(AS_OF), "from": iso(START)},
        {"asOf": iso(AS_OF), "fresh": True},
        {"from": iso(START)},
        {"from": iso(AS_OF), "to": iso(START)},
        {"asOf": iso(AS_OF), "reasons": ["CALLED"]},
        {"asOf": "1970-01-01T00:00:00Z"},
    ],
)
def test_what_is_no_span_is_refused(past: httpx.Client, span: dict[str, Any]) -> None:
    assert code(past, **span)[0] == "BAD_SPAN"


def test_what_is_no_time_is_refused(past: httpx.Client) -> None:
    refused, message = code(past, asOf="yesterday")
    assert (refused, "write 2026-05-01T00:00:00Z" in message) == ("INVALID", True)


def test_a_damaged_day_is_named(home: Home) -> None:
    lake_of(home, [call(CALLER, FRIEND, iso(START + day * DAY), 60) for day in (0, 1)])
    with home.writing("test"):
        refresh(Lake(home), None, None, (22, 6), Silent())
    (index,) = home.lake.rglob("*.arrow")
    index.write_bytes(b"torn")
    put_in_front(home, ring_world())
    with served(home) as running, httpx.Client(base_url=running.address, timeout=30) as client:
        refused, message = code(client, asOf=iso(START + DAY))
    assert (refused, f"{index.parent.name}/{index.name} is damaged" in message) == ("DAMAGED_CALLS", True)
    assert str(home.root) not in message


def test_a_fresh_graph_has_calls_that_came_after_the_run(home: Home) -> None:
    newer = [call(CALLER, NEW, iso(AS_OF + hour * HOUR), 5) for hour in (1, 2, 3)]
    lake_of(home, [call(CALLER, FRIEND, iso(AS_OF - HOUR), 60), *newer[:1]])
    put_in_front(home, ring_world())
    with served(home) as running, httpx.Client(base_url=running.address, timeout=30) as client:
        found = asked(client, CALLER, fresh=True)
        assert [(node["number"], node["verdict"]) for node in found["nodes"]] == [
            (CALLER, "DANGEROUS"),
            (NEW, "NO_DATA"),
            (FRIEND, "SAFE"),
        ]
        assert found["window"]["to"] == iso(AS_OF + HOUR + 1)
        lake_of(home, newer[1:])
        again = asked(client, CALLER, fresh=True)
        assert [edge["calls"] for edge in again["edges"]] == [3, 1]
        assert again["window"]["to"] == iso(AS_OF + 3 * HOUR + 1)
