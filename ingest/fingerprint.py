"""The digest of a set of calls, whatever their order and however they are split: sums that add up.

Three sums modulo 2^64 over the rows: the two halves of `call_key`, and a hash that ties every other column to the key.
The label is left out: it is what people decided about a call, not part of it. `call_key` is half of a SHA-256; the
hash of the other columns only mixes (splitmix64), it is no seal: what lies in the files is sealed by their checksums.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest.cdr import CALL_SCHEMA
from ingest.values.arrow import Int64, UInt64, key_halves

_COLUMNS = [name for name in CALL_SCHEMA.names if name not in ("label", "call_key")]
_MODULUS = 1 << 64
_GOLDEN = 0x9E3779B97F4A7C15
# One odd factor a column, so that the same value in two columns counts differently.
_FACTORS = {name: np.uint64((_GOLDEN * (2 * place + 3) | 1) % _MODULUS) for place, name in enumerate(_COLUMNS)}
_STEP = np.uint64(_GOLDEN)
_MASKS: UInt64 = np.array([(1 << (8 * count)) - 1 for count in range(9)], dtype=np.uint64)  # of a word's first bytes
_WORD = 8
_AT_ONCE = 65_536  # rows, so that what is computed with stays in the processor's cache


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
        return total([_of_batch(batch) for batch in calls.combine_chunks().to_batches(_AT_ONCE)])


def row_hashes(calls: pa.Table) -> UInt64:
    """Give for each call of a table with the columns of CALL_SCHEMA a hash of all of them, its label too."""
    parts = [_labelled_hashes(batch) for batch in calls.combine_chunks().to_batches(_AT_ONCE)]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.uint64)


def total(parts: list[Fingerprint]) -> Fingerprint:
    """Give the fingerprint of the union of sets without a common call."""
    return reduce(Fingerprint.__add__, parts, Fingerprint())


def _of_batch(calls: pa.RecordBatch) -> Fingerprint:
    high, low = key_halves(calls["call_key"])
    rest = _row_hashes(calls, high, low)
    return Fingerprint(*(int(np.sum(part, dtype=np.uint64)) for part in (high, low, rest)))


def _labelled_hashes(calls: pa.RecordBatch) -> UInt64:
    hashes = _row_hashes(calls, *key_halves(calls["call_key"]))
    label = calls["label"]
    return hashes if label.null_count == len(label) else hashes + _hashes(label)


def _row_hashes(calls: pa.RecordBatch, high: UInt64, low: UInt64) -> UInt64:
    rest = low.copy()
    for name in _COLUMNS:
        column = calls[name]
        if column.null_count < len(column):  # a null counts nothing
            rest += _hashes(column) * _FACTORS[name]
    return _mixed(rest + _mixed(high))


def _hashes(column: pa.Array) -> UInt64:
    hashes = _text_hashes(column) if pa.types.is_string(column.type) else _number_hashes(column)
    if column.null_count:
        hashes[column.is_null().to_numpy(zero_copy_only=False)] = 0
    return hashes


def _number_hashes(column: pa.Array) -> UInt64:
    values = column.cast(pa.int64()).fill_null(0).to_numpy().astype(np.uint64)
    return _mixed(values + _STEP)


def _text_hashes(column: pa.Array) -> UInt64:
    """Hash each text as its length and its bytes, eight at a time."""
    _, offsets, data = column.buffers()
    ends: Int64 = np.frombuffer(offsets, dtype="<i4")[column.offset : column.offset + len(column) + 1].astype(np.int64)
    words = _words(data, int(ends[0]), int(ends[-1]))
    starts, lengths = ends[:-1] - ends[0], np.diff(ends)
    hashes = _mixed((lengths + 1).astype(np.uint64) * _STEP + _word(words, starts, lengths))
    for begin in range(_WORD, int(lengths.max()), _WORD):
        longer = slice(None) if lengths.min() > begin else np.flatnonzero(lengths > begin)
        further = _word(words, starts[longer] + begin, lengths[longer] - begin)
        hashes[longer] = _mixed(hashes[longer] * _STEP + further)
    return hashes


def _words(data: pa.Buffer | None, start: int, end: int) -> UInt64:
    """Give the little-endian word that begins at each byte of data[start:end], as a view of a padded copy."""
    padded = np.zeros(end - start + _WORD, dtype=np.uint8)
    if data is not None:
        padded[: end - start] = np.frombuffer(data, dtype=np.uint8)[start:end]
    return np.ndarray((end - start + 1,), "<u8", buffer=padded, strides=(1,))


def _word(words: UInt64, places: Int64, left: Int64) -> UInt64:
    """Give the words at some places, cut to the bytes that are `left` there."""
    found: UInt64 = words[places] & _MASKS[np.minimum(left, _WORD)]
    return found


def _mixed(values: npt.NDArray[np.uint64]) -> UInt64:
    """The finaliser of splitmix64 (Steele, Lea, Flood, 2014): a bijection in which every bit changes every other."""
    mixed = values ^ (values >> np.uint64(30))
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed
