"""Impersonation: openers work through a shared list by a script; whoever is hooked is soon called by a closer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.rounds import Pitch, daily_volume, draw_pitch, market_of, work_through
from ingest.simulator.habits.worklists import WorkList, share_out
from ingest.simulator.land.country import Country
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation
from ingest.simulator.outcomes import attempts, missed, ringing_back
from ingest.simulator.randomness import BoolArray, IntArray
from ingest.simulator.rhythm import HOUR, MINUTE, SECOND, Day, after
from ingest.simulator.settings import Hardness

NEEDS = Needs(numbers="scattered", posts=(6, 24), rests=True)


class Script(NamedTuple):
    """A story, and how it is told; pairs are drawn from, ring by ring."""

    hours: tuple[float, float]  # local
    attempts: tuple[int, int]  # of an opener a day
    opening_s: tuple[float, float]  # median of the opening talk
    short_share: tuple[float, float]  # of the openings are hung up within 20 s
    closing_min: tuple[float, float]
    resumed: float  # of the closings go on in another call


# Many short openings and a few talks of more than 10–30 minutes: fraud-types.md. In a "digital arrest" the victim is
# kept on the line for hours (Indian Cyber Crime Coordination Centre, advisories of 2024).
SCRIPTS = {
    "kyc": Script((9.5, 18.5), (30, 60), (60, 140), (0.5, 0.7), (8, 25), 0.1),
    "lottery": Script((10, 20.5), (25, 50), (80, 180), (0.45, 0.65), (8, 20), 0.15),
    "bank": Script((9, 19.5), (30, 60), (45, 110), (0.45, 0.65), (8, 30), 0.15),
    "tax": Script((10, 17.5), (20, 45), (80, 180), (0.4, 0.65), (15, 45), 0.2),
    "digital_arrest": Script((9, 21), (15, 35), (40, 150), (0.5, 0.75), (30, 150), 0.6),
}
CLOSERS = 0.3  # of the posts: the last ones
HOOKED_MS = 60_000  # who talks so long is worth a closer
KEPT = 0.06  # of the hooked whom nobody takes over: the opener closes in the same call
CLOSER_WAITS_MIN = (3, 50)
RESUMED_AFTER_MIN = 6
TRIED_AGAIN = 0.15  # of the missed


@dataclass(frozen=True)
class ImpersonationRing:
    """Who calls whom on which day, planned; closers follow from what happens."""

    org: Organisation
    roles: Sequence[str]
    script: Script
    handoff: float
    pitch: Pitch
    work: WorkList
    claims: Sequence[Claim] = ()

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's openings, second tries, closings and the few calls back."""
        posts = self.org.at_work(day)
        first = work_through(rng, self.org, self.work, day, self.pitch, posts)
        opened = joined((first, self._tried_again(rng, missed(first))))
        hooked = opened.answered & (opened.talk_ms >= HOOKED_MS)
        closers = posts[np.array(self.roles)[posts] == "closer"]
        handed = hooked & (rng.random(len(opened)) < (self.handoff if len(closers) else 0.0))
        closing = self._closing(rng, day, opened.where(handed), closers)
        back = ringing_back(rng, missed(first), share=0.04, median_ms=HOUR, talk=self.pitch.talk)
        return joined((self._kept(rng, opened, hooked & ~handed), closing, self._resumed(rng, closing), back))

    def _tried_again(self, rng: np.random.Generator, again: Calls) -> Calls:
        again = again.where(rng.random(len(again)) < TRIED_AGAIN)
        later = after(rng, again.started, 1.5 * HOUR, 0.4)
        return attempts(
            rng, again.caller, again.callee, later, answer=0.5, talk=self.pitch.talk, campaign=again.campaign
        )

    def _kept(self, rng: np.random.Generator, opened: Calls, hooked: BoolArray) -> Calls:
        kept = hooked & (rng.random(len(opened)) < KEPT)
        return opened.but(talk_ms=np.where(kept, self._long(rng, len(opened)), opened.talk_ms))

    def _closing(self, rng: np.random.Generator, day: Day, handed: Calls, closers: IntArray) -> Calls:
        if not len(handed):
            return handed
        waits = (rng.uniform(*CLOSER_WAITS_MIN, len(handed)) * MINUTE).astype(np.int64)
        started = handed.started + handed.ring_ms + handed.talk_ms + waits
        post = rng.choice(closers, size=len(handed))
        closer, campaign = self.org.duty[day.index, post], self.org.campaigns[day.index, post]
        calls = attempts(rng, closer, handed.callee, started, answer=0.9, talk=self.pitch.talk, campaign=campaign)
        return calls.but(talk_ms=np.where(calls.answered, self._long(rng, len(calls)), 0))

    def _resumed(self, rng: np.random.Generator, closing: Calls) -> Calls:
        again = closing.where(closing.answered & (rng.random(len(closing)) < self.script.resumed))
        later = after(rng, again.started + again.ring_ms + again.talk_ms, RESUMED_AFTER_MIN * MINUTE, 0.6)
        return again.but(started=later, talk_ms=self._long(rng, len(again)))

    def _long(self, rng: np.random.Generator, count: int) -> IntArray:
        return (rng.uniform(*self.script.closing_min, count) * 60).astype(np.int64) * SECOND


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> ImpersonationRing:
    """Draw a script, part the posts into openers and closers and give each its part of the list."""
    script = list(SCRIPTS.values())[rng.integers(len(SCRIPTS))]
    openers = org.posts - max(1, round(CLOSERS * org.posts))
    daily = daily_volume(rng, org, hardness, script.attempts)
    daily[openers:] = (daily[openers:] * hardness.disguised).astype(np.int64)  # who hides opens and closes
    roles = ("opener",) * openers + ("closer",) * (org.posts - openers)
    pitch = draw_pitch(rng, hardness, hours=script.hours, median_s=script.opening_s, short_share=script.short_share)
    work = share_out(rng, org, market_of(rng, org, country, country.subscribers, daily), daily)
    return ImpersonationRing(org, roles, script, hardness.handoff, pitch, work)
