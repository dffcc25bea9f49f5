"""How evenly calls are spread over the values of a column, as over cells or trunks."""

from __future__ import annotations

import ibis.expr.datatypes as dt
import ibis.expr.types as ir

_NANO = 1e9  # entropies are summed in billionths of a bit as whole numbers, so that the order of sums does not show
_BIT_DECIMALS = 6


def spread(calls: ir.Table, column: str) -> ir.Table:
    """Give node (of the caller), kinds, most, total and bits over the calls that have `column` on record.

    kinds are the different values, most the calls with the commonest, bits the Shannon entropy of the values.
    """
    known = calls.filter(calls[column].notnull())
    by_value = known.group_by("caller", column).agg(calls=known.count())
    term = (by_value.calls * by_value.calls.log2() * _NANO).round().cast(dt.int64)
    sums = by_value.group_by(node=by_value.caller).agg(
        kinds=by_value.count(), most=by_value.calls.max(), total=by_value.calls.sum(), terms=term.sum()
    )
    bits = sums.total.log2() - sums.terms.cast(dt.float64) / (sums.total.cast(dt.float64) * _NANO)
    return sums.select("node", "kinds", "most", "total", bits=bits.round(_BIT_DECIMALS).abs())
