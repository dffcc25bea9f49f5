from __future__ import annotations

import numpy as np

from ingest.simulator.rhythm import MINUTE
from tests.ingest.simulator.conftest import MakeWorld
from tests.ingest.simulator.worlds import Made, alone


def test_talk_has_two_humps_short_openings_and_a_few_very_long_ones(normal: Made) -> None:
    for org, _ in normal.rings("impersonation"):
        calls = normal.of(org)
        talk = calls.talk_ms[calls.answered]
        assert (talk < 20_000).mean() > 0.3
        assert 0.005 < (talk >= 8 * MINUTE).mean() < 0.25


def test_a_closer_calls_within_the_hour_whom_an_opener_has_hooked(normal: Made) -> None:
    handed = 0
    for org, ring in normal.rings("impersonation"):
        closers = org.numbers[(np.array(ring.roles) == "closer")[org.timeline.post]]
        calls = normal.of(org)
        long = calls.where(np.isin(calls.caller, closers) & (calls.talk_ms >= 8 * MINUTE))
        for victim, closer, started in zip(long.callee, long.caller, long.started, strict=True):
            earlier = calls.where((calls.callee == victim) & (calls.caller != closer))
            waited = started - (earlier.started + earlier.ring_ms + earlier.talk_ms)
            handed += bool(((waited >= 0) & (waited <= 60 * MINUTE)).any())
    assert handed > 10


def test_scripts_differ_in_hours_and_length() -> None:
    made = alone("impersonation", hardness="easy", rings=4, callers=4_000, days=4)
    rings = made.rings("impersonation")
    openings = [made.of(org) for org, _ in rings]
    assert len({tuple(vars(ring)["script"]) for _, ring in rings}) > 1
    latest = [((calls.started - made.world.days[0].start) % 86_400_000).max() / 3_600_000 for calls in openings]
    assert max(latest) - min(latest) > 0.4


def test_office_days_are_kept(normal: Made) -> None:
    sunday = next(day for day in normal.world.days if day.is_sunday)
    for org, _ in normal.rings("impersonation"):
        calls = normal.of(org)
        assert not ((calls.started >= sunday.start + 4 * 60 * MINUTE) & (calls.started < sunday.end)).any()


def test_who_hides_has_openers_that_close_and_closers_that_open(at_hardness: MakeWorld) -> None:
    def opened_by_closers(made: Made) -> int:
        found = 0
        for org, ring in made.rings("impersonation"):
            closers = org.numbers[(np.array(ring.roles) == "closer")[org.timeline.post]]
            calls = made.of(org)
            found += int((np.isin(calls.caller, closers) & (calls.talk_ms < 20_000) & calls.answered).sum())
        return found

    assert opened_by_closers(at_hardness("easy")) == 0
    assert opened_by_closers(at_hardness("hard")) > 3
