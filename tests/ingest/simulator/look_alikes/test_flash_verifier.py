from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.land.numbering import BLOCK
from tests.ingest.simulator.look_alikes.habits import fanout, got_by, made_by, target_regions
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("flash_verifier")


def test_one_ring_and_no_talk(made: Made) -> None:
    calls = made_by(made, "flash_verifier")
    assert (calls.talk_ms == 0).mean() > 0.95
    rung = calls.ring_ms[calls.ring_ms > 0]
    assert rung.min() >= 800
    assert rung.max() <= 4_000


def test_numbers_of_one_block_take_turns_and_ring_people_once(made: Made) -> None:
    staff = made.staff("flash_verifier")
    assert all(len(set((staff.of(at) // BLOCK).tolist())) == 1 for at in range(staff.employers))
    assert np.median(fanout(made_by(made, "flash_verifier"))) > 0.95


def test_hardly_anybody_rings_back(made: Made) -> None:
    assert len(got_by(made, "flash_verifier")) < 0.02 * len(made_by(made, "flash_verifier"))


def test_people_from_everywhere(made: Made) -> None:
    regions = target_regions(made, made_by(made, "flash_verifier"))
    assert np.median(regions) > 4
