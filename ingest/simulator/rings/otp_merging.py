"""Call merging: during a talk with a fraudster the victim gets an automated OTP call and is made to merge the two.

Source: warnings of the National Payments Corporation of India (UPI) of February 2025: a stranger with an invitation or
a job asks to merge the call of "a friend", which is the bank's call with the code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.rounds import Pitch, daily_volume, draw_pitch, market_of, work_through
from ingest.simulator.habits.worklists import WorkList, share_out
from ingest.simulator.land.country import Country
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation
from ingest.simulator.outcomes import attempts, missed, ringing_back
from ingest.simulator.randomness import BoolArray, IntArray
from ingest.simulator.rhythm import HOUR, SECOND, Day
from ingest.simulator.settings import Hardness

NEEDS = Needs(numbers="scattered", posts=(6, 14), works=0.6)

ATTEMPTS = (18, 45)  # of a number a day
HOURS = ((9.5, 18.0), (10.0, 20.5), (11.0, 21.5))  # local; a ring keeps one of them
MEDIAN_S, SHORT_SHARE = (60, 160), (0.4, 0.65)  # of the talk, from ring to ring
HOOKED_MS = 45_000  # who talks so long may be asked to merge
MERGED = (0.2, 0.5)  # of the hooked, from ring to ring; fewer where less is handed over
LONGER_S = (40, 240)  # a talk with a merged call lasts longer
CODES_AT = (0.25, 0.85)  # of the talk: when the automated call comes in
CODE_S = (14, 45)  # "your code is …", twice over
CODE_ANSWERED = 0.85
SECOND_CODE = 0.3  # of the merged: another code is needed, for another payment or as the first was too late
SERVICES = (2, 5)  # whose codes a ring is after


@dataclass(frozen=True)
class MergingRing:
    """Who calls whom on which day, planned; the automated calls follow from what happens."""

    org: Organisation
    country: Country
    roles: Sequence[str]
    work: WorkList
    pitch: Pitch
    merged: float
    conference: float  # of the merged: a second member of the ring is in it, as the friend
    services: IntArray  # slots
    claims: Sequence[Claim] = ()

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls, the automated calls into them, and the few calls back."""
        posts = self.org.at_work(day)
        opened = work_through(rng, self.org, self.work, day, self.pitch, posts)
        hooked = opened.answered & (opened.talk_ms >= HOOKED_MS) & self.country.alive(day)[opened.callee]
        merged = hooked & (rng.random(len(opened)) < self.merged)
        longer = rng.integers(*LONGER_S, len(opened)) * SECOND
        opened = opened.but(talk_ms=opened.talk_ms + np.where(merged, longer, 0))
        first = opened.where(merged)
        second = first.where(rng.random(len(first)) < SECOND_CODE)
        back = ringing_back(rng, missed(opened), share=0.05, median_ms=HOUR, talk=self.pitch.talk)
        codes = (self._codes(rng, first), self._codes(rng, second))
        return joined((opened, *codes, self._friends(rng, day, first, posts), back))

    def _codes(self, rng: np.random.Generator, during: Calls) -> Calls:
        count = len(during)
        service = rng.choice(self.services, size=count)
        answered: BoolArray = rng.random(count) < CODE_ANSWERED
        ring = rng.integers(2_000, 9_000, count)
        talk = np.where(answered, rng.integers(*CODE_S, count) * SECOND, 0)
        return Calls(service, during.callee, _within(rng, during), answered, ring, talk, during.campaign)

    def _friends(self, rng: np.random.Generator, day: Day, during: Calls, posts: IntArray) -> Calls:
        joins = during.where(rng.random(len(during)) < self.conference)
        friend = self.org.duty[day.index, rng.choice(posts, size=len(joins))] if len(joins) else joins.caller
        friends = attempts(
            rng, friend, joins.callee, _within(rng, joins), answer=0.9, talk=self.pitch.talk, campaign=joins.campaign
        )
        return friends.where(friends.caller != joins.caller)


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> MergingRing:
    """Draw the ring's habits and the services that it is after."""
    daily = daily_volume(rng, org, hardness, ATTEMPTS)
    hours = HOURS[rng.integers(len(HOURS))]
    known = np.concatenate([country.services[name] for name in ("otp", "bank", "wallet")])
    return MergingRing(
        org=org,
        country=country,
        roles=("caller",) * org.posts,
        work=share_out(rng, org, market_of(rng, org, country, country.subscribers, daily), daily),
        pitch=draw_pitch(rng, hardness, hours=hours, median_s=MEDIAN_S, short_share=SHORT_SHARE),
        merged=float(rng.uniform(*MERGED)) * (0.5 + hardness.handoff),
        conference=hardness.handoff / 2,
        services=rng.choice(known, size=rng.integers(*SERVICES), replace=False),
    )


def _within(rng: np.random.Generator, calls: Calls) -> IntArray:
    """Draw a moment in each talk, early enough for an automated call to be over before it ends, as a rule."""
    share = rng.uniform(*CODES_AT, len(calls))
    moment: IntArray = calls.started + calls.ring_ms + (share * calls.talk_ms).astype(np.int64)
    return moment
