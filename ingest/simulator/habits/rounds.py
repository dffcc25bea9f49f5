"""Rounds: what the posts of a ring do with a day's part of their shared list, and how such cold calls go."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ingest.simulator.calls import Calls
from ingest.simulator.habits.worklists import WorkList
from ingest.simulator.land.country import Country
from ingest.simulator.land.numbering import REGIONS
from ingest.simulator.organisations.organisation import Organisation, efforts
from ingest.simulator.outcomes import Talk, attempts
from ingest.simulator.randomness import IntArray
from ingest.simulator.rhythm import HOUR, SECOND, Day, moments_between
from ingest.simulator.settings import Hardness

ANSWER = (0.4, 0.65)  # of calls from an unknown mobile, from ring to ring
SIGMA, HUNG_UP_S, LONGEST_S = 0.7, (2.0, 20.0), 900.0
ROOM = 4  # times as many targets as the busiest post needs

Range = tuple[float, float]


class Pitch(NamedTuple):
    """When a ring calls, who answers, and how long they talk."""

    hours: Range  # local; may go beyond midnight
    answer: float
    talk: Talk


def draw_pitch(
    rng: np.random.Generator, hardness: Hardness, *, hours: Range, median_s: Range, short_share: Range
) -> Pitch:
    """Draw a ring's way with cold calls; the harder, the more like talk among people."""
    median, short = rng.uniform(*median_s) * hardness.talk, rng.uniform(*short_share) / hardness.talk
    return Pitch(hours, float(rng.uniform(*ANSWER)), Talk(float(median), SIGMA, float(short), HUNG_UP_S, LONGEST_S))


def daily_volume(
    rng: np.random.Generator, org: Organisation, hardness: Hardness, full_blown: tuple[int, int]
) -> IntArray:
    """Draw the attempts of each post on a day of duty, [posts], at least one."""
    return np.ceil(rng.integers(*full_blown, org.posts) * efforts(rng, org.posts, hardness)).astype(np.int64)


def market(rng: np.random.Generator, org: Organisation, pool: IntArray, regions: IntArray, daily: IntArray) -> IntArray:
    """Give the targets of `pool`, at home in `regions` [pool], where the ring works; as wide as its volume asks for."""
    order = rng.permutation(len(REGIONS))
    there = np.bincount(regions, minlength=len(REGIONS))[order].cumsum()
    needed = ROOM * int((daily * org.days_worked).max(initial=0))
    reach = max(int(rng.choice(org.hardness.reach)), int(np.searchsorted(there, needed)) + 1)
    return pool[np.isin(regions, order[:reach])]


def market_of(
    rng: np.random.Generator, org: Organisation, country: Country, pool: IntArray, daily: IntArray
) -> IntArray:
    """Give the numbers of `pool` where the ring works."""
    return market(rng, org, pool, country.plan.region_of(pool), daily)


def work_through(
    rng: np.random.Generator, org: Organisation, work: WorkList, day: Day, pitch: Pitch, posts: IntArray
) -> Calls:
    """Give the calls of `posts`, all on duty, to their targets of the day, evenly over the pitch's hours."""
    targets = [work.of(day, post) for post in posts.tolist()]
    post = np.repeat(posts, np.array([len(part) for part in targets], dtype=np.int64))
    callee = np.concatenate([np.empty(0, dtype=np.int64), *targets])
    started = moments_between(rng, day, len(callee), *pitch.hours)
    caller, campaign = org.duty[day.index, post], org.campaigns[day.index, post]
    return attempts(rng, caller, callee, started, answer=pitch.answer, talk=pitch.talk, campaign=campaign)


def machine_paced(
    rng: np.random.Generator, day: Day, count: int, *, starts_h: Range, gap_s: float, jitter: float
) -> IntArray:
    """Draw the starts of a machine's attempts: one after the other, the gaps nearly even."""
    gaps = gap_s * (1 + jitter * rng.standard_normal(count)).clip(0.1)
    started: IntArray = day.start + int(rng.uniform(*starts_h) * HOUR) + (np.cumsum(gaps) * SECOND).astype(np.int64)
    return started
