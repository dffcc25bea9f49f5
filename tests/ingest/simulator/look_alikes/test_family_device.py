from __future__ import annotations

import numpy as np
import pytest

from tests.ingest.simulator.look_alikes.habits import made_by, per_number
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("family_device")


def test_the_sims_of_a_family_are_used_in_one_handset(made: Made) -> None:
    calls, staff = made_by(made, "family_device"), made.staff("family_device")
    shared = np.unique(np.stack((calls.device, calls.caller)), axis=1)[0]
    assert 1.5 < np.unique(shared, return_counts=True)[1].mean() <= 4
    assert all(len(staff.devices[at]) == 1 for at in range(staff.employers))
    assert len(np.unique(calls.sim)) >= len(np.unique(calls.caller))


def test_they_call_as_everybody_does(made: Made) -> None:
    everybody = np.median(per_number(made.everyday()))
    assert 0.6 * everybody < np.median(per_number(made_by(made, "family_device"))) < 1.6 * everybody
