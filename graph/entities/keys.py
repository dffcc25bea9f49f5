"""What entities are called: texts of each kind, sorted, in which a key is a place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.calls import CallTables
from graph.entities.members import COLUMN
from graph.features.feature import Kind
from graph.query_engine import QueryEngine
from graph.reading.texts import Texts

_LEAST_DIGITS = 3  # that are left of a number for its range


def ranges(engine: QueryEngine, tables: CallTables, range_digits: int) -> tuple[pa.Table, pa.Array]:
    """Give node and key of every number in E.164 that has a range, and the ranges, sorted.

    A range is all numbers that differ in their last `range_digits` digits only.
    """
    numbers = tables.numbers.filter(tables.numbers.digits.notnull()).select("node", "number")
    found = engine.fetch(numbers)
    found = found.filter(pc.greater(pc.utf8_length(found["number"]), range_digits + _LEAST_DIGITS))
    beginnings = pc.utf8_slice_codeunits(found["number"].combine_chunks(), 0, -range_digits)
    texts = Texts()
    (codes,) = texts.codes([beginnings])
    keys = texts.ranks()[codes.to_numpy()]
    return pa.table({"node": found["node"], "key": keys}), texts.known.sort()


def key_texts(tables: CallTables, ranges: pa.Array) -> Mapping[Kind, pa.Array]:
    """Give the texts by kind of entity."""
    return {"range": ranges, **{kind: tables.texts[column] for kind, column in COLUMN.items()}}


def named(kinds: pa.ChunkedArray, keys: pa.ChunkedArray, texts: Mapping[Kind, pa.Array]) -> pa.Array:
    """Give the text of each key of a kind."""
    kind, key = kinds.to_numpy(), keys.to_numpy()
    rows, found = [np.empty(0, dtype=np.int64)], [pa.array([], pa.string())]
    for name, of_kind in texts.items():
        here = np.flatnonzero(kind == name)
        rows.append(here)
        found.append(of_kind.take(pa.array(key[here])))
    return pa.concat_arrays(found).take(pa.array(np.argsort(np.concatenate(rows))))
