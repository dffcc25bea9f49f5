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
    Column("format", String(16)),  # that it was read as; null: taken in by an earlier version, or rejected before
    Column("header", JSON),  # names of its columns as found, to read its dead letters again
    Column("packed_digest", String(64)),  # SHA-256 of the file as it lay there
    Column("kept_from", BigInteger),  # its calls of before this were not taken in or are dropped; null: none
    Column("superseded_by", String(32)),  # batch of the same content under another mapping, whose dead letters count
    Column("read_after", JSON),  # losses of calls (`quarantine.losses`) after which it was read
    Index("batches_packed_digest", "packed_digest"),
)
segments = Table(
    "segments",
    LEDGER,
    Column("id", String(32), primary_key=True),  # made from its content
    Column("batch", String(32), ForeignKey("batches.id")),  # null: of more than one, since compaction
    Column("operator", String(64), nullable=False),
    Column("day", String(10), nullable=False),
    Column("path", Text, nullable=False),  # below the lake's folder
    Column("rows", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes of the Parquet file
    Column("first_started", BigInteger, nullable=False),
    Column("last_started", BigInteger, nullable=False),
    Column("digest", String(48)),  # sum of its rows' digests; sums add up over segments; null: to be made anew
    Column("checksum", String(64)),  # SHA-256 of the Parquet file; null: written by an earlier version
    Index("segments_operator_day", "operator", "day"),
    Index("segments_operator_last", "operator", "last_started"),
)
quarantined = Table(  # segments whose file is damaged; their calls are missing until they are brought again
    "quarantined",
    LEDGER,
    Column("segment", String(32), primary_key=True),
    Column("operator", String(64), nullable=False),
    Column("day", String(10), nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("digest", String(48)),
    Column("path", Text, nullable=False),  # below the lake's folder, where it lay
    Column("why", Text, nullable=False),
    Column("found_at", BigInteger, nullable=False),  # clock time
    Column("accepted_at", BigInteger),  # clock time; null: the loss is not accepted, and questions are refused
)
key_runs = Table(  # the call keys of an operator's day, in a few sorted files; together they hold each call's key once
    "key_runs",
    LEDGER,
    Column("id", String(32), primary_key=True),  # made from its content
    Column("operator", String(64), nullable=False),
    Column("day", String(10), nullable=False),
    Column("path", Text, nullable=False),  # below the lake's folder
    Column("rows", BigInteger, nullable=False),
    Column("checksum", String(64), nullable=False),  # SHA-256 of the file
    Index("key_runs_operator_day", "operator", "day"),
)
key_run_hours = Table(  # which slice of a run holds which event-hour
    "key_run_hours",
    LEDGER,
    Column("run", String(32), ForeignKey("key_runs.id"), primary_key=True),
    Column("hour", Integer, primary_key=True),
    Column("operator", String(64), nullable=False),
    Column("offset", BigInteger, nullable=False),  # keys before the slice
    Column("count", BigInteger, nullable=False),
    Index("key_run_hours_operator_hour", "operator", "hour"),
)
dead_blocks = Table(  # rows that were not taken in, some ten thousand together
    "dead_blocks",
    LEDGER,
    Column("batch", String(32), ForeignKey("batches.id"), primary_key=True),
    Column("place", Integer, primary_key=True),  # blocks of a batch follow the order of the file
    Column("first_row", BigInteger, nullable=False),  # of the file, the first row after the header is 0
    Column("rows", Integer, nullable=False),
    Column("reasons", JSON, nullable=False),  # {reason: count}
    Column("block", LargeBinary, nullable=False),  # an Arrow IPC stream, packed with zstd
)
halves = Table(  # records that wait for their other half
    "halves",
    LEDGER,
    Column("operator", String(64), primary_key=True),
    Column("dialog", String(64), primary_key=True),  # digest of what both halves share
    Column("side", String(5), primary_key=True),  # begin, end
    Column("at", BigInteger, primary_key=True),  # several begins of one dialog may wait
    Column("batch", String(32), ForeignKey("batches.id"), nullable=False),
    Column("record", LargeBinary, nullable=False),
    Index("halves_operator_at", "operator", "at"),  # only those near a file's times are read
)
tombstones = Table(  # numbers whose calls are erased, and are not taken in again
    "tombstones",
    LEDGER,
    Column("id", String(64), primary_key=True),  # HMAC-SHA256 of the number under the home's key of erasures
    Column("erased_at", BigInteger, nullable=False),  # clock time
    Column("pending", Text),  # the number, only until every file that holds it is rewritten
)
sources = Table(  # how far each source of live calls has been read
    "sources",
    LEDGER,
    Column("source", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),  # clock time
)
sealed_logs = Table(  # live logs whose calls are in segments
    "sealed_logs",
    LEDGER,
    Column("id", String(64), primary_key=True),
    Column("sealed_at", BigInteger, nullable=False),  # clock time
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
