"""Full numbers in plain spellings, found with columns alone: +94771234567, 0094…, 94…, 077…, 77….

These are the digits of a possible number behind a beginning that has one meaning in the country. `dialled` gives the
same for them, at ten times the price; whatever else a text is, is left to it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.values.arrow import Bools, Int64
from ingest.values.dialling import Plan, country_code, is_main_country, plan_of_code, plan_of_country

_FEW = 64  # so few numbers of one country code are not worth its expressions
_LEAST_DIGITS, _MOST_DIGITS = 3, 15
_HEAD = 4  # + and the longest country code


class PlainNumbers(NamedTuple):
    """A column of texts as full numbers, null where a text is none in a plain spelling."""

    text: pa.Array  # E.164
    kind: pa.Array  # e164, service


def plain_numbers(texts: pa.Array, country: str) -> PlainNumbers:
    """Give the numbers in plain spellings among `texts`, as dialled or signalled in `country` (ISO 3166 alpha-2)."""
    written = _with_plus(texts, country)
    is_full, is_service = np.zeros(len(texts), dtype=bool), np.zeros(len(texts), dtype=bool)
    for code, rows in _rows_by_code(written):
        numbers, plan = written if len(rows) == len(texts) else written.take(pa.array(rows)), plan_of_code(code)
        is_full[rows] = _is_national(numbers, plan) & ~_begins(numbers, plan.prefix, rf"\+{code}")
        is_service[rows] = _has(numbers, rf"\+{code}(?:{plan.service.pattern})$") if _is_set(plan.service) else False
    full = pa.array(is_full)
    kinds = pc.if_else(pa.array(is_service), "service", "e164")
    return PlainNumbers(pc.if_else(full, written, None), pc.if_else(full, kinds, None))


def _with_plus(texts: pa.Array, country: str) -> pa.Array:
    """Give texts with + and country code as far as their beginnings tell, null for all others."""
    digits = pc.ascii_is_decimal(pc.utf8_slice_codeunits(texts, 1))
    coded = pc.and_not(pc.and_(pc.starts_with(texts, "+"), digits), pc.starts_with(texts, "+0"))
    is_other = pc.invert(coded).to_numpy(zero_copy_only=False)
    if not is_other.any():
        return texts
    others = _written(texts.filter(pa.array(is_other)), plan_of_country(country), is_main=is_main_country(country))
    return pc.replace_with_mask(texts, pa.array(is_other), others)


def _written(texts: pa.Array, plan: Plan, *, is_main: bool) -> pa.Array:
    """Give texts without + as numbers with + and country code, null where they are none."""
    code, abroad, trunk = plan.code, _digits(plan.abroad), _digits(plan.prefix)
    is_abroad = _begins(texts, plan.abroad)
    is_coded = _has(texts, code)
    is_number = _has(texts, rf"(?:{_national(plan)})$")
    result = pa.nulls(len(texts), pa.string())
    if abroad:
        result = _or(result, _has(texts, rf"{abroad}[1-9][0-9]*$"), "+", texts, len(abroad))
    result = _or(result, is_number & ~is_coded & ~is_abroad & ~_begins(texts, plan.prefix), f"+{code}", texts, 0)
    if trunk:
        is_national = _has(texts, rf"{trunk}(?:{_national(plan)})$") & ~_has(texts, rf"(?:{plan.viable.pattern})$")
        result = _or(result, is_national & ~is_coded & ~is_abroad, f"+{code}", texts, len(trunk))
    if is_main:
        is_whole = _has(texts, rf"{code}(?:{_national(plan)})$") & ~_begins(texts, plan.prefix, code) & ~is_abroad
        result = _or(result, is_whole & _is_better_without_code(texts, plan), "+", texts, 0)
    return result


def _is_national(written: pa.Array, plan: Plan) -> Bools:
    """Whether what follows + and the country code, all digits, is of possible length and without a leading 0."""
    lengths = pa.array([1 + len(plan.code) + length for length in _lengths(plan)], pa.int32())
    possible = pc.is_in(pc.binary_length(written), lengths)
    found: Bools = pc.and_not(possible, pc.starts_with(written, f"+{plan.code}0")).to_numpy(zero_copy_only=False)
    return found


def _is_better_without_code(texts: pa.Array, plan: Plan) -> Bools:
    """Whether digits that begin with the country code are no national number, and are one without it."""
    is_too_long = pc.greater(pc.binary_length(texts), max(plan.lengths, default=0)).to_numpy(zero_copy_only=False)
    viable = plan.viable.pattern
    better: Bools = is_too_long | (~_has(texts, rf"(?:{viable})$") & _has(texts, rf"{plan.code}(?:{viable})$"))
    return better


def _or(result: pa.Array, rows: Bools, beginning: str, texts: pa.Array, skipped: int) -> pa.Array:
    """Give `rows` of `texts` with another beginning in the place of the first `skipped` characters."""
    number = pc.binary_join_element_wise(beginning, pc.utf8_slice_codeunits(texts, skipped), "")
    return pc.if_else(pa.array(rows), number, result)


def _rows_by_code(written: pa.Array) -> list[tuple[str, Int64]]:
    """Give the rows of every country code that has more than a few."""
    heads = pc.utf8_slice_codeunits(written, 0, _HEAD).fill_null("").dictionary_encode()
    codes = np.array([_code(head) for head in heads.dictionary.to_pylist()], dtype=np.int64)
    of_row = codes[heads.indices.to_numpy()]
    found, counts = np.unique(of_row, return_counts=True)
    return [(str(code), np.flatnonzero(of_row == code)) for code in found[(counts > _FEW) & (found > 0)].tolist()]


def _code(head: str) -> int:
    return int(country_code(head[1:]) or 0) if head else 0


def _national(plan: Plan) -> str:
    """Give the expression of national numbers: of possible length, without a leading 0."""
    return "|".join(f"[1-9][0-9]{{{length - 1}}}" for length in _lengths(plan))


def _lengths(plan: Plan) -> list[int]:
    return [n for n in sorted(plan.lengths) if _LEAST_DIGITS <= n + len(plan.code) <= _MOST_DIGITS]


def _digits(pattern: re.Pattern[str]) -> str:
    """Give a pattern that is nothing but digits, else nothing."""
    return pattern.pattern if pattern.pattern.isdecimal() else ""


def _is_set(pattern: re.Pattern[str]) -> bool:
    return not pattern.pattern.startswith("(?!")  # what never matches, and RE2 does not know


def _begins(texts: pa.Array, pattern: re.Pattern[str], after: str = "") -> Bools:
    if not _is_set(pattern):
        return np.zeros(len(texts), dtype=bool)
    return _has(texts, rf"{after}(?:{pattern.pattern})")


def _has(texts: pa.Array, pattern: str) -> Bools:
    """Whether texts begin with an expression."""
    found: Bools = pc.match_substring_regex(texts, f"^{pattern}").to_numpy(zero_copy_only=False)
    return found
