from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.calls import FORWARD
from tests.ingest.simulator.look_alikes.habits import made_by
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("answering_service")


def test_calls_of_many_clients_are_forwarded_to_it(made: Made) -> None:
    members = made.staff("answering_service").members
    sent_on = made.calls.where(np.isin(made.calls.forwarded_to, members))
    assert (sent_on.kind == FORWARD).all()
    assert sent_on.answered.mean() > 0.8
    clients = np.unique(np.stack((sent_on.forwarded_to, sent_on.callee)), axis=1)[0]
    assert np.median(np.unique(clients, return_counts=True)[1]) > 5


def test_clients_are_told_what_came(made: Made) -> None:
    members = made.staff("answering_service").members
    sent_on, told = made.calls.where(np.isin(made.calls.forwarded_to, members)), made_by(made, "answering_service")
    assert np.isin(told.callee, sent_on.callee).mean() > 0.95
    assert 0 < len(told) < len(sent_on)
