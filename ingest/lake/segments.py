"""Calls become segments: one sorted Parquet file each, durable before the ledger names it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine

from ingest.cdr import CALL_SCHEMA
from ingest.files import durable_write
from ingest.fingerprint import Fingerprint
from ingest.home import Home
from ingest.lake.checksums import checksum_of
from ingest.lake.key_runs import run_paths
from ingest.lake.lake import DAY_US, day_of
from ingest.lake.pair_index import index_path
from ingest.ledger import ledger
from ingest.ledger.ledger import SegmentRow
from ingest.values.arrow import key_halves, ranks

_ROW_GROUP = 131_072
_LOOKED_FOR = ("caller", "started")  # by which readers pass over row groups
_RANDOM = "call_key"  # half of a hash: nothing repeats in it and nothing can be packed
_COMPRESSION = {name: "none" if name == _RANDOM else "zstd" for name in CALL_SCHEMA.names}
_REPEATING = [name for name in CALL_SCHEMA.names if name not in ("started", "record_id", _RANDOM)]
_BITS_OF_DAY = 37  # of a day's microseconds


def write_segment(calls: pa.Table, batch: str | None, home: Home, points: str = "segment") -> SegmentRow:
    """Write calls of one operator and one UTC day as a segment and give its ledger row, not yet entered.

    The name is made from the content: the same calls give the same files, so a killed write is simply repeated.
    `points` names the fault points that are passed.
    """
    operator, day = calls["operator"][0].as_py(), day_of(calls["started"][0].as_py())
    fingerprint = str(Fingerprint.of(calls))
    name = hashlib.sha256(f"{operator} {day} {fingerprint}".encode()).hexdigest()[:32]
    path = f"calls/operator={operator}/day={day}/{name}.parquet"
    ordered = calls.take(pa.array(_order(calls)))
    durable_write(home.lake / path, lambda file: _write_calls(ordered, file), home.staging, points)
    started = calls["started"].to_numpy()
    return SegmentRow(
        id=name,
        batch=batch,
        operator=operator,
        day=day,
        path=path,
        rows=len(calls),
        size=(home.lake / path).stat().st_size,
        first_started=int(started.min()),
        last_started=int(started.max()),
        digest=fingerprint,
        checksum=checksum_of(home.lake / path),
    )


def named_files(engine: Engine) -> list[str]:
    """Give the files of the lake that the ledger names, as paths below the lake's folder."""
    segments = ledger.find_segments(engine)
    days = {(segment.operator, segment.day) for segment in segments}
    of_pairs = [(row.path, index_path(row.path, day in days)) for day, row in ledger.find_pair_days(engine).items()]
    return [*(segment.path for segment in segments), *run_paths(engine), *(path for two in of_pairs for path in two)]


def find_orphans(lake: Path, named: Iterable[str]) -> list[Path]:
    """Give the files of the lake that the ledger does not name: what a killed process left, and what was replaced."""
    known = {lake / path for path in named}
    return [path for path in lake.rglob("*") if path.is_file() and path not in known]


def _order(calls: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Give the order by (caller, started, callee, call_key); caller and time of day fit into one number."""
    caller_and_time = (ranks(calls["caller"]) << _BITS_OF_DAY) + calls["started"].to_numpy() % DAY_US
    order = np.argsort(caller_and_time)
    if (np.diff(caller_and_time[order]) == 0).any():  # rare: two calls of one number at the same microsecond
        high, _ = key_halves(calls["call_key"])
        return np.lexsort((high, ranks(calls["callee"]), caller_and_time))
    return order


def _write_calls(calls: pa.Table, file: Path) -> None:
    pq.write_table(
        calls,
        file,
        compression=_COMPRESSION,
        use_dictionary=_REPEATING,
        write_statistics=list(_LOOKED_FOR),
        row_group_size=_ROW_GROUP,
    )
