from __future__ import annotations

import numpy as np
import phonenumbers
import pytest

from ingest.simulator.land.foreign import ABROAD
from ingest.simulator.land.numbering import (
    BLOCK,
    HELD,
    PLACES,
    REGIONS,
    SERIES_PER_REGION,
    Demand,
    NumberingPlan,
    draw_plan,
)
from ingest.simulator.land.register import Register
from ingest.simulator.randomness import generator
from ingest.simulator.settings import WorldError
from ingest.values.numbers import normalise


@pytest.fixture(scope="module")
def plan() -> NumberingPlan:
    people = np.full(len(REGIONS), 900)
    demand = Demand(people, people // 10, office=1_500, toll_free=2, abroad=300, premium=5)
    return draw_plan(generator(1, "test"), demand)


def test_shares_are_whole() -> None:
    assert sum(region.share for region in REGIONS) == pytest.approx(1.0)
    assert sum(country.share for country in ABROAD) == pytest.approx(1.0)


def test_every_series_is_valid_throughout() -> None:
    """Each mobile series and each area code, at both of its ends and in between."""
    for row, region in enumerate(REGIONS):
        series = [str(9_000 + row * SERIES_PER_REGION + n) for n in range(SERIES_PER_REGION)]
        for prefix in [*series, region.landline]:
            for filler in "0123456789":
                number = phonenumbers.parse(f"+91{prefix.ljust(10, filler)}")
                assert phonenumbers.is_valid_number(number), f"{region.name}: {number}"


def test_every_number_abroad_is_valid() -> None:
    for country in ABROAD:
        for filler in "0123456789":
            number = phonenumbers.parse(f"+{country.prefix.ljust(country.digits, filler)}")
            assert phonenumbers.is_valid_number(number), f"{country.name}: {number}"


def test_numbers_of_the_plan_are_distinct_and_as_ingest_spells_them(plan: NumberingPlan) -> None:
    names = plan.names().to_pylist()
    assert len(set(names)) == plan.slots
    for name in names[::97]:
        assert normalise(name, "IN").text == name


def test_sections_are_what_they_say(plan: NumberingPlan) -> None:
    names = plan.names().to_pylist()
    kinds = {
        section: {normalise(names[at * BLOCK], "IN").kind for at in blocks} for section, blocks in plan.sections.items()
    }
    assert kinds["mobile"] == kinds["landline"] == kinds["office"] == kinds["abroad"] == kinds["premium"] == {"e164"}
    assert (kinds["toll_free"], kinds["short"]) == ({"service"}, {"short"})
    hot = {PLACES[plan.regions[block]] for block in plan.sections["premium"]}
    assert hot <= {country.name for country in ABROAD if country.hot}


def test_blocks_have_room_for_their_holders(plan: NumberingPlan) -> None:
    blocks = np.bincount(plan.regions[: plan.mobile], minlength=len(REGIONS))
    assert (blocks == np.ceil(900 / (BLOCK * HELD))).all()
    assert len(plan.sections["office"]) == -(-1_500 // int(BLOCK * HELD))


def test_no_number_is_given_twice(plan: NumberingPlan) -> None:
    rng, register = generator(2, "test"), Register(plan)
    taken = [register.take_in_region(rng, 3, 500), register.take_in_region(rng, 3, 500)]
    taken.append(register.take_in_block(rng, int(taken[0][0]) // BLOCK, 50))
    slots = np.concatenate(taken)
    assert len(np.unique(slots)) == 1_050
    assert register.taken.sum() == 1_050
    assert set(plan.region_of(slots)) == {3}


def test_customers_have_blocks_of_their_own(plan: NumberingPlan) -> None:
    rng, register = generator(2, "test"), Register(plan)
    blocks = [set((register.take(rng, "premium", 20) // BLOCK).tolist()) for _ in range(5)]
    assert all(len(block) == 1 for block in blocks)
    assert len(set.union(*blocks)) == 5


def test_a_full_region_is_said_to_be_full(plan: NumberingPlan) -> None:
    with pytest.raises(WorldError, match="free numbers"):
        Register(plan).take_in_region(generator(3, "test"), 0, 10 * BLOCK)
    with pytest.raises(WorldError, match="free numbers"):
        Register(plan).take(generator(3, "test"), "block", 2 * BLOCK)


def test_very_many_numbers_are_laid_out_without_a_clash() -> None:
    people = np.full(len(REGIONS), 400_000)
    demand = Demand(people, people // 20, office=200_000, toll_free=20, abroad=60_000, premium=120)
    prefixes = draw_plan(generator(1, "large"), demand).prefixes
    assert len(set(prefixes.tolist())) == len(prefixes)


def test_a_series_without_room_is_named() -> None:
    people = np.full(len(REGIONS), 900)
    with pytest.raises(WorldError, match="has no room for so many numbers"):
        draw_plan(generator(1, "test"), Demand(people, people, office=1, toll_free=1, abroad=10_000_000, premium=1))
