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
PAIR_DAY_POINTS = (*steps("pair_day"), "pair_day:commit:before", "pair_day:commit:after")
RUN_POINTS = (
    "run:snapshot:after",
    "run:results:before",
    "run:work:after",
    "run:switch:before",
    "run:switch:after",
    "run:events:after",
)
POINTS = (*INGEST_POINTS, *PAIR_DAY_POINTS, *RUN_POINTS)

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
