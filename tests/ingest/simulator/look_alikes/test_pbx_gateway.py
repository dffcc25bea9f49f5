from __future__ import annotations

import numpy as np
import pytest

from tests.ingest.simulator.look_alikes.habits import got_by, made_by, medians
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("pbx_gateway")


def test_many_numbers_on_one_device_at_one_cell(made: Made) -> None:
    calls, staff = made_by(made, "pbx_gateway"), made.staff("pbx_gateway")
    shared = np.unique(np.stack((calls.device, calls.caller)), axis=1)[0]
    assert np.unique(shared, return_counts=True)[1].max() >= 8
    firm = made.made_by(staff.of(0))
    assert np.unique(firm.cell, return_counts=True)[1].max() > 0.9 * len(firm)


def test_many_calls_out_and_few_in(made: Made) -> None:
    assert len(got_by(made, "pbx_gateway")) < 0.1 * len(made_by(made, "pbx_gateway"))


def test_talk_is_that_of_people(made: Made) -> None:
    talk = medians(made, "pbx_gateway", made_by(made, "pbx_gateway"))
    assert talk.min() > 15
    assert talk.max() > 1.2 * talk.min()
