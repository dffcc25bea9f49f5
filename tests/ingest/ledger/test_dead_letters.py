"""Dead letters are kept as packed blocks: whole, in order, alike however they came, and read a block at a time."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from ingest.home import Home
from ingest.ledger import dead_letters, ledger
from ingest.ledger.database import DatabaseError, open_database
from ingest.ledger.dead_letters import (
    BLOCK_BYTES,
    BLOCK_ROWS,
    DeadBlock,
    DeadFile,
    DeadLetter,
    dead_entry,
    packed,
    packed_blocks,
    read_blocks,
    read_letters,
    unpacked,
)
from ingest.ledger.ledger import BatchRow
from ingest.ledger.tables import dead_blocks
from ingest.records.chunk import DEAD

BATCH = BatchRow(
    "b", "generic", "m", "d", "a.csv", 10, 3, 0, 3, 0, {"row_nul": 3}, {}, "COMPLETED_WITH_REJECTS", None, 1
)
LETTERS = [DeadLetter(2, "row_nul", b"\0"), DeadLetter(5, "caller_empty", b",a"), DeadLetter(9, "row_nul", b"")]


@pytest.fixture
def engine(home: Home) -> Engine:
    return open_database(home, "ledger")


def table_of(letters: list[DeadLetter]) -> pa.Table:
    return pa.Table.from_pylist([letter._asdict() for letter in letters], DEAD)


def blocks_of(path: Path, *parts: pa.Table) -> list[DeadBlock]:
    file = DeadFile(path)
    for part in parts:
        file.add(part)
    file.close()
    return list(file.blocks())


def enter(engine: Engine, blocks: list[DeadBlock], batch: BatchRow = BATCH) -> None:
    ledger.enter_batch(engine, batch, (), [dead_entry(batch.id, blocks)])


def content_of(engine: Engine) -> str:
    with engine.connect() as connection:
        return dead_letters.content_digest(connection)


def test_letters_come_back_as_they_went_in(engine: Engine, tmp_path: Path) -> None:
    enter(engine, blocks_of(tmp_path / "dead", table_of(LETTERS)))
    assert list(read_letters(engine, "b")) == LETTERS
    with engine.connect() as connection:
        columns = (dead_blocks.c.place, dead_blocks.c.first_row, dead_blocks.c.rows, dead_blocks.c.reasons)
        assert [tuple(row) for row in connection.execute(select(*columns))] == [
            (0, 2, 3, {"caller_empty": 1, "row_nul": 2})
        ]
    assert list(read_letters(engine, "nobody")) == []


def test_a_later_reading_replaces_what_a_batch_had(engine: Engine, tmp_path: Path) -> None:
    enter(engine, blocks_of(tmp_path / "1", table_of(LETTERS)))
    enter(engine, blocks_of(tmp_path / "2", table_of(LETTERS[1:])))
    assert list(read_letters(engine, "b")) == LETTERS[1:]
    enter(engine, [])
    assert list(packed_blocks(engine, "b")) == []


def test_blocks_are_bounded_in_rows(tmp_path: Path) -> None:
    rows = 2 * BLOCK_ROWS + 7
    dead = pa.table([range(rows), ["row_columns"] * rows, [b"x"] * rows], schema=DEAD)
    blocks = blocks_of(tmp_path / "dead", dead)
    assert [(block.first_row, block.rows) for block in blocks] == [
        (0, BLOCK_ROWS),
        (BLOCK_ROWS, BLOCK_ROWS),
        (2 * BLOCK_ROWS, 7),
    ]


def test_blocks_are_bounded_in_bytes(tmp_path: Path) -> None:
    letters = [DeadLetter(row, "row_columns", bytes([row]) * 65_536) for row in range(200)]
    blocks = blocks_of(tmp_path / "dead", table_of(letters))
    assert [block.rows for block in blocks] == [128, 72]
    assert all(sum(map(len, unpacked(block.block)["raw"].to_pylist())) <= BLOCK_BYTES for block in blocks)


LETTER = st.tuples(st.sampled_from(["row_nul", "caller_empty"]), st.binary(max_size=20))


@settings(max_examples=40)
@given(rows=st.lists(LETTER, max_size=30), cuts=st.lists(st.integers(0, 30), max_size=5))
def test_the_same_rows_are_the_same_blocks_whatever_the_pieces(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, bytes]], cuts: list[int]
) -> None:
    table = table_of([DeadLetter(3 * place, reason, raw) for place, (reason, raw) in enumerate(rows)])
    bounds = [0, *sorted(cuts), len(table)]
    parts = [table.slice(start, max(0, end - start)) for start, end in pairwise(bounds)]
    folder = tmp_path_factory.mktemp("blocks")
    assert blocks_of(folder / "pieces", *parts) == blocks_of(folder / "whole", table)


def test_the_digest_is_of_the_content_however_it_is_cut(engine: Engine, tmp_path: Path) -> None:
    together = blocks_of(tmp_path / "1", table_of(LETTERS))
    apart = [*blocks_of(tmp_path / "2", table_of(LETTERS[:1])), *blocks_of(tmp_path / "3", table_of(LETTERS[1:]))]
    enter(engine, together)
    before = content_of(engine), ledger.digest(engine)
    enter(engine, apart)
    assert (content_of(engine), ledger.digest(engine)) == before


@pytest.mark.parametrize(
    "other",
    [
        [*LETTERS[:2], DeadLetter(9, "row_nul", b"x")],
        [*LETTERS[:2], DeadLetter(9, "caller_empty", b"")],
        [*LETTERS[:2], DeadLetter(10, "row_nul", b"")],
        LETTERS[:2],
        [],
    ],
)
def test_the_digest_sees_every_letter(engine: Engine, tmp_path: Path, other: list[DeadLetter]) -> None:
    enter(engine, blocks_of(tmp_path / "1", table_of(LETTERS)))
    before = content_of(engine), ledger.digest(engine)
    enter(engine, blocks_of(tmp_path / "2", table_of(other)))
    after = content_of(engine), ledger.digest(engine)
    assert after[0] != before[0]
    assert after[1] != before[1]


def test_a_block_is_read_when_it_is_asked_for(engine: Engine, tmp_path: Path) -> None:
    blocks = blocks_of(tmp_path / "1", table_of(LETTERS[:1]))
    enter(engine, [*blocks, DeadBlock(5, 1, {"row_nul": 1}, b"damaged")])
    reading = read_blocks(engine, "b")
    assert next(reading).to_pylist() == [LETTERS[0]._asdict()]
    with pytest.raises(DatabaseError, match="damaged"):
        next(reading)


@pytest.mark.parametrize("bit", range(8))
def test_a_damaged_block_is_refused_or_read(bit: int) -> None:
    """What Arrow would read beyond a block's end, or as no rows at all, is not read."""
    dead = pa.table([[1, 2], ["row_json", "row_quotes"], [b"a" * 500, b"b"]], schema=DEAD)
    block = packed(dead).block
    refused = 0
    for place in range(len(block)):
        turned = bytearray(block)
        turned[place] ^= 1 << bit
        try:
            assert len(unpacked(bytes(turned)).to_pylist())
        except DatabaseError:
            refused += 1
    assert refused > 100
