"""Calls in blocks: every call is in one, and node and instant fit into one number however far apart calls are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from graph.call_blocks import Block, CallBlocks, call_blocks
from graph.engine import Engine

NODES = 11
_WITHOUT = 4, 5  # nodes that call nobody: just a block of two
_CALLERS = [node for node in range(NODES) if node not in _WITHOUT]
_EARLIEST = 1_000  # µs
_WIDE = 1 << 61  # with it instants take 62 bits, which leaves one for nodes


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(tmp_path) as opened:
        yield opened


def _callers(engine: Engine, length: int) -> CallBlocks:
    """Two calls of each caller, `length` µs apart, the later one first."""
    rows = [
        {"caller": node, "callee": NODES - 1 - node, "started": _EARLIEST + at}
        for node in _CALLERS
        for at in (length, 0)
    ]
    schema = pa.schema({"caller": pa.int32(), "callee": pa.int32(), "started": pa.int64()})
    calls = engine.give("calls", pa.Table.from_pylist(rows, schema=schema))
    return call_blocks(engine, calls, "caller", NODES)


def _in_order(blocks: list[Block]) -> list[tuple[int, int, int]]:
    """Node, other node and instant of every call, in the order of the blocks and within each."""
    found = []
    for block in blocks:
        order, placed = block.in_order
        assert np.array_equal(placed >> block.bits, block.node[order])
        found += list(
            zip(
                (block.node[order] + block.nodes.start).tolist(),
                block.other[order].tolist(),
                block.instant(placed).tolist(),
                strict=True,
            )
        )
    return found


@pytest.mark.parametrize(
    ("length", "spans"),
    [(_WIDE, [(0, 2), (2, 4), (6, 8), (8, 10), (10, 11)]), (1_000, [(0, 11)])],
)
def test_as_many_nodes_as_bits_are_left_for(engine: Engine, length: int, spans: list[tuple[int, int]]) -> None:
    blocks = list(_callers(engine, length).read())
    assert [(block.nodes.start, block.nodes.stop) for block in blocks] == spans
    assert {block.start for block in blocks} == {_EARLIEST}
    assert _in_order(blocks) == [(node, NODES - 1 - node, at) for node in _CALLERS for at in (0, length)]
