from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.rhythm import SECOND
from tests.ingest.simulator.look_alikes.habits import got_by, made_by, per_number
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("fixed_terminal")


def test_many_calls_out_and_few_in(made: Made) -> None:
    assert len(got_by(made, "fixed_terminal")) < 0.1 * len(made_by(made, "fixed_terminal"))


def test_a_terminal_stays_at_one_cell_and_is_a_device_of_its_own(made: Made) -> None:
    calls, members = made_by(made, "fixed_terminal"), made.staff("fixed_terminal").members
    cells = np.unique(np.stack((calls.caller, calls.cell)), axis=1)[0]
    assert np.median(np.unique(cells, return_counts=True)[1]) == 1
    assert len(np.unique(calls.device)) == len(np.unique(calls.caller)) <= len(members)


def test_people_talk_and_some_places_are_busy(made: Made) -> None:
    calls = made_by(made, "fixed_terminal")
    assert 30 * SECOND < np.median(calls.talk_ms[calls.answered]) < 150 * SECOND
    assert np.percentile(per_number(calls), 90) > 3 * np.percentile(per_number(calls), 10)
