"""Day, night and weekend are those of the caller's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from configs import load_settings
from graph.reading.local_time import of_local_time
from graph.windows import parse_instant

ZONES = (
    "UTC",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Africa/Casablanca",
)
SETTINGS = load_settings().features
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _plain(started: int, zone: str) -> dict[str, object]:
    local = (_EPOCH + timedelta(microseconds=started)).astimezone(ZoneInfo(zone))
    night, office = SETTINGS.night_local_h, SETTINGS.office_local_h
    weekend = local.weekday() >= 5
    return {
        "day": (local.date() - _EPOCH.date()).days,
        "night": local.hour >= night[0] or local.hour < night[1],
        "weekend": weekend,
        "offhours": weekend or not office[0] <= local.hour < office[1],
    }


@given(
    st.lists(
        st.tuples(
            st.sampled_from(range(len(ZONES))),
            st.integers(parse_instant("2005-01-01T00:00:00Z"), parse_instant("2026-01-01T00:00:00Z")),
        ),
        max_size=20,
    )
)
def test_it_agrees_with_zoneinfo(calls: list[tuple[int, int]]) -> None:
    zone = np.array([zone for zone, _ in calls], dtype=np.int32)
    started = np.array([started for _, started in calls], dtype=np.int64)
    found = pa.table(of_local_time(started, zone, pa.array(ZONES), SETTINGS)).to_pylist()
    assert found == [_plain(started, ZONES[zone]) for zone, started in calls]


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
    started = np.array([at - 1, at], dtype=np.int64)
    found = pa.table(of_local_time(started, np.zeros(2, dtype=np.int32), pa.array([zone]), SETTINGS)).to_pylist()
    assert found == [_plain(at - 1, zone), _plain(at, zone)]


def test_a_night_may_lie_within_a_day() -> None:
    settings = SETTINGS.model_copy(update={"night_local_h": (1, 5)})
    hours = np.array([parse_instant(f"2026-05-04T0{hour}:00:00Z") for hour in (0, 1, 4, 5)], dtype=np.int64)
    found = of_local_time(hours, np.zeros(4, dtype=np.int32), pa.array(["UTC"]), settings)
    assert found["night"].to_pylist() == [False, True, True, False]
