"""Compaction: small segments of an operator's day become few large ones, sorted as each of them was."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine

from configs import IngestSettings
from ingest.faults import point
from ingest.home import Home
from ingest.lake.quarantine import DamagedLakeError, check
from ingest.lake.segments import write_segment
from ingest.lake.tiers import due
from ingest.ledger.ledger import SegmentRow, enter_segments, find_segments, remove_segments
from ingest.progress import Progress


def compact(home: Home, engine: Engine, limits: IngestSettings, progress: Progress) -> int:
    """Make small segments into larger ones where a day has `compact_segments` of them, and give how many went.

    A small one has less than half of `segment_rows`; what is made has at most `segment_rows`, which bounds memory.
    The calls stay what they are, and so do all digests. Files that were replaced stay until the next writer sweeps
    the lake, for who reads them now. The caller holds the home's write lock; a kill at any moment loses nothing.
    """
    small = [segment for segment in find_segments(engine) if segment.rows < limits.segment_rows // 2]
    days = [list(rows) for _, rows in groupby(small, key=lambda row: (row.operator, row.day))]
    days = [rows for rows in days if due([row.rows for row in rows], limits.compact_segments)]
    progress.stage("compaction", len(days), "days")
    went = 0
    for rows in days:
        try:
            went += _compact_day(home, engine, rows, limits)
        except DamagedLakeError as damage:
            progress.note(str(damage))
        progress.advance(1)
    return went


def _compact_day(home: Home, engine: Engine, segments: Sequence[SegmentRow], limits: IngestSettings) -> int:
    small, went = list(segments), 0
    while places := due([row.rows for row in small], limits.compact_segments, limits.segment_rows):
        chosen = [small[place] for place in places]
        made = _merge(home, engine, chosen)
        small = [row for row in small if row not in chosen]
        small += [made] if made.rows < limits.segment_rows // 2 else []
        went += len(chosen) - 1
    return went


def _merge(home: Home, engine: Engine, segments: Sequence[SegmentRow]) -> SegmentRow:
    check(home, engine, segments)
    calls = pa.concat_tables([pq.ParquetFile(home.lake / segment.path).read() for segment in segments])
    made = write_segment(calls, None, home, "compaction")
    with engine.begin() as connection:
        remove_segments(connection, [segment.id for segment in segments])
        enter_segments(connection, [made])
        point("compaction:commit:before")
    point("compaction:commit:after")
    return made
