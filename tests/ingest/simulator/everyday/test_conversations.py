from __future__ import annotations

import numpy as np

from ingest.simulator.everyday.conversations import AWAY, CLASSES, LONGEST_S, MEDIAN_S, Speech, draw_talkers
from ingest.simulator.outcomes import attempts
from ingest.simulator.randomness import generator


def test_talk_is_whole_seconds_of_at_least_one() -> None:
    talk = Speech(np.tile(np.arange(CLASSES), 5_000)).draw(generator(1, "talk"), CLASSES * 5_000)
    assert (talk % 1_000 == 0).all()
    assert talk.min() >= 1_000
    assert talk.max() <= LONGEST_S * 1_000


def test_the_talkative_talk_longer() -> None:
    rng = generator(1, "talk")
    quiet, talkative = (np.median(Speech(np.full(20_000, row)).draw(rng, 20_000)) for row in (0, CLASSES - 1))
    assert abs(quiet / 1_000 - MEDIAN_S[0]) < 2
    assert abs(talkative / 1_000 - MEDIAN_S[1]) < 8


def test_few_are_out_of_reach_for_a_day() -> None:
    talkers = draw_talkers(generator(1, "talkers"), 50_000)
    reach = talkers.reachable(generator(1, "today"))
    assert abs((reach == 0).mean() - AWAY) < 0.005
    assert (reach[reach > 0] == talkers.willing[reach > 0]).all()


def test_unanswered_attempts_ring_and_carry_no_talk() -> None:
    ends = np.zeros(20_000, dtype=np.int64)
    calls = attempts(generator(1, "tries"), ends, ends + 1, ends, answer=0.6, talk=Speech(ends))
    assert abs(calls.answered.mean() - 0.6) < 0.02
    assert (calls.talk_ms[~calls.answered] == 0).all()
    assert (calls.talk_ms[calls.answered] > 0).all()
    rung = calls.ring_ms[~calls.answered]
    assert 0.7 <= (rung >= 5_000).mean() <= 0.85  # others: busy, or rung once on purpose
    assert rung.max() <= 45_000
    assert 0 < (calls.ring_ms[calls.answered] < 1_200).mean() < 0.08  # by machines, and by who holds the phone
