"""Parquet: the first rows of a sample as texts."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.canonical import as_text
from ingest.guessing.guess import GuessError
from ingest.guessing.head import Head
from ingest.guessing.table import MOST_ROWS, SampleTable
from ingest.mapping.dialects import fold

_MOST_UNPACKED = 1 << 30  # of a row group


def read_parquet(head: Head) -> SampleTable:
    """Give the first rows of a Parquet file as a table."""
    if head.packed:
        raise GuessError("the sample is Parquet within a packed file; unpack it")
    try:
        with pq.ParquetFile(head.path) as file:
            rows = _first_rows(file)
            whole = len(rows) == file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise GuessError(f"not a whole Parquet file ({str(error)[:100]}); fetch it again") from None
    if not len(rows):
        raise GuessError("the sample has no rows; take a file with some hundred records")
    out = io.BytesIO()
    pq.write_table(rows, out)
    columns = {fold(name): _texts(rows[name]) for name in rows.column_names}
    return SampleTable("parquet", {}, columns, out.getvalue(), whole, True)


def _first_rows(file: pq.ParquetFile) -> pa.Table:
    sizes = [file.metadata.row_group(place).total_byte_size for place in range(file.num_row_groups)]
    if max(sizes, default=0) > _MOST_UNPACKED:
        raise GuessError("a row group of the sample unpacks to more than 1 GiB; write a smaller file")
    batches, count = [], 0
    for batch in file.iter_batches(MOST_ROWS):
        batches.append(batch.slice(0, MOST_ROWS - count))
        count += len(batches[-1])
        if count == MOST_ROWS:
            break
    return pa.Table.from_batches(batches, file.schema_arrow)


def _texts(column: pa.ChunkedArray) -> list[str]:
    plain = column.combine_chunks()
    if pa.types.is_timestamp(plain.type):
        zone = "Z" if plain.type.tz else ""
        return [f"{text.replace(' ', 'T')}{zone}" if text else "" for text in _spelt(plain)]
    if pa.types.is_nested(plain.type) or pa.types.is_binary(plain.type):
        return [""] * len(plain)
    texts: list[str] = as_text(plain).to_pylist()
    return texts


def _spelt(times: pa.Array) -> list[str]:
    naive = times.cast(pa.timestamp(times.type.unit))
    texts: list[str] = pc.fill_null(naive.cast(pa.string()), "").to_pylist()
    return texts
