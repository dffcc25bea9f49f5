"""Call centres: agents of one employer work through one list of customers, with normal talk and some calls back.

A missed customer is tried again by whichever agent is free, so agents of a centre share some customers, as rings do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.country import Country, Staff
from ingest.simulator.outcomes import Talk, attempts, missed, ringing_back
from ingest.simulator.randomness import IntArray
from ingest.simulator.rhythm import HOUR, MINUTE, Day, after, moments_between

SHARE = 0.006
OFFICE = True
EMPLOYER = (5, 25)

AT_WORK, AT_WORK_ON_SUNDAY = 0.9, 0.15
ATTEMPTS = (35, 75)  # of an agent a day
TALK = Talk(median_s=130, sigma=0.9, short_share=0.3, short_s=(4, 20))
MEDIAN_S, SHORT_SHARE, ANSWER = (70, 200), (0.15, 0.5), (0.35, 0.62)  # from centre to centre: some lists are poor
TRIED_AGAIN = 0.3  # of the missed, the same day


@dataclass(frozen=True)
class Centre:
    """One employer."""

    agents: IntArray  # slots
    customers: list[IntArray]  # slots, a part of the list for each day
    talk: Talk
    answer: float

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's attempts, second tries and calls back."""
        at_work = rng.random(len(self.agents)) < (AT_WORK_ON_SUNDAY if day.is_sunday else AT_WORK)
        agent = np.repeat(self.agents, rng.integers(*ATTEMPTS, len(self.agents)) * at_work)
        customer = self.customers[day.index][: len(agent)]
        started = moments_between(rng, day, len(agent), 9.5, 18.5)
        first = attempts(rng, agent, customer, started, answer=self.answer, talk=self.talk)
        back = ringing_back(rng, missed(first), share=0.08, median_ms=45 * MINUTE, talk=self.talk)
        return joined((first, self._tried_again(rng, first, self.agents[at_work]), back))

    def _tried_again(self, rng: np.random.Generator, first: Calls, agents: IntArray) -> Calls:
        again = missed(first)
        again = again.where(rng.random(len(again)) < TRIED_AGAIN)
        agent = rng.choice(agents, size=len(again)) if len(again) else again.caller
        later = after(rng, again.started, 2.5 * HOUR, 0.7)
        return attempts(rng, agent, again.callee, later, answer=self.answer, talk=self.talk)


class CallCentres:
    """All centres of the country."""

    def __init__(self, centres: Sequence[Centre]) -> None:
        self.centres = centres

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's work of every centre."""
        return joined(centre.calls(day, rng) for centre in self.centres)


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> CallCentres:
    """Give every centre its list of customers and its ways."""
    employers = np.unique(staff.employer)
    return CallCentres([_centre(rng, country, staff.members[staff.employer == employer]) for employer in employers])


def _centre(rng: np.random.Generator, country: Country, agents: IntArray) -> Centre:
    talk = replace(TALK, median_s=rng.uniform(*MEDIAN_S), short_share=rng.uniform(*SHORT_SHARE))
    return Centre(agents, _customers(rng, country, len(agents)), talk, float(rng.uniform(*ANSWER)))


def _customers(rng: np.random.Generator, country: Country, agents: int) -> list[IntArray]:
    days = len(country.days)
    wanted = agents * days * ATTEMPTS[1]
    people = rng.permutation(country.subscribers)
    return np.array_split(np.resize(people, max(wanted, days)), days)
