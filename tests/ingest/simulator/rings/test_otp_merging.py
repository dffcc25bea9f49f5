from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.calls import Calls
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("otp_merging", rings=3, days=5)


def codes(made: Made, calls: Calls) -> Calls:
    services = np.concatenate([made.world.census.country.services[name] for name in ("otp", "bank", "wallet")])
    return calls.where(np.isin(calls.caller, services))


def test_an_automated_call_comes_to_a_victim_while_a_member_talks(made: Made) -> None:
    for org, _ in made.rings("otp_merging"):
        calls, automated = made.of(org), codes(made, made.back_to(org))
        assert len(automated) > 5
        for victim, started in zip(automated.callee, automated.started, strict=True):
            talk = calls.where((calls.callee == victim) & calls.answered)
            begins = talk.started + talk.ring_ms
            assert ((begins < started) & (started < begins + talk.talk_ms)).any()


def test_codes_are_short_and_most_are_heard_before_the_talk_ends(made: Made) -> None:
    for org, _ in made.rings("otp_merging"):
        automated = codes(made, made.back_to(org))
        assert automated.talk_ms.max() <= 45_000
        assert 0.6 < automated.answered.mean() <= 1


def test_most_calls_of_a_ring_have_no_automated_call_in_them(made: Made) -> None:
    for org, _ in made.rings("otp_merging"):
        calls, automated = made.of(org), codes(made, made.back_to(org))
        assert len(np.unique(automated.callee)) < 0.25 * len(calls)
        assert (calls.talk_ms[calls.answered] < 20_000).mean() > 0.25


def test_sometimes_a_second_member_is_in_the_conference(made: Made) -> None:
    joined = 0
    for org, _ in made.rings("otp_merging"):
        talks = made.of(org)
        for victim in np.unique(codes(made, made.back_to(org)).callee):
            joined += len(np.unique(talks.caller[talks.callee == victim])) > 1
    assert joined > 0
