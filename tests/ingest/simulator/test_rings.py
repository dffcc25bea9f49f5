"""What holds of every ring of the first three types (docs/simulator.md): members are tied by shared victims."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from ingest.simulator.kinds import look_alike_kinds, ring_kinds
from ingest.simulator.land.numbering import BLOCK
from ingest.simulator.randomness import generator
from ingest.simulator.settings import HardnessName
from tests.ingest.simulator.conftest import MakeWorld
from tests.ingest.simulator.worlds import FIRST_TYPES, Made, distinct_callees


def test_the_folders_are_the_registry() -> None:
    assert set(FIRST_TYPES) <= set(ring_kinds())
    assert {"call_centre", "courier"} <= set(look_alike_kinds())


def test_types_are_planted_evenly(normal: Made) -> None:
    assert [len(normal.rings(name)) for name in FIRST_TYPES] == [4, 4, 4]


@pytest.mark.parametrize("name", FIRST_TYPES)
def test_members_share_victims_but_no_two_have_the_same(normal: Made, name: str) -> None:
    for org, _ in normal.rings(name):
        lists = distinct_callees(normal.of(org))
        shared = [len(a & b) / len(a | b) for a, b in combinations(lists.values(), 2)]
        assert np.mean(shared) > 0.004  # two random lists of the country share a tenth of that
        assert max(shared) < 0.9


@pytest.mark.parametrize("name", FIRST_TYPES)
def test_every_opener_and_caller_calls_under_every_number(normal: Made, name: str) -> None:
    for org, ring in normal.rings(name):
        roles = np.array(ring.roles)[org.timeline.post]
        assert set(org.numbers[roles != "closer"].tolist()) <= set(normal.of(org).caller.tolist())


def test_leased_numbers_lie_in_one_block_and_bought_ones_do_not(normal: Made) -> None:
    blocks = {name: [len(set(org.numbers // BLOCK)) for org, _ in normal.rings(name)] for name in FIRST_TYPES}
    assert set(blocks["wangiri"] + blocks["robocall"]) == {1}
    assert max(blocks["impersonation"]) > 1


@pytest.mark.parametrize("name", FIRST_TYPES)
def test_harder_worlds_call_less_and_mix_in_more_other_calls(at_hardness: MakeWorld, name: str) -> None:
    def volume_and_mix(hardness: HardnessName) -> tuple[float, float]:
        made = at_hardness(hardness)
        own = [len(made.of(org)) for org, _ in made.rings(name)]
        everything = [len(made.made_by(org.numbers)) for org, _ in made.rings(name)]
        duty = [org.days_worked.sum() for org, _ in made.rings(name)]
        return sum(own) / sum(duty), 1 - sum(own) / sum(everything)

    easy, easy_mix = volume_and_mix("easy")
    normal, normal_mix = volume_and_mix("normal")
    hard, hard_mix = volume_and_mix("hard")
    assert easy > normal > hard
    assert easy_mix < normal_mix < hard_mix


def test_members_call_each_other_for_cover_only_where_it_is_hard(at_hardness: MakeWorld) -> None:
    assert not sum(len(at_hardness("easy").among(org)) for org in at_hardness("easy").world.organisations)
    assert sum(len(at_hardness("hard").among(org)) for org in at_hardness("hard").world.organisations) > 50


def test_every_part_draws_for_itself_on_every_day() -> None:
    """So a new part leaves what the others do as it is."""
    assert generator(1, "everyday", 3).integers(1 << 60) == generator(1, "everyday", 3).integers(1 << 60)
    drawn = {generator(1, part, day).integers(1 << 60) for part in ("everyday", "courier") for day in range(-1, 5)}
    assert len(drawn) == 12
