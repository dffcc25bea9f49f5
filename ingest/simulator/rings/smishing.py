"""Smishing: a farm of SIMs texts a list in batches; some texts name a number to ring, where a closer answers.

The record holds no text: what is left is volume, new SIMs in few devices, no replies, and calls to the named number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import SMS, Calls, each, joined
from ingest.simulator.habits.rounds import daily_volume, machine_paced, market_of
from ingest.simulator.habits.worklists import WorkList, share_out
from ingest.simulator.land.country import Country
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation
from ingest.simulator.outcomes import Talk, attempts, missed, ringing_back
from ingest.simulator.randomness import BoolArray, FloatArray, IntArray
from ingest.simulator.rhythm import HOUR, MINUTE, SECOND, Day, after
from ingest.simulator.settings import Hardness

NEEDS = Needs(numbers="scattered", posts=(6, 20), works=0.55, per_device=4, entities=("device",))

TEXTS = (120, 320)  # of a sender a day
A_MINUTE = (2.0, 6.0)  # more than a hundred an hour: fraud-types.md; slower with patience
JITTER = (0.05, 0.5)  # of the pace, from ring to ring
STARTS_H, LONGEST_H = (8.0, 14.0), 8.0
INVENTED = (0.0, 0.3)  # of the recipients, from ring to ring: made up beside one of the list, held or not
DELIVERED = 0.97  # where somebody holds the number; the rest is filtered or full
REPLIES = (0.001, 0.008)
# "Your electricity will be cut tonight, ring the officer": warnings of Indian police and power companies since 2022.
HOTLINE = 0.5  # of the rings name a number to ring
CLOSERS = 0.2  # of the posts of such a ring: the last ones
RING_UP = (0.005, 0.02)  # of those who got the text
RUNG_AFTER_MIN = 50
PERSUADING = Talk(median_s=260, sigma=0.9, short_share=0.3, short_s=(3, 30), longest_s=2_400)


@dataclass(frozen=True)
class SmishingRing:
    """Who texts whom on which day, planned."""

    org: Organisation
    roles: Sequence[str]
    country: Country
    work: WorkList
    gap_s: FloatArray  # [posts]
    jitter: float
    invented: float
    replies: float
    ring_up: float  # 0: the text names no number
    claims: Sequence[Claim] = ()

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's texts, replies and calls to the number named, which rings back whom it missed."""
        posts = self.org.at_work(day)
        closing = np.array(self.roles)[posts] == "closer"
        texts = joined(self._batch(int(post), day, rng) for post in posts[~closing])
        got = texts.where(texts.answered)
        rung = self._rung(rng, day, got, posts[closing])
        back = ringing_back(rng, missed(rung), share=0.6, median_ms=20 * MINUTE, talk=PERSUADING)
        return joined((texts, self._replies(rng, got), rung, back))

    def _batch(self, post: int, day: Day, rng: np.random.Generator) -> Calls:
        callee = self._recipients(rng, self.work.of(day, post))
        count = len(callee)
        delivered = self.country.held[callee] & (rng.random(count) < DELIVERED)
        started = machine_paced(rng, day, count, starts_h=STARTS_H, gap_s=float(self.gap_s[post]), jitter=self.jitter)
        campaign = each(int(self.org.campaigns[day.index, post]))
        return _texts(np.full(count, self.org.duty[day.index, post]), callee, started, delivered, campaign)

    def _recipients(self, rng: np.random.Generator, listed: IntArray) -> IntArray:
        invented = rng.random(len(listed)) < self.invented
        callee = np.where(invented, self.country.neighbours(rng, listed), listed)
        return callee[~np.isin(callee, self.org.numbers)]

    def _replies(self, rng: np.random.Generator, got: Calls) -> Calls:
        reply = got.where(rng.random(len(got)) < self.replies)
        sent = after(rng, reply.started, 15 * MINUTE)
        return _texts(reply.callee, reply.caller, sent, rng.random(len(reply)) < DELIVERED, reply.campaign)

    def _rung(self, rng: np.random.Generator, day: Day, got: Calls, closers: IntArray) -> Calls:
        chosen = got.where(rng.random(len(got)) < (self.ring_up if len(closers) else 0.0))
        if not len(chosen):
            return chosen
        named = self.org.duty[day.index, rng.choice(closers, size=len(chosen))]
        later = after(rng, chosen.started, RUNG_AFTER_MIN * MINUTE)
        return attempts(rng, chosen.callee, named, later, answer=0.7, talk=PERSUADING, campaign=chosen.campaign)


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> SmishingRing:
    """Draw the ring's habits and share out its list of mobiles."""
    hotline = bool(rng.random() < HOTLINE)
    senders = org.posts - (max(1, round(CLOSERS * org.posts)) if hotline else 0)
    daily = daily_volume(rng, org, hardness, TEXTS)
    daily[senders:] = 0
    mobiles = country.subscribers[country.plan.within("mobile", country.subscribers)]
    gap = 60 / rng.uniform(*A_MINUTE, org.posts) * hardness.patience
    return SmishingRing(
        org=org,
        roles=("sender",) * senders + ("closer",) * (org.posts - senders),
        country=country,
        work=share_out(rng, org, market_of(rng, org, country, mobiles, daily), daily),
        gap_s=np.minimum(gap, LONGEST_H * HOUR / SECOND / np.maximum(daily, 1)),
        jitter=float(rng.uniform(*JITTER)),
        invented=float(rng.uniform(*INVENTED)),
        replies=float(rng.uniform(*REPLIES)),
        ring_up=float(rng.uniform(*RING_UP)) if hotline else 0.0,
    )


def _texts(caller: IntArray, callee: IntArray, sent: IntArray, delivered: BoolArray, campaign: IntArray) -> Calls:
    nothing = np.zeros(len(caller), dtype=np.int64)
    return Calls(caller, callee, sent, delivered, nothing, nothing, campaign, each(SMS))
