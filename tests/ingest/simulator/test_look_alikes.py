"""Look-alikes share the surface of fraud, and differ from it where the innocent do."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator import WorldSettings, past_start
from ingest.simulator.land.numbering import BLOCK
from ingest.simulator.randomness import IntArray
from ingest.simulator.settings import HardnessName
from ingest.simulator.settling.wanted import wanted
from tests.ingest.simulator.worlds import Made, distinct_callees


def reciprocity(made: Made, members: IntArray) -> float:
    """Share of the members' callees who call that member."""
    reached = distinct_callees(made.made_by(members))
    callers = distinct_callees(made.calls.where(np.isin(made.calls.callee, members)))
    pairs = [(callee, member) for member, callees in reached.items() for callee in callees]
    return float(np.mean([member in callers.get(callee, set()) for callee, member in pairs]))


def test_there_are_ten_look_alikes_for_each_fraudulent_number(normal: Made) -> None:
    want = normal.world.census.wanted
    fraudulent = sum(len(ring.timeline.post) for ring in want.rings)
    assert sum(map(len, want.staffs.values())) >= 10 * fraudulent


@pytest.mark.parametrize(("hardness", "days"), [("easy", 90), ("normal", 45), ("hard", 60)])
def test_there_are_ten_for_each_number_that_ever_is_fraudulent_in_worlds_of_weeks(
    hardness: HardnessName, days: int
) -> None:
    want = wanted(WorldSettings(callers=20_000, days=days, start=past_start(days), hardness=hardness))
    fraudulent = sum(len(ring.timeline.post) + ring.needs.premium for ring in want.rings)
    assert sum(map(len, want.staffs.values())) >= 10 * fraudulent


@pytest.mark.parametrize("hardness", ["easy", "normal", "hard"])
def test_there_are_ten_for_each_number_of_any_month_in_worlds_of_months(hardness: HardnessName) -> None:
    want = wanted(WorldSettings(callers=20_000, days=90, start=past_start(90), hardness=hardness))
    look_alikes = sum(map(len, want.staffs.values()))
    for first in range(0, 61, 15):
        lines = [ring.timeline for ring in want.rings]
        of_month = sum(int(((line.since < first + 30) & (line.until > first)).sum()) for line in lines)
        assert look_alikes >= 10 * of_month


def test_couriers_call_many_people_shortly_and_are_called_back(normal: Made) -> None:
    couriers = normal.staff("courier").members
    calls = normal.made_by(couriers)
    assert np.median([len(callees) for callees in distinct_callees(calls).values()]) > 60
    assert np.median(calls.talk_ms[calls.answered]) < 40_000
    assert 0.25 < (~calls.answered).mean() < 0.5
    assert reciprocity(normal, couriers) > 0.1


def test_couriers_stay_in_their_region(normal: Made) -> None:
    plan, couriers = normal.world.census.country.plan, normal.staff("courier").members
    calls = normal.made_by(couriers)
    assert (plan.region_of(calls.caller) == plan.region_of(calls.callee)).mean() > 0.95


def test_call_centres_call_strangers_and_talk_like_people(normal: Made) -> None:
    agents = normal.staff("call_centre").members
    calls = normal.made_by(agents)
    talk = calls.talk_ms[calls.answered]
    per_number = {caller: (calls.caller == caller).sum() for caller in agents.tolist()}
    fanout = [len(callees) / per_number[caller] for caller, callees in distinct_callees(calls).items()]
    assert np.median(fanout) > 0.9
    assert talk.mean() > 100_000
    assert (talk >= 120_000).mean() > 0.2
    assert 0.005 < reciprocity(normal, agents) < 0.1


def test_a_centre_has_its_numbers_in_a_row(normal: Made) -> None:
    staff = normal.staff("call_centre")
    for employer in np.unique(staff.employer):
        assert len(set(staff.members[staff.employer == employer] // BLOCK)) == 1
