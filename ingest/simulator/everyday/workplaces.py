"""The circle at work: teams of colleagues within firms of very different size; they call each other in office hours.

Sizes of firms follow Zipf's law (Axtell, Zipf distribution of U.S. firm sizes, Science 2001).
"""

from __future__ import annotations

from functools import partial

import numpy as np

from ingest.simulator.everyday.circles import Circle, Ties, draw_circle
from ingest.simulator.randomness import IntArray, lognormal

EMPLOYED = 0.45  # of the people: work where colleagues are rung
SMALLEST, LARGEST, ZIPF = 3, 400, 1.06  # size of a firm: Pareto
TEAM = 5  # desks in a row
IN_TEAM = 0.8  # of the pairs of a team ring each other
ELSEWHERE = 0.4  # colleagues of other teams, named by each in the mean
TEAMMATE, COLLEAGUE = 4.0, 1.0  # strength of a tie
UNEQUAL = 0.8  # sigma of the logarithm of a tie's strength


def work_circle(rng: np.random.Generator, region_start: IntArray) -> Circle:
    """Draw who works with whom; firms lie in one region, and colleagues are no neighbours at home."""
    return draw_circle(rng, region_start, partial(_region, rng))


def _region(rng: np.random.Generator, first: int, size: int) -> Ties:
    staff = first + rng.permutation(size)[: round(EMPLOYED * size)]  # a firm's desks follow each other
    firm_start, firm_size = _firms(rng, len(staff))
    pairs = np.unique(np.concatenate((_teams(rng, firm_start), _elsewhere(rng, firm_start, firm_size))))
    a, b = np.divmod(pairs, max(len(staff), 1))
    strength = np.where(b - a < TEAM, TEAMMATE, COLLEAGUE) * lognormal(rng, len(pairs), 1.0, UNEQUAL)
    return Ties(staff[a], staff[b], strength, np.zeros(len(pairs), dtype=np.bool_))


def _firms(rng: np.random.Generator, staff: int) -> tuple[IntArray, IntArray]:
    """Give the first desk of everybody's firm and its size, [staff] each."""
    sizes = np.minimum(SMALLEST * (1 + rng.pareto(ZIPF, staff // SMALLEST + 1)), LARGEST).astype(np.int64)
    ends = np.minimum(np.cumsum(sizes), staff)
    sizes = np.diff(np.concatenate(([0], ends)))
    return np.repeat(ends - sizes, sizes), np.repeat(sizes, sizes)


def _teams(rng: np.random.Generator, firm_start: IntArray) -> IntArray:
    """Give the pairs within teams who ring each other, as first × staff + second."""
    desk = np.arange(len(firm_start))
    team = firm_start + (desk - firm_start) // TEAM * TEAM
    pairs = []
    for apart in range(1, TEAM):
        first = np.flatnonzero(team[:-apart] == team[apart:])
        pairs.append(first * len(desk) + first + apart)
    all_pairs = np.concatenate(pairs)
    return all_pairs[rng.random(len(all_pairs)) < IN_TEAM]


def _elsewhere(rng: np.random.Generator, firm_start: IntArray, firm_size: IntArray) -> IntArray:
    a = np.flatnonzero(rng.random(len(firm_start)) < ELSEWHERE)
    b = firm_start[a] + (rng.random(len(a)) * firm_size[a]).astype(np.int64)
    low, high = np.minimum(a, b), np.maximum(a, b)
    return (low * len(firm_start) + high)[low < high]
