"""Lengths of time, read exactly: no floats on the way.

Units: `s` plain decimal seconds; `ms`, `us`, `ns` whole numbers; `clock` as HH:MM:SS or MM:SS, with decimals or
without; `go` as Go writes its durations: 1h2m3.5s, 250ms, or nanoseconds.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.values.arrow import Bools, Int64

Unit = Literal["s", "ms", "us", "ns", "clock", "go"]
MOST_MS = 86_400_000
_SECONDS = r"^[0-9]{1,9}(\.[0-9]{1,9})?$"
_WHOLE = r"^[0-9]{1,18}$"
_CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-5][0-9](?:\.[0-9]{1,9})?)", re.ASCII)
_GO = re.compile(
    r"(?=.)(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m(?!s))?(?:([0-9]{1,9}(?:\.[0-9]{1,9})?)(s|ms|us|µs|ns))?", re.ASCII
)
_NANOSECONDS = re.compile(r"[0-9]{1,18}", re.ASCII)
_GO_SECONDS = {
    "s": Decimal(1),
    "ms": Decimal("1e-3"),
    "us": Decimal("1e-6"),
    "µs": Decimal("1e-6"),
    "ns": Decimal("1e-9"),
}
_NEGATIVE = r"^-[0-9]{1,12}(\.[0-9]{1,9})?$"
_EXACT = pa.decimal128(28, 9)


class Durations:
    """A parsed column in ms, and which of its texts are no numbers or lie outside 0..86,400 s."""

    def __init__(self, ms: Int64, malformed: Bools, out_of_range: Bools) -> None:
        self.ms, self.malformed, self.out_of_range = ms, malformed, out_of_range


def parse(texts: pa.Array, unit: Unit) -> Durations:
    """Read a column of texts without nulls in a unit.

    Spaces around a number do not matter; tenths of a millisecond and below are rounded half up.
    """
    encoded = texts.dictionary_encode()
    distinct = _parse_distinct(pc.ascii_trim(encoded.dictionary, " "), unit)
    indices = encoded.indices.to_numpy()
    return Durations(distinct.ms[indices], distinct.malformed[indices], distinct.out_of_range[indices])


def _parse_distinct(texts: pa.Array, unit: Unit) -> Durations:
    if unit in ("clock", "go"):
        return _parse_spelled(texts, unit)
    plain = pc.match_substring_regex(texts, _SECONDS if unit == "s" else _WHOLE)
    strange = ~plain.to_numpy(zero_copy_only=False)
    digits = pc.if_else(plain, texts, "0") if strange.any() else texts
    values = _milliseconds(digits.cast(_EXACT)).to_numpy() if unit == "s" else _of_whole(digits, unit)
    negative = np.zeros(len(texts), dtype=bool)
    negative[strange] = pc.match_substring_regex(texts.filter(pa.array(strange)), _NEGATIVE)
    return Durations(values, strange & ~negative, negative | (values > MOST_MS))


def _of_whole(digits: pa.Array, unit: Unit) -> Int64:
    ticks: Int64 = digits.cast(pa.int64()).to_numpy()
    size = {"ms": 1, "us": 1_000, "ns": 1_000_000}[unit]
    return (ticks + size // 2) // size


def _parse_spelled(texts: pa.Array, unit: Unit) -> Durations:
    read = _clock_seconds if unit == "clock" else _go_seconds
    seconds = [read(text) for text in texts.to_pylist()]
    ms = np.array([-1 if value is None else _rounded_ms(value) for value in seconds], np.int64)
    return Durations(np.maximum(ms, 0), ms < 0, ms > MOST_MS)


def _rounded_ms(seconds: Decimal) -> int:
    return int(min((seconds * 1000).to_integral_value(ROUND_HALF_UP), Decimal(MOST_MS + 1)))


def _clock_seconds(text: str) -> Decimal | None:
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds = found.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + Decimal(seconds)


def _go_seconds(text: str) -> Decimal | None:
    if _NANOSECONDS.fullmatch(text):
        return Decimal(text).scaleb(-9)
    found = _GO.fullmatch(text)
    if found is None:
        return None
    hours, minutes, amount, unit = found.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + Decimal(amount or 0) * _GO_SECONDS.get(unit, Decimal(0))


def _milliseconds(seconds: pa.Array) -> pa.Array:
    rounded = pc.round(seconds, ndigits=3, round_mode="half_towards_infinity")
    return pc.multiply(rounded, pa.scalar(1000, pa.decimal128(4, 0))).cast(pa.int64())


def of_floats(seconds: pa.Array) -> Durations:
    """Read a column of floating-point or integer seconds, as Parquet files have them; rounded to milliseconds."""
    values = seconds.cast(pa.float64()).to_numpy(zero_copy_only=False)
    finite = np.isfinite(values)
    safe = np.where(finite, values, 0.0)
    within = (safe >= 0) & (safe <= MOST_MS / 1000)
    return Durations(np.rint(np.where(within, safe, 0.0) * 1000).astype(np.int64), ~finite, finite & ~within)
