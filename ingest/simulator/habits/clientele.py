"""Whom an employer's numbers call: a list of its own, of a town, of a region or of the whole country.

The list is not stored: it is every n-th person from a drawn one on, so that millions of lists cost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.land.country import Country
from ingest.simulator.randomness import IntArray
from ingest.simulator.trades import Staff

TOWN, REGION, COUNTRY = 0, 1, 2  # how far a list reaches; people of a town know each other
STRIDE = 2_147_483_647  # a prime above any number of people, so that a list comes back to nobody


@dataclass(frozen=True)
class Clientele:
    """The lists of all employers of a trade; all but `people` are [employers]."""

    people: IntArray  # slots
    base: IntArray
    span: IntArray
    offset: IntArray
    stride: IntArray
    size: IntArray

    def of(self, employer: IntArray, place: IntArray) -> IntArray:
        """Give who stands at each place of each employer's list; after the last comes the first."""
        step = place % self.size[employer] * self.stride[employer]
        slots: IntArray = self.people[self.base[employer] + (self.offset[employer] + step) % self.span[employer]]
        return slots

    def draw(self, rng: np.random.Generator, employer: IntArray) -> IntArray:
        """Draw one of its list for each of `employer`."""
        return self.of(employer, (rng.random(len(employer)) * self.size[employer]).astype(np.int64))


def draw_clientele(
    rng: np.random.Generator,
    staff: Staff,
    country: Country,
    size: tuple[int, int],
    reach: tuple[float, float, float],
) -> Clientele:
    """Draw a list for every employer: of how many people, and with which chances of a town, a region, the country."""
    region = homes(staff, country)
    reached = rng.choice(3, size=staff.employers, p=reach)
    base = np.where(reached == COUNTRY, 0, country.region_start[region])
    end = np.where(reached == COUNTRY, len(country.people), country.region_start[region + 1])
    span = np.maximum(end - base, 1)
    return Clientele(
        country.people,
        base,
        span,
        offset=(rng.random(staff.employers) * span).astype(np.int64),
        stride=np.where(reached == TOWN, 1, STRIDE),
        size=np.minimum(rng.integers(size[0], size[1] + 1, staff.employers), span),
    )


def homes(staff: Staff, country: Country) -> IntArray:
    """Give the region of each employer, [employers]: where its first number is at home."""
    return country.plan.region_of(staff.members[first_lines(staff)])


def first_lines(staff: Staff) -> IntArray:
    """Give the position of each employer's first number among the trade's, [employers]."""
    return np.searchsorted(staff.employer, np.arange(staff.employers)).astype(np.int64)
