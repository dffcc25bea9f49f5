"""What becomes of an attempt: answered or not, how long it rings, how long they talk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import INNOCENT, Calls
from ingest.simulator.randomness import BoolArray, FloatArray, IntArray, lognormal
from ingest.simulator.rhythm import SECOND, after


@dataclass(frozen=True)
class Talk:
    """Durations of answered calls: log-normal, a share of them cut short."""

    median_s: float
    sigma: float
    short_share: float = 0.0
    short_s: tuple[float, float] = (1.0, 20.0)
    longest_s: float = 7_200.0

    def draw(self, rng: np.random.Generator, count: int) -> IntArray:
        """Draw whole seconds, in milliseconds, as switches record them; at least one second."""
        talk = lognormal(rng, count, self.median_s, self.sigma)
        short = rng.random(count) < self.short_share
        talk = np.where(short, rng.uniform(*self.short_s, count), talk)
        return np.ceil(np.clip(talk, 1.0, self.longest_s)).astype(np.int64) * SECOND


EVERYDAY_TALK = Talk(median_s=75, sigma=1.15, short_share=0.08)
MISSED_CALL_SHARE = 0.06  # of unanswered everyday calls: rung once on purpose, "call me back"
UNREACHABLE_SHARE = 0.10  # of unanswered calls: busy, switched off, hung up at once


def attempts(
    rng: np.random.Generator,
    caller: IntArray,
    callee: IntArray,
    started: IntArray,
    *,
    answer: float | FloatArray,
    talk: Talk,
    campaign: int = INNOCENT,
) -> Calls:
    """Give calls with outcomes: answered with probability `answer`, else ringing 5–40 s, a few hardly at all."""
    count = len(caller)
    answered: BoolArray = rng.random(count) < answer
    ring = np.where(answered, _ring_until_answer(rng, count), _ring_in_vain(rng, count))
    talk_ms = np.where(answered, talk.draw(rng, count), 0)
    return Calls(caller, callee, started, answered, ring, talk_ms, np.full(count, campaign, dtype=np.int64))


def ringing_back(
    rng: np.random.Generator, calls: Calls, *, share: float, median_ms: float, talk: Talk, answer: float = 0.85
) -> Calls:
    """Give the calls that a share of `calls`' callees make back, belonging to the same campaign."""
    chosen = calls.where(rng.random(len(calls)) < share)
    started = after(rng, chosen.started + chosen.ring_ms, median_ms)
    back = attempts(rng, chosen.callee, chosen.caller, started, answer=answer, talk=talk)
    return Calls(back.caller, back.callee, back.started, back.answered, back.ring_ms, back.talk_ms, chosen.campaign)


def missed(calls: Calls) -> Calls:
    """Give the unanswered."""
    return calls.where(~calls.answered)


def _ring_until_answer(rng: np.random.Generator, count: int) -> IntArray:
    return np.clip(rng.gamma(2.2, 4_500, count), 1_200, 38_000).astype(np.int64)


def _ring_in_vain(rng: np.random.Generator, count: int) -> IntArray:
    ring = rng.integers(5 * SECOND, 40 * SECOND, count)
    kind = rng.random(count)
    ring = np.where(kind < UNREACHABLE_SHARE, rng.integers(0, 4 * SECOND, count), ring)
    on_purpose = kind > 1 - MISSED_CALL_SHARE
    return np.where(on_purpose, rng.integers(1_500, 4 * SECOND, count), ring)
