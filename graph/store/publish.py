"""Publishing: one run becomes what the graph database shows, verified, and readable only when it is whole.

Whatever is written carries the mark of the publish that wrote it. A publish that starts from an unknown state writes
everything and then removes what has another mark. One that was cut off on the way from a run that is still at hand is
repeated: every batch may be written twice without harm. Rows are not versioned in the database: every statement of
every reader would have to choose among versions, and while one is written the embedded store answers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import cypher
from configs import Neo4jSettings
from graph.store.changes import everything, since
from graph.store.neo4j_driver import Neo4j
from graph.store.shown import Shown
from graph.store.verifying import VERIFY_S, differences
from graph.store.writing import EVERYTHING, SWEEP_FACTOR, PublishError, Writer, overtaken, sweep
from ingest.progress import Progress

AtHand = Callable[[str], Shown | None]


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


def nothing_at_hand(_: str) -> None:
    """Give the tables of no run."""


def publish(
    neo4j: Neo4j, shown: Shown, settings: Neo4jSettings, progress: Progress, at_hand: AtHand = nothing_at_hand
) -> PublishReport:
    """Make the graph database show this run.

    `at_hand` gives the tables of the run that the database shows so far, by its id, where they are still there: then
    only what differs is written. Readers are refused from the first change until all of it is verified. Raises
    PublishError when it does not agree with the snapshot or another publish begins, and StoreUnavailableError when the
    server is away or somebody's locks keep a write waiting; after any of them, publishing again mends.
    """
    started = time.monotonic()
    _schema(neo4j, settings)
    base = _base(neo4j, shown, at_hand)
    changes = since(base, shown) if base else everything(shown)
    mark = _start(neo4j, settings, shown.run, base.run if base else None)
    Writer(neo4j, shown, settings, progress, mark).write(changes, whole=base is None)
    progress.stage("verify what Neo4j holds", None, "")
    _verify(neo4j, shown, mark)
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


def unpublish(neo4j: Neo4j, settings: Neo4jSettings) -> None:
    """Have the graph database show no run and hold nothing of one; does nothing where that is so.

    Raises PublishError when a publish begins meanwhile, and StoreUnavailableError; after either, repeating it mends.
    """
    found = neo4j.read(cypher.text("publish_base"), {}, VERIFY_S)
    if not found or found[0][0] == "withdrawn":
        return
    mark = _start(neo4j, settings, None, None)
    for name in EVERYTHING:
        sweep(neo4j, name, settings, mark)
    ((written,),) = neo4j.write(cypher.text("publish_withdrawn"), {"v": mark}, settings.write_timeout_s)
    if not written:
        raise overtaken()


def shown_run(neo4j: Neo4j) -> str | None:
    """Give the id of the run that readers are shown, None while there is none; raises StoreUnavailableError."""
    found = neo4j.read(cypher.text("publish_base"), {}, VERIFY_S)
    return str(found[0][1]) if found and found[0][0] == "ready" else None


def _schema(neo4j: Neo4j, settings: Neo4jSettings) -> None:
    for name in cypher.names():
        if name.startswith("schema_"):
            neo4j.write_in_batches(cypher.text(name), {}, SWEEP_FACTOR * settings.write_timeout_s)


def _start(neo4j: Neo4j, settings: Neo4jSettings, target: str | None, base: str | None) -> int:
    """Give the mark of a publish that begins; from now on readers are refused and earlier publishes write nothing."""
    parameters = {"target": target, "base": base}
    ((mark,),) = neo4j.write(cypher.text("publish_start"), parameters, settings.write_timeout_s)
    return int(mark)


def _base(neo4j: Neo4j, shown: Shown, at_hand: AtHand) -> Shown | None:
    """Give the run that the database shows, or showed until this very publish was cut off, as far as it is at hand."""
    found = neo4j.read(cypher.text("publish_base"), {}, VERIFY_S)
    if not found:
        return None
    state, version, snapshot, target, base = found[0]
    is_whole = state in ("ready", "imported")
    is_repeated = state == "publishing" and target == shown.run and base is not None and base == version
    if not (is_whole or is_repeated):
        return None
    run = shown if version == shown.run else at_hand(version)
    return run if run and (run.run, run.snapshot.id) == (version, snapshot) else None


def _verify(neo4j: Neo4j, shown: Shown, mark: int) -> None:
    differing = differences(neo4j, shown, seed=mark)
    if differing:
        neo4j.write(cypher.text("publish_spoiled"), {"v": mark})
        raise PublishError(
            f"Neo4j does not hold run {shown.run} as it should: {', '.join(differing)}. Nobody can read it so; "
            "publish again, which writes everything anew"
        )


def _finish(neo4j: Neo4j, shown: Shown, mark: int) -> None:
    meta = asdict(shown.meta)
    ((written,),) = neo4j.write(cypher.text("publish_ready"), {"v": mark, "meta": meta})
    if not written:
        raise overtaken()
