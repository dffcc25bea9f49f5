"""CSV files become chunks of text columns; headers are read as the mapping says."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from configs import IngestSettings
from ingest.formats.csv import read
from ingest.mapping.operators import load_operator
from ingest.records.chunk import RAW_BYTES, Chunk
from ingest.records.csv_rows import Dialect, Rows, split_rows
from ingest.rejection import RejectedError
from tests.ingest.samples import FULL_HEADER, HEADER, settings_with

SMALL = settings_with(block_bytes=4096, max_row_bytes=2048).ingest


def chunks_of(data: bytes, limits: IngestSettings = SMALL) -> list[Chunk]:
    return list(read(io.BytesIO(data), load_operator("generic"), limits).chunks)


def column(chunks: list[Chunk], name: str) -> list[str]:
    return [value for chunk in chunks if name in chunk.columns for value in chunk.columns[name].to_pylist()]


def dead(chunks: list[Chunk]) -> list[tuple[int, str, bytes]]:
    return [tuple(row.values()) for row in pa.concat_tables([chunk.dead for chunk in chunks]).to_pylist()]


def refused(data: bytes) -> str:
    with pytest.raises(RejectedError) as caught:
        read(io.BytesIO(data), load_operator("generic"), SMALL)
    return caught.value.reason


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        f"\ufeff{HEADER}",
        " Caller_ID , RECEIVER_id,call_duration ,TimeStamp",
        '"caller_id","receiver_id","call_duration","timestamp"',
        f"\n\r\n{HEADER}",
    ],
)
def test_headers_that_are_read(header: str) -> None:
    chunks = chunks_of(f"{header}\r\na,b,c,d\r\n".encode())
    names = ("caller_id", "receiver_id", "call_duration", "timestamp")
    assert [column(chunks, name) for name in names] == [["a"], ["b"], ["c"], ["d"]]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "header_missing"),
        (b"\n\n", "header_missing"),
        (b"+919876543210,+919876543211,5,2026-05-01T00:00:00Z\n", "header_missing"),
        (b"caller_id,receiver_id,timestamp\n", "column_missing"),
        (f"{HEADER},Caller_ID\n".encode(), "column_doubled"),
        (f"{HEADER},origin_region,Origin_Region\n".encode(), "column_doubled"),
        (f"{HEADER},colour,Colour\n".encode(), "column_doubled"),
        (f"{HEADER},caller\n".encode(), "column_doubled"),
        (f"{HEADER},true_label,label\n".encode(), "column_doubled"),
        (f"{HEADER},{'x' * 3000}\n".encode(), "header_malformed"),
        (f"caller_id{',' * 12_000}\n".encode(), "header_malformed"),
        (b"caller_id,receiver_id,call_duration,timestamp\xff\n", "header_malformed"),
        (f"{HEADER}\rx,y,z".encode(), "header_malformed"),
        (f'"{HEADER}\n'.encode(), "header_malformed"),
        (HEADER.encode("utf-16"), "header_malformed"),
        (HEADER.replace(",", ";").encode(), "header_missing"),
    ],
)
def test_headers_that_are_refused(data: bytes, reason: str) -> None:
    assert refused(data) == reason


def test_unknown_columns_are_told_and_own_names_are_taken() -> None:
    content = read(io.BytesIO(f"{HEADER},cell,colour,call_key\n".encode()), load_operator("generic"), SMALL)
    assert content.unknown == ("colour", "call_key")
    assert "cell" in next(content.chunks).columns


def test_columns_without_a_name_are_no_names() -> None:
    assert read(io.BytesIO(f"{HEADER},,\n".encode()), load_operator("generic"), SMALL).unknown == ("", "")


def test_many_short_lines_come_in_pieces() -> None:
    data = f"{HEADER}\n".encode() + b"x\n" * 600_000
    chunks = chunks_of(data, settings_with().ingest)
    assert max(chunk.total for chunk in chunks) <= 150_000
    assert sum(chunk.total for chunk in chunks) == 600_000


def test_rows_that_are_counted_differently_refuse_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def lenient(data: bytes, dialect: Dialect, last: bool) -> Rows:
        rows = split_rows(data, dialect, last)
        return replace(rows, faults=np.zeros_like(rows.faults))

    monkeypatch.setattr(
        "ingest.records.separated.split_rows", lenient
    )  # both ways of cutting agree on every known file
    with pytest.raises(RejectedError, match="beyond doubt") as caught:
        chunks_of(f"{HEADER}\na,b\n".encode())
    assert caught.value.reason == "rows_disputed"


def test_vast_takes_no_other_names() -> None:
    header = b"From,To,Datetime,Duration(seconds),Cell Tower,imei\n"
    assert read(io.BytesIO(header), load_operator("vast2008"), SMALL).unknown == ("imei",)


def test_rows_keep_their_place_through_blocks_and_damage() -> None:
    lines = [f"{i},b,c,d" for i in range(3000)]
    lines[7] = "7,b"
    lines[2000] = '2000,"b,c,d'
    chunks = chunks_of("\n".join([HEADER, *lines]).encode())
    assert len(chunks) > 2
    assert dead(chunks) == [(7, "row_columns", b"7,b"), (2000, "row_quotes", b'2000,"b,c,d')]
    rows = [row for chunk in chunks for row in chunk.rows.tolist()]
    assert rows == [int(text) for text in column(chunks, "caller_id")]
    assert sum(chunk.total for chunk in chunks) == 3000


def test_raw_text_of_any_row_can_be_had() -> None:
    chunk = chunks_of(f'{HEADER}\na,b,c,d\n"e",f,g,h\nx,y\ni,j,k,l\n'.encode())[0]
    assert chunk.raw(pa.array([1, 2]).to_numpy()).to_pylist() == [b'"e",f,g,h', b"i,j,k,l"]


def test_quoted_fields_hold_delimiters_quotes_and_line_ends() -> None:
    chunks = chunks_of(f'{FULL_HEADER}\na,b,c,d,"x,y","say ""no""\nor",1\n'.encode())
    assert column(chunks, "origin_region") == ["x,y"]
    assert column(chunks, "target_region") == ['say "no"\nor']


def test_a_byte_order_mark_within_the_file_is_part_of_its_field() -> None:
    lines = "".join(f"\ufeff{i},b,c,d\n" for i in range(1000))
    assert all(text.startswith("\ufeff") for text in column(chunks_of(f"{HEADER}\n{lines}".encode()), "caller_id"))


@pytest.mark.parametrize("size", [3000, 20_000, 200_000])
def test_a_row_longer_than_allowed_is_dead_alone(size: int) -> None:
    chunks = chunks_of(f"{HEADER}\na,b,c,d\n{'x' * size}\ne,f,g,h\n".encode())
    ((row, reason, raw),) = dead(chunks)
    assert (row, reason) == (1, "row_too_long")
    assert raw[:3000] == b"x" * 3000
    assert len(raw) <= RAW_BYTES
    assert column(chunks, "caller_id") == ["a", "e"]


def test_a_row_longer_than_allowed_at_the_end_of_the_file() -> None:
    chunks = chunks_of(f"{HEADER}\na,b,c,d\n{'x' * 20_000}".encode())
    assert [reason for _, reason, _ in dead(chunks)] == ["row_too_long"]


PIECES = [
    b"a,b,c,d\n",
    b"a,b\n",
    b'"',
    b",",
    b"\n",
    b"\r",
    b"\r\n",
    b"\xff",
    b"\0",
    b'"a""b",c,d,e\n',
    b"\xef\xbb\xbf",
    b"x",
]
SOUP = st.lists(st.sampled_from(PIECES))


@given(st.binary(max_size=300) | SOUP.map(b"".join))
def test_every_row_of_any_soup_is_accounted_for_once(soup: bytes) -> None:
    chunks = chunks_of(f"{HEADER}\n".encode() + soup)
    places = [row for chunk in chunks for row in [*chunk.rows.tolist(), *chunk.dead["row"].to_pylist()]]
    assert sorted(places) == list(range(len(places)))
    assert len(column(chunks, "caller_id")) == sum(len(chunk.rows) for chunk in chunks)
