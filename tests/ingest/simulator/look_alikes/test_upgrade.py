from __future__ import annotations

import numpy as np
import pytest

from tests.ingest.simulator.look_alikes.habits import made_by, per_number
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("upgrade")


def test_the_handset_changes_and_the_sim_stays(made: Made) -> None:
    calls = made_by(made, "upgrade")
    many = [slot for slot in made.staff("upgrade").members.tolist() if (calls.caller == slot).sum() >= 20]
    devices = [len(np.unique(calls.device[calls.caller == slot])) for slot in many]
    assert max(devices) == 2
    assert np.mean(devices) > 1.5
    assert all(len(np.unique(calls.sim[calls.caller == slot])) == 1 for slot in many)


def test_they_call_as_everybody_does(made: Made) -> None:
    everybody = np.median(per_number(made.everyday()))
    assert 0.6 * everybody < np.median(per_number(made_by(made, "upgrade"))) < 1.6 * everybody
