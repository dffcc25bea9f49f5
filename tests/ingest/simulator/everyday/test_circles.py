"""Whom people call: ranked partners, households, friends, teams."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.everyday.circles import Circle, Ties, draw_circle
from ingest.simulator.everyday.friends import private_circle
from ingest.simulator.everyday.workplaces import EMPLOYED, LARGEST, work_circle
from ingest.simulator.randomness import IntArray, generator

REGION_START = np.array([0, 3_000, 3_001, 5_000])  # one region has a single inhabitant


@pytest.fixture(scope="module", params=[private_circle, work_circle], ids=["private", "work"])
def circle(request: pytest.FixtureRequest) -> Circle:
    drawn: Circle = request.param(generator(1, "circle"), REGION_START)
    return drawn


def edges(circle: Circle) -> tuple[IntArray, IntArray]:
    return np.repeat(np.arange(len(circle.degree)), circle.degree), circle.partner.astype(np.int64)


def test_a_partner_is_another_person_and_is_named_once(circle: Circle) -> None:
    caller, partner = edges(circle)
    assert (caller != partner).all()
    assert partner.min() >= 0
    assert partner.max() < 5_000
    assert len(np.unique(caller * 5_000 + partner)) == len(caller)


def test_most_ties_go_both_ways(circle: Circle) -> None:
    caller, partner = edges(circle)
    both = np.isin(partner * 5_000 + caller, caller * 5_000 + partner).mean()
    assert 0.7 < both <= 1


def test_first_partners_get_most_calls(circle: Circle) -> None:
    busy = int(circle.degree.argmax())
    partners = circle.partners(generator(1, "calls"), np.full(4_000, busy))
    counts = np.bincount(partners, minlength=5_000)[circle.partner[circle.start[busy] : circle.start[busy + 1]]]
    assert counts.sum() == 4_000
    assert counts[0] == counts.max()
    assert counts[:3].sum() > 3 * counts.mean() * 1.5


def test_partners_are_ranked_by_strength() -> None:
    ties = Ties(np.zeros(3, np.int64), np.array([1, 2, 3]), np.array([1e-6, 1e6, 1.0]), np.ones(3, np.bool_))
    circle = draw_circle(generator(1, "ranks"), np.array([0, 4]), lambda first, size: ties)
    assert circle.partner.tolist() == [2, 3, 1]
    assert circle.degree.tolist() == [3, 0, 0, 0]


def test_colleagues_live_in_one_region_and_some_people_have_none() -> None:
    caller, partner = edges(work := work_circle(generator(2, "work"), REGION_START))
    assert (np.searchsorted(REGION_START, caller, "right") == np.searchsorted(REGION_START, partner, "right")).all()
    assert 0.8 * EMPLOYED < (work.degree > 0).mean() <= EMPLOYED
    assert work.degree.max() < LARGEST


def test_friends_are_mostly_near_and_some_far() -> None:
    caller, partner = edges(private_circle(generator(2, "friends"), REGION_START))
    apart = np.abs(caller - partner)
    assert 0.5 < (apart < 10).mean() < 0.95
    elsewhere = np.searchsorted(REGION_START, caller, "right") != np.searchsorted(REGION_START, partner, "right")
    assert 0.01 < elsewhere.mean() < 0.2


def test_equal_seeds_give_equal_circles() -> None:
    first, second = (private_circle(generator(3, "friends"), REGION_START) for _ in range(2))
    assert (first.partner == second.partner).all()
    assert (first.signature == second.signature).all()
