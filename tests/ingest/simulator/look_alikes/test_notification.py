from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.calls import SMS
from tests.ingest.simulator.look_alikes.habits import busiest_hour, fanout, got_by, made_by
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("notification")


def test_texts_only_to_many_at_once(made: Made) -> None:
    calls = made_by(made, "notification")
    assert (calls.kind == SMS).all()
    assert np.median(fanout(calls)) > 0.5
    staff = made.staff("notification")
    firms = [made.made_by(staff.of(at)).started for at in range(staff.employers)]
    assert max(busiest_hour(started) for started in firms if len(started)) > 60


def test_hardly_anybody_answers(made: Made) -> None:
    assert 0 < len(got_by(made, "notification")) < 0.03 * len(made_by(made, "notification"))
