"""Publishing: one run becomes what the graph database shows, verified, and readable only when it is whole.

Whatever is written carries the mark of the publish that wrote it. A publish that starts from an unfinished or unknown
state writes everything and then removes what has another mark, so a publish that was cut off is mended by the next.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import cypher
from configs import Neo4jSettings
from graph.snapshot import IntArray
from graph.store import rows
from graph.store.changes import Changes, everything, since
from graph.store.neo4j_driver import Neo4j
from graph.store.shown import Shown
from ingest.progress import Progress

VERIFY_S = 600.0  # a count of everything may take longer than a question

RowsOf = Callable[[Shown, pa.Array, IntArray], pa.Table]


class PublishError(RuntimeError):
    """What stands in the graph database is not what was to be published; the message says what differs."""


@dataclass(frozen=True)
class PublishReport:
    """What a publish did; rows written and removed by name, where removed by key."""

    version: str
    whole: bool  # everything was written, not only what had changed
    numbers: int
    calls: int
    gone_numbers: int
    gone_calls: int
    seconds: float


def publish(
    neo4j: Neo4j, shown: Shown, settings: Neo4jSettings, progress: Progress, previous: Shown | None = None
) -> PublishReport:
    """Make the graph database show this run.

    `previous` is the run shown so far, if still at hand: when the database says so too, only what differs is written.
    Readers are refused from the first change until counts and sums agree with the snapshot. Raises PublishError when
    they do not, and StoreUnavailableError when the server is away; after either, publishing again mends.
    """
    started = time.monotonic()
    _schema(neo4j)
    base = _base(neo4j, shown, previous)
    changes = since(base, shown) if base else everything(shown)
    ((mark,),) = neo4j.write(cypher.text("publish_start"), {})
    _Writer(neo4j, shown, settings, progress, mark).write(changes, sweep=base is None)
    progress.stage("verify what Neo4j holds", None, "")
    _verify(neo4j, shown)
    _finish(neo4j, shown, mark)
    return PublishReport(
        version=shown.run,
        whole=base is None,
        numbers=len(changes.numbers),
        calls=len(changes.calls),
        gone_numbers=len(changes.gone_numbers),
        gone_calls=len(changes.gone_calls),
        seconds=time.monotonic() - started,
    )


class _Writer:
    """Writes one run in batches under one mark."""

    def __init__(self, neo4j: Neo4j, shown: Shown, settings: Neo4jSettings, progress: Progress, mark: int) -> None:
        self._neo4j = neo4j
        self._shown = shown
        self._keys = rows.key_texts(shown)
        self._batch_rows = settings.batch_rows
        self._progress = progress
        self._mark = mark

    def write(self, changes: Changes, sweep: bool) -> None:
        """Remove what left, write what changed, and what campaigns need, whole."""
        shown = self._shown
        self._remove("calls", changes.gone_calls)
        self._remove("numbers", changes.gone_numbers)
        self._upsert("numbers", rows.number_rows, changes.numbers)
        self._upsert("calls", rows.call_rows, changes.calls)
        self._upsert("campaigns", rows.campaign_rows, np.arange(len(shown.campaigns)))
        self._upsert("members", rows.member_rows, np.arange(len(shown.members)))
        self._upsert("victims", rows.victim_rows, np.arange(len(shown.victims)))
        self._upsert("links", rows.link_rows, np.arange(len(shown.links)))
        for name in ("links", "victims", "members", "campaigns", *(("calls", "numbers") if sweep else ())):
            self._sweep(name)

    def _upsert(self, name: str, rows_of: RowsOf, which: IntArray) -> None:
        self._progress.stage(f"publish {name}", len(which), "rows")
        for start in range(0, len(which), self._batch_rows):
            batch = rows_of(self._shown, self._keys, which[start : start + self._batch_rows])
            self._neo4j.write(cypher.text(f"publish_{name}"), _columns(batch) | {"v": self._mark})
            self._progress.advance(len(batch))

    def _remove(self, name: str, gone: pa.Table) -> None:
        self._progress.stage(f"remove {name}", len(gone), "rows")
        for start in range(0, len(gone), self._batch_rows):
            batch = gone.slice(start, self._batch_rows)
            self._neo4j.write(cypher.text(f"remove_{name}"), _columns(batch))
            self._progress.advance(len(batch))

    def _sweep(self, name: str) -> None:
        statement = cypher.text(f"sweep_{name}")
        self._neo4j.write_in_batches(statement, {"v": self._mark, "batch_rows": self._batch_rows})


def _columns(batch: pa.Table) -> dict[str, list[Any]]:
    """Give a batch as one list a column: rows as maps would repeat every name and cost the client twice as much."""
    return {name: batch[name].to_pylist() for name in batch.column_names}


def _schema(neo4j: Neo4j) -> None:
    for name in cypher.names():
        if name.startswith("schema_"):
            neo4j.write_in_batches(cypher.text(name), {})


def _base(neo4j: Neo4j, shown: Shown, previous: Shown | None) -> Shown | None:
    """Give the run that the database shows, whole, as far as it is at hand."""
    found = neo4j.read(cypher.text("meta"), {}, VERIFY_S)
    if not found or found[0][0] != "ready":
        return None
    held = tuple(found[0][2:4])
    candidates = (run for run in (shown, previous) if run is not None)
    return next((run for run in candidates if (run.run, run.snapshot.id) == held), None)


def _verify(neo4j: Neo4j, shown: Shown) -> None:
    ((found,),) = neo4j.read(cypher.text("published"), {}, VERIFY_S)
    wanted = _expected(shown)
    differing = [f"{name} {found[name]} instead of {wanted[name]}" for name in wanted if found[name] != wanted[name]]
    if differing:
        raise PublishError(
            f"Neo4j does not hold run {shown.run} as it should: {', '.join(differing)}. Nobody can read it so; "
            "publish again, which writes everything anew"
        )


def _expected(shown: Shown) -> dict[str, int]:
    edges, numbers = shown.snapshot.edges, shown.numbers
    return {
        "numbers": len(numbers),
        "out_calls": _sum(numbers, "out_calls"),
        "in_calls": _sum(numbers, "in_calls"),
        "edges": len(edges),
        "calls": _sum(edges, "calls"),
        "answered": _sum(edges, "answered"),
        "talk_ms": _sum(edges, "talk_ms"),
        "night_calls": _sum(edges, "night_calls"),
        "campaigns": len(shown.campaigns),
        "members": len(shown.members),
        "victims": len(shown.victims),
        "victim_calls": _sum(shown.victims, "calls"),
        "links": len(shown.links),
        "shared": _sum(shown.links, "shared"),
    }


def _sum(table: pa.Table, column: str) -> int:
    return int(pc.sum(table[column]).as_py() or 0)


def _finish(neo4j: Neo4j, shown: Shown, mark: int) -> None:
    meta = asdict(shown.meta)
    ((written,),) = neo4j.write(cypher.text("publish_ready"), {"v": mark, "meta": meta})
    if not written:
        raise PublishError(f"another publish began while run {shown.run} was being written; publish again")
