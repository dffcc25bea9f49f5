"""Pairs that are found from either end: who a number called, and who called it.

A Parquet file sorted by caller finds the calls of a number, but not those to it. This is the same as compressed rows in
both directions, in one Arrow file that is memory-mapped: a row a number, with lists of its calls. A row of such a list
is one call, or all calls of a pair on a day where single ones are not kept. Derived, so that it can be dropped and made
anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ingest.values.arrow import Int64, whole

Int32 = npt.NDArray[np.int32]
Names = npt.NDArray[np.bytes_]
SUMS = ("attempts", "answered", "talk_ms", "night", "first_started", "last_started")
_INTO: list[pa.Field[Any]] = [
    pa.field("caller", pa.int32(), False),  # row of the number
    pa.field("row", pa.int32(), False),  # place among the rows of all callers
]


@dataclass(frozen=True)
class PairIndex:
    """Calls, or sums of pairs, by either end.

    Those of caller i are the rows out[i]:out[i + 1] of `callees` and of the columns. Those to callee i are the rows
    into_rows[into[i]:into[i + 1]], with the callers at the same places of `into_callers`.
    """

    numbers: Names  # ascending
    out: Int32  # [n + 1]
    callees: Int32  # [m]
    columns: Mapping[str, npt.NDArray[Any]]  # [m] each; of SUMS those that single calls do not all have alike
    into: Int32  # [n + 1]
    into_callers: Int32  # [m]
    into_rows: Int32  # [m]

    def find(self, numbers: Names) -> Int64:
        """Give the rows of those of some numbers that are here, in the order of the numbers."""
        if not len(self.numbers):
            return np.empty(0, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)
        found: Int64 = at[self.numbers[at] == numbers]
        return found

    def count(self, numbers: Int64) -> int:
        """Give how many rows begin or end at some numbers; those that do both count twice."""
        return sum(int((indptr[numbers + 1] - indptr[numbers]).sum()) for indptr in (self.out, self.into))

    def around(self, numbers: Int64) -> tuple[Int64, Int64, Int64]:
        """Give (caller, callee, row) of all rows that begin or end at some numbers, each once."""
        callers, out = _spread(self.out, numbers)
        callees, into = _spread(self.into, numbers)
        new = ~np.isin(self.into_callers[into], numbers)
        into = into[new]
        return (
            np.concatenate((callers, self.into_callers[into])),
            np.concatenate((self.callees[out], callees[new])),
            np.concatenate((out, self.into_rows[into])),
        )

    def sums(self, rows: Int64) -> Int64:
        """Give SUMS of some rows, shape [len(SUMS), len(rows)]."""
        found = {name: column[rows] for name, column in self.columns.items()}
        found = {"attempts": np.ones(len(rows)), "last_started": found["first_started"], **found}
        return np.stack([found[name].astype(np.int64) for name in SUMS])


def index_of(rows: pa.Table) -> PairIndex:
    """Make the index of rows that are sorted by (caller, callee); what else they have of SUMS are its columns."""
    both = pa.concat_arrays([whole(rows["caller"]), whole(rows["callee"])]).dictionary_encode()
    order = pc.sort_indices(both.dictionary).to_numpy()
    places = np.empty(len(order), dtype=np.int32)
    places[order] = np.arange(len(order), dtype=np.int32)
    codes = places[both.indices.to_numpy()]
    callers, callees = codes[: len(rows)], codes[len(rows) :]
    by_callee = np.argsort(callees, kind="stable").astype(np.int32)
    return PairIndex(
        numbers=_names(both.dictionary.take(pa.array(order))),
        out=_indptr(callers, len(order)),
        callees=callees,
        columns={name: rows[name].to_numpy() for name in SUMS if name in rows.column_names},
        into=_indptr(callees, len(order)),
        into_callers=callers[by_callee],
        into_rows=by_callee,
    )


def index_path(pair_day: str, of_calls: bool) -> str:
    """Give the path of the index that belongs to a file of pairs: of single calls, or of their sums."""
    return str(PurePosixPath(pair_day).with_suffix(".calls.arrow" if of_calls else ".pairs.arrow"))


def files_of(pair_day: str) -> tuple[str, ...]:
    """Give all files that a derived day may have, by the path of its pairs."""
    return pair_day, index_path(pair_day, of_calls=True), index_path(pair_day, of_calls=False)


def write_index(rows: pa.Table, file: Path) -> None:
    """Write the index of some rows, as `index_of` takes them."""
    batch = _batch(index_of(rows))
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)


def open_index(path: Path) -> PairIndex:
    """Map an index into memory; raises FileNotFoundError, and pa.ArrowInvalid for what is none or leads outside."""
    batch = pa.ipc.open_file(pa.memory_map(str(path))).get_batch(0)
    batch.validate()
    numbers, out, into = batch["number"], batch["out"], batch["into"]
    rows, ends = out.values, into.values
    width = numbers.type.byte_width
    _check_offsets(out)
    _check_offsets(into)
    return PairIndex(
        numbers=np.frombuffer(numbers.buffers()[1], dtype=f"S{width}", count=len(numbers)),
        out=out.offsets.to_numpy(),
        callees=rows.field("callee").to_numpy(),
        columns={name: rows.field(name).to_numpy() for name in rows.type.names if name in SUMS},
        into=into.offsets.to_numpy(),
        into_callers=ends.field("caller").to_numpy(),
        into_rows=ends.field("row").to_numpy(),
    )


def _check_offsets(lists: pa.Array) -> None:
    """Raise pa.ArrowInvalid where lists do not lie one behind the other over all their rows."""
    offsets = lists.offsets.to_numpy()
    if offsets[0] != 0 or offsets[-1] != len(lists.values) or (offsets[1:] < offsets[:-1]).any():
        raise pa.ArrowInvalid("offsets of its lists are not in order")


def _spread(indptr: Int32, numbers: Int64) -> tuple[Int64, Int64]:
    """Give for all entries of some numbers the number, and the place of the entry."""
    starts, counts = indptr[numbers].astype(np.int64), (indptr[numbers + 1] - indptr[numbers]).astype(np.int64)
    places = np.arange(counts.sum()) + np.repeat(starts - np.cumsum(counts) + counts, counts)
    return np.repeat(numbers, counts), places


def _batch(index: PairIndex) -> pa.RecordBatch:
    width = index.numbers.dtype.itemsize
    letters = pa.py_buffer(index.numbers.tobytes())
    rows = {"callee": index.callees, **index.columns}
    fields = [pa.field(name, _type(name, column), False) for name, column in rows.items()]
    columns = {
        "number": pa.Array.from_buffers(pa.binary(width), len(index.numbers), [None, letters]),
        "out": _lists(index.out, list(rows.values()), fields),
        "into": _lists(index.into, [index.into_callers, index.into_rows], _INTO),
    }
    schema = pa.schema([pa.field(name, column.type, False) for name, column in columns.items()])
    return pa.record_batch(list(columns.values()), schema=schema)


def _type(name: str, column: npt.NDArray[Any]) -> pa.DataType:
    """Give the type on disk: counts of a day fit into 32 bits."""
    small = name in ("attempts", "answered", "night") and column.dtype == np.int64
    return pa.int32() if small else pa.from_numpy_dtype(column.dtype)


def _lists(indptr: Int32, columns: list[npt.NDArray[Any]], fields: list[pa.Field[Any]]) -> pa.Array:
    arrays = [pa.array(column, field.type) for column, field in zip(columns, fields, strict=True)]
    return pa.ListArray.from_arrays(pa.array(indptr, pa.int32()), pa.StructArray.from_arrays(arrays, fields=fields))


def _indptr(rows: Int32, count: int) -> Int32:
    ends: Int32 = np.cumsum(np.bincount(rows, minlength=count), dtype=np.int32)
    return np.concatenate((np.zeros(1, dtype=np.int32), ends))


def _names(numbers: pa.Array) -> Names:
    """Give ASCII texts as bytes of one width."""
    return numbers.to_numpy(zero_copy_only=False).astype(np.bytes_) if len(numbers) else np.empty(0, dtype="S1")
