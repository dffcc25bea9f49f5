"""The graph as of any instant: against a count over the calls one by one, and against the store of a run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configs import load_settings
from detectors.results import CAMPAIGNS, LINKS, MEMBERS, SCORES, VICTIMS
from graph.run import build_snapshot
from graph.snapshot import node_key
from graph.store import lake_pairs
from graph.store.as_of import ask_as_of
from graph.store.described import NO_DATA
from graph.store.embedded import EmbeddedStore
from graph.store.lake_pairs import LakePairs
from graph.store.pair_graph import PairGraph
from graph.store.port import CallEdge, GraphAnswer, Key, NumberNode, TooWideError
from graph.store.shown import Shown
from graph.windows import DAY, EmptyWindowError, Window, parse_instant
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.lake.pair_day import refresh
from ingest.lake.pair_parts import PairParts, Parts
from ingest.progress import Silent
from tests.graph.calls import Row, call
from tests.graph.lakes import lake_of

NIGHT = (22, 6)
FIRST = parse_instant("2026-05-04T00:00:00Z")
DAYS = 5
KEYS = [Key(operator, f"+9198765{place:05d}") for operator in ("alpha", "beta") for place in range(9)]
LIMITS = st.integers(0, 12)


def random_rows(seed: int, count: int) -> list[Row]:
    """Calls of two operators over DAYS days, of all kinds there are."""
    random = Random(seed)
    rows: list[Row] = []
    for _ in range(count):
        operator = random.choice(("alpha", "beta"))
        caller, callee = random.choices([key.number for key in KEYS[:9]], k=2)
        started = FIRST + random.randrange(DAYS * DAY)
        if random.random() < 0.3:
            started = FIRST + random.randrange(DAYS) * DAY + random.choice((0, DAY - 1, DAY // 2))
        more = {"operator": operator, "kind": random.choices(("voice", "sms"), (9, 1))[0]}
        if random.random() < 0.1:
            caller, more["caller_kind"] = "withheld", "withheld"
        zone, answered = random.choice(("UTC", "Asia/Kolkata")), random.choice((True, False, None))
        at = datetime.fromtimestamp(started // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        made = call(caller, callee, at, random.randrange(3), **more, zone=zone, answered=answered)
        rows.append({**made, "started": started, "record_id": str(len(rows)), "call_key": random.randbytes(16)})
    return rows


def is_attempt(row: Row, window: Window) -> bool:
    within = window.start <= int(row["started"]) < window.end
    return within and row["kind"] == "voice" and row["caller_kind"] != "withheld"


def is_at_night(row: Row) -> bool:
    when = datetime.fromtimestamp(row["started"] // 1_000_000, UTC).astimezone(ZoneInfo(row["zone"]))
    return not NIGHT[1] <= when.hour < NIGHT[0]


def edges_of(rows: Sequence[Row], window: Window) -> dict[tuple[Key, Key], CallEdge]:
    """Count the calls of each pair, one by one; a number's calls to itself are among them."""
    of_pairs: dict[tuple[Key, Key], list[Row]] = defaultdict(list)
    for row in rows:
        if is_attempt(row, window):
            of_pairs[Key(row["operator"], row["caller"]), Key(row["operator"], row["callee"])].append(row)
    return {
        pair: CallEdge(
            *pair,
            calls=len(calls),
            answered=sum(row["talk_ms"] > 0 if row["answered"] is None else row["answered"] for row in calls),
            talk_ms=sum(row["talk_ms"] for row in calls),
            night_calls=sum(is_at_night(row) for row in calls),
            first_seen=min(row["started"] for row in calls),
            last_seen=max(row["started"] for row in calls),
        )
        for pair, calls in of_pairs.items()
    }


def walked(
    edges: dict[tuple[Key, Key], CallEdge], roots: Sequence[Key], depth: int, most: int
) -> list[tuple[Key, int]]:
    """Give the kept nodes with their hops, as the port's words say."""
    known = sorted({root for root in roots if any(root in pair for pair in edges)})
    kept = [(root, 0) for root in known[:most]]
    for hop in range(1, depth + 1):
        before, here = {key for key, at in kept if at == hop - 1}, {key for key, _ in kept}
        weights: Counter[Key] = Counter()
        for pair, edge in edges.items():
            for one, other in (pair, pair[::-1]):
                if one in before and other not in here:
                    weights[other] += edge.calls
        heaviest = sorted(weights, key=lambda key: (-weights[key], key))
        kept += [(key, hop) for key in heaviest[: most - len(kept)]]
    return kept


def figures(edges: dict[tuple[Key, Key], CallEdge], key: Key) -> tuple[int, ...]:
    """Give first_seen, last_seen, out_calls, in_calls, callees, callers."""
    mine = [edge for pair, edge in edges.items() if key in pair]
    out = [edge.calls for edge in mine if edge.callee != key]
    into = [edge.calls for edge in mine if edge.caller != key]
    span = (min(edge.first_seen for edge in mine), max(edge.last_seen for edge in mine))
    return (*span, sum(out), sum(into), len(out), len(into))


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return random_rows(7, 500)


@pytest.fixture(scope="module")
def lake(rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Most calls are there when days are derived, some come late: these days are counted by their segments."""
    home = Home(tmp_path_factory.mktemp("as_of")).create()
    late = [row for row in rows if row["started"] // DAY == FIRST // DAY + 1][:7]
    lake_of(home, [row for row in rows if row not in late])
    with home.writing("test"):
        refresh(Lake(home), None, None, NIGHT, Silent())
    return lake_of(home, late)


@pytest.fixture(scope="module")
def pairs(lake: Lake) -> PairParts:
    return PairParts(lake, NIGHT)


def windows() -> st.SearchStrategy[Window]:
    instants = st.integers(FIRST - DAY, FIRST + (DAYS + 1) * DAY)
    return st.tuples(instants, instants).filter(lambda two: two[0] != two[1]).map(lambda two: Window(*sorted(two)))


@settings(max_examples=80)
@given(windows(), st.lists(st.sampled_from(KEYS), max_size=3), st.integers(0, 4), LIMITS, LIMITS)
def test_a_neighbourhood_at_any_instant_is_what_counting_gives(
    pairs: PairParts, rows: list[Row], window: Window, roots: list[Key], depth: int, most: int, most_edges: int
) -> None:
    edges = edges_of(rows, window)
    if not edges:
        return
    answer = ask_as_of(pairs, window, None, lambda g: g.neighbourhood(roots, depth, most, most_edges)).found
    kept = walked(edges, roots, depth, most)
    there = {key for key, _ in kept}
    among = [edge for (a, b), edge in edges.items() if a in there and b in there and a != b]
    among.sort(key=lambda edge: (-edge.calls, edge.caller, edge.callee))
    assert [(node.key, hop) for node, hop in zip(answer.nodes, answer.hops, strict=True)] == kept
    assert list(answer.edges) == among[:most_edges]
    assert answer.total_edges == len(among)
    for node in answer.nodes:
        shown = (node.first_seen, node.last_seen, node.out_calls, node.in_calls, node.callees, node.callers)
        assert shown == figures(edges, node.key)


@settings(max_examples=40)
@given(windows(), st.sampled_from(KEYS), st.sampled_from(["out", "in"]), LIMITS)
def test_neighbours_at_any_instant_are_what_counting_gives(
    pairs: PairParts, rows: list[Row], window: Window, key: Key, direction: str, most: int
) -> None:
    edges = edges_of(rows, window)
    if not edges:
        return
    side = 0 if direction == "out" else 1
    mine = [(edge, pair[1 - side]) for pair, edge in edges.items() if pair[side] == key and pair[1 - side] != key]
    mine.sort(key=lambda one: (-one[0].calls, one[1]))
    found = ask_as_of(pairs, window, None, lambda g: g.neighbours(key, "out" if side == 0 else "in", most)).found
    assert [(row.edge, row.node.key) for row in found.rows] == mine[:most]
    assert found.total == len(mine)


def run_of(lake: Lake, window: Window) -> EmbeddedStore:
    """A run with a score for each number."""
    snapshot = build_snapshot(lake.home, lake, window, None, load_settings(), Silent())
    count = len(snapshot.numbers)
    scores = {
        "base": [None] * count,
        "risk": [float(node) for node in range(count)],
        "risk_basis": ["rank"] * count,
        "verdict": ["SAFE"] * count,
        "role": ["suspected"] * count,
        "fraud_type": [None] * count,
        "campaign": [None] * count,
    }
    tables = {"campaigns": CAMPAIGNS, "members": MEMBERS, "victims": VICTIMS, "links": LINKS}
    empty = {name: schema.empty_table() for name, schema in tables.items()}
    return EmbeddedStore(Shown("run", window.end, snapshot, pa.table(scores, SCORES), **empty))


def without_messages(answer: GraphAnswer) -> GraphAnswer:
    """A run's numbers were also seen when they sent a message; a graph of calls knows of none."""
    return replace(answer, nodes=tuple(replace(node, first_seen=0, last_seen=0) for node in answer.nodes))


def test_at_a_runs_own_instant_the_answer_is_the_runs(lake: Lake, pairs: PairParts) -> None:
    window = Window(FIRST + DAY // 3, FIRST + 4 * DAY + DAY // 2)
    with lake.home.writing("test"):
        run = run_of(lake, window)
    for key in KEYS:
        for depth, most in ((0, 5), (1, 4), (2, 7), (4, 50)):
            found = ask_as_of(pairs, window, run, lambda g: g.neighbourhood([key], depth, most, 10)).found  # noqa: B023  # called at once
            assert without_messages(found) == without_messages(run.neighbourhood([key], depth, most, 10))


def test_a_number_that_no_run_scored_has_no_verdict(pairs: PairParts) -> None:
    node = ask_as_of(pairs, Window(FIRST, FIRST + DAY), None, lambda g: g.lookup(KEYS[:1])).found[0]
    assert isinstance(node, NumberNode)
    assert (node.kind, node.country, node.line_type, node.verdict, node.risk) == ("e164", "IN", "mobile", NO_DATA, 0)


def test_unknown_numbers_have_no_node(pairs: PairParts) -> None:
    asked = [Key("alpha", "+1"), Key("gamma", "+1"), Key("alpha", "ñ"), KEYS[0]]
    found = ask_as_of(pairs, Window(FIRST, FIRST + 5 * DAY), None, lambda g: g.lookup(asked)).found
    assert [node is not None for node in found] == [False, False, False, True]


def test_an_instant_outside_the_lake_is_told_where_its_calls_lie(pairs: PairParts) -> None:
    with pytest.raises(EmptyWindowError, match=r"2026-05-02.* calls span 2026-05-04"):
        ask_as_of(pairs, Window(FIRST - 2 * DAY, FIRST), None, lambda g: g.lookup(KEYS))


def test_a_question_over_too_many_calls_is_refused(pairs: PairParts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lake_pairs, "MOST_WALKED", 20)
    with pytest.raises(TooWideError, match=r"over \d+ calls or more, at most 20 in all"):
        ask_as_of(pairs, Window(FIRST, FIRST + DAYS * DAY), None, lambda g: g.lookup(KEYS))


def test_all_steps_of_a_walk_count_towards_its_bound(pairs: PairParts, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = pairs.within((FIRST, FIRST + DAYS * DAY))
    steps = [np.array([node_key(key.operator, key.number)]) for key in KEYS[:2]]
    calls = [calls_beside(parts, key) for key in KEYS[:2]]
    monkeypatch.setattr(lake_pairs, "MOST_WALKED", sum(calls) - 1)
    walk = LakePairs(parts)
    walk.around(steps[0])
    with pytest.raises(TooWideError, match=f"over {sum(calls)} calls or more, at most {sum(calls) - 1} in all"):
        walk.around(steps[1])
    assert min(calls) > 0
    LakePairs(parts).around(steps[1])


def calls_beside(parts: Parts, key: Key) -> int:
    indexes = [part.index for part in parts.parts if part.operator == key.operator]
    return sum(index.count(index.find(np.array([key.number.encode()]))) for index in indexes)


def test_erased_numbers_are_no_node_and_no_end_of_an_edge(lake: Lake, pairs: PairParts, rows: list[Row]) -> None:
    window, gone = Window(FIRST, FIRST + DAYS * DAY), KEYS[0].number
    parts = replace(pairs.within((window.start, window.end)), hidden=(gone,))
    left = edges_of([row for row in rows if gone not in (row["caller"], row["callee"])], window)
    answer = PairGraph(LakePairs(parts), None).neighbourhood(KEYS, 1, 50, 500)
    assert {edge.caller: edge.callee for edge in answer.edges if gone in (edge.caller.number, edge.callee.number)} == {}
    assert [node.key for node in answer.nodes] == [key for key in KEYS if key.number != gone]
    assert sorted(answer.edges, key=str) == sorted((e for e in left.values() if e.caller != e.callee), key=str)
