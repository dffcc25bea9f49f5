"""The private circle: households, neighbours in a social space, and a few ties across the country.

Friends are drawn by a heavy-tailed distance in a line of people, so that friends of friends are often friends and
strong ties lie in dense places (Onnela et al., Structure and tie strengths in mobile communication networks, PNAS
2007); how many friends one has is log-normal.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from ingest.simulator.everyday.circles import Circle, Ties, draw_circle
from ingest.simulator.randomness import FloatArray, IntArray, lognormal

HOUSEHOLDS = np.array([0.18, 0.26, 0.22, 0.18, 0.10, 0.06])  # shares of sizes 1 … 6
FRIENDS_MEDIAN, FRIENDS_SIGMA, MOST_FRIENDS = 2.0, 1.1, 250  # named by one of the two
NEAR, TAIL = 1.5, 1.3  # distance of a friend in the line of people: Pareto; wider for who has many
FEW_FRIENDS = 5
FAR_FRIENDS = 0.25  # named by a person in the mean, anywhere; those in other regions count
ONE_WAY = 0.25  # of ties outside the household: only one of the two calls
HOUSEHOLD, ACROSS = 8.0, 0.4  # strength of a tie; a next neighbour's is 1
FADING = 0.5  # strength falls with the distance to this power
UNEQUAL = 0.9  # sigma of the logarithm of a tie's strength


def private_circle(rng: np.random.Generator, region_start: IntArray) -> Circle:
    """Draw the friends and families of all people; rows of one region lie together, near in life = near in rows."""
    return draw_circle(rng, region_start, partial(_near, rng), _far(rng, region_start))


def _near(rng: np.random.Generator, first: int, size: int) -> Ties:
    household = _households(rng, size)
    pairs = np.unique(np.concatenate((_housemates(household, size), _neighbours(rng, size))))
    a, b = np.divmod(pairs, max(size, 1))
    together = household[a] == household[b]
    apart = np.minimum(b - a, size - (b - a))
    strength = _strength(rng, np.where(together, HOUSEHOLD, apart**-FADING))
    return _named(rng, a + first, b + first, strength, np.where(together, 0.0, ONE_WAY))


def _far(rng: np.random.Generator, region_start: IntArray) -> Ties:
    people = int(region_start[-1])
    a, b = np.sort(rng.integers(people, size=(2, rng.poisson(FAR_FRIENDS * people))), axis=0)
    region_a, region_b = (np.searchsorted(region_start, end, side="right") for end in (a, b))
    pairs = np.unique((a * people + b)[region_a != region_b])
    a, b = np.divmod(pairs, people)
    return _named(rng, a, b, _strength(rng, np.full(len(a), ACROSS)), np.full(len(a), ONE_WAY))


def _named(rng: np.random.Generator, a: IntArray, b: IntArray, strength: FloatArray, one_way: FloatArray) -> Ties:
    """Let either of the two be the one who calls, where only one does."""
    swapped = rng.random(len(a)) < 0.5
    return Ties(np.where(swapped, b, a), np.where(swapped, a, b), strength, rng.random(len(a)) < one_way)


def _strength(rng: np.random.Generator, closeness: FloatArray) -> FloatArray:
    return closeness * lognormal(rng, len(closeness), 1.0, UNEQUAL)


def _households(rng: np.random.Generator, size: int) -> IntArray:
    sizes = rng.choice(np.arange(1, len(HOUSEHOLDS) + 1), size=size, p=HOUSEHOLDS)
    return np.repeat(np.arange(size), sizes)[:size]


def _housemates(household: IntArray, size: int) -> IntArray:
    pairs = []
    for apart in range(1, len(HOUSEHOLDS)):
        first = np.flatnonzero(household[:-apart] == household[apart:])
        pairs.append(first * size + first + apart)
    return np.concatenate(pairs)


def _neighbours(rng: np.random.Generator, size: int) -> IntArray:
    count = lognormal(rng, size, FRIENDS_MEDIAN, FRIENDS_SIGMA).clip(0, MOST_FRIENDS).round().astype(np.int64)
    a = np.repeat(np.arange(size), count)
    scale = NEAR * np.maximum(np.repeat(count, count) / FEW_FRIENDS, 1)
    distance = np.minimum(np.ceil(scale * (rng.pareto(TAIL, len(a)) + 0.2)), max(size, 1)).astype(np.int64)
    b = (a + rng.choice(np.array([-1, 1]), size=len(a)) * distance) % max(size, 1)
    low, high = np.minimum(a, b), np.maximum(a, b)
    return (low * size + high)[low < high]
