"""Named crash points: where a test may kill the process, to prove that nothing is lost or counted twice.

With RINGFENCE_FAULT=NAME the process kills itself when it first passes the point, with NAME:K at the K-th passing.
Without the variable a point costs one look into the environment.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

VARIABLE = "RINGFENCE_FAULT"
# before the fsync, after it, after the rename, after the folder's fsync
STEPS = ("written", "fsynced", "renamed", "settled")


def steps(prefix: str) -> tuple[str, ...]:
    """Names of the points that one durable write passes."""
    return tuple(f"{prefix}:{step}" for step in STEPS)


INGEST_POINTS = (*steps("segment"), *steps("keys"), "ledger:commit:before", "ledger:commit:after")
MERGE_POINTS = (*steps("merge"), "merge:commit:before", "merge:commit:after")
REPLACE_POINTS = (*steps("replace:segment"), *steps("replace:keys"), "replace:removed")
COMPACTION_POINTS = (*steps("compaction"), "compaction:commit:before", "compaction:commit:after")
RETENTION_POINTS = ("retention:commit:before", "retention:commit:after")
QUARANTINE_POINTS = (*steps("lost"), "quarantine:moved", "quarantine:commit:before", "quarantine:commit:after")
PAIR_DAY_POINTS = (*steps("pair_day"), *steps("pair_index"), "pair_day:commit:before", "pair_day:commit:after")
RUN_POINTS = (
    "run:snapshot:after",
    "run:results:before",
    "run:work:after",
    "run:switch:before",
    "run:switch:after",
    "run:events:after",
)
LIVE_POINTS = (
    "live:append:begun",  # some of the frame is written
    "live:append:written",
    "live:append:settled",
    "live:seal:begun",
    "live:seal:entered",
    "live:seal:removed",
)
ERASE_POINTS = (
    *steps("erase:key"),
    "erase:listed",
    "erase:entered:before",
    "erase:entered:after",
    "erase:work:before",
    "erase:work:after",
    "erase:events:before",
    "erase:events:after",
    *steps("erase:segment"),
    *steps("erase:keys"),
    "erase:day:before",
    "erase:day:after",
    "erase:day:removed",
    *steps("erase:pairs"),
    "erase:pairs:removed",
    "erase:letters:before",
    "erase:letters:after",
    "erase:scored",
    "erase:swept",
    "erase:forgotten:before",
    "erase:forgotten:after",
    "erase:rewritten",
)
LAKE_POINTS = (*MERGE_POINTS, *REPLACE_POINTS, *COMPACTION_POINTS, *RETENTION_POINTS, *QUARANTINE_POINTS)
POINTS = (*INGEST_POINTS, *LAKE_POINTS, *LIVE_POINTS, *PAIR_DAY_POINTS, *RUN_POINTS, *ERASE_POINTS)

_passed: Counter[str] = Counter()


def point(name: str) -> None:
    """Die here by SIGKILL if the environment asks for it; `name` must be one of POINTS (KeyError)."""
    wanted = os.environ.get(VARIABLE)
    if wanted is None:
        return
    if name not in POINTS:
        raise KeyError(f"{name} is not in ingest.faults.POINTS")
    _passed[name] += 1
    if wanted in (name, f"{name}:{_passed[name]}"):
        os.kill(os.getpid(), signal.SIGKILL)
