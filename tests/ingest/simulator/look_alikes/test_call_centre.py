from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.land.numbering import BLOCK
from ingest.simulator.rhythm import SECOND
from tests.ingest.simulator.look_alikes.habits import fanout, made_by, medians, per_number
from tests.ingest.simulator.worlds import Made, alone, distinct_callees


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("call_centre")


def test_agents_call_strangers_and_talk_like_people(made: Made) -> None:
    calls = made_by(made, "call_centre")
    assert np.median(fanout(calls)) > 0.8
    assert (calls.talk_ms[calls.answered] >= 120 * SECOND).mean() > 0.12


def test_centres_differ_in_volume_and_in_talk(made: Made) -> None:
    talk, volume = medians(made, "call_centre", made_by(made, "call_centre")), per_number(made_by(made, "call_centre"))
    assert talk.max() > 1.5 * talk.min()
    assert np.percentile(volume, 90) > 2.5 * np.percentile(volume, 10)


def test_a_centre_has_its_numbers_in_a_row_and_no_devices(made: Made) -> None:
    staff = made.staff("call_centre")
    assert all(len(set((staff.of(employer) // BLOCK).tolist())) == 1 for employer in range(staff.employers))
    assert (made_by(made, "call_centre").device < 0).all()


def test_agents_of_a_centre_share_customers(made: Made) -> None:
    reached = distinct_callees(made_by(made, "call_centre"))
    agents = [reached[slot] for slot in made.staff("call_centre").of(0).tolist() if slot in reached]
    assert len(set.union(*agents)) < sum(map(len, agents))
