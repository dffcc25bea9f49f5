"""Telephone numbers: what a record says becomes one spelling a number.

Each distinct text is looked at once; columns are dictionary-encoded before they get here.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
from phonenumbers import NumberParseException, ValidationResult

from ingest.dialling import country_code, plan_of_code, plan_of_country

EMPTY, CHARACTERS, ZERO, LENGTH = "empty", "characters", "zero", "length"  # why a text is no number
MOST_CACHED = 2_000_000  # distinct texts remembered at a time: bounds memory

_ALLOWED = re.compile(r"[(\[ ]*\+?[0-9()\[\] -]*")
_NO_DIGIT = re.compile(r"[^0-9]")
_OPAQUE = re.compile(r"[ -~]{1,64}")
_LEAST_DIGITS, _MOST_DIGITS = 3, 15


class Number(NamedTuple):
    """One spelling of a number: E.164 with +, the digits of a short code, or an opaque id; or why it is none."""

    text: str | None
    kind: str | None  # e164, service, short, opaque
    fault: str | None = None  # EMPTY, CHARACTERS, ZERO, LENGTH


class NumberColumn(NamedTuple):
    """A column of numbers: the fields of Number as columns."""

    text: pa.Array
    kind: pa.Array
    fault: pa.Array


class Normaliser:
    """Normalises columns of one operator; every distinct text is looked at once and remembered."""

    def __init__(self, country: str, opaque: bool) -> None:
        self._country, self._opaque = country, opaque
        self._forget()

    def column(self, texts: pa.Array) -> NumberColumn:
        """Normalise a column of texts without nulls."""
        encoded = texts.dictionary_encode()
        if len(self._known) > MOST_CACHED:
            self._forget()
        places = pc.index_in(encoded.dictionary, self._known)
        if places.null_count:
            self._learn(encoded.dictionary.filter(places.is_null()))
            places = pc.index_in(encoded.dictionary, self._known)
        rows = places.take(encoded.indices)
        return NumberColumn(*(column.take(rows) for column in self._numbers))

    def _forget(self) -> None:
        self._known = pa.array([], pa.string())
        self._numbers = NumberColumn(*(pa.array([], pa.string()) for _ in NumberColumn._fields))

    def _learn(self, texts: pa.Array) -> None:
        found = [opaque(text) if self._opaque else normalise(text, self._country) for text in texts.to_pylist()]
        columns = [pa.array(values, pa.string()) for values in zip(*found, strict=True)]
        self._known = pa.concat_arrays([self._known, texts])
        self._numbers = NumberColumn(*map(pa.concat_arrays, zip(self._numbers, columns, strict=True)))


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
    code = country_code(digits)
    if code is not None and plan_of_code(code).is_national_number(digits[len(code) :]):
        return _full(code, digits[len(code) :])
    return _parsed("+" + digits, None) or _checked("+" + digits, "e164")


def _national(digits: str, country: str) -> Number:
    plan = plan_of_country(country)
    if plan.is_dialled_number(digits):
        return _full(plan.code, digits)
    return _parsed(digits, country) or _checked(digits, "short")


def _parsed(dialled: str, country: str | None) -> Number | None:
    """Give the full number that was dialled, None where the digits do not make one."""
    try:
        number = phonenumbers.parse(dialled, country)
    except NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    return _full(str(number.country_code), phonenumbers.national_significant_number(number))


def _full(code: str, national: str) -> Number:
    return _checked(f"+{code}{national}", "service" if plan_of_code(code).service.fullmatch(national) else "e164")


def _checked(text: str, kind: str) -> Number:
    digits = len(text.removeprefix("+"))
    return Number(text, kind) if _LEAST_DIGITS <= digits <= _MOST_DIGITS else Number(None, None, LENGTH)
