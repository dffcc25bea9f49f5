"""What a real server answers to GraphQL questions."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from ingest.home import Home
from tests.api.asking import ask, code_of, post
from tests.api.worlds import NEVER_SEEN, VICTIMS, Served, put_in_front, ring_world, served
from tests.contract.graphs import Drawing

NUMBERS = """query N($first: Int!, $after: String, $filter: NumberFilter, $order: NumberOrder! = RISK_DESC) {
  numbers(first: $first, after: $after, filter: $filter, orderBy: $order) { totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id number risk lastSeen } } } }"""
GRAPH = """query G($roots: [String!]!, $depth: Int! = 2, $limit: Int! = 200) {
  graph(roots: $roots, depth: $depth, limit: $limit) { __typename
    ... on Graph { totalNodes totalEdges isTruncated window { from to }
      nodes { id number operator hop role verdict risk fraudType campaign }
      edges { source target kind reason weight calls answered seconds } }
    ... on NotFound { id message } ... on InvalidNumber { number message } } }"""
LOOKUP = """query L($number: String!, $operator: String) { lookup(number: $number, operator: $operator) { __typename
  ... on PhoneNumber { id number operator verdict risk riskBasis role fraudType
    outCalls inCalls callees callers firstSeen
    window { from to } evidence { feature value unit typical contribution text } features { name value unit tier }
    campaign { id name } neighbours(first: 2) { total nodes { number { number } edge { source target calls kind } } } }
  ... on NoData { number message } ... on InvalidNumber { number message } } }"""


def pages(client: httpx.Client, first: int, **variables: Any) -> list[Any]:
    """Give all nodes of the list of numbers, page by page."""
    found, after = [], None
    while True:
        page = ask(client, NUMBERS, first=first, after=after, **variables)["numbers"]
        found += [edge["node"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        assert page["pageInfo"]["hasPreviousPage"] == (len(found) > len(page["edges"]))
        if not page["pageInfo"]["hasNextPage"]:
            assert len(found) == page["totalCount"]
            return found


@pytest.mark.parametrize("typed", ["+91 98100 00001", "9810000001", "098100-00001", "+91 (98100) 00001"])
def test_a_number_is_found_as_people_type_it(client: httpx.Client, typed: str) -> None:
    found = ask(client, LOOKUP, number=typed)["lookup"]
    assert (found["number"], found["verdict"], found["risk"]) == ("+919810000001", "DANGEROUS", 96.0)
    assert found["campaign"] == {"id": "C-1", "name": "Campaign C-1"}
    assert [fact["contribution"] for fact in found["evidence"]] == [0.75, 0.25]
    assert (found["outCalls"], found["callees"], found["inCalls"], found["callers"]) == (8, 8, 1, 1)
    assert found["neighbours"]["total"] == 8
    assert found["neighbours"]["nodes"][0]["edge"]["source"] == found["id"]
    assert found["window"]["from"] == "2024-10-04T00:00:00Z"


def test_a_number_says_where_it_is_from_and_who_says_its_carrier(client: httpx.Client) -> None:
    query = """query L($number: String!) { lookup(number: $number) {
      ... on PhoneNumber { country region lineType carrier carrierSource } } }"""
    found = ask(client, query, number="9810000002")["lookup"]
    assert (found["region"], found["carrier"], found["carrierSource"]) == ("India", "Dialog", "plan")


def test_never_seen_is_no_data_and_never_safe(client: httpx.Client) -> None:
    found = ask(client, LOOKUP, number=NEVER_SEEN)["lookup"]
    assert found["__typename"] == "NoData"
    assert "2024-10-04" in found["message"]


@pytest.mark.parametrize("typed", ["", "  ", "hello", "9.18E+11", "0", "12", "1" * 16, "\0", "٣٤٥٦"])
def test_what_is_no_number_is_said_to_be_none(client: httpx.Client, typed: str) -> None:
    body = json.dumps({"query": LOOKUP, "variables": {"number": typed}})
    answer = client.post("/graphql", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200
    assert answer.json()["data"]["lookup"]["__typename"] == "InvalidNumber"


def test_numbers_come_once_each_in_order_whatever_the_page(client: httpx.Client) -> None:
    whole = pages(client, 200)
    assert [node["risk"] for node in whole] == sorted((node["risk"] for node in whole), reverse=True)
    assert len({node["id"] for node in whole}) == len(whole) == 18
    for first in (1, 5, 17):
        assert pages(client, first) == whole
    latest = pages(client, 4, order="LAST_SEEN_DESC")
    assert [node["lastSeen"] for node in latest] == sorted((node["lastSeen"] for node in latest), reverse=True)


def test_numbers_are_filtered(client: httpx.Client) -> None:
    assert {node["number"] for node in pages(client, 2, filter={"campaign": "C-2"})} == {
        "+919820000001",
        "+919820000002",
    }
    assert len(pages(client, 2, filter={"verdicts": ["DANGEROUS"]})) == 5
    assert len(pages(client, 2, filter={"minRisk": 90.0})) == 3
    assert len(pages(client, 200, filter={"fraudTypes": ["wangiri"], "minRisk": 90.0, "operator": "generic"})) == 3
    assert pages(client, 200, filter={"operator": "nobody"}) == []
    assert pages(client, 200, filter={"verdicts": []}) == []


def test_rows_do_not_shift_when_a_run_brings_new_ones(server: Served, own: httpx.Client) -> None:
    before = pages(own, 200)
    page = ask(own, NUMBERS, first=6)["numbers"]
    world = ring_world()
    riskier = [(f"generic +9198300000{place:02}", VICTIMS[0], 1) for place in range(5)]
    put_in_front(
        server.app.home, Drawing([*world.calls, *riskier], world.rings, {k: 99.0 for k, _, _ in riskier}), "run-2"
    )
    rest = ask(own, NUMBERS, first=200, after=page["pageInfo"]["endCursor"])["numbers"]
    assert [edge["node"]["id"] for edge in rest["edges"]] == [node["id"] for node in before[6:]]
    assert rest["totalCount"] == 23


@pytest.mark.parametrize("after", ["", "x", "WyJ4Il0", "!!!", "a" * 5000, "WyJudW1iZXJzLXJpc2siLCAiOTYiLCAxXQ"])
def test_a_cursor_of_something_else_is_refused(client: httpx.Client, after: str) -> None:
    answer = post(client, NUMBERS, first=1, after=after)
    assert answer.status_code == 200
    assert answer.json()["data"] is None
    assert code_of(answer) == "BAD_CURSOR"


def test_a_cursor_of_another_order_is_refused(client: httpx.Client) -> None:
    cursor = ask(client, NUMBERS, first=1)["numbers"]["pageInfo"]["endCursor"]
    assert code_of(post(client, NUMBERS, first=1, after=cursor, order="LAST_SEEN_DESC")) == "BAD_CURSOR"


def test_ids_and_cursors_tell_no_number(client: httpx.Client) -> None:
    page = ask(client, NUMBERS, first=18)["numbers"]
    for edge in page["edges"]:
        for digits in (edge["node"]["number"].strip("+"), edge["node"]["number"][-7:]):
            assert digits not in edge["node"]["id"]
            assert digits.encode() not in base64.urlsafe_b64decode(edge["cursor"] + "==")


def test_campaigns_with_members_links_events_and_graph(client: httpx.Client) -> None:
    found = ask(
        client,
        """{ campaigns(first: 2) { totalCount edges { node { id name memberCount risk status window { from }
          members(first: 2) { totalCount pageInfo { hasNextPage endCursor }
            edges { node { role risk since number { number } } } }
          links(first: 5) { edges { node { a { number } b { number } reason weight shared } } }
          events { at kind version added removed others }
          graph(limit: 50) { totalNodes isTruncated nodes { number hop role } edges { kind reason weight } } } } } }""",
    )["campaigns"]
    assert found["totalCount"] == 2
    first = found["edges"][0]["node"]
    assert (first["id"], first["memberCount"], first["risk"]) == ("C-1", 3, 96.0)
    assert [edge["node"]["risk"] for edge in first["members"]["edges"]] == [96.0, 91.0]
    assert first["members"]["totalCount"] == 3
    assert first["members"]["pageInfo"]["hasNextPage"]
    assert [edge["node"]["weight"] for edge in first["links"]["edges"]] == [0.9, 0.5]
    assert [event["kind"] for event in first["events"]] == ["BORN"]
    roles = {node["number"]: (node["hop"], node["role"]) for node in first["graph"]["nodes"]}
    assert roles["+919810000001"] == (0, "caller")
    assert roles["+919810000002"] == (0, "opener")
    assert {role for hop, role in roles.values() if hop == 1} == {"victim"}
    assert {edge["kind"] for edge in first["graph"]["edges"]} == {"CALLED", "LINK"}


def test_campaigns_are_paged_and_filtered(client: httpx.Client) -> None:
    query = """query C($after: String, $filter: CampaignFilter) { campaigns(first: 1, after: $after, filter: $filter) {
      totalCount pageInfo { endCursor hasNextPage hasPreviousPage } edges { node { id } } } }"""
    one = ask(client, query)["campaigns"]
    two = ask(client, query, after=one["pageInfo"]["endCursor"])["campaigns"]
    assert [page["edges"][0]["node"]["id"] for page in (one, two)] == ["C-1", "C-2"]
    assert [page["pageInfo"]["hasNextPage"] for page in (one, two)] == [True, False]
    assert ask(client, query, filter={"minRisk": 95.0})["campaigns"]["totalCount"] == 1
    assert ask(client, query, filter={"statuses": ["QUIET"]})["campaigns"]["edges"] == []
    assert code_of(post(client, query, after="WyJtZW1iZXJzIiwgLTEuMCwgIngiXQ")) == "BAD_CURSOR"


def test_one_campaign_or_the_word_that_there_is_none(client: httpx.Client) -> None:
    query = (
        "query C($id: ID!) { campaign(id: $id) { __typename ... on Campaign { name } ... on NotFound { id message } } }"
    )
    assert ask(client, query, id="C-2")["campaign"] == {"__typename": "Campaign", "name": "Campaign C-2"}
    assert ask(client, query, id="C-9")["campaign"]["id"] == "C-9"


def test_a_graph_around_numbers(client: httpx.Client) -> None:
    found = ask(client, GRAPH, roots=["9810000001"], depth=1)["graph"]
    assert (found["totalNodes"], found["isTruncated"]) == (9, False)
    assert found["nodes"][0]["number"] == "+919810000001"
    ids = {node["id"] for node in found["nodes"]}
    assert {edge[end] for edge in found["edges"] for end in ("source", "target")} <= ids
    called = [edge for edge in found["edges"] if edge["kind"] == "CALLED"]
    assert all(edge["reason"] is None and edge["weight"] == edge["calls"] > 0 for edge in called)
    by_id = ask(client, GRAPH, roots=[found["nodes"][0]["id"]], depth=1)["graph"]
    assert by_id == found


def test_a_graph_is_cut_to_its_limit_and_says_so(client: httpx.Client) -> None:
    found = ask(client, GRAPH, roots=["9810000001"], limit=4)["graph"]
    assert len(found["nodes"]) == 4
    assert len(found["edges"]) <= 8
    assert found["isTruncated"]
    assert found["totalNodes"] > 4


def test_a_graph_of_nobody_or_of_no_number(client: httpx.Client) -> None:
    assert ask(client, GRAPH, roots=[NEVER_SEEN])["graph"]["__typename"] == "NotFound"
    assert ask(client, GRAPH, roots=["hello"])["graph"]["__typename"] == "InvalidNumber"
    assert code_of(post(client, GRAPH, roots=["9810000001"], depth=5)) == "BAD_DEPTH"
    assert code_of(post(client, GRAPH, roots=["9810000001"], depth=-1)) == "BAD_DEPTH"
    assert code_of(post(client, GRAPH, roots=[])) == "BAD_ROOTS"
    assert code_of(post(client, GRAPH, roots=["9810000001"] * 51)) == "BAD_ROOTS"


def test_nodes_of_a_graph_have_places(client: httpx.Client) -> None:
    """In the unit square, no two alike, and the same whoever asks and whatever else is asked for."""
    query = 'query Q { graph(roots: ["9810000001"], depth: 1) { ... on Graph { nodes { %s x y } } } }'
    nodes = ask(client, query % "id")["graph"]["nodes"]
    places = [(node["x"], node["y"]) for node in nodes]
    assert len(set(places)) == len(places) == 9
    assert (min(map(min, places)), max(map(max, places))) == (0.0, 1.0)
    again = ask(client, query % "number risk")["graph"]["nodes"]
    assert [(node["x"], node["y"]) for node in again] == places


def test_rows_read_at_once_are_what_graphql_would_say(client: httpx.Client) -> None:
    """Aliases, fragments, directives and __typename come out as anywhere else."""
    query = """query Q($yes: Boolean!, $no: Boolean!) { graph(roots: ["9810000001"], depth: 0) { ... on Graph { nodes {
      __typename a: number ...f role @include(if: $yes) hop @skip(if: $yes) risk @include(if: $no) } } } }
      fragment f on GraphNode { n: number v: verdict campaign ...g } fragment g on GraphNode { fraudType }"""
    (node,) = ask(client, query, yes=True, no=False)["graph"]["nodes"]
    number = "+919810000001"
    assert node == {
        "__typename": "GraphNode",
        "a": number,
        "n": number,
        "v": "DANGEROUS",
        "campaign": "C-1",
        "fraudType": "wangiri",
        "role": "suspected",
    }
    assert list(node) == ["__typename", "a", "n", "v", "campaign", "fraudType", "role"]
    only = ask(client, '{ graph(roots: ["9810000001"], depth: 0) { ... on Graph { nodes { verdict } } } }')
    assert only["graph"]["nodes"] == [{"verdict": "DANGEROUS"}]


def test_stats(client: httpx.Client) -> None:
    found = ask(
        client,
        "{ stats { window { from to } asOf totalCalls numbers edges totalFraudDetected suspicious activeCampaigns "
        "alerts alertsCounted blockedThreats answerStateInferred store run } }",
    )["stats"]
    assert found == {
        "window": {"from": "2024-10-04T00:00:00Z", "to": "2024-11-03T00:00:00Z"},
        "asOf": "2024-11-03T00:00:00Z",
        "totalCalls": 68,
        "numbers": 18,
        "edges": 34,
        "totalFraudDetected": 5,
        "suspicious": 0,
        "activeCampaigns": 2,
        "alerts": 2,
        "alertsCounted": 3,
        "blockedThreats": 0,
        "answerStateInferred": False,
        "store": "embedded",
        "run": "run-1",
    }


def test_node_gives_back_what_an_id_stands_for(client: httpx.Client) -> None:
    query = """query N($id: ID!) { node(id: $id) { __typename id
      ... on PhoneNumber { number } ... on Campaign { name } ... on Alert { title severity } } }"""
    number = ask(client, LOOKUP, number="9810000001")["lookup"]["id"]
    assert ask(client, query, id=number)["node"]["number"] == "+919810000001"
    assert ask(client, query, id="C-1")["node"]["name"] == "Campaign C-1"
    alert = client.get("/api/alerts").json()[0]
    assert ask(client, query, id=alert["id"])["node"] == {
        "__typename": "Alert",
        "id": alert["id"],
        "title": alert["title"],
        "severity": alert["severity"],
    }
    for unknown in ("", "x", "n_" + "0" * 32, "a_" + "0" * 32, "+919810000001", "A-00001"):
        assert ask(client, query, id=unknown)["node"] is None


def test_before_the_first_run_there_is_nothing_and_no_error(home: Home) -> None:
    with served(home) as server, httpx.Client(base_url=server.address) as client:
        assert ask(client, "{ stats { run } }")["stats"] is None
        assert ask(client, NUMBERS, first=5)["numbers"]["totalCount"] == 0
        assert ask(client, "{ campaigns { totalCount edges { cursor } } }")["campaigns"] == {
            "totalCount": 0,
            "edges": [],
        }
        assert ask(client, LOOKUP, number="9810000001")["lookup"]["__typename"] == "NoData"
        assert ask(client, GRAPH, roots=["9810000001"])["graph"]["__typename"] == "NotFound"
        assert ask(client, '{ campaign(id: "C-1") { __typename } }')["campaign"]["__typename"] == "NotFound"
        assert ask(client, '{ node(id: "C-1") { id } }')["node"] is None


def test_a_rescore_is_seen_at_once_and_whole(server: Served, own: httpx.Client) -> None:
    query = "{ stats { run totalCalls } campaigns { totalCount } numbers(first: 1) { totalCount } }"
    before = ask(own, query)
    put_in_front(server.app.home, Drawing([("generic +911", "generic +912", 7)]), "run-2")
    after = ask(own, query)
    assert (before["stats"]["run"], before["campaigns"]["totalCount"]) == ("run-1", 2)
    assert after == {
        "stats": {"run": "run-2", "totalCalls": 7},
        "campaigns": {"totalCount": 0},
        "numbers": {"totalCount": 2},
    }


def test_of_two_networks_the_riskier_number_is_meant_unless_one_is_named(home: Home) -> None:
    calls = [(f"{name} +919810000001", f"{name} +919900000001", 1) for name in ("generic", "other")]
    put_in_front(home, Drawing(calls, (), {"other +919810000001": 40.0, "generic +919810000001": 10.0}))
    with served(home) as server, httpx.Client(base_url=server.address) as client:
        assert ask(client, LOOKUP, number="+919810000001")["lookup"]["operator"] == "other"
        assert ask(client, LOOKUP, number="9810000001")["lookup"]["operator"] == "generic"
        assert ask(client, LOOKUP, number="+919810000001", operator="generic")["lookup"]["operator"] == "generic"
        assert ask(client, LOOKUP, number="+919810000001", operator="nobody")["lookup"]["__typename"] == "NoData"


def test_opaque_ids_are_looked_up_as_they_are(home: Home) -> None:
    put_in_front(home, Drawing([("vast2008 200", "vast2008 5", 4)]))
    with served(home) as server, httpx.Client(base_url=server.address) as client:
        assert ask(client, LOOKUP, number=" 200 ")["lookup"]["number"] == "200"
        assert ask(client, LOOKUP, number="5")["lookup"]["inCalls"] == 4
        assert ask(client, LOOKUP, number="é")["lookup"]["__typename"] == "InvalidNumber"
