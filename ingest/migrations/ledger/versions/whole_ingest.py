"""Checksums, key runs of their own, packed dead letters, quarantine, halves, tombstones, live sources.

Digests of segments are counted in another way from here on and key files are laid out in another way: both are left
empty and made anew from the segments by the next process that writes to the home (`ingest.upkeep`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from alembic import op

revision = "ledger_0002"
down_revision = "ledger_0001"
branch_labels = None
depends_on = None

_BLOCK_ROWS, _BLOCK_BYTES = 50_000, 8 << 20
_DEAD = pa.schema(
    [
        pa.field("row", pa.int64(), False),
        pa.field("reason", pa.string(), False),
        pa.field("raw", pa.binary(), False),
    ]
)
_letters = sa.table("dead_letters", *(sa.column(name) for name in ("batch", "row", "reason", "raw")))
_blocks = sa.table(
    "dead_blocks",
    *(sa.column(name) for name in ("batch", "place", "first_row", "rows")),
    sa.column("reasons", sa.JSON()),
    sa.column("block"),
)


def upgrade() -> None:
    """Make the new tables, and carry over what the old ones hold."""
    _change_batches()
    _make_key_runs()
    op.drop_table("segment_hours")
    _change_segments()
    _make_dead_blocks()
    _pack_dead_letters()
    op.drop_table("dead_letters")
    _make_quarantined()
    _make_halves()
    _make_tombstones()
    _make_live_tables()


def downgrade() -> None:
    """Go back to the first tables; refused where the lake has calls: what they need cannot be made from the ledger."""
    if op.get_bind().execute(sa.text("SELECT EXISTS (SELECT 1 FROM segments)")).scalar():
        raise RuntimeError("a lake with calls cannot go back to an earlier version; restore a backup made by it")
    _make_dead_letters()
    _unpack_dead_letters()
    for table in ("dead_blocks", "sealed_logs", "sources", "tombstones", "halves", "quarantined"):
        op.drop_table(table)
    op.drop_table("key_run_hours")
    op.drop_table("key_runs")
    _restore_segments()
    op.drop_index("batches_packed_digest", "batches")
    for column in ("read_after", "superseded_by", "kept_from", "packed_digest", "header", "format"):
        op.drop_column("batches", column)


def _change_batches() -> None:
    op.add_column("batches", sa.Column("format", sa.String(length=16), nullable=True))
    op.add_column("batches", sa.Column("header", sa.JSON(), nullable=True))
    op.add_column("batches", sa.Column("packed_digest", sa.String(length=64), nullable=True))
    op.add_column("batches", sa.Column("kept_from", sa.BigInteger(), nullable=True))
    op.add_column("batches", sa.Column("superseded_by", sa.String(length=32), nullable=True))
    op.add_column("batches", sa.Column("read_after", sa.JSON(), nullable=True))
    op.create_index("batches_packed_digest", "batches", ["packed_digest"], unique=False)


def _change_segments() -> None:
    with op.batch_alter_table("segments") as segments:
        segments.alter_column("batch", existing_type=sa.String(length=32), nullable=True)
        segments.alter_column("digest", existing_type=sa.String(length=64), type_=sa.String(length=48), nullable=True)
        segments.add_column(sa.Column("checksum", sa.String(length=64), nullable=True))
        segments.drop_column("keys_path")
    op.create_index("segments_operator_last", "segments", ["operator", "last_started"], unique=False)
    op.execute(sa.text("UPDATE segments SET digest = NULL"))


def _restore_segments() -> None:
    op.drop_index("segments_operator_last", "segments")
    with op.batch_alter_table("segments") as segments:
        segments.add_column(sa.Column("keys_path", sa.Text(), nullable=False))
        segments.drop_column("checksum")
        segments.alter_column("digest", existing_type=sa.String(length=48), type_=sa.String(length=64), nullable=False)
        segments.alter_column("batch", existing_type=sa.String(length=32), nullable=False)
    op.create_table(
        "segment_hours",
        sa.Column("segment", sa.String(length=32), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["segment"], ["segments.id"]),
        sa.PrimaryKeyConstraint("segment", "hour"),
    )
    op.create_index("segment_hours_operator_hour", "segment_hours", ["operator", "hour"], unique=False)


def _make_key_runs() -> None:
    op.create_table(
        "key_runs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("key_runs_operator_day", "key_runs", ["operator", "day"], unique=False)
    op.create_table(
        "key_run_hours",
        sa.Column("run", sa.String(length=32), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["key_runs.id"]),
        sa.PrimaryKeyConstraint("run", "hour"),
    )
    op.create_index("key_run_hours_operator_hour", "key_run_hours", ["operator", "hour"], unique=False)


def _make_dead_letters() -> None:
    op.create_table(
        "dead_letters",
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batches.id"]),
        sa.PrimaryKeyConstraint("batch", "row"),
    )


def _make_dead_blocks() -> None:
    op.create_table(
        "dead_blocks",
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("first_row", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("block", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batches.id"]),
        sa.PrimaryKeyConstraint("batch", "place"),
    )


def _make_quarantined() -> None:
    op.create_table(
        "quarantined",
        sa.Column("segment", sa.String(length=32), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=48), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("segment"),
    )


def _make_halves() -> None:
    op.create_table(
        "halves",
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.Column("dialog", sa.String(length=64), nullable=False),
        sa.Column("side", sa.String(length=5), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batches.id"]),
        sa.PrimaryKeyConstraint("operator", "dialog", "side", "at"),
    )
    op.create_index("halves_operator_at", "halves", ["operator", "at"], unique=False)


def _make_tombstones() -> None:
    op.create_table(
        "tombstones",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=False),
        sa.Column("pending", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )


def _make_live_tables() -> None:
    op.create_table(
        "sources",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )
    op.create_table(
        "sealed_logs",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _pack_dead_letters() -> None:
    connection = op.get_bind()
    batches = connection.execute(sa.select(_letters.c.batch).distinct().order_by(_letters.c.batch)).scalars().all()
    for batch in batches:
        for place, letters in enumerate(_portions(connection, batch)):
            connection.execute(sa.insert(_blocks).values(_packed(batch, place, letters)))


def _portions(connection: sa.Connection, batch: str) -> Iterator[list[tuple[int, str, bytes]]]:
    wanted = sa.select(_letters.c.row, _letters.c.reason, _letters.c.raw).where(_letters.c.batch == batch)
    portion: list[tuple[int, str, bytes]] = []
    size = 0
    for row, reason, raw in connection.execute(wanted.order_by(_letters.c.row)):
        if portion and (len(portion) == _BLOCK_ROWS or size + len(raw) > _BLOCK_BYTES):
            yield portion
            portion, size = [], 0
        portion.append((row, reason, raw))
        size += len(raw)
    yield portion


def _packed(batch: str, place: int, letters: list[tuple[int, str, bytes]]) -> dict[str, Any]:
    rows, reasons, raws = zip(*letters, strict=True)
    table = pa.table([list(rows), list(reasons), list(raws)], schema=_DEAD)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, _DEAD, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    counts = dict(sorted(Counter(reasons).items()))
    block = sink.getvalue().to_pybytes()
    return {
        "batch": batch,
        "place": place,
        "first_row": rows[0],
        "rows": len(rows),
        "reasons": counts,
        "block": block,
    }


def _unpack_dead_letters() -> None:
    connection = op.get_bind()
    places = connection.execute(sa.select(_blocks.c.batch, _blocks.c.place)).all()
    for batch, place in places:
        here = (_blocks.c.batch == batch) & (_blocks.c.place == place)
        block = connection.execute(sa.select(_blocks.c.block).where(here)).scalar_one()
        letters = pa.ipc.open_stream(block).read_all().to_pylist()
        connection.execute(sa.insert(_letters), [{"batch": batch, **letter} for letter in letters])
