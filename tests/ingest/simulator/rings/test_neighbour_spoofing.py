from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.calls import Calls
from ingest.simulator.habits.near_numbers import near, shares
from ingest.simulator.land.numbering import BLOCK
from ingest.simulator.organisations.organisation import Organisation
from ingest.simulator.randomness import generator
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("neighbour_spoofing", rings=2)


def spoofed(made: Made, org: Organisation) -> Calls:
    calls = made.all_of(org)
    return calls.where(np.isin(calls.trunk, org.trunks))


def test_most_callees_see_a_number_like_their_own(made: Made) -> None:
    for org, _ in made.rings("neighbour_spoofing"):
        calls = spoofed(made, org)
        assert len(calls) / org.days_worked.sum() > 10
        alike = calls.caller // BLOCK == calls.callee // BLOCK
        assert 0.5 < alike.mean() < 1
        assert (calls.caller != calls.callee).all()


def test_a_number_is_used_a_few_times(made: Made) -> None:
    for org, _ in made.rings("neighbour_spoofing"):
        calls = spoofed(made, org)
        lent = calls.where(~np.isin(calls.caller, org.numbers))
        day = (lent.started - made.world.days[0].start) // 86_400_000
        uses = np.unique(np.stack((lent.caller, day)), axis=1, return_counts=True)[1]
        assert (uses <= 3).mean() > 0.9


def test_every_number_shown_is_known_to_the_truth(made: Made) -> None:
    for org, ring in made.rings("neighbour_spoofing"):
        claimed = {slot for claim in ring.claims for slot in claim.slots.tolist()}
        assert {claim.label for claim in ring.claims} == {"abused"}
        assert set(spoofed(made, org).caller.tolist()) <= claimed | set(org.numbers.tolist())


def test_near_numbers_are_other_subscribers_of_the_block(made: Made) -> None:
    country = made.world.census.country
    slots = country.subscribers[:200]
    neighbours, found = near(generator(1, "near"), country, slots)
    assert found.mean() > 0.8
    assert (neighbours[found] // BLOCK == slots[found] // BLOCK).all()
    assert (neighbours[found] != slots[found]).all()
    assert np.isin(neighbours[found], country.subscribers).all()


def test_three_calls_in_a_row_share_a_number_within_a_block() -> None:
    day, post = np.zeros(7, dtype=np.int64), np.array([0, 0, 0, 0, 0, 0, 1])
    callee = np.array([1, 2, 3, 4, 5, BLOCK, BLOCK + 1])
    assert shares(day, post, callee).tolist() == [0, 0, 0, 3, 3, 5, 6]
