"""Calls in blocks of callers or callees: what looks at calls in order sorts arrays of some of them at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.blocks import cuts
from graph.query_engine import QueryEngine
from graph.sorted_rows import in_order
from graph.windows import DAY

Integers = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]
Side = Literal["caller", "callee"]
LONGEST = 2 * DAY  # that a call rings and is talked
# Of a block, but for a node with more (bounds memory). Calls lie by caller: a block of callers is found in a part of
# them and sorted faster when it is small, one of callees is looked for among all.
_MOST_CALLS: Mapping[Side, int] = {"caller": 1 << 20, "callee": 1 << 22}


@dataclass(frozen=True)
class Block:
    """Some nodes and all of their calls on one side, of which there is at least one."""

    nodes: slice
    node: Nodes  # [calls], 0 for the first of `nodes`
    other: Nodes  # [calls], the node on the other side
    at: Integers  # [calls], start in µs since `start`
    columns: pa.Table  # [calls], what else was asked for
    start: int  # µs, of the first call of all
    bits: int

    @property
    def count(self) -> int:
        """How many nodes there are."""
        return int(self.nodes.stop - self.nodes.start)

    @cached_property
    def in_order(self) -> tuple[Integers, Integers]:
        """Give the places of the calls by node, start and other node, and node and start in this order as `placed`."""
        return in_order(self.placed(self.at), self.other)

    def placed(self, at: Integers) -> Integers:
        """Give node * 2^bits + instant, which sorts calls by both; `at` [calls]: µs since `start`."""
        return (self.node.astype(np.int64) << self.bits) + at

    def instant(self, placed: Integers) -> Integers:
        """Give the instant of what is `placed`."""
        return placed & ((1 << self.bits) - 1)


@dataclass(frozen=True)
class CallBlocks:
    """Calls, to be read in blocks of whole nodes on one `side` with a bounded number of calls."""

    engine: QueryEngine
    calls: ir.Table
    side: Side
    start: int  # µs, of the first
    end: int  # of the last
    counts: Integers  # calls by node

    def read(self, **columns: ir.Value) -> Iterator[Block]:
        """Give all calls with `columns`, expressions on `calls`; nodes without calls need not be in any block."""
        calls, (other,) = self.calls, {"caller", "callee"} - {self.side}
        at = calls.started - self.start
        rows = calls.select(node=calls[self.side], other=calls[other], at=at, **columns)
        bits = (self.end - self.start + LONGEST).bit_length()
        for first, end in self._spans(1 << (63 - bits)):
            found = self.engine.fetch(rows.filter((rows.node >= first) & (rows.node < end)))
            node, other_node, since_start = (found[name].to_numpy() for name in ("node", "other", "at"))
            within = node.astype(np.int32) - np.int32(first)
            rest = found.select(list(columns))
            yield Block(slice(first, end), within, other_node, since_start, rest, self.start, bits)

    def _spans(self, most_nodes: int) -> Iterator[tuple[int, int]]:
        for first, end in cuts(self.counts, _MOST_CALLS[self.side]):
            for start in range(first, end, most_nodes):
                stop = min(start + most_nodes, end)
                if self.counts[start:stop].any():
                    yield start, stop


def call_blocks(engine: QueryEngine, calls: ir.Table, side: Side, count: int) -> CallBlocks:
    """Count the calls of each of `count` nodes on a side, by which they are read."""
    sums = calls.group_by(node=calls[side])
    found = engine.fetch(sums.agg(calls=calls.count(), first=calls.started.min(), last=calls.started.max()))
    counts = np.zeros(count, dtype=np.int64)
    counts[found["node"].to_numpy()] = found["calls"].to_numpy()
    start, end = (pc.min(found["first"]).as_py() or 0, pc.max(found["last"]).as_py() or 0)
    return CallBlocks(engine, calls, side, start, end, counts)
