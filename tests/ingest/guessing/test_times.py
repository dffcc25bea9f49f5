"""Formats of times: told by the values, or said not to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.guessing.times import guess_time, is_clock_time, is_date


@pytest.mark.parametrize(
    ("texts", "format_"),
    [
        (["2026-05-04T09:00:00Z"], "iso8601"),
        (["2026-05-04 09:00:00.123", "2026-05-04 09:00:00"], "iso8601"),
        (["2026/05/04 09:00:00"], "%Y/%m/%d %H:%M:%S"),
        (["13/05/2026 09:00", "01/05/2026 10:00"], "%d/%m/%Y %H:%M"),
        (["05/13/2026 09:00", "05/01/2026 10:00"], "%m/%d/%Y %H:%M"),
        (["31-Dec-2025 09:00:00"], "%d-%b-%Y %H:%M:%S"),
        (["Dec 31, 2025 09:00:00"], "%b %d, %Y %H:%M:%S"),
        (["20260513090000"], "%Y%m%d%H%M%S"),
        (["20060601 0900"], "%Y%m%d %H%M"),
        (["13.05.2026 09:00:00 +0530"], "%d.%m.%Y %H:%M:%S %z"),
        (["1777885200"], "epoch_s"),
        (["1777885200.25"], "epoch_s"),
        (["1777885200123"], "epoch_ms"),
        (["1777885200123456"], "epoch_us"),
    ],
)
def test_a_format_that_only_one_reading_has(texts: list[str], format_: str) -> None:
    found = guess_time(texts)
    assert found is not None
    assert (found.format, found.others) == (format_, ())


@pytest.mark.parametrize("text", ["05/06/2026 09:00:00", "05-06-26 09:00", "05062020090000"])
def test_days_up_to_twelve_do_not_say_which_is_the_month(text: str) -> None:
    found = guess_time([text])
    assert found is not None
    assert found.others
    assert not found.is_sure


def test_damaged_values_do_not_decide(tmp_path: object) -> None:
    found = guess_time(["05/06/2026 09:00:00"] * 9 + ["99/99/2026 09:00:00"])
    assert found is not None
    assert found.others == ("%m/%d/%Y %H:%M:%S",)


@pytest.mark.parametrize(
    "text", ["+919876543210", "919876543210", "9876543210", "356938035643809", "12", "", "x", "1.5"]
)
def test_numbers_are_no_times(text: str) -> None:
    assert guess_time([text]) is None


def test_days_and_times_of_day() -> None:
    assert is_date(["13/05/2026"])
    assert is_date(["20260513"])
    assert not is_date(["13/05/2026 09:00:00"])
    assert is_clock_time(["09:00:00"])
    assert is_clock_time(["235959"])
    assert not is_clock_time(["250000"])


@given(st.lists(st.text(max_size=30), max_size=5))
def test_any_text_is_a_time_or_none(texts: list[str]) -> None:
    found = guess_time(texts)
    assert found is None or 0.5 <= found.valid <= 1
