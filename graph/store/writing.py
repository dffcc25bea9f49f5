"""Writing one run into the graph database: what left goes, what changed is written, by a few sessions at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

import cypher
from configs import Neo4jSettings
from graph.snapshot import IntArray
from graph.store import rows
from graph.store.changes import Changes
from graph.store.neo4j_driver import Neo4j, Parameters
from graph.store.partition import Block, edge_blocks, free_blocks
from graph.store.sessions import write_blocks
from graph.store.shown import Shown
from ingest.progress import Progress

RowsOf = Callable[[Shown, pa.Array, IntArray], pa.Table]
OF_CAMPAIGNS = ("links", "victims", "members", "campaigns")
EVERYTHING = (*OF_CAMPAIGNS, "calls", "numbers")  # relationships before their ends
BUCKETS_PER_SESSION = 4  # two would do if blocks were equal; more keep sessions busy beside a hub


SWEEP_FACTOR = (
    10  # a sweep goes over everything: it removes so many times the rows of a write, in so many times its time
)


class PublishError(RuntimeError):
    """What stands in the graph database is not what was to be published; the message says what to do."""


class Writer:
    """Writes one run in batches under one mark; every batch may be repeated without harm.

    Raises PublishError at the first batch that finds that another publish has begun, and writes nothing of it.
    """

    def __init__(self, neo4j: Neo4j, shown: Shown, settings: Neo4jSettings, progress: Progress, mark: int) -> None:
        self._neo4j = neo4j
        self._shown = shown
        self._settings = settings
        self._progress = progress
        self._mark = mark

    def write(self, changes: Changes, whole: bool) -> None:
        """Remove what left, write what changed, and what campaigns need, whole; where all is, sweep all."""
        self._remove(changes)
        keys = rows.key_texts(self._shown)
        self._upsert("numbers", rows.number_rows, keys, self._free(changes.numbers))
        self._upsert("calls", rows.call_rows, keys, self._apart(self._shown, changes.calls))
        for name, rows_of, table in (
            ("campaigns", rows.campaign_rows, self._shown.campaigns),
            ("members", rows.member_rows, self._shown.members),
            ("victims", rows.victim_rows, self._shown.victims),
            ("links", rows.link_rows, self._shown.links),
        ):
            self._upsert(name, rows_of, keys, _one_after_the_other(np.arange(len(table))))
        for name in EVERYTHING if whole else OF_CAMPAIGNS:
            sweep(self._neo4j, name, self._settings, self._mark)

    def _upsert(self, name: str, rows_of: RowsOf, keys: pa.Array, blocks: Sequence[Block]) -> None:
        def write(which: IntArray) -> None:
            batch = rows_of(self._shown, keys, which)
            self._write(f"publish_{name}", _columns(batch))

        self._run(f"publish {name}", blocks, write)

    def _remove(self, changes: Changes) -> None:
        before = changes.before
        keys = rows.key_texts(before)

        def remove_calls(which: IntArray) -> None:
            self._write("remove_calls", _columns(rows.call_keys(before, keys, which)))

        def remove_numbers(which: IntArray) -> None:
            self._write("remove_numbers", _columns(rows.number_keys(before, keys, which)))

        self._run("remove calls", self._apart(before, changes.gone_calls), remove_calls)
        self._run("remove numbers", _one_after_the_other(changes.gone_numbers), remove_numbers)

    def _run(self, stage: str, blocks: Sequence[Block], write: Callable[[IntArray], None]) -> None:
        self._progress.stage(stage, sum(len(block.rows) for block in blocks), "rows")
        write_blocks(blocks, self._settings.sessions, self._settings.batch_rows, write, self._progress.advance)

    def _free(self, which: IntArray) -> list[Block]:
        return free_blocks(which, self._settings.batch_rows)

    def _apart(self, shown: Shown, which: IntArray) -> list[Block]:
        """Cut edges into blocks; few are not worth it, for each block ends in a batch that is not full."""
        if self._settings.sessions == 1 or len(which) <= self._settings.sessions * self._settings.batch_rows:
            return _one_after_the_other(which)
        edges = shown.snapshot.edges
        callers, callees = (edges[end].to_numpy()[which] for end in ("caller", "callee"))
        return edge_blocks(which, callers, callees, BUCKETS_PER_SESSION * self._settings.sessions)

    def _write(self, name: str, columns: Parameters) -> None:
        parameters = {**columns, "v": self._mark}
        if not self._neo4j.write(cypher.text(name), parameters, self._settings.write_timeout_s):
            raise overtaken()


def sweep(neo4j: Neo4j, name: str, settings: Neo4jSettings, mark: int) -> None:
    """Remove what does not carry the mark; raises PublishError once another publish has begun.

    In transactions of ours: those of CALL … IN TRANSACTIONS wait for locks beyond any timeout.
    """
    gone = limit = SWEEP_FACTOR * settings.batch_rows
    while gone == limit:
        parameters = {"v": mark, "limit": limit}
        found = neo4j.write(cypher.text(f"sweep_{name}"), parameters, SWEEP_FACTOR * settings.write_timeout_s)
        if not found:
            raise overtaken()
        ((gone,),) = found


def overtaken() -> PublishError:
    """Say that another publish has begun, which needs nothing of this one."""
    return PublishError("another publish began before this one was done; publish again")


def _one_after_the_other(which: IntArray) -> list[Block]:
    return [Block(frozenset(), which)]


def _columns(batch: pa.Table) -> dict[str, list[Any]]:
    """Give a batch as one list a column: rows as maps would repeat every name and cost the client twice as much."""
    return {name: batch[name].to_pylist() for name in batch.column_names}
