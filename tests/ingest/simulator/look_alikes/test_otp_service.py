from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.calls import SMS, VOICE
from ingest.simulator.rhythm import SECOND
from tests.ingest.simulator.look_alikes.habits import by_night, fanout, got_by, made_by
from tests.ingest.simulator.worlds import Made, alone


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("otp_service")


def test_messages_are_short_and_nobody_is_rung_often(made: Made) -> None:
    calls = made_by(made, "otp_service")
    read = calls.where((calls.kind == VOICE) & calls.answered)
    assert read.talk_ms.max() < 90 * SECOND
    assert np.median(read.talk_ms) < 30 * SECOND
    assert np.median(fanout(calls)) > 0.95


def test_some_texts_and_some_calls_at_all_hours(made: Made) -> None:
    calls = made_by(made, "otp_service")
    assert 0.05 < (calls.kind == SMS).mean() < 0.95
    assert 0.04 < by_night(made, calls).mean() < 0.4


def test_nobody_rings_back(made: Made) -> None:
    assert len(got_by(made, "otp_service")) < 0.01 * len(made_by(made, "otp_service"))
