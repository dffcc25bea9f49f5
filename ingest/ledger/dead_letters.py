"""Rows that were not taken in, kept in the ledger as packed blocks of some ten thousand rows.

A block is an Arrow IPC stream of DEAD, packed with zstd. Blocks follow the order of the file and are cut alike
whatever the pieces in which the rows came, so that the same rows are the same blocks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Engine, delete, insert, select

from ingest.ledger.database import DatabaseError
from ingest.ledger.tables import dead_blocks
from ingest.records.chunk import DEAD

BLOCK_ROWS = 50_000
BLOCK_BYTES = 8 << 20  # of the rows as they were written
_PACKED = pa.ipc.IpcWriteOptions(compression="zstd")
_STAGED = pa.schema(
    [
        pa.field("first_row", pa.int64(), False),
        pa.field("rows", pa.int32(), False),
        pa.field("reasons", pa.string(), False),  # JSON
        pa.field("block", pa.large_binary(), False),
    ]
)


class DeadLetter(NamedTuple):
    """One row that was not taken in."""

    row: int  # of the file, the first row after the header is 0
    reason: str
    raw: bytes  # at most RAW_BYTES of it


class DeadBlock(NamedTuple):
    """Some rows together, as `tables.dead_blocks` describes them."""

    first_row: int
    rows: int
    reasons: dict[str, int]
    block: bytes


class DeadFile:
    """Dead letters on their way to the ledger: packed into blocks and kept on disk, so that memory stays bounded."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer = pa.ipc.new_stream(str(path), _STAGED)
        self._open = DEAD.empty_table()  # rows of a block that is not full yet

    def add(self, dead: pa.Table) -> None:
        """Put in rows of DEAD that come after those before."""
        self._open = pa.concat_tables([self._open, dead])
        while (count := _fitting(self._open)) < len(self._open):
            self._write(count)

    def close(self) -> None:
        """Finish the file; may be repeated."""
        while len(self._open):
            self._write(_fitting(self._open))
        self._writer.close()

    def blocks(self) -> Iterator[DeadBlock]:
        """Give the blocks, after `close`."""
        with pa.OSFile(str(self._path)) as source:  # mapped pages would count as the process's memory
            for batch in pa.ipc.open_stream(source):
                for row in batch.to_pylist():
                    yield DeadBlock(row["first_row"], row["rows"], json.loads(row["reasons"]), row["block"])

    def _write(self, count: int) -> None:
        block = packed(self._open.slice(0, count))
        self._open = self._open.slice(count)
        row = {**block._asdict(), "reasons": json.dumps(block.reasons)}
        self._writer.write_batch(pa.RecordBatch.from_pylist([row], _STAGED))


def dead_entry(batch: str, blocks: Iterable[DeadBlock]) -> Callable[[Connection], None]:
    """Give what enters a batch's dead letters in the transaction of its caller, in place of those that it had."""

    def enter(connection: Connection) -> None:
        connection.execute(delete(dead_blocks).where(dead_blocks.c.batch == batch))
        for place, block in enumerate(blocks):
            connection.execute(insert(dead_blocks).values(batch=batch, place=place, **block._asdict()))

    return enter


def packed_blocks(engine: Engine, batch: str) -> Iterator[bytes]:
    """Give a batch's blocks as they are kept, in the order of the file; one is held at a time."""
    wanted = select(dead_blocks.c.block).where(dead_blocks.c.batch == batch).order_by(dead_blocks.c.place)
    with engine.connect() as connection:
        yield from connection.execution_options(yield_per=1).execute(wanted).scalars()


def unpacked(block: bytes) -> pa.Table:
    """Give the rows of a block as a table of DEAD; raises DatabaseError where it is not what was written."""
    try:
        with pa.ipc.open_stream(block) as reader:
            dead = reader.read_all()
        dead.validate(full=True)  # Arrow follows offsets as they are
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        dead = DEAD.empty_table()
    if not len(dead) or dead.schema != DEAD:
        raise DatabaseError("dead letters in db/ledger.sqlite are damaged; restore it from a copy of the home")
    return dead


def read_blocks(engine: Engine, batch: str) -> Iterator[pa.Table]:
    """Give a batch's dead letters as tables of DEAD, block by block."""
    return map(unpacked, packed_blocks(engine, batch))


def read_letters(engine: Engine, batch: str) -> Iterator[DeadLetter]:
    """Give a batch's dead letters one by one in the order of the file."""
    for table in read_blocks(engine, batch):
        for row in table.to_pylist():
            yield DeadLetter(**row)


def content_digest(connection: Connection) -> str:
    """Give the SHA-256 of all dead letters as hex: of what they say, however they are cut and packed."""
    wanted = select(dead_blocks.c.batch, dead_blocks.c.block).order_by(dead_blocks.c.batch, dead_blocks.c.place)
    said = hashlib.sha256()
    batch, content = "", _Content()
    for found in connection.execution_options(yield_per=1).execute(wanted):
        if found.batch != batch:
            said.update(f"{batch} {content}\n".encode())
            batch, content = found.batch, _Content()
        content.add(unpacked(found.block))
    said.update(f"{batch} {content}\n".encode())
    return said.hexdigest()


class _Content:
    """What some tables of DEAD say, whatever their lengths."""

    def __init__(self) -> None:
        self._parts = [hashlib.sha256() for _ in range(4)]

    def add(self, dead: pa.Table) -> None:
        """Take in the rows that come next."""
        raw = dead["raw"]
        columns = (
            dead["row"].to_numpy().astype("<i8").tobytes(),
            "".join(f"{reason}\n" for reason in dead["reason"].to_pylist()).encode(),
            pc.binary_length(raw).to_numpy().astype("<i8").tobytes(),
            b"".join(raw.to_pylist()),
        )
        for part, column in zip(self._parts, columns, strict=True):
            part.update(column)

    def __str__(self) -> str:
        return " ".join(part.hexdigest() for part in self._parts)


def _fitting(dead: pa.Table) -> int:
    """Give how many of the first rows make a block."""
    sizes = np.cumsum(pc.binary_length(dead["raw"].slice(0, BLOCK_ROWS)).to_numpy(), dtype=np.int64)
    return max(int(np.searchsorted(sizes, BLOCK_BYTES, side="right")), min(1, len(sizes)))


def packed(dead: pa.Table) -> DeadBlock:
    """Pack rows of DEAD, at least one, as a block."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, DEAD, options=_PACKED) as writer:
        writer.write_table(dead.combine_chunks())
    counts = {entry["values"]: entry["counts"] for entry in dead["reason"].value_counts().to_pylist()}
    return DeadBlock(dead["row"][0].as_py(), len(dead), dict(sorted(counts.items())), sink.getvalue().to_pybytes())
