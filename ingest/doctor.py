"""What ingest looks at when a home is examined: databases, files of the lake, room on the disk."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Engine

from ingest.dead.share import DEAD_PER_MILLE, mostly_dead, mostly_dead_text
from ingest.home import Home
from ingest.lake.checksums import quick_fault_of
from ingest.lake.quarantine import faults_of, find_missing, find_quarantined, set_aside
from ingest.lake.segments import find_orphans, named_files
from ingest.ledger import ledger
from ingest.ledger.database import damaged, open_database, pending
from ingest.live.sealing import left_logs

LEAST_FREE_BYTES = 1 << 30
NEXT_FOR_DEAD = "ringfence deadletters list; mend the mapping, then ringfence deadletters replay"


@dataclass(frozen=True)
class Finding:
    """One check: what was looked at, whether it is well, what was seen, and what to do (empty: nothing)."""

    name: str
    ok: bool
    text: str
    next_step: str = ""

    def as_json(self) -> dict[str, Any]:
        """The shape that is printed."""
        return asdict(self)


def check(home: Home, deep: bool = False) -> list[Finding]:
    """Give every check of a home's databases and lake.

    Changes nothing, but `deep`: it reads every file of calls and sets aside what is damaged (what is missing or cut
    off, too), for which the caller holds the home's write lock.
    """
    broken = damaged(home)
    if broken:
        step = "restore them from a copy of the home; without one, bring all files again into a new home"
        return [Finding("databases", False, f"damaged: {', '.join(broken)}", step), _free_space(home)]
    behind = pending(home)
    if behind:
        missing = Finding("databases", False, f"not at this version: {', '.join(behind)}", "ringfence migrate")
        return [missing, _free_space(home)]
    ready = Finding("databases", True, "at this version")
    return [
        ready,
        _segments(home, deep),
        _quarantine(home),
        _live_logs(home),
        _orphans(home),
        _dead_letters(home),
        _free_space(home),
    ]


def _segments(home: Home, deep: bool) -> Finding:
    engine = open_database(home, "ledger")
    segments = ledger.find_segments(engine)
    damaged = _set_aside(home, engine, segments) if deep else _missing(home, segments)
    if not damaged:
        return Finding("segments", True, f"{len(segments)} segments with {sum(s.rows for s in segments):,} calls")
    text = f"{len(damaged)} of {len(segments)} segments are missing or damaged, the first is {damaged[0]}"
    return Finding("segments", False, text, "bring their files again" if deep else "ringfence doctor --deep")


def _missing(home: Home, segments: Sequence[ledger.SegmentRow]) -> list[str]:
    return [row.path for row in segments if quick_fault_of(home.lake / row.path, row.size)]


def _set_aside(home: Home, engine: Engine, segments: Sequence[ledger.SegmentRow]) -> list[str]:
    return [entry.path for entry in set_aside(home, engine, faults_of(home.lake, segments))]


def _quarantine(home: Home) -> Finding:
    engine = open_database(home, "ledger")
    rows = find_quarantined(engine)
    if not rows:
        given_up = sum(row.rows for row in find_missing(engine))
        return Finding("quarantine", True, f"{given_up:,} calls are given up" if given_up else "no calls are missing")
    text = "\n".join(f"{row.segment}: {row.operator} {row.day}, {row.rows:,} calls: {row.why}" for row in rows)
    step = "bring their files again with `ringfence ingest`; or give them up: ringfence doctor --accept-loss SEGMENT"
    return Finding("quarantine", False, text, step)


def _live_logs(home: Home) -> Finding:
    left = left_logs(home)
    if left.faults:
        return Finding("live logs", False, "\n".join(left.faults), "restore it, or move it away and stream again")
    text = f"{left.logs} with {left.rows:,} rows wait; a stream, ingest or run seals them" if left.logs else "none wait"
    return Finding("live logs", True, text)


def _dead_letters(home: Home) -> Finding:
    """Look for files of which too many rows were dead; they are no fault of the home, but somebody must look."""
    found = mostly_dead(open_database(home, "ledger"))
    if not found:
        return Finding("dead letters", True, "no file has too many")
    worst = max(found, key=lambda batch: batch.warnings[DEAD_PER_MILLE])
    text = mostly_dead_text(worst.rows, worst.dead_lettered)
    return Finding("dead letters", True, f"{len(found)} files have too many; of {worst.name} {text}", NEXT_FOR_DEAD)


def _orphans(home: Home) -> Finding:
    orphans = find_orphans(home.lake, named_files(open_database(home, "ledger")))
    if not orphans:
        return Finding("unfinished files", True, "none")
    return Finding(
        "unfinished files", True, f"{len(orphans)} files of an interrupted run; the next ingest removes them"
    )


def _free_space(home: Home) -> Finding:
    free = shutil.disk_usage(home.root).free
    text = f"{free / (1 << 30):.1f} GiB free"
    return Finding("disk", free >= LEAST_FREE_BYTES, text, "" if free >= LEAST_FREE_BYTES else "make room on the disk")
