"""Telephone numbers: what a record says becomes one spelling a number.

Each distinct text of a column is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from ingest.values.dialled import FullNumber, dialled_abroad, dialled_within
from ingest.values.dialling import plan_of_code
from ingest.values.plain_numbers import plain_numbers

EMPTY, CHARACTERS, ZERO, LENGTH = "empty", "characters", "zero", "length"  # why a text is no number
WITHHELD = "withheld"  # text and kind of a caller that is not shown
MOST_REMEMBERED = 300_000  # texts that are no plain spelling, at a time: bounds memory

_ALLOWED = re.compile(r"[(\[ ]*\+?[0-9()\[\] -]*")
_NO_DIGIT = re.compile(r"[^0-9]")
_OPAQUE = re.compile(r"[ -~]{1,64}")
_LEAST_DIGITS, _MOST_DIGITS = 3, 15


class Number(NamedTuple):
    """One spelling of a number: E.164 with +, the digits of a short code, or an opaque id; or why it is none."""

    text: str | None
    kind: str | None  # e164, service, short, withheld, opaque
    fault: str | None = None  # EMPTY, CHARACTERS, ZERO, LENGTH


class NumberColumn(NamedTuple):
    """A column of numbers: the fields of Number as columns."""

    text: pa.Array
    kind: pa.Array
    fault: pa.Array


class Normaliser:
    """Normalises columns of one operator; every distinct text is looked at once a column.

    `withheld`: texts, compared without case and spaces around them, of a caller that is not shown: they become the one
    text WITHHELD, of that kind. `prefixes`: what stands at the beginning of a text, and what takes its place before the
    text is normalised; the longest that fits, once, in the case in which it is written.
    """

    def __init__(
        self,
        country: str,
        opaque: bool,
        withheld: Iterable[str] = (),
        prefixes: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._country, self._opaque = country, opaque
        self._withheld = pa.array(sorted({word.strip(" ").casefold() for word in withheld}), pa.string())
        self._prefixes = sorted(prefixes.items(), key=lambda pair: len(pair[0]))
        self._forget()

    def column(self, texts: pa.DictionaryArray) -> NumberColumn:
        """Normalise a column of texts without nulls."""
        numbers = self._distinct(pc.ascii_trim(texts.dictionary, " "))
        return NumberColumn(*(_taken(column, texts.indices) for column in numbers))

    def _distinct(self, texts: pa.Array) -> NumberColumn:
        dialled = _replaced(texts, self._prefixes)
        numbers = _opaque_ids(dialled) if self._opaque else self._telephone_numbers(dialled)
        if not len(self._withheld):
            return numbers
        hidden = pc.or_(pc.is_in(_folded(texts), self._withheld), pc.is_in(_folded(dialled), self._withheld))
        instead = NumberColumn(WITHHELD, WITHHELD, None)
        return NumberColumn(*(pc.if_else(hidden, new, old) for new, old in zip(instead, numbers, strict=True)))

    def _telephone_numbers(self, texts: pa.Array) -> NumberColumn:
        """Take plain spellings as columns, and the few others one by one."""
        plain = plain_numbers(texts, self._country)
        if not plain.text.null_count:
            return NumberColumn(plain.text, plain.kind, pa.nulls(len(texts), pa.string()))
        is_left = plain.text.is_null()
        left = self._remembered(texts.filter(is_left))
        columns = NumberColumn(plain.text, plain.kind, pa.nulls(len(texts), pa.string()))
        return NumberColumn(*(pc.replace_with_mask(c, is_left, other) for c, other in zip(columns, left, strict=True)))

    def _remembered(self, texts: pa.Array) -> NumberColumn:
        if len(self._known) > MOST_REMEMBERED:
            self._forget()
        places = pc.index_in(texts, self._known)
        if places.null_count:
            self._learn(texts.filter(places.is_null()).unique())
            places = pc.index_in(texts, self._known)
        return NumberColumn(*(column.take(places) for column in self._numbers))

    def _forget(self) -> None:
        self._known = pa.array([], pa.string())
        self._numbers = NumberColumn(*(pa.array([], pa.string()) for _ in NumberColumn._fields))

    def _learn(self, texts: pa.Array) -> None:
        columns = _columns([normalise(text, self._country) for text in texts.to_pylist()])
        self._known = pa.concat_arrays([self._known, texts])
        self._numbers = NumberColumn(*map(pa.concat_arrays, zip(self._numbers, columns, strict=True)))


def _taken(column: pa.Array, places: pa.Array) -> pa.Array:
    return pa.nulls(len(places), column.type) if column.null_count == len(column) else column.take(places)


def _replaced(texts: pa.Array, prefixes: Sequence[tuple[str, str]]) -> pa.Array:
    """Replace the longest prefix that a text begins with; `prefixes` are sorted by length."""
    result = texts
    for prefix, instead in prefixes:
        rest = pc.utf8_slice_codeunits(texts, len(prefix))
        result = pc.if_else(pc.starts_with(texts, prefix), pc.binary_join_element_wise(instead, rest, ""), result)
    return result


def _folded(texts: pa.Array) -> pa.Array:
    """Give texts case-folded, which Arrow can do for ASCII."""
    strange = pc.invert(pc.string_is_ascii(texts))
    folded = pa.array([text.casefold() for text in texts.filter(strange).to_pylist()], pa.string())
    return pc.replace_with_mask(pc.ascii_lower(texts), strange, folded)


def _opaque_ids(texts: pa.Array) -> NumberColumn:
    return _columns([opaque(text) for text in texts.to_pylist()])


def _columns(numbers: Sequence[Number]) -> NumberColumn:
    columns = zip(*numbers, strict=True) if numbers else ((), (), ())
    return NumberColumn(*(pa.array(values, pa.string()) for values in columns))


def normalise(text: str, country: str) -> Number:
    """Give the one spelling of a number as dialled or signalled in `country` (ISO 3166 alpha-2).

    A full number becomes E.164. What libphonenumber cannot complete to one (short codes, local dialling, digits too
    many for the country) stays as its digits and is `short`: it means something inside the operator's network only.
    """
    trimmed = text.strip(" ")
    if not trimmed:
        return Number(None, None, EMPTY)
    digits = _NO_DIGIT.sub("", trimmed) if _ALLOWED.fullmatch(trimmed) else ""
    if not digits:
        return Number(None, None, CHARACTERS)
    if not digits.strip("0"):
        return Number(None, None, ZERO)
    return _international(digits) if "+" in trimmed else _national(digits, country)


def opaque(text: str) -> Number:
    """Give an opaque id: 1 to 64 printable ASCII characters, spaces around it removed."""
    trimmed = text.strip(" ")
    if not trimmed:
        return Number(None, None, EMPTY)
    if not trimmed.isascii() or not trimmed.isprintable():
        return Number(None, None, CHARACTERS)
    return Number(trimmed, "opaque") if _OPAQUE.fullmatch(trimmed) else Number(None, None, LENGTH)


def _international(digits: str) -> Number:
    if digits.startswith("0"):  # no country code begins with 0
        return Number(None, None, CHARACTERS)
    full = dialled_abroad(digits)
    return _checked("+" + digits, "e164") if full is None else _full(full)


def _national(digits: str, country: str) -> Number:
    full = dialled_within(digits, country)
    return _checked(digits, "short") if full is None else _full(full)


def _full(number: FullNumber) -> Number:
    is_service = plan_of_code(number.code).service.fullmatch(number.national)
    return _checked(f"+{number.code}{number.national}", "service" if is_service else "e164")


def _checked(text: str, kind: str) -> Number:
    digits = len(text.removeprefix("+"))
    return Number(text, kind) if _LEAST_DIGITS <= digits <= _MOST_DIGITS else Number(None, None, LENGTH)
