"""Call forwarding: victims are talked into forwarding their line to the ring; then banks' and codes' calls go there.

Source: warnings of Indian operators and the Department of Telecommunications since 2022 and 2024: a "courier" or
"technician" has the victim dial a forwarding code such as *401* and a number of the ring's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ingest.simulator.calls import FORWARD, INNOCENT, Calls, each, joined
from ingest.simulator.habits.rounds import Pitch, daily_volume, draw_pitch, market_of, work_through
from ingest.simulator.habits.worklists import WorkList, share_out
from ingest.simulator.land.country import Country
from ingest.simulator.organisations.claims import Claim
from ingest.simulator.organisations.organisation import Needs, Organisation
from ingest.simulator.outcomes import Talk, at_once, attempts, missed, ringing_back
from ingest.simulator.randomness import BoolArray, IntArray
from ingest.simulator.rhythm import DAY, HOUR, MINUTE, SECOND, Day, after, moments_between
from ingest.simulator.settings import Hardness

NEEDS = Needs(numbers="scattered", posts=(6, 14))

RECEIVERS = 0.25  # of the posts: the last ones
ATTEMPTS = (20, 45)  # of an opener a day
HOURS = (9.5, 19.0)
MEDIAN_S, SHORT_SHARE = (50, 140), (0.4, 0.6)  # of the talk, from ring to ring
CAUGHT = (2, 6)  # victims of a ring a day
DIALLING_S = (150, 540)  # until the victim has dialled the code
FORWARDED_H = (1.5, 30.0)  # until the victim notices, or has made the code undone
DIVERTED = (2.0, 7.0)  # calls of banks and senders of codes to a victim in that time, from ring to ring
ACQUAINTED = 0.5  # calls of others in that time, for each of those: who forwards all, forwards friends too
CODE_S, HANGS_UP_S = (12, 60), (2, 15)
RINGS_BANK = 0.25  # of the diverted: the ring then rings the bank itself
TO_BANK = Talk(median_s=200, sigma=0.7, longest_s=1_800)


class Caught(NamedTuple):
    """Lines that are forwarded, a row each."""

    victim: IntArray  # slot
    opener: IntArray  # slot
    receiver: IntArray  # slot
    since: IntArray  # milliseconds since 1970-01-01T00:00Z
    until: IntArray
    campaign: IntArray

    def where(self, rows: BoolArray) -> Caught:
        """Give the chosen rows."""
        return Caught(*(column[rows] for column in self))


@dataclass(frozen=True)
class ForwardingRing:
    """Whom openers call, and whose lines are forwarded to whom and until when, planned."""

    org: Organisation
    country: Country
    roles: Sequence[str]
    work: WorkList
    pitch: Pitch
    diverted: float
    services: IntArray  # slots of banks and senders of codes
    caught: Caught
    claims: Sequence[Claim] = ()

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's openings, what is diverted from the victims, and the ring's own calls to banks."""
        opened = work_through(rng, self.org, self.work, day, self.pitch, self.org.at_work(day))
        back = ringing_back(rng, missed(opened), share=0.04, median_ms=HOUR, talk=self.pitch.talk)
        today = self.caught.where((self.caught.since < day.end) & (self.caught.until > day.start))
        diverted = self._diverted(rng, day, today)
        return joined((opened, back, self._talked_into(rng, day), diverted, self._to_banks(rng, diverted)))

    def _talked_into(self, rng: np.random.Generator, day: Day) -> Calls:
        caught = self.caught.where((self.caught.since >= day.start) & (self.caught.since < day.end))
        count = len(caught.victim)
        ring, talk = rng.integers(3_000, 20_000, count), rng.integers(*DIALLING_S, count) * SECOND
        answered = np.ones(count, dtype=np.bool_)
        return Calls(caught.opener, caught.victim, caught.since - ring - talk, answered, ring, talk, caught.campaign)

    def _diverted(self, rng: np.random.Generator, day: Day, caught: Caught) -> Calls:
        begins, ends = np.maximum(caught.since, day.start), np.minimum(caught.until, day.end)
        part = (ends - begins) / (caught.until - caught.since)
        row = np.repeat(np.arange(len(part)), rng.poisson((1 + ACQUAINTED) * self.diverted * part))
        count = len(row)
        started = begins[row] + (rng.random(count) * (ends - begins)[row]).astype(np.int64)
        friend = rng.random(count) < ACQUAINTED / (1 + ACQUAINTED)
        acquainted = self.country.subscribers[rng.integers(len(self.country.subscribers), size=count)]
        answered = rng.random(count) < 0.85
        seconds = np.where(friend, rng.integers(*HANGS_UP_S, count), rng.integers(*CODE_S, count))
        return Calls(
            caller=np.where(friend, acquainted, rng.choice(self.services, size=count)),
            callee=caught.victim[row],
            started=started,
            answered=answered,
            ring_ms=rng.integers(2_000, 15_000, count),
            talk_ms=np.where(answered, seconds * SECOND, 0),
            campaign=np.where(friend, INNOCENT, caught.campaign[row]),
            kind=each(FORWARD),
            forwarded_to=caught.receiver[row],
        )

    def _to_banks(self, rng: np.random.Generator, diverted: Calls) -> Calls:
        chosen = diverted.where((diverted.campaign != INNOCENT) & (rng.random(len(diverted)) < RINGS_BANK))
        later = after(rng, chosen.started + chosen.talk_ms, 10 * MINUTE)
        rung = attempts(
            rng, chosen.forwarded_to, chosen.caller, later, answer=0.95, talk=TO_BANK, campaign=chosen.campaign
        )
        return at_once(rng, rung)


def organise(org: Organisation, country: Country, hardness: Hardness, rng: np.random.Generator) -> ForwardingRing:
    """Part the posts into openers and receivers, share out the list, and draw whose lines are caught."""
    openers = org.posts - max(1, round(RECEIVERS * org.posts))
    daily = daily_volume(rng, org, hardness, ATTEMPTS)
    daily[openers:] = 0
    people = market_of(rng, org, country, country.subscribers, daily)
    known = np.concatenate([country.services[name] for name in ("bank", "otp", "wallet")])
    return ForwardingRing(
        org=org,
        country=country,
        roles=("opener",) * openers + ("receiver",) * (org.posts - openers),
        work=share_out(rng, org, people, daily),
        pitch=draw_pitch(rng, hardness, hours=HOURS, median_s=MEDIAN_S, short_share=SHORT_SHARE),
        diverted=float(rng.uniform(*DIVERTED)),
        services=rng.choice(known, size=rng.integers(3, 9), replace=False),
        caught=_caught(rng, org, country, people, openers, hardness.volume),
    )


def _caught(
    rng: np.random.Generator, org: Organisation, country: Country, people: IntArray, openers: int, volume: float
) -> Caught:
    parts = [_caught_on(rng, org, country, people, openers, volume, day) for day in country.days]
    return Caught(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _caught_on(
    rng: np.random.Generator,
    org: Organisation,
    country: Country,
    people: IntArray,
    openers: int,
    volume: float,
    day: Day,
) -> Caught:
    posts = org.at_work(day)
    opening, receiving = posts[posts < openers], posts[posts >= openers]
    working = len(opening) > 0 and len(receiving) > 0
    count = round(rng.integers(CAUGHT[0], CAUGHT[1] + 1) * min(volume, 1.0) + 0.5) if working else 0
    opener, receiver = (rng.choice(some, size=count) if count else np.arange(0) for some in (opening, receiving))
    since = moments_between(rng, day, count, HOURS[0] + 0.5, HOURS[1])
    until = since + (rng.uniform(*FORWARDED_H, count) * HOUR).astype(np.int64)
    gone = country.days[0].start + org.timeline.until[org.timeline.number[day.index, receiver]] * DAY
    caught = Caught(
        people[rng.integers(len(people), size=count)],
        org.duty[day.index, opener],
        org.duty[day.index, receiver],
        since,
        np.minimum(until, gone),
        org.campaigns[day.index, receiver],
    )
    return caught.where(country.alive(day)[caught.victim])
