"""Times of records, whole columns at a time: fixed layouts of ASCII digits, strictly read.

ISO 8601 is a handful of such layouts, told apart by length and by what stands at fixed places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ingest.arrow import Bools, Int64, whole

ISO_8601 = "iso8601"
Bytes = npt.NDArray[np.uint8]
_MINUS = (ord("-") - ord("0")) % 256
_WIDTHS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}
_UNITS_US = {"H": 3_600_000_000, "M": 60_000_000, "S": 1_000_000}


class LayoutError(ValueError):
    """A time layout of a mapping cannot be read."""


@dataclass(frozen=True)
class Layout:
    """Where in a text of `length` bytes which digits stand; `literals` are what else may stand at a place."""

    length: int
    digits: tuple[tuple[str, int, int], ...]  # (part, from, to); parts Y m d H M S f, oh and om of the offset
    literals: tuple[tuple[int, bytes], ...]  # (place, allowed bytes)
    sign: int | None  # place of the offset's sign
    aware: bool  # says its offset

    def places(self, part: str) -> tuple[int, int] | None:
        """Give (from, to) of a part, None where the layout has none."""
        return next(((start, end) for name, start, end in self.digits if name == part), None)


@dataclass(frozen=True)
class Times:
    """A parsed column: µs as written, whether they are UTC already, whether they are times at all."""

    us: Int64
    aware: Bools
    valid: Bools


def parse(texts: pa.Array, format_: str) -> Times:
    """Read a column of texts without nulls as `iso8601` or a layout like %Y%m%d %H%M; raises LayoutError.

    Fractions of a second are cut off after microseconds. A text with an offset gives UTC, one without gives the wall
    clock's time. Spaces around a time do not matter.
    """
    encoded = texts.dictionary_encode()
    distinct = _parse_distinct(whole(pc.ascii_trim(encoded.dictionary, " ").cast(pa.binary())), layouts(format_))
    indices = encoded.indices.to_numpy()
    return Times(distinct.us[indices], distinct.aware[indices], distinct.valid[indices])


@cache
def layouts(format_: str) -> tuple[Layout, ...]:
    """Give the layouts that a format means; raises LayoutError."""
    if format_ != ISO_8601:
        return (_layout(_pieces(format_)),)
    day = ["Y", "-", "m", "-", "d", "Tt ", "H", ":", "M"]
    seconds = [[], [":", "S"], *([":", "S", ".,", f"f{digits}"] for digits in range(1, 10))]
    offsets = [[], ["Zz"], ["+-", "oh", ":", "om"], ["+-", "oh", "om"], ["+-", "oh"]]
    return tuple(_layout([*day, *second, *offset]) for second in seconds for offset in offsets)


def _pieces(format_: str) -> list[str]:
    pieces: list[str] = []
    rest = format_.strip(" ")  # as the texts are
    while rest:
        directive = rest.startswith("%")
        if directive and rest[1:2] not in _WIDTHS:
            raise LayoutError(f"time format {format_!r}: only %Y %m %d %H %M %S and plain characters are known")
        pieces.append(rest[1] if directive else rest[0])
        rest = rest[2:] if directive else rest[1:]
    if not {"Y", "m", "d", "H", "M"} <= set(pieces):
        raise LayoutError(f"time format {format_!r}: %Y, %m, %d, %H and %M are needed")
    return pieces


def _layout(pieces: Sequence[str]) -> Layout:
    place = 0
    digits: list[tuple[str, int, int]] = []
    literals: list[tuple[int, bytes]] = []
    for piece in pieces:
        width = _width(piece)
        if width:
            digits.append((piece[0] if piece[0] == "f" else piece, place, place + width))
        else:
            literals.append((place, piece.encode("ascii")))
        place += width or 1
    sign = next((at for at, allowed in literals if allowed == b"+-"), None)
    return Layout(place, tuple(digits), tuple(literals), sign, sign is not None or "Zz" in pieces)


def _width(piece: str) -> int:
    if piece in ("oh", "om"):
        return 2
    if piece[0] == "f":
        return int(piece[1:])
    return _WIDTHS.get(piece, 0)


def _parse_distinct(texts: pa.Array, known: Sequence[Layout]) -> Times:
    found = Times(np.zeros(len(texts), np.int64), np.zeros(len(texts), bool), np.zeros(len(texts), bool))
    lengths = pc.binary_length(texts).to_numpy()
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        fitting = [layout for layout in known if layout.length == length]
        if fitting:
            _parse_equally_long(_matrix(texts, rows, int(length)), rows, fitting, found)
    return found


def _matrix(texts: pa.Array, rows: Int64, length: int) -> Bytes:
    """Give texts of one length as a matrix: a row for each place, a column for each text."""
    chosen = pc.binary_join(pa.ListArray.from_arrays([0, len(rows)], texts.take(pa.array(rows))), b"")[0]
    matrix = np.frombuffer(chosen.as_buffer(), dtype=np.uint8).reshape(len(rows), length)
    return np.ascontiguousarray(matrix.T)


def _parse_equally_long(columns: Bytes, rows: Int64, known: Sequence[Layout], found: Times) -> None:
    digits = columns - ord("0")  # what is below 0 wraps around to far above 9
    left = np.ones(len(rows), dtype=bool)
    for layout in known:
        fits = left & _fits(columns, digits, layout)
        if not fits.any():
            continue
        target = rows if fits.all() else rows[fits]
        us, valid = _value(digits if fits.all() else digits[:, fits], layout)
        found.us[target], found.valid[target], found.aware[target] = us, valid, layout.aware
        left &= ~fits


def _fits(columns: Bytes, digits: Bytes, layout: Layout) -> Bools:
    fits = np.ones(columns.shape[1], dtype=bool)
    for place, allowed in layout.literals:
        fits &= np.isin(columns[place], np.frombuffer(allowed, dtype=np.uint8))
        if not fits.any():
            return fits
    for _, start, end in layout.digits:
        for place in range(start, end):
            fits &= digits[place] <= 9
    return fits


def _value(digits: Bytes, layout: Layout) -> tuple[Int64, Bools]:
    part = {name: _number(digits, layout, name) for name in ("Y", "m", "d", "H", "M", "S", "oh", "om")}
    first, month_days, valid_month = _month(part["Y"], part["m"])
    valid = valid_month & (part["d"] >= 1) & (part["d"] <= month_days)
    valid &= (part["H"] <= 23) & (part["M"] <= 59) & (part["S"] <= 59) & (part["oh"] <= 23) & (part["om"] <= 59)
    us = (first + part["d"] - 1) * 86_400_000_000 + sum(part[name] * unit for name, unit in _UNITS_US.items())
    return us + _fraction(digits, layout) - _offset(digits, layout, part), valid


def _number(digits: Bytes, layout: Layout, part: str) -> Int64:
    total = np.zeros(digits.shape[1], dtype=np.int64)
    for place in range(*(layout.places(part) or (0, 0))):
        total = total * 10 + digits[place]
    return total


def _fraction(digits: Bytes, layout: Layout) -> Int64:
    start, end = layout.places("f") or (0, 0)
    nanoseconds: Int64 = _number(digits, layout, "f") * 10 ** (9 - (end - start))
    return nanoseconds // 1000


def _offset(digits: Bytes, layout: Layout, part: dict[str, Int64]) -> Int64:
    size = part["oh"] * _UNITS_US["H"] + part["om"] * _UNITS_US["M"]
    return size if layout.sign is None else np.where(digits[layout.sign] == _MINUS, -size, size)


def _month(year: Int64, month: Int64) -> tuple[Int64, Int64, Bools]:
    """Give (days from 1970-01-01 to the month's first, days of the month, whether there is such a month)."""
    valid = (month >= 1) & (month <= 12)
    months = ((year - 1970) * 12 + np.where(valid, month, 1) - 1).astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    after = (months + np.timedelta64(1, "M")).astype("datetime64[D]").astype(np.int64)
    return first, after - first, valid
