"""Look-alikes share the surface of fraud, and differ from it where the innocent do."""

from __future__ import annotations

import numpy as np

from ingest.simulator.numbering import BLOCK
from ingest.simulator.randomness import IntArray
from tests.ingest.simulator.worlds import Made, distinct_callees


def reciprocity(made: Made, members: IntArray) -> float:
    """Share of the members' callees who call that member."""
    reached = distinct_callees(made.made_by(members))
    callers = distinct_callees(made.calls.where(np.isin(made.calls.callee, members)))
    pairs = [(callee, member) for member, callees in reached.items() for callee in callees]
    return float(np.mean([member in callers.get(callee, set()) for callee, member in pairs]))


def test_there_are_more_look_alikes_than_fraudulent_numbers(normal: Made) -> None:
    census = normal.world.census
    fraudulent = sum(len(ring.members) for ring in census.rings)
    assert sum(len(staff.members) for staff in census.staff.values()) > fraudulent


def test_couriers_call_many_people_shortly_and_are_called_back(normal: Made) -> None:
    couriers = normal.world.census.staff["courier"].members
    calls = normal.made_by(couriers)
    assert np.median([len(callees) for callees in distinct_callees(calls).values()]) > 60
    assert np.median(calls.talk_ms[calls.answered]) < 40_000
    assert 0.25 < (~calls.answered).mean() < 0.5
    assert reciprocity(normal, couriers) > 0.1


def test_couriers_stay_in_their_region(normal: Made) -> None:
    plan, couriers = normal.world.census.country.plan, normal.world.census.staff["courier"].members
    calls = normal.made_by(couriers)
    assert (plan.region_of(calls.caller) == plan.region_of(calls.callee)).mean() > 0.95


def test_call_centres_call_strangers_and_talk_like_people(normal: Made) -> None:
    agents = normal.world.census.staff["call_centre"].members
    calls = normal.made_by(agents)
    talk = calls.talk_ms[calls.answered]
    per_number = {caller: (calls.caller == caller).sum() for caller in agents.tolist()}
    fanout = [len(callees) / per_number[caller] for caller, callees in distinct_callees(calls).items()]
    assert np.median(fanout) > 0.9
    assert talk.mean() > 100_000
    assert (talk >= 120_000).mean() > 0.2
    assert 0.005 < reciprocity(normal, agents) < 0.1


def test_a_centre_has_its_numbers_in_a_row(normal: Made) -> None:
    staff = normal.world.census.staff["call_centre"]
    for employer in np.unique(staff.employer):
        assert len(set(staff.members[staff.employer == employer] // BLOCK)) == 1


def test_robocalls_have_a_steadier_pace_than_any_look_alike(normal: Made) -> None:
    def pace(members: IntArray) -> list[float]:
        calls = normal.calls.where((normal.calls.campaign >= 0) | np.isin(normal.calls.caller, agents))
        found = []
        for member in members:
            gaps = np.diff(np.sort(calls.started[calls.caller == member]))
            gaps = gaps[gaps < 3_600_000]
            found.append(float(gaps.std() / gaps.mean()))
        return found

    agents = np.concatenate([staff.members for staff in normal.world.census.staff.values()])
    robots = np.concatenate([members for _, members in normal.rings("robocall")])
    assert max(pace(robots)) < min(pace(agents))
