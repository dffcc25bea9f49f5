"""Numbers near others: of whom to show a number to a callee so that the call seems to come from the neighbourhood."""

from __future__ import annotations

import numpy as np

from ingest.simulator.land.country import Country
from ingest.simulator.land.numbering import BLOCK
from ingest.simulator.randomness import BoolArray, IntArray

TRIES = 6  # numbers of a block until one is a subscriber's
USED = 3  # calls under one number at most, as in fraud-types.md


def near(rng: np.random.Generator, country: Country, slots: IntArray) -> tuple[IntArray, BoolArray]:
    """Give another subscriber of each number's block, and where one was found."""
    tried = np.stack([country.neighbours(rng, slots) for _ in range(TRIES)])
    at = np.minimum(np.searchsorted(country.subscribers, tried), len(country.subscribers) - 1)
    is_one = (country.subscribers[at] == tried) & (tried != slots)
    return tried[is_one.argmax(axis=0), np.arange(len(slots))], is_one.any(axis=0)


def shares(day: IntArray, post: IntArray, callee: IntArray) -> IntArray:
    """Give the row of the call whose number each call shows: the first of a few in the same block, or its own."""
    row = np.arange(len(callee))
    first = row - row % USED
    same = (day[first] == day) & (post[first] == post) & (callee[first] // BLOCK == callee // BLOCK)
    return np.where(same, first, row)
