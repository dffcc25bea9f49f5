"""Circles: whom each person calls, the closest first.

A person calls the partners by their rank, so that few get most of the calls (Saramäki et al., Persistence of social
signatures in human communication, PNAS 2014); what the one thinks of the other is not what the other thinks of the one
(Kovanen et al., Reciprocity of mobile phone calls, 2010).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ingest.simulator.randomness import BoolArray, FloatArray, IntArray

LOPSIDED = 0.6  # sigma of the logarithm: how differently the two ends value a tie
SIGNATURE = (1.45, 2.5)  # of a person's calls, the share p goes to the first p ** this of the partners


class Ties(NamedTuple):
    """Undirected ties between people."""

    a: IntArray  # [ties] row of the person
    b: IntArray  # [ties]
    strength: FloatArray  # [ties]
    one_way: BoolArray  # [ties] b never calls a


class Directed(NamedTuple):
    """Who calls whom."""

    caller: IntArray  # [edges]
    partner: IntArray  # [edges]
    strength: FloatArray  # [edges]

    def at(self, rows: IntArray | slice) -> Directed:
        """Give the chosen edges."""
        return Directed(self.caller[rows], self.partner[rows], self.strength[rows])


@dataclass(frozen=True)
class Circle:
    """Whom each person calls, the closest first."""

    start: IntArray  # [people + 1] where each person's partners begin
    partner: npt.NDArray[np.int32]  # [edges] row of the person
    signature: npt.NDArray[np.float32]  # [people]

    @cached_property
    def degree(self) -> IntArray:
        """How many each person calls, [people]."""
        return np.diff(self.start)

    def partners(self, rng: np.random.Generator, caller: IntArray) -> IntArray:
        """Draw whom each caller calls; every caller must have somebody."""
        degree = self.degree[caller]
        place = rng.random(len(caller), dtype=np.float32) ** self.signature[caller]
        rank = np.minimum((place * degree).astype(np.int64), degree - 1)
        return self.partner[self.start[caller] + rank].astype(np.int64)


def draw_circle(
    rng: np.random.Generator, region_start: IntArray, near: Callable[[int, int], Ties], far: Ties | None = None
) -> Circle:
    """Rank everybody's partners, a region after the other so that a whole country needs little memory.

    `near(first, size)` gives the ties among the `size` people from row `first` on; `far` ties cross regions.
    """
    across = _by_caller(_both_ways(rng, far)) if far else None
    degrees, partners = [], []
    for first, end in zip(region_start[:-1].tolist(), region_start[1:].tolist(), strict=True):
        edges = [_both_ways(rng, near(first, end - first)), *([_of(across, first, end)] if across else [])]
        degree, partner = _ranked(edges, first, end - first)
        degrees.append(degree)
        partners.append(partner)
    start = np.concatenate(([0], np.cumsum(np.concatenate(degrees))))
    signature = rng.uniform(*SIGNATURE, len(start) - 1).astype(np.float32)
    return Circle(start.astype(np.int64), np.concatenate(partners), signature)


def _both_ways(rng: np.random.Generator, ties: Ties) -> Directed:
    back = ~ties.one_way
    strength = np.concatenate((ties.strength, ties.strength[back]))
    strength *= np.exp(LOPSIDED * rng.standard_normal(len(strength)))
    return Directed(np.concatenate((ties.a, ties.b[back])), np.concatenate((ties.b, ties.a[back])), strength)


def _by_caller(edges: Directed) -> Directed:
    return edges.at(np.argsort(edges.caller, kind="stable"))


def _of(edges: Directed, first: int, end: int) -> Directed:
    low, high = np.searchsorted(edges.caller, (first, end))
    return edges.at(slice(low, high))


def _ranked(parts: Iterable[Directed], first: int, size: int) -> tuple[IntArray, npt.NDArray[np.int32]]:
    caller, partner, strength = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    weakness = np.iinfo(np.int32).max - strength.astype(np.float32).view(np.int32)  # floats above 0 sort by their bits
    order = np.argsort((caller - first) << 32 | weakness)
    return np.bincount(caller - first, minlength=size), partner[order].astype(np.int32)
