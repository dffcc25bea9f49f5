"""Digits say the country and the place."""

from __future__ import annotations

import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.reading.digits import said_by_digits


def _said(number: str | None) -> tuple[object, object, object]:
    numbers = pa.array([number], pa.string())
    found = said_by_digits(numbers, numbers.is_valid())
    digits, code, locality = (found[name][0].as_py() for name in ("digits", "code", "locality"))
    return digits, code, locality


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("+14155550199", (14155550199, 1, 1415555)),
        ("+919812345678", (919812345678, 91, 91981234)),
        ("+35312345678", (35312345678, 353, 353123456)),
        ("+912", (912, 91, 912)),
        ("+1", (1, 1, 1)),
        ("+", (None, None, None)),
        ("+12x", (None, 1, None)),
        (None, (None, None, None)),
    ],
)
def test_what_digits_say(number: str | None, said: tuple[object, object, object]) -> None:
    assert _said(number) == said


@given(st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)), st.integers(10**6, 10**10))
def test_codes_are_those_of_the_plans(code: int, national: int) -> None:
    assert _said(f"+{code}{national}")[1] == code
