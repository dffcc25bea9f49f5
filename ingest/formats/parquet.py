"""Parquet: typed columns; a type that cannot be trusted for what it means refuses the file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from configs import IngestSettings
from ingest.mapping.operators import Operator
from ingest.reasons import CODE_OF, CODES
from ingest.records.chunk import DEAD, RAW_BYTES, Chunk, Content
from ingest.records.header import Header, resolve
from ingest.records.parquet_sizes import unpacked_sizes
from ingest.rejection import RejectedError
from ingest.values.arrow import Bools, Codes, Int64, whole
from ingest.values.timestamps import EPOCHS

_ROW_BYTES = 32  # of a row's numbers, roughly
_Check = Callable[[pa.DataType], bool]
_TIMES: tuple[_Check, ...] = (pa.types.is_timestamp,)
_AMOUNTS: tuple[_Check, ...] = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
_TRUTHS: tuple[_Check, ...] = (pa.types.is_boolean, pa.types.is_integer)
_WHOLE: tuple[_Check, ...] = (pa.types.is_integer,)
_TYPED: dict[str, tuple[_Check, ...]] = {  # beside texts, which every column may be
    "started": _TIMES,
    "talk_ms": _AMOUNTS,
    "answered": _TRUTHS,
    "label": (pa.types.is_integer, pa.types.is_floating),
}


def read(stream: IO[bytes], operator: Operator, limits: IngestSettings) -> Content:
    """Read an unpacked, seekable Parquet file; raises RejectedError now for its schema and size, later for damage."""
    try:
        file = pq.ParquetFile(stream)
        schema = file.schema_arrow
        columns, sizes = schema.names, unpacked_sizes(stream)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(error) from None
    header = resolve(columns, operator)
    _check_types(schema, header, operator)
    if file.metadata.num_rows > limits.max_rows:
        raise RejectedError(
            "bomb_by_rows", f"more than {limits.max_rows} rows; split the file or raise ingest.max_rows"
        )
    most_bytes = stream.seek(0, os.SEEK_END) * limits.max_ratio
    _check_unpacked(sizes, most_bytes, limits)
    texts = [columns[place] for place in header.places.values() if _is_text(schema.field(place).type)]
    encoded = pq.ParquetFile(stream, read_dictionary=texts)
    return Content(header.unknown, _chunks(encoded, most_bytes, header, limits), tuple(columns))


def _check_types(schema: pa.Schema, header: Header, operator: Operator) -> None:
    for name, place in header.places.items():
        column = schema.field(place)
        if not any(accepts(column.type) for accepts in (_is_text, *_accepted(name, operator))):
            raise RejectedError(
                "column_type",
                f"column {column.name} is {column.type}, which cannot be read as {', '.join(_uses(name, operator))}; "
                "write it as text",
            )


def _accepted(source: str, operator: Operator) -> tuple[_Check, ...]:
    """Give the types that a source may have for every column that is made of it."""
    uses = _uses(source, operator)
    fields = operator.fields
    if len(uses) == 1 and (uses[0] not in fields or fields[uses[0]].is_plain):
        epoch = uses[0] == "started" and "started" in fields and {*fields["started"].format} <= {*EPOCHS}
        return _WHOLE if epoch else _TYPED.get(uses[0], _WHOLE)
    return _WHOLE


def _uses(source: str, operator: Operator) -> list[str]:
    """Give the canonical columns that are made of a source."""
    made = [name for name, field in operator.fields.items() if source in field.all_sources]
    return made or [source]


def _check_unpacked(sizes: list[int], most_bytes: int, limits: IngestSettings) -> None:
    """Refuse what would fill the memory, by what the footer says, before anything is unpacked."""
    if sum(sizes) > most_bytes:
        raise _bomb()
    if max(sizes, default=0) > limits.max_column_bytes:
        raise RejectedError(
            "bomb_by_ratio",
            f"a column of a row group unpacks to more than {limits.max_column_bytes} bytes; "
            "write smaller row groups, or raise ingest.max_column_bytes if the file is genuine",
        )


def _bomb() -> RejectedError:
    return RejectedError("bomb_by_ratio", "the file unpacks to too many times its size; write it with plain texts")


def _is_text(type_: pa.DataType) -> bool:
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


def _chunks(file: pq.ParquetFile, most_bytes: int, header: Header, limits: IngestSettings) -> Iterator[Chunk]:
    names = file.schema_arrow.names
    first, unpacked = 0, 0
    try:
        for batch in file.iter_batches(limits.chunk_rows, columns=[names[p] for p in header.places.values()]):
            columns = {name: whole(batch.column(names[place])) for name, place in header.places.items()}
            rows = _examine_rows(columns, len(batch), limits.max_row_bytes)
            unpacked += int(rows.sizes.sum())
            if unpacked > most_bytes:
                raise _bomb()
            for start, end in _portions(rows.held, limits.block_bytes):
                part = {name: column.slice(start, end - start) for name, column in columns.items()}
                yield _chunk(part, first + start, rows.faults[start:end], rows.all_sound)
            first += len(batch)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(error) from None


def _portions(held: Int64, most_bytes: int) -> Iterator[tuple[int, int]]:
    """Cut rows into spans of about `most_bytes`, so that repeated long texts do not fill the memory."""
    part = np.cumsum(held) // most_bytes
    starts = np.flatnonzero(np.diff(part, prepend=-1))
    yield from zip(starts.tolist(), [*starts[1:].tolist(), len(held)], strict=True)


def _chunk(columns: dict[str, pa.Array], first: int, faults: Codes, all_sound: bool) -> Chunk:
    numbers = first + np.arange(len(faults), dtype=np.int64)
    good, bad = np.flatnonzero(faults == 0), np.flatnonzero(faults)
    reasons = pa.array(CODES).take(pa.array(faults[bad]))
    dead = pa.table([numbers[bad], reasons, _raw(columns, bad)], schema=DEAD)
    kept = columns if not len(bad) else {name: column.take(pa.array(good)) for name, column in columns.items()}
    kept = kept if all_sound else {name: _plain(column) for name, column in kept.items()}
    return Chunk(kept, numbers[good], lambda positions: _raw(kept, positions), dead)


@dataclass(frozen=True)
class _RowsSeen:
    """Rows as rows: bytes of their texts, bytes that they take up when read, fault codes (0: none)."""

    sizes: Int64
    held: Int64
    faults: Codes
    all_sound: bool  # no text of the dictionaries is at fault, be it of these rows or not


def _examine_rows(columns: dict[str, pa.Array], count: int, most_bytes: int) -> _RowsSeen:
    seen = [_examine(column, most_bytes) for column in columns.values() if _is_text(column.type)]
    sizes = sum((column.sizes for column in seen), np.zeros(count, np.int64))
    too_long = sizes > most_bytes
    faults = np.zeros(count, dtype=np.int16)
    faults[_any([column.nul for column in seen], count)] = CODE_OF["row_nul"]
    faults[_any([column.not_utf8 for column in seen], count)] = CODE_OF["row_not_utf8"]
    faults[too_long] = CODE_OF["row_too_long"]
    all_sound = all(column.all_sound for column in seen) and not too_long.any()
    return _RowsSeen(sizes, np.where(too_long, RAW_BYTES, sizes) + _ROW_BYTES, faults, all_sound)


@dataclass(frozen=True)
class _Examined:
    """A text column's rows: bytes, and which of them cannot be read as text."""

    sizes: Int64
    not_utf8: Bools
    nul: Bools
    all_sound: bool


def _examine(column: pa.Array, most_bytes: int) -> _Examined:
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    _check_indices(encoded)
    distinct = encoded.dictionary.cast(pa.large_binary())
    sizes = pc.binary_length(distinct).to_numpy()
    wrong = _not_utf8(distinct, sizes <= most_bytes)
    nul = pc.match_substring(distinct, b"\0").to_numpy(zero_copy_only=False)
    all_sound = not (wrong.any() or nul.any() or sizes.max(initial=0) > most_bytes)
    places = pc.fill_null(encoded.indices, -1).to_numpy()  # null: the entry after the last
    by_row = [np.append(values, values.dtype.type(0))[places] for values in (sizes, wrong, nul)]
    return _Examined(by_row[0], by_row[1], by_row[2], all_sound)


def _plain(column: pa.Array) -> pa.Array:
    """Give texts as such: a dictionary keeps what no row that is left has."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _check_indices(encoded: pa.DictionaryArray) -> None:
    """Refuse what points out of its dictionary: Arrow reads it from a damaged page, and would follow it."""
    ends = pc.min_max(encoded.indices).as_py()
    if ends["min"] is not None and not 0 <= ends["min"] <= ends["max"] < len(encoded.dictionary):
        raise _damaged(ValueError("a value is not in its dictionary"))


def _not_utf8(texts: pa.Array, looked_at: Bools) -> Bools:
    wrong = np.zeros(len(texts), dtype=bool)
    chosen = texts.filter(pa.array(looked_at))
    try:
        chosen.cast(pa.large_string())  # checks all of them at once
    except pa.ArrowInvalid:
        wrong[looked_at] = [not _is_utf8(value.as_py()) for value in chosen]
    return wrong


def _is_utf8(value: bytes | None) -> bool:
    try:
        (value or b"").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _any(masks: list[Bools], count: int) -> Bools:
    return np.logical_or.reduce(masks) if masks else np.zeros(count, dtype=bool)


def _raw(columns: dict[str, pa.Array], positions: Int64) -> pa.Array:
    """Give rows as JSON, with their values as the file has them."""
    return pa.array([_json(columns, int(position))[:RAW_BYTES] for position in positions], pa.binary())


def _json(columns: dict[str, pa.Array], position: int) -> bytes:
    return json.dumps({name: _shown(column, position) for name, column in columns.items()}, default=str).encode()


def _shown(column: pa.Array, position: int) -> object:
    if pa.types.is_timestamp(column.type):
        return _time(column.slice(position, 1))
    if not _is_text(column.type) or not column[position].is_valid:
        return column[position].as_py()
    text = column.slice(position, 1).cast(
        column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    )
    begin = pc.binary_slice(text.cast(pa.binary()), 0, RAW_BYTES)
    return begin[0].as_py().decode("utf-8", "backslashreplace")


def _time(times: pa.Array) -> str | None:
    """Give a time in ISO 8601: Python has none beyond its years, of nanoseconds, or in zones that it does not know."""
    texts = times.cast(pa.int64()).cast(pa.timestamp(times.type.unit)).cast(pa.string())
    offset = "+00:00" if times.type.tz else ""
    return texts[0].as_py() + offset if texts[0].is_valid else None


def _damaged(error: Exception) -> RejectedError:
    return RejectedError(
        "parquet_damaged", f"not a whole Parquet file ({_first_line(error)}); fetch it again from its source"
    )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]
