"""The window's calls of a few numbers, read from the lake: what exact links are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from graph.links.hashing import hash_texts
from graph.links.meetings import pair_keys
from graph.links.node_records import NodeRecords
from graph.links.table import Integers, Mask, Nodes
from graph.reading.kinds import Kinds
from graph.snapshot import Snapshot
from ingest.home import Home
from ingest.lake.lake import Lake


@dataclass(frozen=True)
class Source:
    """Where the calls of a snapshot's window are."""

    paths: Sequence[Path]  # segments of the lake
    left_out: Sequence[str]  # erased numbers whose calls still are in them


@dataclass(frozen=True)
class Calls:
    """Attempts in any order, one row each, on nodes of the snapshot."""

    caller: Nodes
    callee: Nodes
    started: Integers  # µs
    talk_ms: Integers
    answered: Mask

    def __len__(self) -> int:
        return len(self.caller)


@dataclass(frozen=True)
class Held:
    """Which candidates have which key, no row twice; `key` numbers the keys from 0."""

    node: Nodes
    key: Integers


def window_source(home: Home, snapshot: Snapshot) -> Source:
    """Give where the calls of `snapshot` are; the caller holds the write lock since the lake was checked for it."""
    lake, window = Lake(home), snapshot.window
    segments = lake.segments(snapshot.manifest["operators"], window.start, window.end)
    return Source([segment.path for segment in segments], sorted(lake.erased_pending().values()))


class CandidateCalls:
    """What some numbers did in the window; it is read when it is asked for.

    Only rows that count are kept: memory is about 33 bytes for each call between a candidate and a number that has to
    do with two candidates, and for each distinct (candidate, trunk or target). Numbers that the snapshot lacks, as
    erased ones, are left out.
    """

    def __init__(self, source: Source, snapshot: Snapshot, candidates: Nodes) -> None:
        self._records = NodeRecords(source.paths, source.left_out, snapshot)
        self._chosen = self._records.mask(candidates)
        self._met = self._records.mask(np.flatnonzero(met_by_two(snapshot, candidates)).astype(np.int32))

    @property
    def made(self) -> Calls:
        """Calls by candidates, to numbers that have to do with two of them."""
        return self._calls[0]

    @property
    def received(self) -> Calls:
        """Calls to candidates, by numbers that have to do with two of them."""
        return self._calls[1]

    @cached_property
    def trunks(self) -> Held:
        """Candidates, and the trunks that their calls came in by."""
        return self._held("caller", "trunk_in", lambda kinds: kinds.voice)

    @cached_property
    def forwards(self) -> Held:
        """Candidates, and the numbers that their lines send calls on to."""
        return self._held("callee", "forwarded_to", lambda kinds: kinds.forwarded)

    @cached_property
    def _calls(self) -> tuple[Calls, Calls]:
        """Give both in one reading."""
        made, received = [_no_calls()], [_no_calls()]
        for records, kinds in self._records.read("talk_ms", "answered"):
            caller, callee = (self._records.nodes(records, side) for side in ("caller", "callee"))
            others = kinds.voice & (caller != callee)
            for found, callers, callees in ((made, self._chosen, self._met), (received, self._met, self._chosen)):
                rows = np.flatnonzero(others & callers[caller] & callees[callee])
                found.append(_calls(records, rows, caller, callee))
        return _together(made), _together(received)

    def _held(self, side: str, what: str, which: Callable[[Kinds], Mask]) -> Held:
        """Give who of the candidates, on one side of the records, has which texts of a column."""
        found = [np.empty(0, dtype=np.int64)]
        for records, kinds in self._records.read(what):
            node, code = self._records.nodes(records, side), records[what].fill_null(-1).to_numpy()
            rows = which(kinds) & (code >= 0) & self._chosen[node]
            found.append(np.unique(pair_keys(node[rows], code[rows])))
        both = np.unique(np.concatenate(found))
        node, code = (both >> 32).astype(np.int32), both & 0xFFFFFFFF
        return held(node, hash_texts(self._records.named(node, what, code)))


def met_by_two(snapshot: Snapshot, candidates: Nodes) -> Mask:
    """Tell which nodes have an edge with two candidates, or edges both ways with one."""
    count = len(snapshot.numbers)
    chosen = np.zeros(count, dtype=bool)
    chosen[candidates] = True
    caller, callee = snapshot.edges["caller"].to_numpy(), snapshot.edges["callee"].to_numpy()
    met = np.bincount(callee[chosen[caller]], minlength=count) + np.bincount(caller[chosen[callee]], minlength=count)
    return np.asarray(met >= 2, dtype=bool)


def _calls(records: pa.Table, rows: Integers, caller: Nodes, callee: Nodes) -> Calls:
    some = records.select(["started", "talk_ms", "answered"]).take(pa.array(rows))
    talk_ms = some["talk_ms"].to_numpy()
    answered = np.where(some["answered"].is_null(), talk_ms > 0, some["answered"].fill_null(False))
    return Calls(caller[rows], callee[rows], some["started"].to_numpy(), talk_ms, answered)


def _no_calls() -> Calls:
    nobody, nothing = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64)
    return Calls(nobody, nobody, nothing, nothing, np.empty(0, dtype=np.bool_))


def _together(parts: Sequence[Calls]) -> Calls:
    return Calls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Calls)))


def held(node: Nodes, key: Integers) -> Held:
    """Give rows of any keys with the keys numbered from 0."""
    _, codes = np.unique(key, return_inverse=True)
    return Held(node, codes.astype(np.int64))
