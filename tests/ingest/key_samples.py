"""Keys and runs for the tests of duplicates."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from ingest.cdr import CALL_SCHEMA
from ingest.lake.key_runs import HOUR_US, Keys, sorted_keys
from ingest.lake.lake import day_start

OPERATOR, DAY = "generic", "2026-05-01"
FIRST_HOUR = day_start(DAY) // HOUR_US
Pair = tuple[int, bytes]  # hour of the day, key

# Halves that agree in one part only, and keys that end in zeros: all of them are different keys.
HALVES = st.sampled_from([bytes(8), b"\1" + bytes(7), bytes(7) + b"\1", b"\xff" * 8, b"\x7f" + b"\xff" * 7])
PAIRS = st.tuples(st.integers(0, 3), st.tuples(HALVES, HALVES).map(b"".join))


def calls_with(pairs: Iterable[Pair]) -> pa.Table:
    """Calls of one day with nothing but hours and keys."""
    rows = [
        {
            **dict.fromkeys(("kind", "caller", "callee", "caller_kind", "zone"), "x"),
            "operator": OPERATOR,
            "started": (FIRST_HOUR + hour) * HOUR_US + 5,
            "talk_ms": 1,
            "call_key": key,
        }
        for hour, key in pairs
    ]
    return pa.Table.from_pylist(rows, CALL_SCHEMA)


def keys_of(pairs: Iterable[Pair]) -> Keys:
    """Sorted keys."""
    return sorted_keys(calls_with(pairs))[0]


def pairs_of(keys: Keys) -> list[Pair]:
    """What `keys_of` was made from, in their order."""
    raw = np.column_stack([keys.high, keys.low]).astype(">u8").tobytes()
    whole = [raw[i : i + 16] for i in range(0, len(raw), 16)]
    return list(zip((keys.hours - FIRST_HOUR).tolist(), whole, strict=True))
