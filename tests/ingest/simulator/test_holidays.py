from __future__ import annotations

from datetime import date

import pytest

from ingest.simulator.holidays import GREETINGS, MOVABLE, holiday


@pytest.mark.parametrize("year", [2001, 2025, 2026])
def test_the_national_holidays_are_in_every_year(year: int) -> None:
    assert holiday(date(year, 1, 26)) == "Republic Day"
    assert holiday(date(year, 8, 15)) == "Independence Day"
    assert holiday(date(year, 12, 25)) == "Christmas Day"


def test_movable_feasts_move() -> None:
    assert holiday(date(2025, 10, 20)) == holiday(date(2026, 11, 8)) == "Diwali"
    assert holiday(date(2026, 10, 20)) == "Dussehra"
    assert holiday(date(2025, 3, 4)) is None


def test_every_date_of_the_table_is_one_and_feasts_are_in_it() -> None:
    assert {date.fromisoformat(day).year for day in MOVABLE} == {2025, 2026}
    assert GREETINGS - {"Christmas Day"} <= set(MOVABLE.values())
