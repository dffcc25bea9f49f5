"""Traces of numbers in texts as they came: which numbers a text shows, and whether it shows one that is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
from phonenumbers import NumberParseException

from ingest.values.arrow import Bools, Int64
from ingest.values.numbers import Normaliser

_SPELT = "[^0-9()\\[\\] +-]+"  # between what may be a number as people write it
_PLAIN = "[^0-9+]+"  # between what may be one without blanks
_ID = "[^0-9A-Za-z_.@#+*/-]+"  # between what may be an opaque id
_LEAST, _MOST = 3, 64  # characters
_AT_ONCE = 200  # numbers of one expression: many more make it a thousand times slower
_BETWEEN = "[ ()\\[\\]-]*"  # between digits


class Shown(NamedTuple):
    """Numbers that some texts show, with the place of the text; a number may be one only by chance."""

    rows: Int64
    numbers: pa.Array


def numbers_shown(texts: pa.Array, readers: Sequence[Normaliser]) -> Shown:
    """Give the numbers that binary `texts` show, in canonical form, in spellings that `readers` read."""
    rows, pieces = _pieces(texts)
    encoded = pieces.dictionary_encode()
    found = [reader.column(encoded).text for reader in readers]
    is_number = [pc.is_valid(numbers) for numbers in found]
    each_rows = [rows[mask.to_numpy(zero_copy_only=False)] for mask in is_number]
    numbers = [column.filter(mask) for column, mask in zip(found, is_number, strict=True)]
    return Shown(np.concatenate(each_rows), pa.concat_arrays(numbers))


def holding(texts: pa.Array, numbers: Iterable[str]) -> Bools:
    """Say which of some binary texts show one of some numbers, in canonical form, in whatever spelling."""
    found = np.zeros(len(texts), dtype=bool)
    expressions = sorted({_expression(number) for number in numbers})
    for first in range(0, len(expressions), _AT_ONCE):
        either = "|".join(expressions[first : first + _AT_ONCE])
        found |= pc.match_substring_regex(texts, either).to_numpy(zero_copy_only=False)
    return found


def holds(text: str, numbers: Iterable[str]) -> bool:
    """Say whether a text shows one of some numbers."""
    return any(re.search(_expression(number), text) for number in numbers)


def _pieces(texts: pa.Array) -> tuple[Int64, pa.Array]:
    """Give (place of the text, piece of it that may be a number) as text."""
    found = [pc.split_pattern_regex(texts, pattern) for pattern in (_SPELT, _PLAIN, _ID)]
    rows = np.concatenate([pc.list_parent_indices(pieces).to_numpy() for pieces in found]).astype(np.int64)
    pieces = pa.concat_arrays([pc.list_flatten(pieces) for pieces in found])
    length = pc.binary_length(pieces).to_numpy()
    kept = (length >= _LEAST) & (length <= _MOST)
    return rows[kept], pieces.filter(pa.array(kept)).cast(pa.string())  # only ASCII is left between the patterns


def _expression(number: str) -> str:
    """Give the expression of a number's spellings; of a full one the country code may be missing or another."""
    digits = number.removeprefix("+")
    if not digits.isdecimal():
        return f"(?:^|[^0-9A-Za-z]){re.escape(number)}(?:$|[^0-9A-Za-z])"
    national = _national(number) if number.startswith("+") else None
    before = "" if national else "(?:^|[^0-9])"
    return f"{before}{_BETWEEN.join(national or digits)}(?:$|[^0-9])"


def _national(number: str) -> str | None:
    """Give the digits that every spelling of a full number ends with, None where they are too few to tell."""
    try:
        digits = phonenumbers.national_significant_number(phonenumbers.parse(number))
    except NumberParseException:
        return None
    return digits if len(digits) >= 6 else None
