"""Where the calls go by numbering plans and tables: numbers nobody has, hot ranges, what it costs. Array code."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from configs.plan_tables import Plans, Ranges, Tariffs
from graph.exact_sums import sums
from graph.features.ratio import rounded_ratio
from graph.features.written import BLOCK
from graph.pair_arrays import Contacts
from graph.query_engine import QueryEngine
from graph.reading.numbers import WRITTEN

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
_COSTLY_LINES = pa.array(("premium_rate", "shared_cost"))
_MICRO = 1_000_000  # prices are whole millionths, so that the order of sums does not show
_MINUTE_MS = 60_000


@dataclass(frozen=True)
class Destinations:
    """What plans and tables say of every number [n]."""

    is_written: Bools  # in E.164
    is_unallocated: Bools
    is_high_risk: Bools
    price: Ints  # millionths of the currency for a minute, 0 where no tariff is known
    has_tariffs: bool


def destinations(numbers: pa.Table, plans: Plans) -> Destinations:
    """Look up NUMBERS, row = node."""
    written = _bools(pc.is_in(numbers["kind"], pa.array(WRITTEN)))
    unknown = _bools(pc.is_null(numbers["line_type"])) | _listed(numbers["number"], plans.unallocated)
    costly = _bools(pc.is_in(numbers["line_type"], _COSTLY_LINES)) | _listed(numbers["number"], plans.high_risk)
    prices = np.where(written, _prices(numbers["number"], plans.tariffs), 0)
    return Destinations(written, written & unknown, written & costly, prices, plans.tariffs is not None)


def columns(to: Destinations, made: Contacts, active_hours: Floats) -> dict[str, Floats]:
    """Give shares and cost_rate of all callers.

    made: whom each called; active_hours [callers]: UTC hours with an attempt.
    """
    count = len(active_hours)
    written = to.is_written[made.other]
    caller, callee, calls, talk_ms = (column[written] for column in (made.node, made.other, made.calls, made.talk_ms))
    minutes, rest_ms = np.divmod(talk_ms, _MINUTE_MS)
    price = to.price[callee]  # whole minutes and the rest apart: milliseconds times prices would not fit into 63 bits
    spent = sums(caller, minutes * price + rest_ms * price // _MINUTE_MS, count) / _MICRO
    return {
        "unallocated_share": rounded_ratio(
            sums(caller, to.is_unallocated[callee], count), np.bincount(caller, minlength=count)
        ),
        "high_risk_share": rounded_ratio(
            sums(caller, calls * to.is_high_risk[callee], count), sums(caller, calls, count)
        ),
        "cost_rate": rounded_ratio(spent, active_hours),
    }


def hot_peak(engine: QueryEngine, calls: ir.Table, numbers: ir.Table, to: Destinations, count: int) -> Floats:
    """Give the most simultaneous `calls` to one block of high-risk `numbers` of each of `count` callers, else 0."""
    if not to.is_high_risk.any():
        return np.zeros(count)
    hot = engine.give("hot_numbers", pa.table({"node": np.flatnonzero(to.is_high_risk).astype(np.int32)}))
    length = calls.ring_ms.fill_null(0) + calls.talk_ms
    called = numbers.semi_join(hot, "node").select("node", "digits")
    made = calls.join(called, calls.callee == called.node)
    return _hot_peak(engine.fetch(made.select("caller", "digits", "started", length_ms=length)), count)


def _hot_peak(calls: pa.Table, count: int) -> Floats:
    """An end at the instant of a begin frees its line first."""
    caller, digits = calls["caller"].to_numpy(), calls["digits"].to_numpy()
    begin, length = calls["started"].to_numpy(), calls["length_ms"].to_numpy() * 1000
    held = length > 0
    _, fan = np.unique(np.column_stack((caller, digits // BLOCK))[held], axis=0, return_inverse=True)
    peaks = np.zeros(count)
    if held.any():
        np.maximum.at(peaks, caller[held], _peaks(fan.ravel(), begin[held], begin[held] + length[held])[fan.ravel()])
    return peaks


def _peaks(fan: Ints, begin: Ints, end: Ints) -> Ints:
    """Sweep over begins and ends of every fan (a caller and a block); each ends at 0, so one sum runs through all."""
    fans, at = np.concatenate((fan, fan)), np.concatenate((begin, end))
    change = np.repeat((1, -1), len(fan))
    order = np.lexsort((change, at, fans))
    lines = np.cumsum(change[order])
    return np.maximum.reduceat(lines, np.searchsorted(fans[order], np.arange(fan.max() + 1)))


def _listed(numbers: pa.ChunkedArray, table: Ranges) -> Bools:
    """Tell who is in a table by the longest beginning that fits; of equally long ones the one that takes out counts."""
    near = np.flatnonzero(
        _bools(_begins_with(numbers, [key for key, what in table.ranges.items() if what is not None]))
    )
    some, is_in = numbers.take(pa.array(near)), np.zeros(len(near), dtype=np.bool_)
    for length in sorted({len(key) for key in table.ranges}):
        same = {key: what for key, what in table.ranges.items() if len(key) == length}
        is_in |= _bools(_begins_with(some, [key for key, what in same.items() if what is not None]))
        is_in &= ~_bools(_begins_with(some, [key for key, what in same.items() if what is None]))
    listed = np.zeros(len(numbers), dtype=np.bool_)
    listed[near] = is_in
    return listed


def _begins_with(numbers: pa.ChunkedArray, beginnings: list[str]) -> pa.ChunkedArray:
    either = "|".join(sorted(beginning[1:].replace("?", "[0-9]") for beginning in beginnings))
    return pc.match_substring_regex(numbers, rf"^\+({either})" if either else r"^\b\B")


def _prices(numbers: pa.ChunkedArray, tariffs: Tariffs | None) -> Ints:
    """Give the price by the longest beginning that the tariffs have."""
    found = np.zeros(len(numbers), dtype=np.int64)
    known = {key: price for key, price in tariffs.per_minute.items() if price is not None} if tariffs else {}
    for length in sorted({len(key) for key in known}):
        keys = [key for key in known if len(key) == length]
        at = pc.index_in(pc.utf8_slice_codeunits(numbers, 0, length), pa.array(keys))
        row = pc.fill_null(at, -1).to_numpy()
        prices = np.array([round(known[key] * _MICRO) for key in keys], dtype=np.int64)
        found = np.where(row >= 0, prices[row], found)
    return found


def _bools(values: pa.ChunkedArray) -> Bools:
    flags: Bools = values.to_numpy().astype(np.bool_)
    return flags
