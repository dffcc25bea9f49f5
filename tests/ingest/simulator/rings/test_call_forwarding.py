from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.calls import FORWARD, INNOCENT, Calls
from ingest.simulator.organisations.organisation import Organisation, Ring
from ingest.simulator.randomness import BoolArray, IntArray
from ingest.simulator.rhythm import HOUR
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("call_forwarding", rings=3, days=6)


def numbers(org: Organisation, ring: Ring, role: str) -> IntArray:
    has: BoolArray = (np.array(ring.roles) == role)[org.timeline.post]
    return org.numbers[has]


def diverted(made: Made, org: Organisation) -> Calls:
    """Give what is diverted to the ring from its victims; a number with friends may get calls that these divert."""
    calls = made.calls.where((made.calls.kind == FORWARD) & np.isin(made.calls.forwarded_to, org.numbers))
    return calls.where(np.isin(calls.callee, calls.callee[calls.campaign != INNOCENT]))


def test_banks_calls_to_several_victims_go_to_one_number_of_the_ring(made: Made) -> None:
    services = np.concatenate([made.world.census.country.services[name] for name in ("otp", "bank", "wallet")])
    for org, ring in made.rings("call_forwarding"):
        calls = diverted(made, org)
        banks = calls.where(calls.campaign != INNOCENT)
        assert len(banks) > 5
        assert np.isin(banks.caller, services).all()
        assert np.isin(calls.forwarded_to, numbers(org, ring, "receiver")).all()
        victims = [len(np.unique(calls.callee[calls.forwarded_to == to])) for to in np.unique(calls.forwarded_to)]
        assert max(victims) >= 3


def test_acquaintances_are_diverted_too_and_no_part_of_the_campaign(made: Made) -> None:
    calls = [diverted(made, org) for org, _ in made.rings("call_forwarding")]
    assert sum((part.campaign == INNOCENT).sum() for part in calls) > 10


def test_a_line_is_forwarded_after_a_talk_with_an_opener_and_not_for_long(made: Made) -> None:
    for org, ring in made.rings("call_forwarding"):
        opened = made.of(org)
        opened = opened.where(np.isin(opened.caller, numbers(org, ring, "opener")) & (opened.talk_ms >= 120_000))
        calls = diverted(made, org)
        for victim, started in zip(calls.callee, calls.started, strict=True):
            ended = (opened.started + opened.ring_ms + opened.talk_ms)[opened.callee == victim]
            assert ((ended <= started) & (started < ended + 31 * HOUR)).any()


def test_most_openings_fail(made: Made) -> None:
    for org, _ in made.rings("call_forwarding"):
        assert len(np.unique(diverted(made, org).callee)) < 0.2 * len(np.unique(made.of(org).callee))
