from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.calls import SMS, Calls
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Organisation, Ring
from ingest.simulator.rhythm import HOUR
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("sim_swap", rings=3, days=7)


def swapped(ring: Ring) -> list[Claim]:
    return [claim for claim in ring.claims if claim.label == "abused"]


def under_swapped(made: Made, org: Organisation) -> Calls:
    return made.calls.where(np.isin(made.calls.sim, org.sims))


def test_a_victim_s_number_calls_banks_with_a_new_sim_in_another_device_elsewhere(made: Made) -> None:
    for org, ring in made.rings("sim_swap"):
        calls = under_swapped(made, org)
        victims = np.concatenate([claim.slots for claim in swapped(ring)])
        assert len(calls) > 5
        assert np.isin(calls.caller, victims).all()
        assert np.isin(calls.device, org.devices).all()
        assert np.isin(calls.cell, org.cells).all()
        assert np.isin(calls.callee, made.world.census.country.services["bank"]).all()
        before = made.calls.where(np.isin(made.calls.caller, victims) & ~np.isin(made.calls.sim, org.sims))
        assert not np.isin(before.device, org.devices).any()


def test_several_victims_share_a_device_but_no_sim(made: Made) -> None:
    for org, _ in made.rings("sim_swap"):
        calls = under_swapped(made, org)
        assert max(len(np.unique(calls.caller[calls.device == device])) for device in np.unique(calls.device)) >= 2
        assert len(np.unique(calls.sim)) == len(np.unique(calls.caller))


def test_codes_are_texted_to_the_number_within_the_time(made: Made) -> None:
    for org, ring in made.rings("sim_swap"):
        texts = made.back_to(org)
        texts = texts.where(texts.kind == SMS)
        assert len(texts) > 5
        for claim in swapped(ring):
            for victim, since in zip(claim.slots.tolist(), np.asarray(claim.since).tolist(), strict=True):
                sent = texts.started[texts.callee == victim]
                assert ((sent > since) & (sent < since + 60 * HOUR)).all()


def test_the_rightful_holder_is_silent_meanwhile(made: Made) -> None:
    for org, ring in made.rings("sim_swap"):
        for claim in swapped(ring):
            both = zip(claim.slots, np.asarray(claim.since), np.asarray(claim.until), strict=True)
            for victim, since, until in both:
                own = made.made_by(np.array([victim]))
                own = own.where((own.started >= since) & (own.started < until))
                assert np.isin(own.sim, org.sims).all()


def test_a_member_talked_to_the_victim_before(made: Made) -> None:
    for org, ring in made.rings("sim_swap"):
        calls = made.of(org)
        for claim in swapped(ring):
            for victim, since in zip(claim.slots, np.asarray(claim.since), strict=True):
                talked = calls.where((calls.callee == victim) & (calls.talk_ms >= 120_000))
                assert ((talked.started < since) & (talked.started > since - 3 * HOUR)).any()
