from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from ingest.simulator.calls import SMS, Calls
from ingest.simulator.everyday.friends import private_circle
from ingest.simulator.everyday.texting import Texting
from ingest.simulator.randomness import generator
from ingest.simulator.rhythm import DAY, HOUR, Day

PEOPLE = 20_000
MOBILE = np.arange(PEOPLE) % 10 > 0  # every tenth is on a fixed line


def texts(iso: str) -> Calls:
    texting = Texting(private_circle(generator(1, "friends"), np.array([0, PEOPLE])), MOBILE, generator(1, "texting"))
    return texting.texts(Day(0, date.fromisoformat(iso), 1_000_000 * DAY), generator(1, "today"), np.ones(PEOPLE))


@pytest.fixture(scope="module")
def sent() -> Calls:
    return texts("2026-05-04")


def test_texts_are_no_calls(sent: Calls) -> None:
    assert (sent.kind == SMS).all()
    assert not sent.talk_ms.any()
    assert not sent.ring_ms.any()
    assert 0.97 < sent.answered.mean() < 1


def test_only_mobiles_text(sent: Calls) -> None:
    assert MOBILE[sent.caller].all()
    assert MOBILE[sent.callee].all()


def test_most_texts_are_part_of_a_conversation_of_two(sent: Calls) -> None:
    pair = np.minimum(sent.caller, sent.callee) * PEOPLE + np.maximum(sent.caller, sent.callee)
    order = np.lexsort((sent.started, pair))
    pair, caller, started = pair[order], sent.caller[order], sent.started[order]
    next_one = (np.diff(pair) == 0) & (np.diff(started) < HOUR)
    assert 0.5 < next_one.mean() < 0.8
    assert 0.7 < (np.diff(caller)[next_one] != 0).mean() < 0.95  # they take turns


def test_on_a_feast_there_are_more(sent: Calls) -> None:
    assert len(texts("2026-11-08")) > 2 * len(sent)
