"""Parquet files become chunks of their typed columns; what cannot be trusted is refused or dead."""

from __future__ import annotations

import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from configs import IngestSettings
from ingest.formats.parquet import read
from ingest.mapping.operators import load_operator
from ingest.records.chunk import RAW_BYTES, Chunk
from ingest.records.parquet_sizes import unpacked_sizes
from ingest.rejection import RejectedError
from tests.ingest.samples import settings_with

SMALL = settings_with(chunk_rows=100, block_bytes=20_000, max_row_bytes=2048).ingest
COLUMNS: dict[str, Any] = {
    "caller_id": ["+919876543210", "+919876543211"],
    "receiver_id": [918765432109, 918765432108],
    "call_duration": [1.5, 2.0],
    "timestamp": pa.array([0, 1], pa.timestamp("us", "UTC")),
}


def file_of(**columns: Any) -> io.BytesIO:
    out = io.BytesIO()
    pq.write_table(pa.table({**COLUMNS, **columns}), out)
    out.seek(0)
    return out


def chunks_of(file: io.BytesIO, limits: IngestSettings = SMALL) -> list[Chunk]:
    return list(read(file, load_operator("generic"), limits).chunks)


def refused(file: io.BytesIO, limits: IngestSettings = SMALL) -> str:
    with pytest.raises(RejectedError, match=r".{20}") as caught:
        chunks_of(file, limits)
    return caught.value.reason


def test_columns_keep_their_types() -> None:
    (chunk,) = chunks_of(file_of(cell=["a", None], colour=["x", "y"]))
    assert set(chunk.columns) == {"caller_id", "receiver_id", "call_duration", "timestamp", "cell"}
    assert chunk.columns["call_duration"].to_pylist() == [1.5, 2.0]
    assert chunk.columns["cell"].to_pylist() == ["a", None]
    assert chunk.rows.tolist() == [0, 1]


def test_unknown_columns_are_told() -> None:
    assert read(file_of(colour=["x", "y"]), load_operator("generic"), SMALL).unknown == ("colour",)


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"caller_id": [9.1e11, 9.2e11]}, "column_type"),
        ({"timestamp": [1, 2]}, "column_type"),
        ({"timestamp": [1.0, 2.0]}, "column_type"),
        ({"call_duration": [b"1", b"2"]}, "column_type"),
        ({"caller_id": [["1"], ["2"]]}, "column_type"),
        ({"Caller_ID": ["1", "2"]}, "column_doubled"),
    ],
)
def test_types_and_names_that_cannot_be_trusted(columns: dict[str, Any], reason: str) -> None:
    assert refused(file_of(**columns)) == reason


def test_a_missing_column() -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"caller_id": ["1"]}), out)
    assert refused(out) == "column_missing"


@pytest.mark.parametrize("cut", [0, 4, 100, -1, -100])
def test_a_file_that_is_not_whole(cut: int) -> None:
    assert refused(io.BytesIO(file_of().getvalue()[:cut])) == "parquet_damaged"


def test_damage_within_the_pages() -> None:
    data = bytearray(file_of(cell=[f"cell {i}" for i in range(2)]).getvalue())
    data[4:60] = b"\xff" * 56
    assert refused(io.BytesIO(bytes(data))) == "parquet_damaged"


def test_any_bit_of_a_file_may_be_turned() -> None:
    """Pages that point out of their dictionary, metadata that disagree, names that are no text: the file is refused."""
    many: dict[str, Any] = {name: [column[0]] * 100 for name, column in COLUMNS.items() if name != "timestamp"}
    whole = file_of(**many, timestamp=pa.array([0] * 100, pa.timestamp("us", "UTC")), cell=["x", "y"] * 50).getvalue()
    said = "".join(_said(whole, bit) for bit in range(32, 8 * len(whole), 7))
    assert "a value is not in its dictionary" in said
    assert "histogram size mismatch" in said
    assert "codec can't decode" in said


def _said(whole: bytes, bit: int) -> str:
    data = bytearray(whole)
    data[bit // 8] ^= 1 << bit % 8
    try:
        chunks_of(io.BytesIO(bytes(data)))
    except RejectedError as error:
        return str(error)
    return ""


def test_sizes_are_those_that_arrow_reads() -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"a": list(range(1000)), "b": ["x" * 50] * 1000}), out, row_group_size=300)
    groups = [pq.ParquetFile(out).metadata.row_group(place) for place in range(4)]
    assert unpacked_sizes(out) == [group.column(place).total_uncompressed_size for group in groups for place in (0, 1)]


def test_sizes_that_the_footer_does_not_say() -> None:
    with pytest.raises(ValueError, match="how large"):
        unpacked_sizes(io.BytesIO(b"\0" + (1).to_bytes(4, "little") + b"PAR1"))


def test_more_rows_than_allowed() -> None:
    assert refused(file_of(), settings_with(max_rows=1).ingest) == "bomb_by_rows"


def test_a_long_text_repeated_is_a_bomb() -> None:
    rows = 5000
    columns: dict[str, Any] = {name: [column[0]] * rows for name, column in COLUMNS.items() if name != "timestamp"}
    columns["timestamp"] = pa.array([0] * rows, pa.timestamp("us", "UTC"))
    assert refused(file_of(**columns, cell=["x" * 2000] * rows)) == "bomb_by_ratio"


def test_one_long_text_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({**COLUMNS, "cell": ["x" * 10_000_000, "y"]}), out, compression="zstd")
    assert len(out.getvalue()) < 10_000
    with pytest.raises(RejectedError, match="too many times"):
        read(out, load_operator("generic"), SMALL)


def test_a_column_that_unpacks_to_more_than_allowed() -> None:
    limits = settings_with(max_column_bytes=20_000).ingest
    with pytest.raises(RejectedError, match="max_column_bytes"):
        read(file_of(cell=["x" * 30_000, "y"]), load_operator("generic"), limits)


def test_chunks_are_cut_by_the_bytes_that_they_hold() -> None:
    rows = 90
    columns: dict[str, Any] = {name: [column[0]] * rows for name, column in COLUMNS.items() if name != "timestamp"}
    columns["timestamp"] = pa.array(range(rows), pa.timestamp("us", "UTC"))
    chunks = chunks_of(file_of(**columns, cell=[f"{i}" * 500 for i in range(rows)]))
    assert len(chunks) > 3
    assert [row for chunk in chunks for row in chunk.rows.tolist()] == list(range(rows))
    times = [t.value for chunk in chunks for t in chunk.columns["timestamp"]]
    assert times == list(range(rows))


def test_a_bad_text_does_not_unfold_the_others_all_at_once() -> None:
    rows = 90
    columns: dict[str, Any] = {name: [column[0]] * rows for name, column in COLUMNS.items()}
    texts = ["a\0b", *(f"{i % 3}" * 1000 for i in range(1, rows))]
    chunks = chunks_of(file_of(**columns, cell=texts))
    assert sum(len(chunk.dead) for chunk in chunks) == 1
    assert [len(text) for chunk in chunks for text in chunk.columns["cell"].to_pylist()] == [1000] * (rows - 1)
    assert max(chunk.columns["cell"].nbytes for chunk in chunks) < 3 * SMALL.block_bytes


def test_rows_that_cannot_be_read_as_text_are_dead() -> None:
    broken = pa.Array.from_buffers(pa.string(), 2, pa.array([b"a\xff", b"b\0"], pa.binary()).buffers())
    (chunk,) = chunks_of(file_of(cell=broken))
    assert chunk.dead["reason"].to_pylist() == ["row_not_utf8", "row_nul"]
    assert json.loads(chunk.dead["raw"][0].as_py())["cell"] == "a\\xff"
    assert not len(chunk.rows)


def test_a_row_longer_than_allowed_is_dead_alone() -> None:
    (chunk,) = chunks_of(file_of(cell=["x" * 3000, "y"]), settings_with(max_row_bytes=2048).ingest)
    assert chunk.dead["reason"].to_pylist() == ["row_too_long"]
    assert len(chunk.dead["raw"][0].as_py()) <= RAW_BYTES
    assert chunk.columns["cell"].to_pylist() == ["y"]


def test_raw_rows_are_json() -> None:
    (chunk,) = chunks_of(file_of())
    row = json.loads(chunk.raw(pa.array([1]).to_numpy())[0].as_py())
    assert row["receiver_id"] == 918765432108
    assert row["timestamp"].startswith("1970-01-01")


@pytest.mark.parametrize(
    ("unit", "zone", "value", "shown"),
    [
        ("us", "UTC", 17, "1970-01-01 00:00:00.000017+00:00"),
        ("ns", "UTC", 17, "1970-01-01 00:00:00.000000017+00:00"),
        ("us", "No/Where", 0, "1970-01-01 00:00:00.000000+00:00"),
        ("ms", None, 0, "1970-01-01 00:00:00.000"),
        ("us", None, 2**62, f"<value out of range: {2**62}>"),
        ("ms", "UTC", -(2**63), f"<value out of range: {-(2**63)}>+00:00"),
    ],
)
def test_raw_rows_show_every_time(unit: Any, zone: str | None, value: int, shown: str) -> None:
    times = pa.array([value, None], pa.int64()).cast(pa.timestamp(unit, zone))
    (chunk,) = chunks_of(file_of(timestamp=times))
    raw = [json.loads(row.as_py())["timestamp"] for row in chunk.raw(pa.array([0, 1]).to_numpy())]
    assert raw == [shown, None]
