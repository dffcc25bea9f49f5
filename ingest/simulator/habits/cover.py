"""Cover: the members of a ring call each other, so that their numbers look less alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.organisations.organisation import Organisation
from ingest.simulator.outcomes import Talk, attempts
from ingest.simulator.randomness import IntArray
from ingest.simulator.rhythm import MINUTE, Day, after, moments
from ingest.simulator.settings import Hardness

CHAT = Talk(median_s=70, sigma=1.0, short_share=0.08)


@dataclass(frozen=True)
class Cover:
    """What the members of one ring do for the look of it; these calls are the campaign's."""

    org: Organisation
    hardness: Hardness

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's calls among the members and the feigned calls back."""
        posts = self.org.at_work(day)
        if len(posts) < 2:
            return joined(())
        caller = np.repeat(posts, rng.poisson(self.hardness.insiders, len(posts)))
        callee = posts[(np.searchsorted(posts, caller) + rng.integers(1, len(posts), len(caller))) % len(posts)]
        first = self._attempts(day, rng, caller, callee, moments(rng, day, len(caller)))
        back = np.flatnonzero(rng.random(len(first)) < self.hardness.feigned)
        later = after(rng, first.started[back] + first.ring_ms[back] + first.talk_ms[back], 10 * MINUTE)
        return joined((first, self._attempts(day, rng, callee[back], caller[back], later)))

    def _attempts(
        self, day: Day, rng: np.random.Generator, caller: IntArray, callee: IntArray, started: IntArray
    ) -> Calls:
        duty, campaign = self.org.duty[day.index], self.org.campaigns[day.index]
        return attempts(rng, duty[caller], duty[callee], started, answer=0.8, talk=CHAT, campaign=campaign[caller])
