"""A written snapshot gives back what went in, in both directions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from graph.snapshot import EDGES, ENTITIES, LINK_KEYS, MEMBERSHIPS, NUMBERS, Snapshot, write_snapshot
from graph.windows import Window
from tests.graph.calls import MAY, Row, call, tables_of


def _snapshot(rows: Sequence[Row], folder: Path) -> Snapshot:
    tables = tables_of(rows, folder)
    target = folder / "snapshot"
    target.mkdir()
    manifest = {"id": "abc", "window": {"start": MAY.start, "end": MAY.end}}
    write_snapshot(target, manifest, tables.numbers, tables.features, tables.edges, tables.link_keys)
    return Snapshot(target)


ENDS = [("+915", "+911"), ("+915", "+913"), ("+911", "+913"), ("+919", "+913"), ("+913", "+915")]


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return _snapshot([call(*ends, "10:00:00", 5) for ends in ENDS], tmp_path)


def test_schemas_and_counts(snapshot: Snapshot) -> None:
    assert (snapshot.numbers.schema, snapshot.edges.schema, snapshot.link_keys.schema) == (NUMBERS, EDGES, LINK_KEYS)
    assert len(snapshot.features) == len(snapshot.numbers) == 4
    assert snapshot.manifest["counts"] == {"numbers": 4, "edges": 5, "calls": 5}
    assert snapshot.window == Window(MAY.start, MAY.end)


def test_a_snapshot_without_entities_has_none(snapshot: Snapshot) -> None:
    assert (snapshot.entities.schema, snapshot.memberships.schema) == (ENTITIES, MEMBERSHIPS)
    assert len(snapshot.entities) == len(snapshot.entity_features) == len(snapshot.memberships) == 0


def test_node_of_every_key_and_of_none(snapshot: Snapshot) -> None:
    assert [snapshot.node_of("generic", n) for n in snapshot.numbers["number"].to_pylist()] == [0, 1, 2, 3]
    for operator, number in (("generic", "+912"), ("other", "+911"), ("generic", "+9"), ("generic", "+91" + "1" * 40)):
        assert snapshot.node_of(operator, number) is None


@pytest.mark.parametrize("number", ["", "+91é", "\x00", "+911\x00"])
def test_a_key_that_no_number_can_have_is_unknown(snapshot: Snapshot, number: str) -> None:
    assert snapshot.node_of("generic", number) is None


def test_both_directions_tell_the_same_edges(snapshot: Snapshot) -> None:
    numbers = snapshot.numbers["number"].to_pylist()
    for side, turn in ((snapshot.out, False), (snapshot.into, True)):
        found = set()
        for node, number in enumerate(numbers):
            part = slice(side.indptr[node], side.indptr[node + 1])
            neighbours = side.neighbours[part]
            assert list(neighbours) == sorted(neighbours)
            found |= {(numbers[other], number) if turn else (number, numbers[other]) for other in neighbours}
            for other, edge in zip(neighbours, side.edges[part], strict=True):
                row = snapshot.edges.slice(int(edge), 1).to_pylist()[0]
                assert (row["caller"], row["callee"]) == ((other, node) if turn else (node, other))
        assert found == set(ENDS)


def test_a_snapshot_without_edges_can_be_read(tmp_path: Path) -> None:
    lonely = _snapshot([call("+911", "+911", "10:00:00", 5)], tmp_path)
    assert len(lonely.edges) == len(lonely.link_keys) == 0
    assert lonely.out.indptr.tolist() == lonely.into.indptr.tolist() == [0, 0]
    assert lonely.node_of("generic", "+911") == 0
