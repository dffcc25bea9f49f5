from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.calls import Calls
from ingest.simulator.land.carriers import from_abroad
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Organisation, Ring
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("cli_spoofing", rings=2)


def abused(ring: Ring) -> list[int]:
    return sorted({slot for claim in ring.claims for slot in claim.slots.tolist()})


def spoofed(made: Made, org: Organisation, ring: Ring) -> Calls:
    """Give the campaign's calls that come in from abroad, but for angry ones to the numbers shown, by who roams."""
    calls = made.all_of(org)
    return calls.where(from_abroad(calls.trunk) & ~np.isin(calls.callee, [*org.numbers.tolist(), *abused(ring)]))


def test_national_numbers_come_in_from_abroad_by_several_trunks(made: Made) -> None:
    country = made.world.census.country
    for org, ring in made.rings("cli_spoofing"):
        calls = spoofed(made, org, ring)
        national = (country.plan.within(section, calls.caller) for section in ("mobile", "landline"))
        assert np.logical_or(*national).all()
        assert (calls.device < 0).all()
        assert (calls.cell < 0).all()
        shown, count = np.unique(calls.caller, return_counts=True)
        busiest = calls.where(calls.caller == shown[count.argmax()])
        assert len(set(busiest.trunk.tolist())) > 1
        assert np.isin(calls.trunk, org.trunks).mean() > 0.7


def test_numbers_are_nobodys_or_an_innocents(made: Made) -> None:
    held = made.world.census.country.held
    for org, ring in made.rings("cli_spoofing"):
        calls = spoofed(made, org, ring)
        assert not held[org.numbers].any()
        assert set(calls.caller.tolist()) <= {*org.numbers.tolist(), *abused(ring)}
        assert 0.2 < np.isin(calls.caller, abused(ring)).mean() < 0.9


def test_innocents_are_claimed_for_the_time_of_the_abuse(made: Made) -> None:
    def within(claim: Claim, calls: Calls) -> bool:
        since, until = (np.broadcast_to(end, len(claim.slots)) for end in (claim.since, claim.until))
        at = np.searchsorted(claim.slots, calls.caller)
        return bool(((since[at] <= calls.started) & (calls.started < until[at])).all())

    for org, ring in made.rings("cli_spoofing"):
        calls = spoofed(made, org, ring)
        for claim in ring.claims:
            assert claim.label == "abused"
            assert within(claim, calls.where(np.isin(calls.caller, claim.slots) & (calls.campaign == claim.campaign)))


def test_the_called_ring_the_innocents_back(made: Made) -> None:
    for org, ring in made.rings("cli_spoofing"):
        calls = made.all_of(org)
        back = calls.where(np.isin(calls.callee, abused(ring)) & ~from_abroad(calls.trunk))
        assert len(back) >= 5
        assert np.median(back.talk_ms[back.answered]) < 60_000


def test_the_innocents_go_on_calling(made: Made) -> None:
    slots = np.concatenate([np.array(abused(ring)) for _, ring in made.rings("cli_spoofing")])
    own = made.made_by(slots)
    assert (own.campaign < 0).sum() > len(slots)
