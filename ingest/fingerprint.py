"""The digest of a set of calls, whatever their order and however they are split: sums that add up.

Three sums modulo 2^64 over the rows: the two halves of `call_key`, and a hash that ties every other column to the key.
The label is left out: it is what people decided about a call, not part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
import pyarrow as pa

from ingest.arrow import key_halves
from ingest.cdr import CALL_SCHEMA
from ingest.query import select

_COLUMNS = [name for name in CALL_SCHEMA.names if name not in ("label", "call_key")]
_ROW = ", ".join(["hex(call_key)", *(f"coalesce(CAST({name} AS VARCHAR), '')" for name in _COLUMNS)])
_REST = f"SELECT CAST(coalesce(sum(md5_number_lower(concat_ws(chr(31), {_ROW}))), 0) AS VARCHAR) AS total FROM calls"  # noqa: S608  # our own column names
_MODULUS = 1 << 64


@dataclass(frozen=True)
class Fingerprint:
    """Sums over a set of calls; `+` gives the fingerprint of the union of two sets without a common call."""

    high: int = 0
    low: int = 0
    rest: int = 0

    def __add__(self, other: Fingerprint) -> Fingerprint:
        sums = (self.high + other.high, self.low + other.low, self.rest + other.rest)
        return Fingerprint(*(total % _MODULUS for total in sums))

    def __str__(self) -> str:
        return f"{self.high:016x}{self.low:016x}{self.rest:016x}"

    @classmethod
    def parse(cls, text: str) -> Fingerprint:
        """Read what `str` wrote."""
        return cls(*(int(text[i : i + 16], 16) for i in (0, 16, 32)))

    @classmethod
    def of(cls, calls: pa.Table) -> Fingerprint:
        """Give the fingerprint of a table with the columns of CALL_SCHEMA."""
        high, low = (int(np.sum(half, dtype=np.uint64)) for half in key_halves(calls["call_key"]))
        rest = int(select(_REST, calls=calls)["total"][0].as_py()) % _MODULUS
        return cls(high, low, rest)


def total(parts: list[Fingerprint]) -> Fingerprint:
    """Give the fingerprint of the union of sets without a common call."""
    return reduce(Fingerprint.__add__, parts, Fingerprint())
