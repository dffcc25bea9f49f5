"""Paths, neighbours of every kind and shared callees, as a real server answers."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from ingest.home import Home
from tests.api.asking import ask, code_of, post
from tests.api.worlds import LONER, NEVER_SEEN, VICTIMS, put_in_front, served
from tests.contract.graphs import Drawing, chain

PATH = """query P($from: String!, $to: String!, $operator: String, $max: Int! = 6, $directed: Boolean! = false) {
  path(from: $from, to: $to, operator: $operator, maxHops: $max, directed: $directed) { __typename
    ... on Path { hops window { from } nodes { id number operator hop role verdict risk }
      edges { source target kind calls answered seconds } }
    ... on NotFound { id message } ... on InvalidNumber { number message } } }"""
SHARED = """query S($numbers: [String!]!, $atLeast: Int! = 2, $first: Int! = 20) {
  sharedCallees(numbers: $numbers, atLeast: $atLeast, first: $first) { __typename
    ... on SharedCallees { total nodes { callers calls number { id number risk } } }
    ... on InvalidNumber { number } } }"""
BESIDE = """query B($number: String!, $filter: NeighbourFilter, $first: Int! = 20,
  $order: NeighbourOrder! = WEIGHT_DESC) { lookup(number: $number) { ... on PhoneNumber {
    neighbourCounts(filter: $filter) { kind direction reason total matching }
    out: neighbours(filter: $filter, orderBy: $order, first: $first) { ...rows }
    in: neighbours(direction: IN, filter: $filter, orderBy: $order, first: $first) { ...rows }
    links: neighbours(kind: LINK, filter: $filter, orderBy: $order, first: $first) { ...rows } } } }
  fragment rows on Neighbours { total matching nodes { number { number }
    edge { source target kind reason weight calls } } }"""
FIRST, SECOND, THIRD = (f"+91981000000{place}" for place in (1, 2, 3))


def numbers(rows: list[Any]) -> list[str]:
    return [row["number"]["number"] for row in rows]


def test_a_path_joins_two_numbers(client: httpx.Client) -> None:
    found = ask(client, PATH, **{"from": LONER.partition(" ")[2], "to": FIRST})["path"]
    victim = VICTIMS[0].partition(" ")[2]
    assert (found["hops"], [(node["number"], node["hop"]) for node in found["nodes"]]) == (
        2,
        [(LONER.partition(" ")[2], 0), (victim, 1), (FIRST, 2)],
    )
    ids = {node["number"]: node["id"] for node in found["nodes"]}
    assert [(edge["source"], edge["target"], edge["calls"]) for edge in found["edges"]] == [
        (ids["+919810000009"], ids[victim], 3),
        (ids[victim], ids[FIRST], 1),
        (ids[FIRST], ids[victim], 1),
    ]
    by_id = ask(client, PATH, **{"from": ids["+919810000009"], "to": ids[FIRST]})["path"]
    assert by_id == found
    assert ask(client, PATH, **{"from": FIRST, "to": FIRST})["path"]["hops"] == 0


def test_a_path_from_caller_to_callee(client: httpx.Client) -> None:
    there = ask(client, PATH, **{"from": "+919810000009", "to": FIRST, "directed": True})["path"]
    assert [edge["calls"] for edge in there["edges"]] == [3, 1]
    assert ask(client, PATH, **{"from": FIRST, "to": "+919810000009", "directed": True})["path"]["__typename"] == (
        "NotFound"
    )


def test_why_there_is_no_path(client: httpx.Client) -> None:
    apart = ask(client, PATH, **{"from": FIRST, "to": "+919820000001"})["path"]
    assert (apart["__typename"], apart["message"]) == (
        "NotFound",
        "No path of at most 6 calls joins both numbers in the window.",
    )
    assert "so nothing can be said" in ask(client, PATH, **{"from": FIRST, "to": NEVER_SEEN})["path"]["message"]
    assert ask(client, PATH, **{"from": "hello", "to": FIRST})["path"]["__typename"] == "InvalidNumber"
    assert ask(client, PATH, **{"from": FIRST, "to": "n_" + "0" * 32})["path"]["__typename"] == "InvalidNumber"
    for hops in (0, 7, -1):
        answer = post(client, PATH, **{"from": FIRST, "to": SECOND, "max": hops})
        assert (answer.status_code, code_of(answer)) == (400, "PAGE_SIZE")


def test_a_path_is_within_one_network(home: Home) -> None:
    calls = [(f"{name} {a}", f"{name} {b}", 1) for name in ("one", "two") for a, b in (("+94771", "+94772"),)]
    put_in_front(home, Drawing([*calls, ("two +94772", "two +94773", 1)], (), {"one +94771": 40.0, "two +94771": 10.0}))
    with served(home) as server, httpx.Client(base_url=server.address) as client:
        short = ask(client, PATH, **{"from": "+94771", "to": "+94772"})["path"]
        assert {node["operator"] for node in short["nodes"]} == {"one"}
        only_two = ask(client, PATH, **{"from": "+94771", "to": "+94773"})["path"]
        assert ({node["operator"] for node in only_two["nodes"]}, only_two["hops"]) == ({"two"}, 2)
        named = ask(client, PATH, **{"from": "+94771", "to": "+94773", "operator": "one"})["path"]
        assert named["__typename"] == "NotFound"


def test_six_hops_are_the_most_that_a_path_has(home: Home) -> None:
    put_in_front(home, chain())
    with served(home) as server, httpx.Client(base_url=server.address) as client:
        ends = {"from": "+9450", "to": "+9456"}
        assert ask(client, PATH, **ends)["path"]["hops"] == 6
        assert ask(client, PATH, **ends, max=5)["path"]["__typename"] == "NotFound"


def test_neighbours_are_counted_by_kind(client: httpx.Client) -> None:
    found = ask(client, BESIDE, number=FIRST, filter={"minCalls": 2, "reasons": ["range"]})["lookup"]
    assert found["neighbourCounts"] == [
        {"kind": "CALLED", "direction": "OUT", "reason": None, "total": 8, "matching": 0},
        {"kind": "CALLED", "direction": "IN", "reason": None, "total": 1, "matching": 0},
        {"kind": "LINK", "direction": None, "reason": "shared_victims", "total": 2, "matching": 0},
    ]
    for kind, total in (("out", 8), ("in", 1), ("links", 2)):
        assert found[kind] == {"total": total, "matching": 0, "nodes": []}


def test_neighbours_by_links_come_strongest_first(client: httpx.Client) -> None:
    found = ask(client, BESIDE, number=FIRST)["lookup"]["links"]
    assert [(node["number"]["number"], node["edge"]["weight"]) for node in found["nodes"]] == [
        (SECOND, 0.9),
        (THIRD, 0.5),
    ]
    assert {(node["edge"]["kind"], node["edge"]["reason"]) for node in found["nodes"]} == {("LINK", "shared_victims")}
    other = ask(client, BESIDE, number=THIRD)["lookup"]["links"]["nodes"]
    assert [(numbers([row]), row["edge"]["target"]) for row in other] == [
        ([FIRST], found["nodes"][1]["edge"]["target"])
    ]


def test_neighbours_are_filtered_and_ordered(client: httpx.Client) -> None:
    victim = VICTIMS[0].partition(" ")[2]
    by_calls = ask(client, BESIDE, number=victim)["lookup"]["in"]
    assert [node["edge"]["calls"] for node in by_calls["nodes"]] == [3, 3, 2, 1]
    by_risk = ask(client, BESIDE, number=victim, order="RISK_DESC", first=3)["lookup"]["in"]
    assert (numbers(by_risk["nodes"]), by_risk["total"]) == ([FIRST, SECOND, THIRD], 4)
    risky = ask(client, BESIDE, number=victim, filter={"minRisk": 90.0, "verdicts": ["DANGEROUS"]})["lookup"]["in"]
    assert (numbers(risky["nodes"]), risky["total"], risky["matching"]) == ([SECOND, FIRST], 4, 2)
    assert ask(client, BESIDE, number=victim, filter={"countries": ["US"]})["lookup"]["in"]["matching"] == 0
    answered = ask(client, BESIDE, number=victim, filter={"answered": True})["lookup"]["in"]
    assert answered["matching"] == 3


def test_shared_callees(client: httpx.Client) -> None:
    found = ask(client, SHARED, numbers=[FIRST, SECOND, THIRD, FIRST], first=2)["sharedCallees"]
    assert [(row["callers"], row["calls"]) for row in found["nodes"]] == [(3, 6), (3, 6)]
    assert (numbers(found["nodes"]), found["total"]) == ([v.partition(" ")[2] for v in VICTIMS[:2]], 8)
    by_id = ask(client, SHARED, numbers=[found["nodes"][0]["number"]["id"], FIRST])["sharedCallees"]
    assert by_id == {"__typename": "SharedCallees", "total": 0, "nodes": []}
    with_loner = ask(client, SHARED, numbers=[FIRST, SECOND, THIRD, "+919810000009"], atLeast=4)["sharedCallees"]
    assert [(row["callers"], row["calls"]) for row in with_loner["nodes"]] == [(4, 9)]
    assert ask(client, SHARED, numbers=[NEVER_SEEN])["sharedCallees"]["total"] == 0
    assert ask(client, SHARED, numbers=["hello"])["sharedCallees"]["__typename"] == "InvalidNumber"
    assert code_of(post(client, SHARED, numbers=[FIRST], atLeast=0)) == "BAD_AT_LEAST"
    assert code_of(post(client, SHARED, numbers=[])) == "BAD_ROOTS"
    assert code_of(post(client, SHARED, numbers=[FIRST], first=201)) == "PAGE_SIZE"


def test_a_graph_over_links_only(client: httpx.Client) -> None:
    query = """query G($reasons: [String!]) { graph(roots: ["9810000001"], depth: 2, reasons: $reasons) { ... on Graph {
      totalNodes totalEdges totalRoots totalLinks nodes { number hop } edges { kind reason } } } }"""
    found = ask(client, query, reasons=["shared_victims"])["graph"]
    assert [node["number"] for node in found["nodes"]] == [FIRST, SECOND, THIRD]
    assert {edge["kind"] for edge in found["edges"]} == {"LINK"}
    assert (found["totalRoots"], found["totalLinks"], found["totalEdges"]) == (1, 2, 2)
    calls = ask(client, query, reasons=["CALLED"])["graph"]
    assert (calls["totalLinks"], {edge["kind"] for edge in calls["edges"]}) == (0, {"CALLED"})
    assert len(ask(client, query, reasons=[])["graph"]["nodes"]) == 1


def test_a_campaign_graph_tells_what_is_left_out_by_kind(client: httpx.Client) -> None:
    query = """{ campaign(id: "C-1") { ... on Campaign { graph(limit: 4) {
      totalNodes totalRoots totalEdges totalLinks isTruncated nodes { hop } edges { kind } } } } }"""
    found = ask(client, query)["campaign"]["graph"]
    assert (found["totalRoots"], found["totalNodes"]) == (3, 11)  # members, and eight victims
    assert ([node["hop"] for node in found["nodes"]], found["isTruncated"]) == ([0, 0, 0, 1], True)
    assert (found["totalEdges"], found["totalLinks"]) == (6, 2)  # three calls to the victim, one back, two links


@pytest.mark.parametrize("query", [PATH, SHARED])
def test_before_the_first_run_there_is_nothing(home: Home, query: str) -> None:
    with served(home) as server, httpx.Client(base_url=server.address) as client:
        (answer,) = ask(client, query, **{"from": FIRST, "to": SECOND, "numbers": [FIRST]}).values()
        assert answer.get("total", 0) == 0
        assert answer["__typename"] in ("NotFound", "SharedCallees")
