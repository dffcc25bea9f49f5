from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from ingest.simulator.randomness import generator
from ingest.simulator.rhythm import DAY, HOUR, IN_OFFICES, ON_WORKDAYS, WORKDAY, Day, Hours, by_day, moments


def day_of(iso: str) -> Day:
    return Day(0, date.fromisoformat(iso), 1_000_000 * DAY)


MONDAY, SATURDAY, SUNDAY = day_of("2026-05-04"), day_of("2026-05-09"), day_of("2026-05-10")
BAKRID, MUHARRAM = day_of("2026-05-27"), day_of("2026-06-26")  # a Wednesday, with greetings; a Friday, without


def test_hours_are_drawn_by_their_shares() -> None:
    drawn = (ON_WORKDAYS.draw(generator(1, "hours"), MONDAY, 200_000) - MONDAY.start) // HOUR
    shares = np.bincount(drawn, minlength=24) / len(drawn)
    assert shares == pytest.approx(WORKDAY / WORKDAY.sum(), abs=0.004)


def test_moments_lie_within_the_day_and_rarely_fall_together() -> None:
    drawn = moments(generator(1, "moments"), MONDAY, 50_000)
    assert drawn.min() >= MONDAY.start
    assert drawn.max() < MONDAY.end
    assert len(np.unique(drawn)) > 0.99 * len(drawn)


def test_an_hour_of_no_calls_has_none() -> None:
    only_noon = Hours(np.eye(24)[12])
    assert set((only_noon.draw(generator(1, "noon"), MONDAY, 1_000) - MONDAY.start) // HOUR) == {12}
    office = (IN_OFFICES.draw(generator(1, "office"), MONDAY, 10_000) - MONDAY.start) // HOUR
    assert office.min() >= 7


def test_offices_are_open_on_working_days() -> None:
    assert MONDAY.offices == 1
    assert 0 < SATURDAY.offices < 1
    assert SUNDAY.offices == BAKRID.offices == MUHARRAM.offices == 0


def test_on_feasts_people_ring_each_other() -> None:
    assert BAKRID.has_greetings
    assert not MUHARRAM.has_greetings
    assert BAKRID.busyness > MONDAY.busyness > MUHARRAM.busyness - 0.1
    assert by_day(BAKRID) is by_day(SUNDAY) is not by_day(MONDAY)
