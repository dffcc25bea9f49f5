"""A real lake with given calls: one segment an operator and day, entered in the ledger as ingest does."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ingest.fingerprint import Fingerprint
from ingest.home import Home
from ingest.lake.checksums import checksum_of
from ingest.lake.lake import Lake, day_of
from ingest.ledger import ledger
from ingest.ledger.database import migrate, open_database
from tests.graph.calls import Row, call_table, write_calls


def lake_of(home: Home, rows: Sequence[Row]) -> Lake:
    """Put `rows` into the lake of `home` as one delivery."""
    migrate(home)
    if rows:
        segments = [_segment(home, part) for part in _by_day(rows)]
        ledger.enter_batch(open_database(home, "ledger"), _batch(segments), segments)
    return Lake(home)


def replace_calls(home: Home, rows: Sequence[Row]) -> Lake:
    """Let the lake of `home` hold `rows` and nothing else."""
    migrate(home)
    engine = open_database(home, "ledger")
    with engine.begin() as connection:
        ledger.remove_segments(connection, [segment.id for segment in ledger.find_segments(engine)])
    return lake_of(home, rows)


def _by_day(rows: Sequence[Row]) -> list[list[Row]]:
    days: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        days[row["operator"], day_of(row["started"])].append(row)
    return [days[key] for key in sorted(days)]


def _segment(home: Home, rows: Sequence[Row]) -> ledger.SegmentRow:
    table = call_table(rows)
    operator, day = rows[0]["operator"], day_of(rows[0]["started"])
    segment = hashlib.sha256(b"".join(sorted(row["call_key"] for row in rows))).hexdigest()[:32]
    path = Path("calls") / f"operator={operator}" / f"day={day}" / f"{segment}.parquet"
    (home.lake / path).parent.mkdir(parents=True, exist_ok=True)
    write_calls(home.lake / path, rows)
    return ledger.SegmentRow(
        id=segment,
        batch=_BATCH,
        operator=operator,
        day=day,
        path=str(path),
        rows=len(rows),
        size=(home.lake / path).stat().st_size,
        first_started=_extreme(table, "min"),
        last_started=_extreme(table, "max"),
        digest=str(Fingerprint.of(table)),
        checksum=checksum_of(home.lake / path),
    )


def _extreme(table: pa.Table, side: str) -> int:
    return int(pc.min_max(table["started"]).as_py()[side])


_BATCH = "b" * 32


def _batch(segments: Sequence[ledger.SegmentRow]) -> ledger.BatchRow:
    rows = sum(segment.rows for segment in segments)
    return ledger.BatchRow(
        id=_BATCH,
        operator="generic",
        mapping="m",
        digest="d",
        name="calls",
        size=1,
        rows=rows,
        accepted=rows,
        dead_lettered=0,
        duplicates=0,
        reasons={},
        warnings={},
        status=ledger.COMPLETED,
        message=None,
        taken_at=0,
    )
