"""What becomes of an attempt: answered or not, how long it rings, how long they talk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ingest.simulator.calls import INNOCENT, Calls
from ingest.simulator.quantiles import STEPS, Quantiles
from ingest.simulator.randomness import BoolArray, FloatArray, IntArray, generator, lognormal
from ingest.simulator.rhythm import SECOND, after


class TalkTime(Protocol):
    """Durations of answered calls."""

    def draw(self, rng: np.random.Generator, count: int) -> IntArray:
        """Draw whole seconds, in milliseconds, as switches record them; at least one second."""
        ...


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


MISSED_CALL_SHARE = 0.06  # of unanswered everyday calls: rung once on purpose, "call me back"
UNREACHABLE_SHARE = 0.10  # of unanswered calls: busy, switched off, hung up at once


def attempts(
    rng: np.random.Generator,
    caller: IntArray,
    callee: IntArray,
    started: IntArray,
    *,
    answer: float | FloatArray | npt.NDArray[np.float32],
    talk: TalkTime,
    campaign: int | IntArray = INNOCENT,
) -> Calls:
    """Give calls with outcomes: answered with probability `answer`, else ringing 5–40 s, a few hardly at all."""
    count = len(caller)
    answered: BoolArray = rng.random(count) < answer
    ring = np.where(answered, UNTIL_ANSWERED.draw(rng, count), IN_VAIN.draw(rng, count))
    talk_ms = np.where(answered, talk.draw(rng, count), 0)
    return Calls(caller, callee, started, answered, ring, talk_ms, np.broadcast_to(campaign, count))


def ringing_back(
    rng: np.random.Generator, calls: Calls, *, share: float, median_ms: float, talk: TalkTime, answer: float = 0.85
) -> Calls:
    """Give the calls that a share of `calls`' callees make back, belonging to the same campaign."""
    chosen = calls.where(rng.random(len(calls)) < share)
    started = after(rng, chosen.started + chosen.ring_ms, median_ms)
    return attempts(rng, chosen.callee, chosen.caller, started, answer=answer, talk=talk, campaign=chosen.campaign)


def missed(calls: Calls) -> Calls:
    """Give the unanswered."""
    return calls.where(~calls.answered)


def _ring_until_answer(rng: np.random.Generator, count: int) -> FloatArray:
    return np.clip(rng.gamma(2.2, 4_500, count), 1_200, 38_000)


def _ring_in_vain(rng: np.random.Generator, count: int) -> FloatArray:
    ring = rng.uniform(5 * SECOND, 40 * SECOND, count)
    kind = rng.random(count)
    ring = np.where(kind < UNREACHABLE_SHARE, rng.uniform(0, 4 * SECOND, count), ring)
    on_purpose = kind > 1 - MISSED_CALL_SHARE
    return np.where(on_purpose, rng.uniform(1_500, 4 * SECOND, count), ring)


UNTIL_ANSWERED = Quantiles(np.sort(_ring_until_answer(generator(0, "ringing until answered"), STEPS)))
IN_VAIN = Quantiles(np.sort(_ring_in_vain(generator(0, "ringing in vain"), STEPS)))
