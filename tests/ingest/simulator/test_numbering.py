from __future__ import annotations

import numpy as np
import phonenumbers
import pytest

from ingest.simulator.numbering import (
    BLOCK,
    HELD,
    REGIONS,
    SERIES_PER_REGION,
    NumberingPlan,
    Register,
    draw_plan,
)
from ingest.simulator.randomness import generator
from ingest.simulator.settings import WorldError


@pytest.fixture(scope="module")
def plan() -> NumberingPlan:
    return draw_plan(generator(1, "test"), np.full(len(REGIONS), 900), offices=60)


def test_region_shares_are_whole() -> None:
    assert sum(region.share for region in REGIONS) == pytest.approx(1.0)


def test_every_series_is_valid_throughout() -> None:
    """Each mobile series and each area code, at both of its ends and in between."""
    for row, region in enumerate(REGIONS):
        series = [str(9_000 + row * SERIES_PER_REGION + n) for n in range(SERIES_PER_REGION)]
        for prefix in [*series, region.landline]:
            for filler in "0123456789":
                number = phonenumbers.parse(f"+91{prefix.ljust(10, filler)}")
                assert phonenumbers.is_valid_number(number), f"{region.name}: {number}"


def test_numbers_of_the_plan_are_distinct_e164(plan: NumberingPlan) -> None:
    names = plan.names().to_pylist()
    assert len(set(names)) == plan.slots
    for name in names[::97]:
        number = phonenumbers.parse(name)
        assert phonenumbers.is_valid_number(number)
        assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == name


def test_blocks_have_room_for_their_holders(plan: NumberingPlan) -> None:
    blocks = np.bincount(plan.regions[: plan.mobile], minlength=len(REGIONS))
    assert (blocks == np.ceil(900 / (BLOCK * HELD))).all()
    assert len(plan.prefixes) - plan.mobile == 60


def test_no_number_is_given_twice(plan: NumberingPlan) -> None:
    rng, register = generator(2, "test"), Register(plan)
    taken = [register.take_in_region(rng, 3, 500), register.take_in_region(rng, 3, 500)]
    taken.append(register.take_in_block(rng, int(taken[0][0]) // BLOCK, 50))
    slots = np.concatenate(taken)
    assert len(np.unique(slots)) == 1_050
    assert register.held.sum() == 1_050
    assert set(plan.region_of(slots)) == {3}


def test_a_full_region_is_said_to_be_full(plan: NumberingPlan) -> None:
    with pytest.raises(WorldError, match="free numbers"):
        Register(plan).take_in_region(generator(3, "test"), 0, 10 * BLOCK)
