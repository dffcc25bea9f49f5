from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ingest.simulator import WorldError, WorldSettings, past_start
from ingest.simulator.kinds import planted_kinds
from ingest.simulator.settings import HardnessName, midnight, most_rings


def test_defaults_are_the_demo_world() -> None:
    settings = WorldSettings()
    assert (settings.callers, settings.days, settings.ring_count) == (20_000, 7, 6)


@pytest.mark.parametrize(
    ("callers", "rings"), [(200_000, 64), (50_000, 16), (20_000, 6), (3_000, 3), (700, 1), (500, 0)]
)
def test_rings_grow_with_the_world_and_never_beyond_one_percent(callers: int, rings: int) -> None:
    assert WorldSettings(callers=callers).ring_count == rings


@pytest.mark.parametrize("hardness", ["easy", "normal", "hard"])
def test_large_worlds_have_many_rings_however_well_these_hide(hardness: HardnessName) -> None:
    assert WorldSettings(callers=200_000, hardness=hardness).ring_count >= 40
    assert WorldSettings(callers=50_000, hardness=hardness).ring_count >= 12


def test_all_faults_come_at_once() -> None:
    with pytest.raises(WorldError) as error:
        WorldSettings(
            callers=3,
            days=0,
            seed=-1,
            hardness="brutal",  # type: ignore[arg-type]  # faulty on purpose
            start="May",
            format="xls",  # type: ignore[arg-type]  # faulty on purpose
            label_share=2,
            label_delay=-1,
        )
    for word in ("callers", "days", "seed", "hardness", "start", "format", "label_share", "label_delay"):
        assert word in str(error.value)


def test_more_rings_than_one_percent_allows_are_refused() -> None:
    allowed = most_rings(2_000)
    assert WorldSettings(callers=2_000, rings=allowed).ring_count == allowed
    with pytest.raises(WorldError, match=f"0 to {allowed}"):
        WorldSettings(callers=2_000, rings=allowed + 1)


def test_a_world_that_reaches_into_the_future_is_refused() -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    with pytest.raises(WorldError, match="earlier start"):
        WorldSettings(start=yesterday.isoformat(), days=7)


def test_midnight_is_local() -> None:
    assert midnight(date(2026, 5, 1)) == int(datetime(2026, 4, 30, 18, 30, tzinfo=UTC).timestamp()) * 1_000_000


def test_kinds_that_do_not_exist_are_named() -> None:
    with pytest.raises(WorldError, match="fraud_types names teleportation; there are"):
        planted_kinds(WorldSettings(fraud_types=("teleportation", "wangiri")))


@pytest.mark.parametrize("days", [1, 7, 250, 366])
def test_a_world_of_any_length_has_a_start_in_the_past(days: int) -> None:
    start = past_start(days)
    assert start <= WorldSettings.start
    assert WorldSettings(days=days, start=start).first_day == date.fromisoformat(start)
