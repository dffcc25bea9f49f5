"""The window's pairs as arrays: who called whom, how often, how long, and who called back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from graph.call_blocks import Block, call_blocks
from graph.calls import CallTables
from graph.query_engine import QueryEngine
from graph.sorted_rows import changes, packed, unpacked

Nodes = npt.NDArray[np.int32]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Short = npt.NDArray[np.int32]  # enough for one call's time, a day at most
NEVER = -1  # as the instant of a first answer
_TALK_S = 1 << 17  # a conversation lasts at most a day; with it 800 days of microseconds fit into 63 bits
_NONE = np.iinfo(np.int64).max
_LOOKED_UP = 1 << 22  # pairs at a time (bounds memory)


@dataclass(frozen=True)
class Contacts:
    """One row a node and another that it had calls with, in one direction; each two once."""

    node: Nodes
    other: Nodes
    calls: Integers
    talk_ms: Integers


@dataclass(frozen=True)
class Received(Contacts):
    """The calls that a node received from others."""

    answered: Integers
    was_called: Bools  # whether the node called the other, too


@dataclass(frozen=True)
class NumberPairs:
    """Who called whom as a part of a node, which is the caller itself or an entity; one row a node and a pair."""

    node: Nodes
    caller: Nodes
    callee: Nodes
    calls: Integers


@dataclass(frozen=True)
class PairArrays:
    """One row an ordered pair of different nodes that had calls, sorted by (caller, callee); instants in µs."""

    caller: Nodes
    callee: Nodes
    calls: Integers
    answered: Integers
    talk_ms: Integers
    night_calls: Integers
    first_seen: Integers
    last_seen: Integers

    @cached_property
    def by_callee(self) -> Integers:
        """Give the rows sorted by (callee, caller)."""
        return _transposed(self.caller, self.callee)

    @cached_property
    def back(self) -> Integers:
        """Give the row of each pair's reverse, -1 where nobody called back."""
        keys = packed(self.caller, self.callee)
        back = np.empty(len(keys), dtype=np.int64)
        for first in range(0, len(keys), _LOOKED_UP):
            rows = self.by_callee[first : first + _LOOKED_UP]
            back[rows] = rows_of(keys, packed(self.callee[rows], self.caller[rows]))
        return back

    def of_callers(self, first: int, end: int) -> tuple[NumberPairs, Contacts]:
        """Give the pairs of the callers first … end - 1, which become the nodes 0, 1 …"""
        ends = np.array((first, end), dtype=np.int32)  # of the callers' type, or all of them would be copied
        rows = slice(*np.searchsorted(self.caller, ends).tolist())
        caller, callee, calls = self.caller[rows], self.callee[rows], self.calls[rows]
        node = caller - np.int32(first)
        return NumberPairs(node, caller, callee, calls), Contacts(node, callee, calls, self.talk_ms[rows])

    @property
    def made(self) -> Contacts:
        """Give whom each number called."""
        return Contacts(self.caller, self.callee, self.calls, self.talk_ms)

    @property
    def got(self) -> Received:
        """Give who called each number."""
        return Received(self.callee, self.caller, self.calls, self.talk_ms, self.answered, self.back >= 0)


@dataclass(frozen=True)
class Talks:
    """How the two of a pair talked, one row a pair; apart, because few look at it and it can be let go before.

    first_answered: µs, NEVER where no call was answered; first_answered_s: whole seconds of the first conversation, 0
    where there was none.
    """

    longest_ms: Short
    first_answered: Integers
    first_answered_s: Short


_FIELDS = PairArrays.__dataclass_fields__.keys(), Talks.__dataclass_fields__.keys()


def pair_arrays(engine: QueryEngine, tables: CallTables) -> tuple[PairArrays, Talks]:
    """Add up the calls between different numbers."""
    calls = tables.calls
    others = calls.filter(calls.caller != calls.callee)
    callers = call_blocks(engine, others, "caller", tables.count)
    looked_at = {name: others[name] for name in ("answered", "talk_ms", "night")}
    columns, count = _room(int(callers.counts.sum())), 0
    for block in callers.read(**looked_at):
        found = _pairs_of(block, callers.end - callers.start)
        end = count + len(found["caller"])
        for name, values in found.items():
            columns[name][count:end] = values
        count = end
    pairs, talks = ({name: columns[name][:count] for name in fields} for fields in _FIELDS)
    return PairArrays(**pairs), Talks(**talks)


def _pairs_of(block: Block, span: int) -> dict[str, npt.NDArray[np.integer]]:
    """Add up the calls of a block, sorted by (caller, callee); span: µs from the first call of all to the last."""
    keys = packed(block.node, block.other)
    order = np.argsort(keys, kind="stable")  # quick: they come by caller
    keys, at = keys[order], block.at[order]
    answered, talk_ms, night = (block.columns[name].to_numpy()[order] for name in ("answered", "talk_ms", "night"))
    starts = np.flatnonzero(changes(keys))
    caller, callee = unpacked(keys[starts])
    first_answered, first_answered_s = _first_talk(at, talk_ms, answered, starts, span)
    return {
        "caller": caller + np.int32(block.nodes.start),
        "callee": callee,
        "calls": np.diff(starts, append=len(keys)),
        "answered": np.add.reduceat(answered, starts, dtype=np.int64),
        "talk_ms": np.add.reduceat(talk_ms, starts),
        "longest_ms": np.maximum.reduceat(talk_ms, starts),
        "night_calls": np.add.reduceat(night, starts, dtype=np.int64),
        "first_seen": np.minimum.reduceat(at, starts) + block.start,
        "last_seen": np.maximum.reduceat(at, starts) + block.start,
        "first_answered": np.where(first_answered == NEVER, NEVER, first_answered + block.start),
        "first_answered_s": first_answered_s,
    }


def _first_talk(
    at: Integers, talk_ms: Integers, answered: Bools, starts: Integers, span: int
) -> tuple[Integers, Integers]:
    """Give when, NEVER or as `at`, and for how many seconds each pair first talked; of equally early ones the longest.

    Both are one number, whose least is looked for.
    """
    tick = 1 + span * _TALK_S // (1 << 63)  # µs: 1, but for calls over more than 800 days
    talk_s = np.minimum(talk_ms // 1000, _TALK_S - 1)
    both = np.where(answered, at // tick * _TALK_S + (_TALK_S - 1 - talk_s), _NONE)
    first = np.minimum.reduceat(both, starts)
    is_answered = first != _NONE
    instant = np.where(is_answered, first // _TALK_S * tick, NEVER)
    return instant, np.where(is_answered, (_TALK_S - 1) - first % _TALK_S, 0)


def _room(calls: int) -> dict[str, npt.NDArray[Any]]:
    """Give columns for the pairs of so many calls; what is never written to takes no memory, only addresses."""
    types = dict.fromkeys(("caller", "callee", "longest_ms", "first_answered_s"), np.int32)
    return {name: np.empty(calls, dtype=types.get(name, np.int64)) for fields in _FIELDS for name in fields}


def rows_of(keys: Integers, asked: Integers) -> Integers:
    """Give where each of `asked` is among `keys`, -1 where it is not; both are sorted and have nothing twice."""
    at = np.searchsorted(keys, asked)
    at[at == len(keys)] = -1  # what is above all keys is compared with the last one
    return np.where(keys[at] == asked, at, -1) if len(keys) else at


def _transposed(caller: Nodes, callee: Nodes) -> Integers:
    """Give the rows, sorted by (caller, callee), by (callee, caller): counted into place, far cheaper than sorted."""
    count = int(max(caller.max(initial=-1), callee.max(initial=-1))) + 1
    starts = np.concatenate(([0], np.cumsum(np.bincount(caller, minlength=count)))).astype(np.int32)
    rows = csr_array((np.arange(len(caller), dtype=np.int32), callee, starts), shape=(count, count)).tocsc().data
    return rows.astype(np.int64)  # half the width moves twice as fast, but is slow to look up by
