"""Lengths of time in decimal digits, read exactly: no floats on the way."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.arrow import Bools, Int64

MOST_MS = 86_400_000
_SECONDS = r"^[0-9]{1,9}(\.[0-9]{1,9})?$"
_MILLIS = r"^[0-9]{1,12}$"
_NEGATIVE = r"^-[0-9]{1,12}(\.[0-9]{1,9})?$"
_EXACT = pa.decimal128(28, 9)


class Durations:
    """A parsed column in ms, and which of its texts are no numbers or lie outside 0..86,400 s."""

    def __init__(self, ms: Int64, malformed: Bools, out_of_range: Bools) -> None:
        self.ms, self.malformed, self.out_of_range = ms, malformed, out_of_range


def parse(texts: pa.Array, unit: str) -> Durations:
    """Read a column of texts without nulls as plain decimal seconds (`s`) or whole milliseconds (`ms`).

    Spaces around a number do not matter; tenths of a millisecond and below are rounded half up.
    """
    encoded = texts.dictionary_encode()
    distinct = _parse_distinct(pc.ascii_trim(encoded.dictionary, " "), unit)
    indices = encoded.indices.to_numpy()
    return Durations(distinct.ms[indices], distinct.malformed[indices], distinct.out_of_range[indices])


def _parse_distinct(texts: pa.Array, unit: str) -> Durations:
    plain = pc.match_substring_regex(texts, _MILLIS if unit == "ms" else _SECONDS)
    negative = pc.match_substring_regex(texts, _NEGATIVE).to_numpy(zero_copy_only=False)
    exact = pc.if_else(plain, texts, "0").cast(_EXACT)
    ms = exact.cast(pa.int64()) if unit == "ms" else _milliseconds(exact)
    values = ms.to_numpy()
    malformed = ~plain.to_numpy(zero_copy_only=False) & ~negative
    return Durations(values, malformed, negative | (values > MOST_MS))


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
