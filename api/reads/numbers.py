"""Numbers: one by what a person typed, one by its opaque id, and all of them in order of risk or of last call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from api.reads.answers import InvalidNumber, NoData, NumberRecord, Page
from api.reads.paging import cursor, sort_key
from api.reads.typed import keys_of
from api.reads.view import View
from graph.windows import iso

Order = Literal["risk", "last_seen"]
FIRST_KEY = (0.0, 0)  # (value, head of the id), for the types in a cursor


@dataclass(frozen=True)
class NumberFilter:
    """Which numbers are listed; None lets everything through."""

    verdicts: Sequence[str] | None = None
    fraud_types: Sequence[str] | None = None
    campaign: str | None = None
    min_risk: float | None = None
    operator: str | None = None


def lookup(view: View, text: str, operator: str | None = None) -> NumberRecord | NoData | InvalidNumber:
    """Give the number that a person typed; of several operators' the riskiest, unless one is named."""
    keys = keys_of(view, text, operator)
    if isinstance(keys, InvalidNumber):
        return keys
    found = [node for node in view.store.lookup(keys) if node is not None]
    if not found:
        return no_data(view, text)
    return view.record(min(found, key=lambda node: (-node.risk, node.key)))


def no_data(view: View, text: str) -> NoData:
    """Say that the window has no call of a number, which is not the same as safe."""
    window = f"{iso(view.window.start)} to {iso(view.window.end)}"
    return NoData(text, f"No call of this number lies between {window}, so nothing can be said about it.")


def by_id(view: View, number_id: str) -> NumberRecord | None:
    """Give the number behind an opaque id, or None where the window has no call of it."""
    row = view.row_of_id(number_id)
    return None if row is None else view.records([row])[0]


def list_numbers(view: View, wanted: NumberFilter, order: Order, first: int, after: str | None) -> Page[NumberRecord]:
    """Give a page of numbers, highest first; opaque ids break ties, so that a cursor holds in the next run too."""
    kind = f"numbers-{order}"
    values, heads = _values(view, order), view.index.heads
    rows = np.flatnonzero(_mask(view, wanted))
    values, heads = values[rows], heads[rows]
    start = 0
    if after is not None:
        value, head = _place(kind, after)
        start = int(np.count_nonzero((values > value) | ((values == value) & (heads <= head))))
    best = np.lexsort((heads, -values))[start : start + first]
    cursors = [cursor(kind, (float(values[at]), int(heads[at]))) for at in best]
    records = view.records(rows[best].tolist())
    return Page(records, cursors, len(rows), start > 0, start + first < len(rows))


def _values(view: View, order: Order) -> npt.NDArray[np.float64]:
    column = view.results.scores["risk"] if order == "risk" else view.snapshot.numbers["last_seen"]
    values: npt.NDArray[np.float64] = column.to_numpy().astype(np.float64)  # µs of our times are exact in a float64
    return values


def _place(kind: str, after: str) -> tuple[float, np.uint64]:
    """Give the sort key in a cursor; one that was tampered with may hold any integer."""
    value, head = sort_key(kind, after, FIRST_KEY)
    return float(value), np.uint64(min(max(int(head), 0), 2**64 - 1))


def _mask(view: View, wanted: NumberFilter) -> npt.NDArray[np.bool_]:
    scores = view.results.scores
    tests: list[pa.ChunkedArray] = []
    if wanted.verdicts is not None:
        tests.append(pc.is_in(scores["verdict"], pa.array(list(wanted.verdicts), pa.string())))
    if wanted.fraud_types is not None:
        tests.append(pc.is_in(scores["fraud_type"], pa.array(list(wanted.fraud_types), pa.string())))
    if wanted.campaign is not None:
        tests.append(pc.equal(scores["campaign"], wanted.campaign).fill_null(False))
    if wanted.min_risk is not None:
        tests.append(pc.greater_equal(scores["risk"], wanted.min_risk))
    if wanted.operator is not None:
        tests.append(pc.equal(view.snapshot.numbers["operator"], wanted.operator))
    mask = np.ones(len(scores), dtype=np.bool_)
    mask[list(view.hidden)] = False
    for test in tests:
        mask &= np.asarray(test)
    return mask
