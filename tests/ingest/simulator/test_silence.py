from __future__ import annotations

import numpy as np

from ingest.simulator.calls import Calls, each
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.silence import Silence


def test_the_rightful_holder_is_silent_for_a_time_and_the_ring_is_not() -> None:
    moments = np.array([5, 15, 15, 25, 15])
    slots = np.array([3, 3, 3, 3, 4])
    campaign = np.array([-1, -1, 0, -1, -1])
    calls = Calls(slots, slots + 1, moments, moments > 0, moments, moments, campaign)
    claim = Claim(np.array([3]), "swapped", 0, since=10, until=20, label="abused", silenced=True)
    assert Silence([claim], 10).lets(calls).tolist() == [True, False, True, True, True]


def test_without_claims_nobody_is_silent() -> None:
    slots = np.arange(3)
    calls = Calls(slots, slots, slots, slots > 0, slots, slots, each(-1))
    spoken = Claim(slots, "range", 0, since=0, until=9)
    assert Silence([spoken], 10).lets(calls).all()
