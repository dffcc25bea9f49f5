"""SIM swap: a victim's number moves to a blank SIM in a phone of the ring's, which then rings banks and gets codes.

One dealer serves several swaps: the phones are few, and the cells those where the ring sits. Source: GSMA FF.21 and
fraud-types.md; the first bank calls come within the hour, and the victim notices the dead phone within hours or days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ingest.simulator.calls import SMS, Calls, each, joined
from ingest.simulator.habits.rounds import Pitch, daily_volume, draw_pitch, market_of, work_through
from ingest.simulator.habits.worklists import WorkList, share_out
from ingest.simulator.land.country import Country
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation
from ingest.simulator.outcomes import Talk, at_once, attempts, missed, ringing_back
from ingest.simulator.randomness import BoolArray, IntArray
from ingest.simulator.rhythm import HOUR, MINUTE, SECOND, Day, after, moments_between
from ingest.simulator.settings import Hardness

NEEDS = Needs(numbers="scattered", posts=(6, 12), works=0.6, cells=2, sims=60, entities=("device", "cell"))

ATTEMPTS = (12, 35)  # of a number a day: calls to get details out of victims
HOURS = (9.5, 19.5)
MEDIAN_S, SHORT_SHARE = (60, 150), (0.35, 0.6)  # of the talk, from ring to ring
SWAPPED = (1, 3)  # victims of a ring a day on which it works
PREPARED_S = (120, 600)  # the last talk with the victim
PREPARED_H = (0.5, 2.5)  # before the swap
SWAPPED_H = (13.0, 20.5)
HELD_H = (5.0, 50.0)  # until the victim has the number back
USES = (4, 12)  # calls to banks and codes in that time, from ring to ring
FIRST_MIN = (4, 50)  # until the first of them
FADES = 2.5  # most uses come early: share of the time passed = chance to this power
TEXTED = 0.55  # of the uses are codes that come by SMS, the others calls to banks
TO_BANK = Talk(median_s=190, sigma=0.7, short_share=0.1, longest_s=1_800)
PER_DEVICE = (2, 5)  # victims' SIMs that one phone has had; fewer where devices are changed


class Swaps(NamedTuple):
    """Numbers taken over, a row each."""

    victim: IntArray  # slot
    caller: IntArray  # slot of who talked to the victim before
    since: IntArray  # milliseconds since 1970-01-01T00:00Z
    until: IntArray
    device: IntArray  # row
    sim: IntArray  # row
    cell: IntArray  # row
    campaign: IntArray

    def where(self, rows: BoolArray | IntArray) -> Swaps:
        """Give the chosen rows."""
        return Swaps(*(column[rows] for column in self))

    def hold(self, calls: Calls) -> BoolArray:
        """Tell whose callers had lost their number when they called."""
        order = np.append(np.argsort(self.victim), len(self.victim))
        at = np.searchsorted(self.victim, calls.caller, sorter=order[:-1])
        victim, since, until = (np.append(column, -1)[order[at]] for column in (self.victim, self.since, self.until))
        held: BoolArray = (victim == calls.caller) & (since <= calls.started) & (calls.started < until)
        return held


@dataclass(frozen=True)
class SwapRing:
    """Who calls whom, and whose numbers are taken over when, planned."""

    org: Organisation
    roles: Sequence[str]
    work: WorkList
    pitch: Pitch
    uses: int
    services: IntArray  # slots of banks
    codes: IntArray  # slots of senders of codes
    swaps: Swaps
    claims: Sequence[Claim]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls for details, and what is done under the numbers that are swapped that day."""
        opened = work_through(rng, self.org, self.work, day, self.pitch, self.org.at_work(day))
        back = ringing_back(rng, missed(opened), share=0.04, median_ms=HOUR, talk=self.pitch.talk)
        back = back.where(~self.swaps.hold(back))
        today = self.swaps.where((self.swaps.since >= day.start) & (self.swaps.since < day.end))
        return joined((opened, back, self._prepared(rng, today), *self._uses(rng, today)))

    def _prepared(self, rng: np.random.Generator, swaps: Swaps) -> Calls:
        count = len(swaps.victim)
        started = swaps.since - (rng.uniform(*PREPARED_H, count) * HOUR).astype(np.int64)
        ring, talk = rng.integers(3_000, 20_000, count), rng.integers(*PREPARED_S, count) * SECOND
        return Calls(swaps.caller, swaps.victim, started, np.ones(count, dtype=np.bool_), ring, talk, swaps.campaign)

    def _uses(self, rng: np.random.Generator, swaps: Swaps) -> tuple[Calls, Calls]:
        uses = swaps.where(np.repeat(np.arange(len(swaps.victim)), 1 + rng.poisson(self.uses - 1, len(swaps.victim))))
        first = uses.since + (rng.uniform(*FIRST_MIN, len(uses.since)) * MINUTE).astype(np.int64)
        passed = rng.random(len(first)) ** FADES * np.maximum(uses.until - first, 0)
        started = first + passed.astype(np.int64)
        texted = rng.random(len(first)) < TEXTED
        return self._rung(rng, uses.where(~texted), started[~texted]), self._texted(
            rng, uses.where(texted), started[texted]
        )

    def _rung(self, rng: np.random.Generator, uses: Swaps, started: IntArray) -> Calls:
        bank = rng.choice(self.services, size=len(started))
        calls = attempts(rng, uses.victim, bank, started, answer=0.95, talk=TO_BANK, campaign=uses.campaign)
        return at_once(rng, calls).but(device=uses.device, sim=uses.sim, cell=uses.cell)

    def _texted(self, rng: np.random.Generator, uses: Swaps, started: IntArray) -> Calls:
        code, nothing = rng.choice(self.codes, size=len(started)), np.zeros(len(started), dtype=np.int64)
        sent = after(rng, started, MINUTE)
        return Calls(code, uses.victim, sent, nothing == 0, nothing, nothing, uses.campaign, each(SMS))


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> SwapRing:
    """Draw the ring's habits and whose numbers it takes over."""
    daily = daily_volume(rng, org, hardness, ATTEMPTS)
    people = market_of(rng, org, country, country.subscribers, daily)
    swaps = _swaps(rng, org, country, people, hardness)
    return SwapRing(
        org=org,
        roles=("caller",) * org.posts,
        work=share_out(rng, org, people, daily),
        pitch=draw_pitch(rng, hardness, hours=HOURS, median_s=MEDIAN_S, short_share=SHORT_SHARE),
        uses=int(rng.integers(*USES)),
        services=rng.choice(country.services["bank"], size=4, replace=False),
        codes=rng.choice(np.concatenate([country.services["otp"], country.services["wallet"]]), size=5, replace=False),
        swaps=swaps,
        claims=[_claim(swaps.where(swaps.campaign == row), row) for row in np.unique(swaps.campaign).tolist()],
    )


def _swaps(
    rng: np.random.Generator, org: Organisation, country: Country, people: IntArray, hardness: Hardness
) -> Swaps:
    mobiles = people[country.plan.within("mobile", people)]
    days = np.flatnonzero((org.duty >= 0).any(axis=1))
    counts = np.ceil(rng.integers(SWAPPED[0], SWAPPED[1] + 1, len(days)) * min(hardness.volume, 1.0))
    day = np.sort(rng.permutation(np.repeat(days, counts.astype(np.int64)))[: min(len(org.sims), len(mobiles))])
    count = len(day)
    post = np.array([rng.choice(org.at_work(country.days[at])) for at in day.tolist()], dtype=np.int64)
    since = np.array([moments_between(rng, country.days[at], 1, *SWAPPED_H)[0] for at in day.tolist()], dtype=np.int64)
    per_device = max(1, round(rng.integers(*PER_DEVICE) * (0.4 + 0.6 * hardness.keeps_device)))
    swaps = Swaps(
        victim=mobiles[rng.choice(len(mobiles), size=count, replace=False)],
        caller=org.duty[day, post],
        since=since,
        until=since + (rng.uniform(*HELD_H, count) * HOUR).astype(np.int64),
        device=org.devices[np.arange(count) // per_device % len(org.devices)],
        sim=org.sims[:count],
        cell=rng.choice(org.cells, size=count),
        campaign=org.campaigns[day, post],
    )
    there = [country.alive(country.days[at])[swaps.victim[day == at]] for at in np.unique(day).tolist()]
    return swaps.where(np.concatenate([np.zeros(0, dtype=np.bool_), *there]))


def _claim(swaps: Swaps, campaign: int) -> Claim:
    return Claim(swaps.victim, "swapped", campaign, swaps.since, swaps.until, "abused", silenced=True)
