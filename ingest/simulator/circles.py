"""Circles of friends: households, neighbours in a social space with far ends, and a few far-away ties.

Partners are drawn by a heavy-tailed distance in a line of people, so that friends of friends are often friends; how
many partners one has is log-normal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.country import Country
from ingest.simulator.randomness import BoolArray, FloatArray, IntArray, lognormal

HOUSEHOLDS = np.array([0.18, 0.26, 0.22, 0.18, 0.10, 0.06])  # shares of sizes 1 … 6
FRIENDS_MEDIAN, FRIENDS_SIGMA, MOST_FRIENDS = 2.2, 1.2, 250
NEAR, TAIL = 2.5, 1.3  # distance of a friend in the line of people: Pareto; wider for who has many
FEW_FRIENDS = 5
FAR_SHARE = 0.12  # of ties lead anywhere in the country
ONE_WAY_SHARE = 0.2  # of ties outside the household: only one of the two calls
HOUSEHOLD_CLOSENESS = 4.0


@dataclass(frozen=True)
class Ties:
    """Directed ties between people."""

    caller: IntArray  # [ties] slot
    callee: IntArray  # [ties] slot
    rate: FloatArray  # [ties] share of all everyday calls; sums to 1
    close: BoolArray  # [ties] of one household


def draw_ties(country: Country, rng: np.random.Generator) -> Ties:
    """Draw who knows whom, and how often each calls the other."""
    people = len(country.people)
    family, friends = _households(rng, people), _friends(country, rng)
    pairs = np.unique(np.concatenate((family, friends)))
    close = np.isin(pairs, family)
    a, b = np.divmod(pairs, people)
    activity = lognormal(rng, people, 1.0, 0.8)
    weight = lognormal(rng, len(pairs), 1.0, 1.1) * np.sqrt(activity[a] * activity[b])
    weight = np.where(close, HOUSEHOLD_CLOSENESS * weight, weight)
    balance = _balance(rng, close)
    rate = np.concatenate((weight * balance, weight * (1 - balance)))
    ends = np.concatenate((a, b)), np.concatenate((b, a))
    real = rate > 0
    caller, callee = country.people[ends[0][real]], country.people[ends[1][real]]
    return Ties(caller, callee, rate[real] / rate.sum(), np.concatenate((close, close))[real])


def _balance(rng: np.random.Generator, close: BoolArray) -> FloatArray:
    balance = rng.beta(3, 3, len(close))
    one_way = (rng.random(len(close)) < ONE_WAY_SHARE) & ~close
    return np.where(one_way, np.round(balance), balance)


def _households(rng: np.random.Generator, people: int) -> IntArray:
    sizes = rng.choice(np.arange(1, len(HOUSEHOLDS) + 1), size=people, p=HOUSEHOLDS)
    household = np.repeat(np.arange(people), sizes)[:people]
    pairs = []
    for apart in range(1, len(HOUSEHOLDS)):
        first = np.flatnonzero(household[:-apart] == household[apart:])
        pairs.append(first * people + first + apart)
    return np.concatenate(pairs)


def _friends(country: Country, rng: np.random.Generator) -> IntArray:
    people = len(country.people)
    count = lognormal(rng, people, FRIENDS_MEDIAN, FRIENDS_SIGMA).clip(0, MOST_FRIENDS).round().astype(np.int64)
    a = np.repeat(np.arange(people), count)
    b = np.where(
        rng.random(len(a)) < FAR_SHARE,
        rng.integers(people, size=len(a)),
        _near(country, rng, a, np.repeat(count, count)),
    )
    low, high = np.minimum(a, b), np.maximum(a, b)
    return np.unique((low * people + high)[low < high])


def _near(country: Country, rng: np.random.Generator, a: IntArray, friends: IntArray) -> IntArray:
    region = np.searchsorted(country.region_start, a, side="right") - 1
    start = country.region_start[region]
    size = country.region_start[region + 1] - start
    scale = NEAR * np.maximum(friends / FEW_FRIENDS, 1)
    distance = np.minimum(np.ceil(scale * (rng.pareto(TAIL, len(a)) + 0.2)), size).astype(np.int64)
    side = rng.choice(np.array([-1, 1]), size=len(a))
    near: IntArray = start + (a - start + side * distance) % size
    return near
