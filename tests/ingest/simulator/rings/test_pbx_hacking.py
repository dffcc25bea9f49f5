from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.calls import Calls
from ingest.simulator.organisations.organisation import Organisation
from ingest.simulator.rhythm import DAY, HOUR, MINUTE
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("pbx_hacking", rings=2, days=10)


def to_range(made: Made, org: Organisation) -> Calls:
    calls = made.all_of(org)
    return calls.where(np.isin(calls.callee, org.premium))


def test_switchboards_are_tried_from_abroad_with_little_success(made: Made) -> None:
    country = made.world.census.country
    for org, _ in made.rings("pbx_hacking"):
        probes = made.of(org)
        assert np.isin(probes.callee, country.fixed).all()
        assert country.plan.within("abroad", org.numbers).all()
        assert probes.answered.mean() < 0.5
        assert probes.talk_ms.max() <= 30_000


def test_open_ones_call_a_range_at_night_and_long(made: Made) -> None:
    for org, _ in made.rings("pbx_hacking"):
        calls = to_range(made, org)
        assert len(calls) > 100
        hour = (calls.started - made.world.days[0].start) % DAY // HOUR
        days = np.array([day.is_free for day in made.world.days])
        free = days[(calls.started - made.world.days[0].start) // DAY]
        assert ((hour >= 20) | (hour < 6) | free).mean() > 0.75
        assert np.median(calls.talk_ms[calls.answered]) > 2 * MINUTE


def test_an_account_has_several_calls_at_once(made: Made) -> None:
    for org, _ in made.rings("pbx_hacking"):
        calls = to_range(made, org)
        callers, count = np.unique(calls.caller, return_counts=True)
        own = calls.where(calls.caller == callers[count.argmax()])
        ends = own.started + own.ring_ms + own.talk_ms
        assert max(((own.started <= start) & (ends > start)).sum() for start in own.started) >= 3


def test_each_account_was_tried_before_it_called(made: Made) -> None:
    for org, _ in made.rings("pbx_hacking"):
        calls, probes = to_range(made, org), made.of(org)
        for account in set(calls.caller.tolist()):
            assert probes.started[probes.callee == account].min() < calls.started[calls.caller == account].min()


def test_accounts_are_abused_companies_that_go_on_calling(made: Made) -> None:
    country = made.world.census.country
    for org, ring in made.rings("pbx_hacking"):
        claimed = np.unique(np.concatenate([claim.slots for claim in ring.claims]))
        assert {claim.label for claim in ring.claims} == {"abused"}
        assert set(to_range(made, org).caller.tolist()) <= set(claimed.tolist())
        assert np.isin(claimed, country.fixed).all()
        assert (made.made_by(claimed).campaign < 0).any()
