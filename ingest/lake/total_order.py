"""Which of several readings of one call stays: the same one in whatever order, files and pieces they came.

The first in the order of all columns but the label, nulls last, stays; its label is the least of all, a label before
none. So of any number of readings, put together in any order and any grouping, the same call is left.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.cdr import CALL_SCHEMA
from ingest.values.arrow import Bools, whole

LABEL = "label"
COLUMNS = tuple(name for name in CALL_SCHEMA.names if name not in (LABEL, "call_key"))  # of equal keys, in their order


class Chosen(NamedTuple):
    """What stays of pairs of calls."""

    calls: pa.Table  # one a pair
    changed: Bools  # whether it is something else than the first call of the pair
    label_conflicts: int  # labels of the pairs that are not those of the calls that stay


def choose(ones: pa.Table, others: pa.Table) -> Chosen:
    """Choose between two readings of each call; both tables have CALL_SCHEMA and equal keys, row by row."""
    take = _comes_first(others, ones)
    labels = [whole(calls[LABEL]) for calls in (ones, others)]
    label = pc.min_element_wise(*labels)
    conflicts = sum(pc.sum(pc.not_equal(given, label)).as_py() or 0 for given in labels)
    columns = [pc.if_else(pa.array(take), whole(others[name]), whole(ones[name])) for name in CALL_SCHEMA.names]
    calls = pa.table(columns, schema=CALL_SCHEMA)
    calls = calls.set_column(CALL_SCHEMA.get_field_index(LABEL), CALL_SCHEMA.field(LABEL), label)
    relabelled = pc.fill_null(pc.not_equal(label, labels[0]), False)
    named = pc.and_(pc.is_null(labels[0]), pc.is_valid(label))
    return Chosen(calls, take | _bools(pc.or_(relabelled, named)), conflicts)


def _comes_first(ones: pa.Table, others: pa.Table) -> Bools:
    """Say for each pair whether the first call comes strictly first."""
    first = np.zeros(len(ones), dtype=bool)
    open_ = np.ones(len(ones), dtype=bool)
    for name in COLUMNS:
        one, other = whole(ones[name]), whole(others[name])
        if other.null_count == one.null_count == len(one):
            continue
        first |= open_ & _is_less(one, other)
        open_ &= ~_is_less(one, other) & ~_is_less(other, one)
    return first


def _is_less(one: pa.Array, other: pa.Array) -> Bools:
    """Compare with nulls last."""
    only = pc.and_(pc.is_valid(one), pc.is_null(other))
    return _bools(pc.or_(pc.fill_null(pc.less(one, other), False), only))


def _bools(values: pa.Array | pa.ChunkedArray) -> Bools:
    found: Bools = values.to_numpy(zero_copy_only=False)
    return found
