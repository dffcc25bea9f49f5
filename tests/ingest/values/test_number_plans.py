"""What numbering plans say about a number."""

from __future__ import annotations

import pytest

from ingest.values.number_plans import carrier_of, describe, plan_entry, region_of
from ingest.values.ported import Ported


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

    assert plan_entry(number)[:2] == (country, line_type)


def test_the_carrier_is_that_of_the_plan() -> None:
    assert describe("+919876543210").carrier == ("Airtel", "plan")
    assert describe("+12025550123").carrier == (None, None)
    assert plan_entry("+919876543210").carrier == "Airtel"


@pytest.mark.parametrize(
    ("number", "region"),
    [
        ("+94112345678", "Colombo"),
        ("+911123456789", "New Delhi"),
        ("+94771234567", "Sri Lanka"),
        ("+80012345678", None),
        ("+999123456", None),
        ("119", None),
    ],
)
def test_the_region_is_the_town_where_the_plan_tells_it(number: str, region: str | None) -> None:
    assert region_of(number) == region
    assert describe(number).region == region


def test_a_ported_number_has_the_carrier_of_the_table() -> None:
    ported = Ported({"+9198765": "Jio"})
    assert describe("+919876543210", ported).carrier == ("Jio", "ported")
    assert describe("+919976543210", ported).carrier.source == "plan"
    assert describe("+919876543210", ported)[:2] == describe("+919876543210")[:2]
    assert carrier_of("+12025550123", None, ported) == (None, None)
