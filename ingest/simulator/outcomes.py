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


UNREACHABLE_SHARE = 0.05  # of unanswered calls: busy or switched off, so that nothing rings
HUNG_UP_SHARE = 0.07  # of unanswered calls: misdialled, thought better of
MISSED_CALL_SHARE = 0.07  # of unanswered everyday calls: rung once on purpose, "call me back"
MACHINE_SHARE = 0.03  # of answered calls: taken by a shop's menu, a car's kit, the mailbox of a phone that is off
LONGEST_RING_S = 45  # then the network gives up


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
    """Give calls with outcomes: answered with probability `answer`, else ringing up to 45 s, a few hardly at all."""
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


def at_once(rng: np.random.Generator, calls: Calls) -> Calls:
    """Give the same calls to machines, which answer within a second or two what they answer."""
    return calls.but(ring_ms=np.where(calls.answered, BY_MACHINE.draw(rng, len(calls)), calls.ring_ms))


def _ring_at_machine(rng: np.random.Generator, count: int) -> FloatArray:
    return np.clip(lognormal(rng, count, 1_000, 0.8), 100, 8_000)


def _ring_until_answer(rng: np.random.Generator, count: int) -> FloatArray:
    ring = np.clip(rng.gamma(2.2, 4_500, count), 300, 38_000)
    return np.where(rng.random(count) < MACHINE_SHARE, _ring_at_machine(rng, count), ring)


def _ring_in_vain(rng: np.random.Generator, count: int) -> FloatArray:
    """Draw from a mixture whose parts overlap, so that no length of ringing belongs to one habit alone."""
    shares = np.cumsum([UNREACHABLE_SHARE, HUNG_UP_SHARE, MISSED_CALL_SHARE])
    kind = np.searchsorted(shares, rng.random(count), side="right")
    hung_up, once = rng.gamma(1.5, 2.5 * SECOND, count), rng.gamma(5.0, 0.7 * SECOND, count)
    rung_out = LONGEST_RING_S * SECOND * rng.beta(1.6, 1.4, count)
    return np.choose(kind, (np.zeros(count), hung_up, once, rung_out)).clip(0, LONGEST_RING_S * SECOND)


BY_MACHINE = Quantiles(np.sort(_ring_at_machine(generator(0, "ringing at a machine"), STEPS)))
UNTIL_ANSWERED = Quantiles(np.sort(_ring_until_answer(generator(0, "ringing until answered"), STEPS)))
IN_VAIN = Quantiles(np.sort(_ring_in_vain(generator(0, "ringing in vain"), STEPS)))
