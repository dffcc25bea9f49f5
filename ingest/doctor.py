"""What ingest looks at when a home is examined: databases, files of the lake, room on the disk."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from typing import Any

from ingest import ledger
from ingest.database import open_database, pending
from ingest.home import Home
from ingest.segments import find_orphans, named_files

LEAST_FREE_BYTES = 1 << 30


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


def check(home: Home) -> list[Finding]:
    """Give every check of a home's databases and lake; changes nothing."""
    behind = pending(home)
    if behind:
        missing = Finding("databases", False, f"not at this version: {', '.join(behind)}", "ringfence migrate")
        return [missing, _free_space(home)]
    ready = Finding("databases", True, "at this version")
    return [ready, _segments(home), _orphans(home), _free_space(home)]


def _segments(home: Home) -> Finding:
    segments = ledger.find_segments(open_database(home, "ledger"))
    whole = [s for s in segments if _size(home, s) == s.size and (home.lake / s.keys_path).is_file()]
    if len(whole) == len(segments):
        return Finding("segments", True, f"{len(segments)} segments with {sum(s.rows for s in segments):,} calls")
    damaged = next(s for s in segments if s not in whole)
    text = (
        f"{len(segments) - len(whole)} of {len(segments)} segments are missing or damaged, the first is {damaged.path}"
    )
    return Finding("segments", False, text, "restore the lake's folder from a backup")


def _size(home: Home, segment: ledger.SegmentRow) -> int | None:
    path = home.lake / segment.path
    return path.stat().st_size if path.is_file() else None


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
