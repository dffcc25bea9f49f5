from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.calls import SMS, VOICE, Calls
from ingest.simulator.rhythm import HOUR
from tests.ingest.simulator.worlds import Made, alone, distinct_callees


@pytest.fixture(scope="module")
def made() -> Made:
    return alone("smishing", hardness="easy", rings=4, days=5)


def texts(made: Made) -> list[Calls]:
    sent = [made.of(org) for org, _ in made.rings("smishing")]
    return [calls.where(calls.kind == SMS) for calls in sent]


def test_senders_text_a_hundred_people_an_hour_and_none_twice(made: Made) -> None:
    for sent in texts(made):
        busiest = np.sort(sent.started[sent.caller == np.bincount(sent.caller).argmax()])
        assert (np.searchsorted(busiest, busiest + HOUR) - np.arange(len(busiest))).max() > 100
        assert sum(map(len, distinct_callees(sent).values())) > 0.97 * len(sent)


def test_texts_have_no_talk_and_hardly_a_reply(made: Made) -> None:
    for (org, _), sent in zip(made.rings("smishing"), texts(made), strict=True):
        replies = made.back_to(org)
        assert not sent.talk_ms.any()
        assert not sent.ring_ms.any()
        assert 0.5 < sent.answered.mean() < 1
        assert (replies.kind == SMS).sum() < 0.02 * len(sent)


def test_numbers_share_devices(made: Made) -> None:
    for sent in texts(made):
        assert len(np.unique(sent.device)) < 0.6 * len(np.unique(sent.caller))


def test_some_rings_name_a_number_that_people_ring_and_talk_to(made: Made) -> None:
    hotlines = 0
    for org, ring in made.rings("smishing"):
        closers = org.numbers[(np.array(ring.roles) == "closer")[org.timeline.post]]
        rung = made.back_to(org)
        rung = rung.where(rung.kind == VOICE)
        assert np.isin(rung.callee, closers).all()
        hotlines += len(rung) > 3 and rung.talk_ms.max() > 120_000
    assert 0 < hotlines < len(made.rings("smishing"))
