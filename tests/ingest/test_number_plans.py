"""What numbering plans say about a number."""

from __future__ import annotations

import pytest

from ingest.number_plans import describe


@pytest.mark.parametrize(
    ("number", "country", "line_type"),
    [
        ("+919876543210", "IN", "mobile"),
        ("+911800111222", "IN", "toll_free"),
        ("+441212345678", "GB", "fixed_line"),
        ("+911111", "IN", None),
        ("+80012345678", None, "toll_free"),
        ("+999123456", None, None),
        ("100", None, None),
    ],
)
def test_country_and_line_type(number: str, country: str | None, line_type: str | None) -> None:
    found = describe(number)
    assert (found.country, found.line_type) == (country, line_type)


def test_the_carrier_is_that_of_the_plan() -> None:
    assert describe("+919876543210").carrier == "Airtel"
    assert describe("+12025550123").carrier is None
