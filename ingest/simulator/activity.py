"""How much each person calls: double Pareto log-normal over people, and uneven over the days of one person.

Source: Seshadri et al., Mobile call graphs: beyond power-law and lognormal distributions, KDD 2008 (calls, partners and
talk of customers follow the double Pareto log-normal distribution). Its parameters are not taken from there.
"""

from __future__ import annotations

import numpy as np

from ingest.simulator.randomness import FloatArray, IntArray

UPPER, LOWER, SIGMA = 2.6, 1.8, 0.45  # Pareto exponents of the two tails, width of the middle
MOST = 25.0  # times the mean
UNEVEN = 0.9  # sigma of the logarithm of a person's volume from day to day


def activities(rng: np.random.Generator, people: int) -> FloatArray:
    """Draw how much each person calls, as a multiple of the mean, [people]."""
    tails = rng.exponential(1 / UPPER, people) - rng.exponential(1 / LOWER, people)
    drawn = np.exp(SIGMA * rng.standard_normal(people) + tails)
    drawn = np.minimum(drawn / drawn.mean(), MOST) if people else drawn
    activity: FloatArray = drawn / drawn.mean() if people else drawn
    return activity


def moods(rng: np.random.Generator, people: int) -> FloatArray:
    """Draw how much each person calls on one day, as a multiple of that person's mean, [people]."""
    mood: FloatArray = np.exp(UNEVEN * rng.standard_normal(people, dtype=np.float32) - UNEVEN**2 / 2)
    return mood


def callers(rng: np.random.Generator, expected: FloatArray) -> IntArray:
    """Draw the callers of a day's calls, in order: each person `expected` times in the mean, rounded up or down."""
    count = (expected + rng.random(len(expected), dtype=np.float32)).astype(np.int64)
    return np.repeat(np.arange(len(expected)), count)
