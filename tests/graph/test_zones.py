"""Spans of constant offset give the same local time as zoneinfo."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.windows import SECOND, Window, parse_instant, to_datetime
from graph.zones import offset_spans

ZONES = (
    "UTC",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Africa/Casablanca",
)


def _offset(zone: str, us: int) -> int:
    offset = to_datetime(us).astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return round(offset.total_seconds()) * SECOND


@given(
    st.sampled_from(ZONES),
    st.integers(parse_instant("2005-01-01T00:00:00Z"), parse_instant("2026-01-01T00:00:00Z")),
    st.integers(1, 400 * 86_400 * SECOND),
    st.floats(0, 1, exclude_max=True),
)
def test_spans_agree_with_zoneinfo(zone: str, start: int, length: int, place: float) -> None:
    window = Window(start, start + length)
    spans = offset_spans([zone], window)
    since, until = spans["since"].to_numpy(), spans["until"].to_numpy()
    assert since[0] == window.start
    assert until[-1] >= window.end
    assert np.array_equal(since[1:], until[:-1])
    at = start + int(place * length)
    row = int(np.searchsorted(since, at, side="right")) - 1
    assert spans["offset"][row].as_py() == _offset(zone, at)


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("Europe/Berlin", "2026-03-29T01:00:00Z"),
        ("America/St_Johns", "2010-03-14T03:31:00Z"),  # a minute after local midnight
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),  # by half an hour
    ],
)
def test_changes_are_exact(zone: str, change: str) -> None:
    at = parse_instant(change)
    spans = offset_spans([zone], Window(at - 40 * 86_400 * SECOND + 7, at + 40 * 86_400 * SECOND))
    assert at in spans["since"].to_pylist()
    assert len(spans) == 2
