"""Times of records, whole columns at a time: fixed layouts of ASCII digits, strictly read.

A format is `iso8601`, one of the epochs `epoch_s`, `epoch_ms`, `epoch_us`, or a layout of %Y %y %m %b %d %H %M %S %f %z
and plain characters. ISO 8601 is a handful of such layouts, told apart by length and by what stands at fixed places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ingest.values.arrow import Bools, Int64, whole

ISO_8601 = "iso8601"
EPOCHS = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}  # µs of one tick
Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.signedinteger[Any]]
_MINUS = (ord("-") - ord("0")) % 256
_WIDTHS = {"Y": 4, "y": 2, "m": 2, "b": 3, "d": 2, "H": 2, "M": 2, "S": 2}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EPOCH_TEXT = r"^[0-9]{1,17}$"
_EPOCH_DECIMAL = r"^[0-9]{1,11}(\.[0-9]{1,9})?$"
_MICROSECONDS = pa.decimal128(28, 9)
_OFFSETS = (["Zz"], ["+-", "oh", ":", "om"], ["+-", "oh", "om"], ["+-", "oh"])
_LAST_US = 1 << 60  # far beyond any time that is accepted
_DAY_US = 86_400_000_000
# Days from 1970-01-01 to the first of every month of the years 0 to 9999, and of the month after.
_FIRST_DAYS = (np.arange(10_000 * 12 + 1) - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


class LayoutError(ValueError):
    """A time layout of a mapping cannot be read."""


@dataclass(frozen=True)
class Layout:
    """Where in a text of `length` bytes which digits stand; `literals` are what else may stand at a place."""

    length: int
    digits: tuple[tuple[str, int, int], ...]  # (part, from, to); parts Y y m d H M S f, oh and om of the offset
    literals: tuple[tuple[int, bytes], ...]  # (place, allowed bytes)
    sign: int | None  # place of the offset's sign
    aware: bool  # says its offset
    month_name: int | None = None  # place of a month's three letters

    def places(self, part: str) -> tuple[int, int] | None:
        """Give (from, to) of a part, None where the layout has none."""
        return next(((start, end) for name, start, end in self.digits if name == part), None)


@dataclass(frozen=True)
class Times:
    """A parsed column: µs as written, whether they are UTC already, whether they are times at all."""

    us: Int64
    aware: Bools
    valid: Bools


def parse(texts: pa.Array, formats: Sequence[str] = (ISO_8601,)) -> Times:
    """Read a column of texts without nulls in the first of some formats that fits each; raises LayoutError.

    Fractions of a second are cut off after microseconds. A text with an offset gives UTC, one without gives the wall
    clock's time. Spaces around a time do not matter.
    """
    encoded = texts.dictionary_encode()
    distinct = _parse_in_turn(whole(pc.ascii_trim(encoded.dictionary, " ")), formats)
    indices = encoded.indices.to_numpy()
    return Times(distinct.us[indices], distinct.aware[indices], distinct.valid[indices])


def _parse_in_turn(texts: pa.Array, formats: Sequence[str]) -> Times:
    first, *others = formats
    found = _parse_epoch(texts, first) if first in EPOCHS else _parse_layouts(texts.cast(pa.binary()), layouts(first))
    if not others or found.valid.all():
        return found
    later = _parse_in_turn(texts, others)
    pick = [(found.us, later.us), (found.aware, later.aware), (found.valid, later.valid)]
    return Times(*(np.where(found.valid, one, other) for one, other in pick))


@cache
def layouts(format_: str) -> tuple[Layout, ...]:
    """Give the layouts that a format means; raises LayoutError."""
    if format_ in EPOCHS:
        return ()
    if format_ != ISO_8601:
        return tuple(_layout(pieces) for pieces in _spelled_out(_pieces(format_)))
    day = ["%Y", "-", "%m", "-", "%d", "Tt ", "%H", ":", "%M"]
    seconds = [[], [":", "%S"], *([":", "%S", ".,", f"f{digits}"] for digits in range(1, 10))]
    return tuple(_layout([*day, *second, *offset]) for second in seconds for offset in ([], *_OFFSETS))


def _spelled_out(pieces: list[str]) -> list[list[str]]:
    """Give every layout that pieces with a fraction (%f) or an offset (%z) may mean."""
    found: list[list[str]] = [[]]
    for piece in pieces:
        choices: list[list[str]] = [[piece]]
        if piece == "%f":
            choices = [[f"f{digits}"] for digits in range(1, 10)]
        if piece == "%z":
            choices = [*_OFFSETS]
        found = [[*begin, *choice] for begin in found for choice in choices]
    return found


def _pieces(format_: str) -> list[str]:
    pieces: list[str] = []
    rest = format_.strip(" ")  # as the texts are
    while rest:
        directive = rest.startswith("%")
        if directive and rest[1:2] not in {*_WIDTHS, "f", "z"}:
            raise LayoutError(
                f"time format {format_!r}: only %Y %y %m %b %d %H %M %S %f %z and plain characters are known"
            )
        pieces.append(rest[:2] if directive else rest[0])
        rest = rest[2:] if directive else rest[1:]
    if not {"%d", "%H", "%M"} <= set(pieces) or not {"%Y", "%y"} & set(pieces) or not {"%m", "%b"} & set(pieces):
        raise LayoutError(f"time format {format_!r}: %Y (or %y), %m (or %b), %d, %H and %M are needed")
    if any(piece.startswith("%") and pieces.count(piece) > 1 for piece in pieces):
        raise LayoutError(f"time format {format_!r}: a part stands there twice")
    if not all(piece.isascii() for piece in pieces):
        raise LayoutError(f"time format {format_!r}: only plain ASCII characters may stand between the parts")
    return pieces


def _layout(pieces: Sequence[str]) -> Layout:
    place = 0
    digits: list[tuple[str, int, int]] = []
    literals: list[tuple[int, bytes]] = []
    month_name = None
    for piece in pieces:
        width = _width(piece)
        if piece == "%b":
            month_name = place
        elif width:
            digits.append((_part_of(piece), place, place + width))
        else:
            literals.append((place, piece.encode("ascii")))
        place += width or 1
    sign = next((at for at, allowed in literals if allowed == b"+-"), None)
    return Layout(place, tuple(digits), tuple(literals), sign, sign is not None or "Zz" in pieces, month_name)


def _part_of(piece: str) -> str:
    return "f" if piece[0] == "f" else piece.removeprefix("%")


def _width(piece: str) -> int:
    if piece in ("oh", "om"):
        return 2
    if piece[0] == "f" and len(piece) == 2:
        return int(piece[1])
    return _WIDTHS[piece[1]] if piece[0] == "%" and len(piece) == 2 else 0


def _parse_epoch(texts: pa.Array, format_: str) -> Times:
    """Read digits since 1970; of seconds decimals may follow, cut off after microseconds."""
    plain = pc.match_substring_regex(texts, _EPOCH_DECIMAL if format_ == "epoch_s" else _EPOCH_TEXT)
    digits = pc.if_else(plain, texts, "0")
    if format_ == "epoch_s":
        whole_us = pc.multiply(digits.cast(_MICROSECONDS), pa.scalar(1_000_000, pa.decimal128(7, 0)))
        us = pc.floor(whole_us).cast(pa.int64()).to_numpy()
    else:
        ticks = digits.cast(pa.int64()).to_numpy()
        us = np.minimum(ticks, _LAST_US // EPOCHS[format_]) * EPOCHS[format_]
    return Times(us, np.ones(len(texts), bool), plain.to_numpy(zero_copy_only=False))


def _parse_layouts(texts: pa.Array, known: Sequence[Layout]) -> Times:
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
        us, valid = _value(digits if fits.all() else digits[:, fits], layout, columns[:, fits])
        found.us[target], found.valid[target], found.aware[target] = us, valid, layout.aware
        left &= ~fits


def _fits(columns: Bytes, digits: Bytes, layout: Layout) -> Bools:
    fits = np.ones(columns.shape[1], dtype=bool)
    for place, allowed in layout.literals:
        fits &= np.logical_or.reduce([columns[place] == byte for byte in allowed])
        if not fits.any():
            return fits
    for _, start, end in layout.digits:
        for place in range(start, end):
            fits &= digits[place] <= 9
    return fits


def _value(digits: Bytes, layout: Layout, columns: Bytes) -> tuple[Int64, Bools]:
    part = {name: _number(digits, layout, name, np.int16) for name in ("Y", "y", "m", "d", "H", "M", "S", "oh", "om")}
    if layout.places("y"):
        part["Y"] = np.int16(2000) + part["y"]  # no record is older than ingest.first_year
    if layout.month_name is not None:
        part["m"] = _named_month(columns, layout.month_name)
    first, month_days, valid_month = _month(part["Y"], part["m"])
    valid = valid_month & (part["d"] >= 1) & (part["d"] <= month_days)
    valid &= (part["H"] <= 23) & (part["M"] <= 59) & (part["S"] <= 59) & (part["oh"] <= 23) & (part["om"] <= 59)
    minutes = part["H"].astype(np.int32) * 60 + part["M"] - _offset(digits, layout, part)
    us = (first + part["d"] - 1) * _DAY_US + (minutes * 60 + part["S"]) * np.int64(1_000_000)
    return us + _fraction(digits, layout), valid


def _number(digits: Bytes, layout: Layout, part: str, type_: type[np.signedinteger[Any]]) -> Numbers:
    """Give the number that stands at a part, 0 where the layout has none; `type_` holds as many digits."""
    total = np.zeros(digits.shape[1], dtype=type_)
    for place in range(*(layout.places(part) or (0, 0))):
        total *= type_(10)
        total += digits[place]
    return total


def _named_month(columns: Bytes, place: int) -> Numbers:
    """Give the month of three English letters, 0 where they name none."""
    letters = columns[place : place + 3] | 0x20  # lower case
    found = np.zeros(columns.shape[1], dtype=np.int16)
    for number, name in enumerate(_MONTHS, start=1):
        found[(letters == np.frombuffer(name.encode(), dtype=np.uint8)[:, None]).all(axis=0)] = number
    return found


def _fraction(digits: Bytes, layout: Layout) -> Int64:
    start, end = layout.places("f") or (0, 0)
    nanoseconds = _number(digits, layout, "f", np.int64) * 10 ** (9 - (end - start))
    microseconds: Int64 = nanoseconds // 1000
    return microseconds


def _offset(digits: Bytes, layout: Layout, part: dict[str, Numbers]) -> Numbers:
    """Give the offset from UTC in minutes."""
    size = part["oh"] * np.int16(60) + part["om"]
    return size if layout.sign is None else np.where(digits[layout.sign] == _MINUS, -size, size)


def _month(year: Numbers, month: Numbers) -> tuple[Int64, Int64, Bools]:
    """Give (days from 1970-01-01 to the month's first, days of the month, whether there is such a month)."""
    valid = (month >= 1) & (month <= 12)
    place = year.astype(np.int32) * 12 + np.where(valid, month, 1) - 1
    first = _FIRST_DAYS[place]
    return first, _FIRST_DAYS[place + 1] - first, valid
