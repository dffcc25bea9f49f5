"""Texts between friends: conversations in which the two take turns, within minutes.

Source of the shape: Wu et al., Evidence for a bimodal distribution in human communication, PNAS 2010 (bursts that two
people make by answering each other, begun at random times).
"""

from __future__ import annotations

import numpy as np

from ingest.simulator.activity import callers
from ingest.simulator.calls import SMS, Calls, each, joined
from ingest.simulator.everyday.circles import Circle
from ingest.simulator.randomness import BoolArray, FloatArray, IntArray, lognormal
from ingest.simulator.rhythm import MINUTE, Day, after, by_day

CONVERSATIONS = 0.07  # that a person begins a day, in the mean
SIGMA = 1.2  # of the logarithm: few people begin most
LONGEST = 12  # texts of a conversation
GOES_ON, TURNS = 0.66, 0.85  # another text follows; it is the other's
DELIVERED = 0.985
WAIT_MS, WAIT_SIGMA = 1.2 * MINUTE, 1.3  # until the next text, log-normal
GREETINGS = 2.5  # times as many on a feast


class Texting:
    """Who texts, and whom: the partners of the private circle, as far as both have a mobile."""

    def __init__(self, circle: Circle, mobile: BoolArray, rng: np.random.Generator) -> None:
        drawn = lognormal(rng, len(mobile), CONVERSATIONS * np.exp(-(SIGMA**2) / 2), SIGMA)
        self.circle, self.mobile = circle, mobile
        self.rate = (drawn * (mobile & (circle.degree > 0))).astype(np.float32)

    def texts(self, day: Day, rng: np.random.Generator, mood: FloatArray) -> Calls:
        """Give the texts of conversations that begin on a day, between rows of people."""
        sender = callers(rng, self.rate * mood * (GREETINGS if day.has_greetings else 1.0))
        receiver = self.circle.partners(rng, sender)
        both = self.mobile[receiver] & (mood[receiver] > 0)
        sender, receiver = sender[both], receiver[both]
        sent = by_day(day).draw(rng, day, len(sender))
        texts = []
        for _ in range(LONGEST):
            texts.append(_texts(rng, sender, receiver, sent))
            on = np.flatnonzero(rng.random(len(sent)) < GOES_ON)
            turned = rng.random(len(on)) < TURNS
            pair = sender[on], receiver[on]
            sender, receiver = np.where(turned, pair[::-1], pair)
            sent = after(rng, sent[on], WAIT_MS, WAIT_SIGMA)
        return joined(texts)


def _texts(rng: np.random.Generator, sender: IntArray, receiver: IntArray, sent: IntArray) -> Calls:
    nothing = np.zeros(len(sent), dtype=np.int64)
    delivered = rng.random(len(sent)) < DELIVERED
    return Calls(sender, receiver, sent, delivered, nothing, nothing, kind=each(SMS))
