"""Wall clocks become instants as the zone's rules say; what a clock never showed is found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.values.zones import ZoneError, load_zone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = ["UTC", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]
WALL = st.datetimes(datetime(1999, 1, 1), datetime(2037, 1, 1)).map(lambda when: when.replace(microsecond=0))


def rules(name: str) -> ZoneInfo:
    """The zone as the tzdata package has it: the machine's own copy may be older or newer."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def us(when: datetime) -> int:
    return (when - EPOCH) // timedelta(microseconds=1)


@given(st.sampled_from(ZONES), WALL)
def test_instants_and_gaps_are_those_of_zoneinfo(name: str, wall: datetime) -> None:
    found, gap = load_zone(name).to_utc(np.array([us(wall.replace(tzinfo=UTC))]))
    zone = rules(name)
    zoned = wall.replace(tzinfo=zone, fold=0)
    back = zoned.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    assert gap[0] == (back != wall)
    if not gap[0]:
        assert found[0] == us(zoned)


@given(st.sampled_from(ZONES), st.integers(us(datetime(1999, 1, 1, tzinfo=UTC)), us(datetime(2037, 1, 1, tzinfo=UTC))))
def test_offsets_are_those_of_zoneinfo(name: str, instant: int) -> None:
    offset = (EPOCH + timedelta(microseconds=instant)).astimezone(rules(name)).utcoffset()
    assert load_zone(name).offset_at(np.array([instant]))[0] == (offset or timedelta()) // timedelta(microseconds=1)


def test_the_hours_of_the_change_in_berlin() -> None:
    walls = [
        "2026-03-29T01:59:59",
        "2026-03-29T02:00:00",
        "2026-03-29T02:59:59",
        "2026-03-29T03:00:00",
        "2026-10-25T02:30:00",
    ]
    local = np.array([us(datetime.fromisoformat(wall).replace(tzinfo=UTC)) for wall in walls])
    instants, gap = load_zone("Europe/Berlin").to_utc(local)
    assert gap.tolist() == [False, True, True, False, False]
    assert instants[4] == us(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))  # the first of the two


@pytest.mark.parametrize("name", ["Africa/Casablanca", "Africa/Cairo", "Asia/Gaza", "America/Noronha"])
def test_no_change_is_stepped_over(name: str) -> None:
    days = np.arange(us(datetime(1970, 1, 1, tzinfo=UTC)), us(datetime(2040, 1, 1, tzinfo=UTC)), 86_400_000_000)
    zone = rules(name)
    wanted = [(EPOCH + timedelta(microseconds=day)).astimezone(zone).utcoffset() for day in days.tolist()]
    assert load_zone(name).offset_at(days).tolist() == [
        offset // timedelta(microseconds=1) for offset in wanted if offset is not None
    ]


@given(st.sampled_from(ZONES), st.lists(st.datetimes(datetime(1970, 1, 1), datetime(2099, 12, 31)), min_size=2))
def test_what_is_asked_for_together_changes_nothing(name: str, walls: list[datetime]) -> None:
    local = np.array([us(wall.replace(tzinfo=UTC)) for wall in walls])
    zone = load_zone(name)
    assert zone.offset_at(local).tolist() == [zone.offset_at(local[at : at + 1])[0] for at in range(len(local))]
    together, gaps = zone.to_utc(local)
    assert (together.tolist(), gaps.tolist()) == tuple(
        [found[0] for found in parts]
        for parts in zip(*(zone.to_utc(local[at : at + 1]) for at in range(len(local))), strict=True)
    )


def test_nothing_has_no_offsets_and_the_ends_go_on() -> None:
    zone = load_zone("Europe/Berlin")
    assert len(zone.offset_at(np.empty(0, dtype=np.int64))) == 0
    far = np.array([us(datetime(1960, 7, 1, tzinfo=UTC)), us(datetime(2150, 7, 1, tzinfo=UTC))])
    assert zone.offset_at(far).tolist() == [3_600_000_000, 7_200_000_000]


def test_changes_since_an_instant() -> None:
    changes = load_zone("America/Caracas").since(us(datetime(2015, 1, 1, tzinfo=UTC)))
    assert changes.instants.tolist() == [us(datetime(2016, 5, 1, 7, tzinfo=UTC))]
    assert changes.offsets.tolist() == [-16_200_000_000, -14_400_000_000]


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../../etc/passwd", "Asia", "zone.tab", "leapseconds", "/etc/localtime"]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ZoneError, match="IANA"):
        load_zone(name)
