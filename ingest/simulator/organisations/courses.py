"""What becomes of rings: most are steady; some go quiet and come back, split, merge or die."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ingest.simulator.organisations.timeline import OFF, Course, Happening
from ingest.simulator.randomness import IntArray

EARLY = 0.88  # of the rings: at work on the first day
QUIET = (2, 4)  # days
AFTERWARDS = 2  # days at least that a ring is at work when it has come back
SHORTEST = 8  # days of a world in which rings do more than begin


def steady(rng: np.random.Generator, days: int, posts: int) -> Course:
    """Draw a ring that works from its birth on."""
    return Course(_alive(days, posts, _born(rng, days)), (None,), (None,), ())


def dying(rng: np.random.Generator, days: int, posts: int) -> Course:
    """Draw a ring that ends in the second half."""
    campaign = _alive(days, posts, 0)
    dies = int(rng.integers(days // 2, days))
    campaign[dies:] = OFF
    return Course(campaign, (None,), (dies,), (Happening(dies, "DIED", 0),))


def resurging(rng: np.random.Generator, days: int, posts: int) -> Course:
    """Draw a ring that goes quiet and comes back as another campaign with new numbers."""
    campaign = _alive(days, posts, 0)
    quiet = int(rng.integers(days // 4, 2 * days // 3))
    back = min(quiet + int(rng.integers(QUIET[0], QUIET[1] + 1)), days - AFTERWARDS)
    campaign[quiet:back] = OFF
    campaign[back:] = 1
    happenings = Happening(quiet, "QUIET", 0), Happening(back, "RESURGED", 1, (0,))
    return Course(campaign, (None, 0), (quiet, None), happenings, anew=back)


def splitting(rng: np.random.Generator, days: int, posts: int) -> Course:
    """Draw a ring of which a part goes its own way."""
    campaign = _alive(days, posts, 0)
    splits = int(rng.integers(days // 3, 2 * days // 3))
    campaign[splits:, posts // 2 :] = 1
    return Course(campaign, (None, 0), (None, None), (Happening(splits, "SPLIT", 0, (1,)),))


def merging(rng: np.random.Generator, days: int, posts: int) -> Course:
    """Draw two rings that become one."""
    campaign = _alive(days, posts, 0)
    merges = int(rng.integers(days // 3, 2 * days // 3))
    campaign[:merges, posts // 2 :] = 1
    return Course(campaign, (None, None), (None, merges), (Happening(merges, "MERGED", 0, (1,)),))


COURSES: tuple[Callable[[np.random.Generator, int, int], Course], ...] = (
    steady,
    steady,
    resurging,
    steady,
    splitting,
    dying,
    merging,
    steady,
    steady,
    resurging,
    steady,
    steady,
)


def course(rng: np.random.Generator, turn: int, days: int, posts: int) -> Course:
    """Draw the course of the `turn`-th ring; in a short world all are steady."""
    kind = COURSES[turn % len(COURSES)] if days >= SHORTEST else steady
    return kind(rng, days, posts)


def _born(rng: np.random.Generator, days: int) -> int:
    latest = 1 if rng.random() < EARLY else max(days // 2, 2)
    return int(rng.integers(min(latest, days)))


def _alive(days: int, posts: int, born: int) -> IntArray:
    campaign = np.zeros((days, posts), dtype=np.int64)
    campaign[:born] = OFF
    return campaign
