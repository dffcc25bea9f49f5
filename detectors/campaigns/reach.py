"""Whom the members of rings reached: victims, who was affected, how fast new ones are rung."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.snapshot import NodeArray, Snapshot
from graph.windows import DAY

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Reach:
    """What one ring's calls came to; all victim arrays are parallel, victims ascending by node."""

    victims: NodeArray  # callees rung by two members, or talked to
    callers: IntArray  # members who rang the victim
    calls: IntArray
    affected: int  # callees who answered or rang back
    velocity: float  # victims newly reached within the last active 24 h
    first_seen: int  # µs, the members' first call
    last_seen: int  # µs, the members' last call
    since: IntArray  # [members] µs, each member's first call


def reach_of(snapshot: Snapshot, members: NodeArray) -> Reach:
    """Give the reach of `members` (nodes, ascending), from the calls they made within the window."""
    rows = np.concatenate([out_rows(snapshot, int(node)) for node in members])
    edges = snapshot.edges.take(rows)
    column = {name: edges[name].to_numpy() for name in ("caller", "callee", "calls", "answered", "first_seen")}
    outside = ~np.isin(column["callee"], members)
    column = {name: values[outside] for name, values in column.items()}
    callees, where, callers = np.unique(column["callee"], return_inverse=True, return_counts=True)
    calls = np.bincount(where, column["calls"], len(callees)).astype(np.int64)
    answered = np.bincount(where, column["answered"], len(callees)) > 0
    touched = answered | np.isin(callees, _rang_back(snapshot, members))
    is_victim = touched | (callers > 1)
    first = _least(column["first_seen"], where, len(callees))[is_victim]
    last_seen = int(np.max(edges["last_seen"].to_numpy()))
    return Reach(
        victims=callees[is_victim],
        callers=callers[is_victim].astype(np.int64),
        calls=calls[is_victim],
        affected=int(touched.sum()),
        velocity=float(np.sum(first > last_seen - DAY)),
        first_seen=int(np.min(edges["first_seen"].to_numpy())),
        last_seen=last_seen,
        since=_least(
            edges["first_seen"].to_numpy(), np.searchsorted(members, edges["caller"].to_numpy()), len(members)
        ),
    )


def out_rows(snapshot: Snapshot, node: int) -> IntArray:
    """Give the edge rows of the calls that `node` made."""
    return np.arange(snapshot.out.indptr[node], snapshot.out.indptr[node + 1], dtype=np.int64)


def _rang_back(snapshot: Snapshot, members: Sequence[int] | NodeArray) -> NodeArray:
    into = snapshot.into
    found = [into.neighbours[into.indptr[node] : into.indptr[node + 1]] for node in members]
    return np.unique(np.concatenate(found)).astype(np.int32)


def _least(values: IntArray, where: IntArray, count: int) -> IntArray:
    least = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(least, where, values)
    return least
