"""Tables of the ledger: what is in the lake, where it came from, and which run's results are in front.

Times are microseconds since 1970-01-01T00:00Z, days are ISO dates, hours are counted from 1970-01-01T00:00Z.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

LEDGER = MetaData()

batches = Table(  # one row a distinct file and mapping; the same file again adds none
    "batches",
    LEDGER,
    Column("id", String(32), primary_key=True),  # made from operator, mapping and content
    Column("operator", String(64), nullable=False),
    Column("mapping", String(64), nullable=False),  # digest of the mapping that read it
    Column("digest", String(64), nullable=False),  # SHA-256 of the unpacked content; of the file where it is rejected
    Column("name", Text, nullable=False),  # the file's name when it first came
    Column("size", BigInteger, nullable=False),  # bytes on disk
    Column("rows", BigInteger, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("dead_lettered", BigInteger, nullable=False),
    Column("duplicates", BigInteger, nullable=False),
    Column("reasons", JSON, nullable=False),  # {reason: count} of the dead letters
    Column("warnings", JSON, nullable=False),  # {what: count}
    Column("status", String(32), nullable=False),  # COMPLETED, COMPLETED_WITH_REJECTS, REJECTED
    Column("message", Text),  # why the file was rejected and what to do
    Column("taken_at", BigInteger, nullable=False),  # clock time
)
segments = Table(
    "segments",
    LEDGER,
    Column("id", String(32), primary_key=True),  # made from its content
    Column("batch", String(32), ForeignKey("batches.id"), nullable=False),
    Column("operator", String(64), nullable=False),
    Column("day", String(10), nullable=False),
    Column("path", Text, nullable=False),  # below the lake's folder
    Column("keys_path", Text, nullable=False),  # its key sidecar, below the lake's folder
    Column("rows", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes of the Parquet file
    Column("first_started", BigInteger, nullable=False),
    Column("last_started", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),  # sum of its rows' digests; sums add up over segments
    Index("segments_operator_day", "operator", "day"),
)
segment_hours = Table(  # which slice of a segment's key sidecar holds which event-hour
    "segment_hours",
    LEDGER,
    Column("segment", String(32), ForeignKey("segments.id"), primary_key=True),
    Column("hour", Integer, primary_key=True),
    Column("operator", String(64), nullable=False),
    Column("offset", BigInteger, nullable=False),  # keys before the slice
    Column("count", BigInteger, nullable=False),
    Index("segment_hours_operator_hour", "operator", "hour"),
)
dead_letters = Table(
    "dead_letters",
    LEDGER,
    Column("batch", String(32), ForeignKey("batches.id"), primary_key=True),
    Column("row", BigInteger, primary_key=True),  # of the file, the first row after the header is 0
    Column("reason", String(64), nullable=False),
    Column("raw", LargeBinary, nullable=False),  # at most 64 KiB of the row as it came
)
pair_days = Table(
    "pair_days",
    LEDGER,
    Column("operator", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("key", String(32), nullable=False),  # made from the day's calls and the hours of night
    Column("path", Text, nullable=False),  # below the lake's folder
    Column("rows", BigInteger, nullable=False),
)
runs = Table(
    "runs",
    LEDGER,
    Column("run_id", String(64), primary_key=True),
    Column("scope", String(64), nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("window_start", BigInteger, nullable=False),
    Column("window_end", BigInteger, nullable=False),
    Column("data_digest", String(64), nullable=False),
    Column("snapshot_id", String(64), nullable=False),
    Column("created_at", BigInteger, nullable=False),  # clock time
    Column("what", String(64), nullable=False),
    Index("runs_scope", "scope", "created_at"),
)
current = Table(  # the pointer: results count from the moment it names their run
    "current",
    LEDGER,
    Column("scope", String(64), primary_key=True),
    Column("run_id", String(64), ForeignKey("runs.run_id"), nullable=False),
    Column("version", Integer, nullable=False),
)
