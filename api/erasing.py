"""What is left of erased numbers goes: from databases, lake and results, until only keyed hashes are left.

All of it may be repeated, so that every writing command finishes what a kill left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine

from api import events, retention
from api.publishing import publish_run
from api.scope import SCOPE
from configs import Settings
from detectors.erasing import TouchedWork, erase_work, numbers_in_snapshots, numbers_in_work, snapshots_with
from graph.windows import EmptyWindowError
from ingest.erased import tombstones
from ingest.erasing.erasing import Touched, erase_pending
from ingest.faults import point
from ingest.home import Home
from ingest.lake.lake import DamagedLakeError, Lake
from ingest.lake.pair_day import refresh
from ingest.ledger.database import open_database, write_anew
from ingest.ledger.ledger import RunRow, committed_runs, current_run, withdraw_run
from ingest.live.sealing import left_logs
from ingest.progress import Progress

ScoreAgain = Callable[[RunRow], str | None]  # the cut and window of a run; says what went less than well


@dataclass(frozen=True)
class Finished:
    """What was erased, by number, and why less was than asked for, if so."""

    lake: Touched = field(default_factory=Touched)
    work: TouchedWork = field(default_factory=TouchedWork)
    failures: Sequence[str] = ()


def finish(home: Home, settings: Settings, store: str, progress: Progress, score_again: ScoreAgain) -> Finished:
    """Finish all erasures that are pending; the caller holds the home's write lock.

    Where a run in front shows an erased number its cut is scored again. Where calls of its window are damaged that has
    to wait, and the numbers stay hidden and pending.
    """
    engine = open_database(home, "ledger")
    tombstones.restore(home, engine)
    if not tombstones.is_unfinished(engine):
        return Finished()
    if tombstones.has_unknown(engine):
        _find_numbers(home, engine)
    work = erase_work(home, _pending(engine))
    events.forget(home, _pending(engine))
    lake = erase_pending(home, engine, progress)
    refresh(Lake(home), None, None, settings.features.night_local_h, progress)
    try:
        failure = _renew_results(home, engine, settings, store, progress, score_again)
    except DamagedLakeError as damage:
        return Finished(lake, work, (f"results still show what is erased, hidden from all readers: {damage}",))
    failures = [failure, _clean(home, engine, progress), _streams(home)]
    return Finished(lake, work, [failure for failure in failures if failure])


def _find_numbers(home: Home, engine: Engine) -> None:
    for numbers in (numbers_in_work(home), numbers_in_snapshots(home), events.numbers_in_log(home)):
        tombstones.name(home, engine, numbers)


def _pending(engine: Engine) -> frozenset[str]:
    return frozenset(tombstones.pending(engine).values())


def _renew_results(
    home: Home, engine: Engine, settings: Settings, store: str, progress: Progress, score_again: ScoreAgain
) -> str | None:
    """Remove snapshots that show an erased number, and the results on them; give what went less than well."""
    front, failure = current_run(engine, SCOPE), None
    snapshots = snapshots_with(home, _pending(engine))
    if front and front.snapshot_id in snapshots:
        failure = _score_again(engine, front, score_again, progress)
    if failure is None and store == "neo4j":  # does nothing where scoring again has published
        failure = publish_run(home, settings, progress).failure
    point("erase:scored")
    if snapshots:
        retention.sweep(home, committed_runs(engine, SCOPE)[-1:] if current_run(engine, SCOPE) else [])
    point("erase:swept")
    return failure


def _score_again(engine: Engine, front: RunRow, score_again: ScoreAgain, progress: Progress) -> str | None:
    try:
        return score_again(front)
    except EmptyWindowError:
        withdraw_run(engine, SCOPE)
        progress.note("no call is left in the window of the run in front, so there is none until the next one")
        return None


def _clean(home: Home, engine: Engine, progress: Progress) -> str | None:
    progress.stage("writing the databases anew", None, "")
    tombstones.forget_numbers(engine)
    if not write_anew(home):
        return "a reader keeps the databases' logs from being emptied; the next writing command does it"
    point("erase:rewritten")
    tombstones.finish(engine)
    return None


def _streams(home: Home) -> str | None:
    left = left_logs(home)
    if left.faults:
        return "; ".join(left.faults)
    if left.logs:
        return "a stream holds rows that are not in the lake yet; it leaves the numbers out when it seals them"
    return None
