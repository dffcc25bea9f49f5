"""Wangiri: bursts of calls cut after one ring; some of the called ring back and stay on an expensive line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, each, joined
from ingest.simulator.habits.rounds import daily_volume, market_of
from ingest.simulator.habits.worklists import WorkList, share_out
from ingest.simulator.land.country import Country
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation
from ingest.simulator.outcomes import Talk, attempts, missed, ringing_back
from ingest.simulator.randomness import FloatArray, IntArray
from ingest.simulator.rhythm import HOUR, MINUTE, SECOND, Day, after
from ingest.simulator.settings import Hardness

NEEDS = Needs(numbers="block", posts=(6, 24), works=0.5, entities=("range",))

ATTEMPTS = (110, 200)  # of a number on a day of duty; fraud-types.md: a hundred an hour and more
BURSTS = (1, 3)  # a day, from ring to ring
LASTS_H = (0.4, 1.0)  # a burst
STARTS_H = (7.0, 21.5)
AT_NIGHT = (0.0, 0.4)  # of the bursts, from ring to ring: a missed call of the night is seen in the morning
NIGHT_H = (21.5, 23.5)
RING_S = (1.0, 3.0)  # one ring; longer with patience
PICKED_UP = (0.005, 0.05)  # too fast for the ringing to be cut; from ring to ring
RINGS_BACK = (0.03, 0.07)  # about 5 %: fraud-types.md
BACK_AFTER_MIN = (8.0, 40.0)  # median, from ring to ring
ON_THE_LINE_S = (60.0, 220.0)  # median, from ring to ring: music, a voice, "please hold"
RINGS_AGAIN = 0.15  # of those who rang back
LONGEST_S = 600


@dataclass(frozen=True)
class WangiriRing:
    """Who rings whom on which day, planned; no post rings a victim twice."""

    org: Organisation
    roles: Sequence[str]
    work: WorkList
    bursts: int  # of a post on a day, at most
    lasts_h: FloatArray  # [posts]
    at_night: float
    ring_s: float  # the longest
    picked_up: float
    rings_back: float
    back_after_ms: float
    on_the_line: Talk
    claims: Sequence[Claim] = ()

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's bursts and the calls back."""
        rung = joined(self._bursts(int(post), day, rng) for post in self.org.at_work(day))
        back = ringing_back(
            rng,
            missed(rung),
            share=self.rings_back,
            median_ms=self.back_after_ms,
            talk=self.on_the_line,
            answer=0.95,
        )
        return joined((rung, back, self._again(rng, back)))

    def _bursts(self, post: int, day: Day, rng: np.random.Generator) -> Calls:
        victims = self.work.of(day, post)
        count = len(victims)
        hours = self._begins(rng)[rng.integers(self.bursts, size=count)] + self.lasts_h[post] * rng.random(count)
        answered = rng.random(count) < self.picked_up
        return Calls(
            caller=np.full(count, self.org.duty[day.index, post]),
            callee=victims,
            started=day.start + (hours * HOUR).astype(np.int64),
            answered=answered,
            ring_ms=(rng.uniform(RING_S[0], self.ring_s, count) * SECOND).astype(np.int64),
            talk_ms=np.where(answered, rng.integers(1, 5, count) * SECOND, 0),
            campaign=each(int(self.org.campaigns[day.index, post])),
        )

    def _begins(self, rng: np.random.Generator) -> FloatArray:
        night = rng.random(self.bursts) < self.at_night
        return np.where(night, rng.uniform(*NIGHT_H, self.bursts), rng.uniform(*STARTS_H, self.bursts))

    def _again(self, rng: np.random.Generator, back: Calls) -> Calls:
        again = back.where(rng.random(len(back)) < RINGS_AGAIN)
        later = after(rng, again.started + again.ring_ms + again.talk_ms, 10 * MINUTE)
        return attempts(
            rng, again.caller, again.callee, later, answer=0.95, talk=self.on_the_line, campaign=again.campaign
        )


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> WangiriRing:
    """Draw the ring's habits and share its victims out."""
    daily: IntArray = daily_volume(rng, org, hardness, ATTEMPTS)
    return WangiriRing(
        org=org,
        roles=("caller",) * org.posts,
        work=share_out(rng, org, market_of(rng, org, country, country.subscribers, daily), daily),
        bursts=int(rng.integers(BURSTS[0], BURSTS[1] + 1)),
        lasts_h=rng.uniform(*LASTS_H, org.posts) * hardness.patience,
        at_night=float(rng.uniform(*AT_NIGHT)),
        ring_s=RING_S[1] * hardness.patience,
        picked_up=float(rng.uniform(*PICKED_UP)) * hardness.patience,
        rings_back=float(rng.uniform(*RINGS_BACK)),
        back_after_ms=float(rng.uniform(*BACK_AFTER_MIN)) * MINUTE,
        on_the_line=Talk(float(rng.uniform(*ON_THE_LINE_S)), 0.6, 0.1, (1.0, 15.0), LONGEST_S),
    )
