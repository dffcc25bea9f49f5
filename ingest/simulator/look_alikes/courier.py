"""Couriers: many short calls to different people of their beat; missed customers ring back."""

from __future__ import annotations

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import Talk, attempts, missed, ringing_back
from ingest.simulator.randomness import IntArray
from ingest.simulator.rhythm import MINUTE, Day, after, moments_between
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.05, numbers="own", employer=(10, 40))

AT_WORK = 0.85  # of the days
PARCELS = (20, 45)  # customers rung a day
BEAT = 450  # people who live on it
TALK = Talk(median_s=24, sigma=0.6, longest_s=600)
ONE_RING = 0.08  # of the customers: rung once, "I am at the gate"


class Couriers:
    """All couriers of the country."""

    def __init__(self, staff: Staff, country: Country, rng: np.random.Generator) -> None:
        self.members = staff.members
        self.people = country.people
        self.beat_start, self.beat_size = _beats(staff.members, country, rng)

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's rounds."""
        at_work = rng.random(len(self.members)) < AT_WORK
        rounds = np.repeat(np.arange(len(self.members)), rng.integers(*PARCELS, len(self.members)) * at_work)
        courier = self.members[rounds]
        place = self.beat_start[rounds] + (rng.random(len(rounds)) * self.beat_size[rounds]).astype(np.int64)
        customer = self.people[place]
        apart = courier != customer
        started = moments_between(rng, day, len(rounds), 9, 20)
        first = _one_ring(rng, attempts(rng, courier[apart], customer[apart], started[apart], answer=0.64, talk=TALK))
        return joined((first, _again(rng, first), *_customers_ring(rng, first)))


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> Couriers:
    """Give every courier a beat around home."""
    return Couriers(staff, country, rng)


def _beats(members: IntArray, country: Country, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    region = country.plan.region_of(members)
    start, end = country.region_start[region], country.region_start[region + 1]
    size = np.minimum(BEAT, end - start)
    return start + (rng.random(len(members)) * (end - start - size + 1)).astype(np.int64), size


def _one_ring(rng: np.random.Generator, calls: Calls) -> Calls:
    once = ~calls.answered & (rng.random(len(calls)) < ONE_RING / 0.36)  # 0.36 of the attempts are missed
    ring = np.where(once, rng.integers(1_500, 5_000, len(calls)), calls.ring_ms)
    return calls.but(ring_ms=ring)


def _again(rng: np.random.Generator, first: Calls) -> Calls:
    again = missed(first)
    again = again.where(rng.random(len(again)) < 0.3)
    return attempts(rng, again.caller, again.callee, after(rng, again.started, 5 * MINUTE, 0.5), answer=0.6, talk=TALK)


def _customers_ring(rng: np.random.Generator, first: Calls) -> tuple[Calls, Calls]:
    missed_ones = ringing_back(rng, missed(first), share=0.35, median_ms=7 * MINUTE, talk=TALK)
    impatient = ringing_back(rng, first.where(first.answered), share=0.05, median_ms=25 * MINUTE, talk=TALK)
    return missed_ones, impatient
