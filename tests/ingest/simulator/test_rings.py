"""Every ring carries the marks of its type (docs/simulator.md), and its members are tied by shared victims."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from ingest.simulator.calls import Calls
from ingest.simulator.kinds import look_alike_kinds, ring_kinds
from ingest.simulator.numbering import BLOCK
from ingest.simulator.randomness import IntArray, generator
from ingest.simulator.rhythm import HOUR, MINUTE
from ingest.simulator.settings import HardnessName
from tests.ingest.simulator.conftest import MakeWorld
from tests.ingest.simulator.worlds import Made, distinct_callees

TYPES = ("impersonation", "robocall", "wangiri")


def all_calls(made: Made, fraud_type: str) -> list[Calls]:
    return [made.of_campaign(row) for row, _ in made.rings(fraud_type)]


def busiest_hour(started: IntArray) -> int:
    ordered = np.sort(started)
    return int((np.searchsorted(ordered, ordered + HOUR) - np.arange(len(ordered))).max())


def test_the_folders_are_the_registry() -> None:
    assert tuple(ring_kinds()) == TYPES
    assert tuple(look_alike_kinds()) == ("call_centre", "courier")


def test_types_are_planted_evenly(normal: Made) -> None:
    assert [len(normal.rings(name)) for name in TYPES] == [4, 4, 4]


@pytest.mark.parametrize("name", TYPES)
def test_members_share_victims_but_no_two_have_the_same(normal: Made, name: str) -> None:
    for calls in all_calls(normal, name):
        lists = distinct_callees(calls)
        shared = [len(a & b) / len(a | b) for a, b in combinations(lists.values(), 2)]
        assert np.median(shared) > 0.02
        assert max(shared) < 0.9


@pytest.mark.parametrize("name", TYPES)
def test_every_member_calls(normal: Made, name: str) -> None:
    for row, members in normal.rings(name):
        assert set(normal.of_campaign(row).caller.tolist()) == set(members.tolist())


def test_wangiri_rings_once_in_bursts(normal: Made) -> None:
    for calls in all_calls(normal, "wangiri"):
        assert (calls.talk_ms == 0).mean() > 0.93
        assert ((calls.ring_ms >= 1_000) & (calls.ring_ms <= 3_000)).all()
        lists = distinct_callees(calls)
        assert all(len(lists[caller]) == (calls.caller == caller).sum() for caller in lists)
        assert max(busiest_hour(calls.started[calls.caller == caller]) for caller in lists) >= 100


def test_some_ring_a_wangiri_number_back_and_stay(normal: Made) -> None:
    for row, _ in normal.rings("wangiri"):
        calls, back = normal.of_campaign(row), normal.back_to(row)
        assert 0.015 < len(back) / len(calls) < 0.09
        assert 60_000 < np.median(back.talk_ms) < 360_000
        assert back.talk_ms.max() <= 360_000


def test_robocalls_are_short_even_and_sequential(normal: Made) -> None:
    for row, members in normal.rings("robocall"):
        calls = normal.of_campaign(row)
        talk = calls.talk_ms[calls.answered]
        assert talk.mean() < 60_000
        assert (talk < 60_000).mean() > 0.9
        assert (talk <= 6_000).mean() > 0.15
        for member in members:
            own = calls.where(calls.caller == member)
            gaps = np.diff(np.sort(own.started))
            in_session = gaps[gaps < HOUR]
            assert in_session.std() / in_session.mean() < 0.3
            assert (np.diff(own.callee) <= 10).mean() > 0.9


def test_robocalls_reach_dead_numbers_that_never_answer(normal: Made) -> None:
    held = normal.world.census.country.held
    for calls in all_calls(normal, "robocall"):
        dead = ~held[calls.callee]
        assert 0.2 < dead.mean() < 0.6
        assert not calls.answered[dead].any()
        assert (calls.ring_ms[dead] == 0).all()


def test_impersonators_open_short_and_close_long_within_the_hour(normal: Made) -> None:
    for row, members in normal.rings("impersonation"):
        roles = np.array(normal.world.rings[row].roles)
        calls = normal.of_campaign(row)
        opening = calls.where(np.isin(calls.caller, members[roles == "opener"]) & calls.answered)
        closing = calls.where(np.isin(calls.caller, members[roles == "closer"]))
        talked = closing.talk_ms[closing.answered]
        assert (opening.talk_ms < 20_000).mean() > 0.4
        assert (opening.talk_ms >= 60_000).mean() > 0.1
        assert len(talked) > 0
        assert ((talked >= 10 * MINUTE) & (talked <= 40 * MINUTE)).all()
        for victim, started in zip(closing.callee, closing.started, strict=True):
            earlier = opening.where(opening.callee == victim)
            waited = started - (earlier.started + earlier.ring_ms + earlier.talk_ms)
            assert ((waited >= 0) & (waited <= 60 * MINUTE)).any()


def test_impersonators_keep_office_days(normal: Made) -> None:
    sunday = next(day for day in normal.world.days if day.is_sunday)
    for calls in all_calls(normal, "impersonation"):
        assert not ((calls.started >= sunday.start) & (calls.started < sunday.end)).any()


def test_leased_numbers_lie_in_one_block_and_bought_ones_do_not(normal: Made) -> None:
    blocks = {name: [len(set(members // BLOCK)) for _, members in normal.rings(name)] for name in TYPES}
    assert set(blocks["wangiri"] + blocks["robocall"]) == {1}
    assert max(blocks["impersonation"]) > 1


@pytest.mark.parametrize("name", TYPES)
def test_harder_worlds_call_less_and_mix_in_more_innocent_calls(at_hardness: MakeWorld, name: str) -> None:
    def volume_and_mix(hardness: HardnessName) -> tuple[float, float]:
        made = at_hardness(hardness)
        members = np.concatenate([members for _, members in made.rings(name)])
        calls = made.made_by(members)
        return len(calls) / len(members), float((calls.campaign < 0).mean())

    easy, easy_mix = volume_and_mix("easy")
    normal, normal_mix = volume_and_mix("normal")
    hard, hard_mix = volume_and_mix("hard")
    assert easy > normal > hard
    assert easy_mix < normal_mix < hard_mix


def test_every_part_draws_for_itself_on_every_day() -> None:
    """So a new part leaves what the others do as it is."""
    assert generator(1, "everyday", 3).integers(1 << 60) == generator(1, "everyday", 3).integers(1 << 60)
    drawn = {generator(1, part, day).integers(1 << 60) for part in ("everyday", "courier") for day in range(-1, 5)}
    assert len(drawn) == 12
