"""The window's calls of a few numbers, read from the lake: what exact links are made of."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.engine import Engine
from graph.links.hashing import hash_texts
from graph.links.table import Integers, Mask, Nodes
from graph.records import attempts, forwarded, window_records
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


class CandidateCalls(AbstractContextManager["CandidateCalls"]):
    """What some numbers did in the window; each table is read when it is asked for, by one scan of the segments.

    Only rows that count leave the scan: memory is about 33 bytes for each call between a candidate and a number that
    has to do with two candidates, and for each distinct (candidate, trunk or target). Numbers that the snapshot lacks,
    as erased ones, are left out. What does not fit in memory spills into a folder.
    """

    def __init__(self, source: Source, snapshot: Snapshot, candidates: Nodes, spill: Path) -> None:
        met = np.flatnonzero(met_by_two(snapshot, candidates)).astype(np.int32)
        self._engine = Engine(spill)
        self._records = window_records(self._engine, source.paths, snapshot.window, source.left_out)
        self._chosen = self._engine.give("chosen", _keyed(snapshot, candidates))
        self._met = self._engine.give("met", _keyed(snapshot, met))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.__exit__(kind, error, trace)

    @cached_property
    def made(self) -> Calls:
        """Calls by candidates, to numbers that have to do with two of them."""
        return _calls(self._engine, attempts(self._records), self._chosen, self._met)

    @cached_property
    def received(self) -> Calls:
        """Calls to candidates, by numbers that have to do with two of them."""
        return _calls(self._engine, attempts(self._records), self._met, self._chosen)

    @cached_property
    def trunks(self) -> Held:
        """Candidates, and the trunks that their calls came in by."""
        return _held(self._engine, attempts(self._records), self._chosen, "caller", "trunk_in")

    @cached_property
    def forwards(self) -> Held:
        """Candidates, and the numbers that their lines send calls on to."""
        sent_on = forwarded(self._records)
        return _held(self._engine, sent_on, self._chosen, "callee", "forwarded_to")


def met_by_two(snapshot: Snapshot, candidates: Nodes) -> Mask:
    """Tell which nodes have an edge with two candidates, or edges both ways with one."""
    count = len(snapshot.numbers)
    chosen = np.zeros(count, dtype=bool)
    chosen[candidates] = True
    caller, callee = snapshot.edges["caller"].to_numpy(), snapshot.edges["callee"].to_numpy()
    met = np.bincount(callee[chosen[caller]], minlength=count) + np.bincount(caller[chosen[callee]], minlength=count)
    return np.asarray(met >= 2, dtype=bool)


def _keyed(snapshot: Snapshot, nodes: Nodes) -> pa.Table:
    rows = snapshot.numbers.select(["operator", "number"]).take(pa.array(nodes))
    return rows.append_column("node", pa.array(nodes))


def _calls(engine: Engine, voice: ir.Table, callers: ir.Table, callees: ir.Table) -> Calls:
    a, b = callers.view(), callees.view()
    found = engine.fetch(
        voice.join(a, (voice.operator == a.operator) & (voice.caller == a.number))
        .join(b, (voice.operator == b.operator) & (voice.callee == b.number))
        .select(
            voice.started,
            voice.talk_ms,
            caller=a.node,
            callee=b.node,
            answered=voice.answered.fill_null(voice.talk_ms > 0),
        )
    )
    column = {name: found[name].to_numpy() for name in found.column_names}
    others = column["caller"] != column["callee"]
    return Calls(**{name: values[others] for name, values in column.items()})


def _held(engine: Engine, records: ir.Table, chosen: ir.Table, side: str, what: str) -> Held:
    """Give who of the chosen, on one side of the records, has which texts of a column."""
    told = records.filter(records[what].notnull())
    rows = told.join(chosen, (told.operator == chosen.operator) & (told[side] == chosen.number))
    found = engine.fetch(rows.select(chosen.node, told.operator, text=told[what]).distinct())
    named = pc.binary_join_element_wise(found["operator"], found["text"], "\x01").combine_chunks()
    return held(found["node"].to_numpy(), hash_texts(named))


def held(node: Nodes, key: Integers) -> Held:
    """Give rows of any keys with the keys numbered from 0."""
    _, codes = np.unique(key, return_inverse=True)
    return Held(node, codes.astype(np.int64))
