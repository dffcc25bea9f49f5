"""Spans and instants as people write them: what is taken, and what is refused with a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.windows import DAY, HOUR, MINUTE, TimeError, Window, iso, parse_instant, parse_span, span_of

LAST = parse_instant("9998-12-31T23:59:59.999999Z")


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01",
        "0001-01-01T00:00:00+14:00",
        "1969-12-31T23:59:59.999999Z",
        "1970-01-01T00:00:00+00:01",
        "9999-01-01",
        "9999-12-31T23:59:59-14:00",
        "99999-01-01",
        "soon",
        "",
    ],
)
def test_what_is_no_time_of_ours_is_refused(text: str) -> None:
    with pytest.raises(TimeError, match=r"1970 to 9998|ISO 8601"):
        parse_instant(text)


def test_the_first_and_the_last_instant_are_taken() -> None:
    assert parse_instant("1970-01-01") == 0
    assert iso(LAST) == "9998-12-31T23:59:59.999999Z"
    assert iso(LAST + parse_span("1d")) == "9999-01-01T23:59:59.999999Z"


@given(st.integers(1, LAST), st.integers(1, 99_999), st.sampled_from("mhd"))
def test_a_window_before_an_instant_never_begins_below_1970(as_of: int, count: int, unit: str) -> None:
    window = Window.before(as_of, f"{count}{unit}")
    assert window.end == as_of
    assert window.start in (0, as_of - parse_span(f"{count}{unit}"))
    assert window.start >= 0


def test_a_window_before_the_beginning_is_none() -> None:
    with pytest.raises(TimeError, match="must end after it starts"):
        Window.before(0, "1d")
    assert Window.before(DAY, "1d") == Window(0, DAY)


@pytest.mark.parametrize(("length", "span"), [(30 * DAY, "30d"), (36 * HOUR, "36h"), (90 * MINUTE, "90m")])
def test_a_length_is_the_span_that_it_was(length: int, span: str) -> None:
    assert span_of(length) == span
    assert parse_span(span) == length


def test_a_length_that_is_no_span_is_covered_by_one() -> None:
    assert span_of(DAY + 1) == "2d"
