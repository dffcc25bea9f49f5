"""Neighbours of every kind, filtered and counted, on every store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph.store.port import (
    ANYONE,
    CallEdge,
    GraphStore,
    Key,
    Kind,
    KindCount,
    LinkEdge,
    Neighbours,
    Order,
    SharedCallees,
    Wanted,
)
from tests.contract.both import LIMITS, STRANGE, Both, some
from tests.contract.graphs import AS_OF, START

pytestmark = pytest.mark.neo4j

KINDS: tuple[Kind, ...] = ("out", "in", "link")
ORDERS: tuple[Order, ...] = ("weight", "risk", "last_seen")
WANTED = [
    Wanted(min_calls=2),
    Wanted(answered=True),
    Wanted(min_risk=52.0),
    Wanted(verdicts=["SAFE"]),
    Wanted(verdicts=[]),
    Wanted(line_types=["mobile"], countries=["LK", "US"]),
    Wanted(reasons=["range", "none"]),
    Wanted(min_calls=3, answered=True, min_risk=1.0, verdicts=["SAFE", "DANGEROUS"], reasons=["shared_victims"]),
]


def numbers(found: Neighbours | SharedCallees) -> list[str]:
    return [row.node.key.number for row in found.rows]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("limit", LIMITS)
def test_both_give_the_same_neighbours(both: Both, kind: Kind, limit: int) -> None:
    for key in [*some(both.drawing), *STRANGE]:
        embedded, neo4j = (store.neighbours(key, kind, limit) for store in both.stores)
        assert embedded == neo4j


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("order", ORDERS)
def test_both_order_them_equally(both: Both, kind: Kind, order: Order) -> None:
    for key in some(both.drawing):
        embedded, neo4j = (store.neighbours(key, kind, 7, ANYONE, order) for store in both.stores)
        assert embedded == neo4j


@pytest.mark.parametrize("wanted", WANTED, ids=str)
def test_both_filter_and_count_equally(both: Both, wanted: Wanted) -> None:
    keys = some(both.drawing)
    for key in [*keys, *STRANGE[:2]]:
        for without in ((), [*keys[1:3], *STRANGE]):
            counts, others = (store.kinds(key, wanted, without) for store in both.stores)
            assert counts == others
            for kind in KINDS:
                embedded, neo4j = (s.neighbours(key, kind, 7, wanted, "weight", without) for s in both.stores)
                assert embedded == neo4j
                mine = [count for count in counts if count.kind == kind]
                assert embedded.total == sum(count.total for count in mine)
                assert embedded.wanted == sum(count.wanted for count in mine)


@pytest.mark.parametrize("limit", LIMITS)
def test_both_give_the_same_shared_callees(both: Both, limit: int) -> None:
    keys = both.drawing.keys()[:1_000]
    for asked in (keys[:2], keys[::3], keys, [*keys[:3], *keys[:3], *STRANGE], STRANGE, []):
        for at_least in (1, 2, len(set(asked)) or 1):
            for without in ((), keys[1:4]):
                embedded, neo4j = (store.shared_callees(asked, limit, at_least, without) for store in both.stores)
                assert embedded == neo4j


def test_both_refuse_what_the_port_does_not_allow(both: Both) -> None:
    for store in both.stores:
        for kind in KINDS:
            with pytest.raises(ValueError, match="must be 0 or more"):
                store.neighbours(STRANGE[0], kind, -1)
        with pytest.raises(ValueError, match="must be 0 or more"):
            store.shared_callees([], -1)
        with pytest.raises(ValueError, match="must be 1 or more"):
            store.shared_callees([], 1, 0)


@pytest.mark.parametrize("both", ["star"], indirect=True)
def test_they_come_heaviest_first_and_ties_by_key(store: GraphStore) -> None:
    hub = Key("lk", "+94100")
    out = store.neighbours(hub, "out", 3)
    assert numbers(out) == ["+94112", "+94115", "+94111"]
    assert (out.total, out.wanted) == (5, 5)
    assert out.rows[0].edge == CallEdge(
        hub, Key("lk", "+94112"), 7, 3, 7 * 1_234 + 544, 2, START + 544, AS_OF - 1 - 547
    )
    assert numbers(store.neighbours(hub, "in", 3)) == ["+94111", "+94114"]
    assert numbers(store.neighbours(hub, "out", 2, order="risk")) == ["+94115", "+94114"]
    assert numbers(store.neighbours(hub, "out", 2, order="last_seen")) == ["+94111", "+94112"]


@pytest.mark.parametrize("both", ["star"], indirect=True)
def test_filters_and_totals_before_and_after_them(store: GraphStore) -> None:
    hub = Key("lk", "+94100")
    often = store.neighbours(hub, "out", 1, Wanted(min_calls=3))
    assert (numbers(often), often.total, often.wanted) == (["+94112"], 5, 4)
    assert store.kinds(hub, Wanted(min_calls=4)) == (KindCount("out", None, 5, 2), KindCount("in", None, 2, 1))
    mobile = store.neighbours(hub, "out", 9, Wanted(line_types=["mobile"]))
    assert (numbers(mobile), mobile.wanted) == (["+94112", "+94114"], 2)
    left = store.neighbours(hub, "out", 1, without=[Key("lk", "+94112"), Key("lk", "+94999")])
    assert (numbers(left), left.total) == (["+94115"], 4)
    assert store.neighbours(hub, "out", 9, without=[hub]) == Neighbours((), 0, 0)
    assert store.kinds(hub, without=[hub]) == ()


@pytest.mark.parametrize("both", ["two_rings"], indirect=True)
def test_links_are_neighbours_by_reason(store: GraphStore) -> None:
    first, second, third = (Key("lk", f"+942{place}") for place in range(3))
    tied = store.neighbours(second, "link", 9)
    assert [row.edge for row in tied.rows] == [
        LinkEdge(first, second, "range", 0.75, 1),
        LinkEdge(first, second, "shared_victims", 0.75, 4),
        LinkEdge(second, third, "shared_victims", 0.75, 3),
    ]
    assert numbers(tied) == ["+9420", "+9420", "+9422"]
    by_range = store.neighbours(second, "link", 9, Wanted(reasons=["range"], min_calls=99, answered=True))
    assert (numbers(by_range), by_range.total, by_range.wanted) == (["+9420"], 3, 1)
    assert store.kinds(second, Wanted(reasons=["range"]))[2:] == (
        KindCount("link", "range", 1, 1),
        KindCount("link", "shared_victims", 2, 0),
    )
    assert store.kinds(Key("lk", "+9470"))[2:] == ()


@pytest.mark.parametrize("both", ["alone"], indirect=True)
def test_a_number_that_rings_itself_is_its_own_neighbour(store: GraphStore) -> None:
    assert numbers(store.neighbours(Key("lk", "+941"), "out", 9)) == ["+941", "+942"]
    shared = store.shared_callees([Key("lk", "+941"), Key("lk", "+942")], 9, 1)
    assert [(row.node.key.number, row.callers, row.calls) for row in shared.rows] == [("+941", 1, 5), ("+942", 1, 2)]


@pytest.mark.parametrize("both", ["two_rings"], indirect=True)
def test_shared_callees_come_most_shared_first(store: GraphStore) -> None:
    ring = [Key("lk", f"+942{place}") for place in range(3)]
    shared = store.shared_callees([*ring, ring[0]], 2)
    assert [(row.node.key.number, row.callers, row.calls) for row in shared.rows] == [("+9470", 3, 6), ("+9471", 3, 6)]
    assert shared.total == 4
    assert replace(store.shared_callees(ring, 1_000, 3), rows=()).total == 3
    assert numbers(store.shared_callees(ring, 1, without=[Key("lk", "+9470")])) == ["+9471"]
    assert store.shared_callees(ring[:1], 9) == SharedCallees((), 0)
