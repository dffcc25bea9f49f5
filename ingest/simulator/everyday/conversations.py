"""How people answer and talk: log-logistic durations, each person with a length of talk and a willingness of its own.

Source: Vaz de Melo et al., Surprising patterns for the call duration distribution of mobile phone users, ECML PKDD 2010
(durations of a user follow the truncated log-logistic distribution). Its parameters are not taken from there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.simulator.quantiles import Quantiles, chances
from ingest.simulator.randomness import FloatArray, IntArray
from ingest.simulator.rhythm import SECOND

CLASSES, STEPS = 16, 1 << 12  # of talkativeness; quantiles of each
MEDIAN_S = (20.0, 140.0)  # of the quietest and of the most talkative class
SHAPE = 1.5  # of the log-logistic distribution: smaller = heavier tail
LONGEST_S = 7_200.0
AT_WORK, TO_STRANGERS = 1, 2  # classes shorter than with friends
WILLING = (7.5, 2.3)  # beta distribution of the share of friends' calls that a person answers
AWAY = 0.03  # of the people are out of reach for a whole day


def _durations_ms() -> FloatArray:
    odds = chances(STEPS) / (1 - chances(STEPS))
    talk = np.geomspace(*MEDIAN_S, CLASSES)[:, None] * odds ** (1 / SHAPE)
    durations: FloatArray = np.ceil(np.clip(talk, 1.0, LONGEST_S)) * SECOND
    return durations


DURATIONS = Quantiles(_durations_ms())


@dataclass(frozen=True)
class Talkers:
    """How each person answers and talks."""

    talkative: npt.NDArray[np.int64]  # [people] class
    willing: npt.NDArray[np.float32]  # [people] chance that a friend's call is answered

    def reachable(self, rng: np.random.Generator) -> npt.NDArray[np.float32]:
        """Give each person's chance to answer a friend on one day, [people]; a few are out of reach."""
        return self.willing * (rng.random(len(self.willing), dtype=np.float32) >= AWAY)


@dataclass(frozen=True)
class Speech:
    """The talk of given callers, for `outcomes.attempts`."""

    classes: IntArray  # [calls]

    def draw(self, rng: np.random.Generator, count: int) -> IntArray:
        """Draw one duration for each caller; `count` is their number."""
        assert count == len(self.classes)
        return DURATIONS.draw_of(rng, self.classes)


def draw_talkers(rng: np.random.Generator, people: int) -> Talkers:
    """Draw everybody's ways."""
    return Talkers(rng.integers(CLASSES, size=people), rng.beta(*WILLING, people).astype(np.float32))
