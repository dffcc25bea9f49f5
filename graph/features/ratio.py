"""Ratios, taken last and rounded, so that digests repeat."""

from __future__ import annotations

import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

DECIMALS = 9
_SCALE = 10.0**DECIMALS


def ratio(part: ir.NumericValue, whole: ir.NumericValue) -> ir.FloatingValue:
    """Give part / whole rounded to DECIMALS; null where the whole is 0 or null."""
    return (part.cast(dt.float64) / whole.cast(dt.float64).nullif(0)).round(DECIMALS)


def rounded_ratio(part: npt.NDArray[np.number], whole: npt.NDArray[np.number]) -> npt.NDArray[np.float64]:
    """Give the same of arrays; NaN, which is null, where the whole is 0."""
    result = np.full(len(whole), np.nan)
    np.divide(part, whole, out=result, where=whole > 0)
    return rounded(result)


def rounded(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give `values` rounded to DECIMALS as engines do: a half away from 0, where NumPy goes to the even neighbour."""
    scaled = values * _SCALE
    whole = np.trunc(scaled)
    whole += np.trunc((scaled - whole) * 2)
    result: npt.NDArray[np.float64] = whole / _SCALE
    return result


def seconds(milliseconds: ir.NumericValue) -> ir.FloatingValue:
    """Give milliseconds in seconds."""
    return (milliseconds.cast(dt.float64) / 1000).round(DECIMALS)
