"""Notifications: firms text offers, bills and deliveries in bulk from a few numbers, and nobody answers.

Texts only, many recipients an hour, no replies: a sender of phishing texts by every such count (fraud types).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import Calls, joined
from ingest.simulator.habits.announcing import Announcement, announced
from ingest.simulator.habits.clientele import Clientele, draw_clientele
from ingest.simulator.habits.manners import between, texted
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import Talk, attempts
from ingest.simulator.randomness import FloatArray
from ingest.simulator.rhythm import MINUTE, Day, after
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.035, numbers="scattered", employer=(1, 10), newborn=0.3)

SENDS = (0.15, 1.0)  # of the days
RECIPIENTS = (5, 130)  # of a number in a burst
BEGINS_H = (7.0, 21.0)
GAP_S = (3, 150)
ASKS = 0.004  # of the recipients text back, and some ring
RINGS = 0.002


@dataclass(frozen=True)
class Notifications:
    """All senders of the country."""

    staff: Staff
    customers: Clientele
    sends: FloatArray  # [employers]
    recipients: FloatArray  # [employers]
    gap_s: FloatArray  # [employers]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the day's bursts of texts and the few who answer."""
        firms = self.staff.employers
        today = (rng.random(firms) < self.sends) * rng.uniform(0.5, 1.5, firms)
        recipients = (self.recipients * today).astype(np.int64)
        what = Announcement(recipients, rng.uniform(*BEGINS_H, firms), self.gap_s)
        to = announced(rng, day, self.staff, self.customers, what)
        sent = texted(rng, to.caller, to.callee, to.started)
        return joined((sent, _asked(rng, sent), _rung(rng, sent)))


def _asked(rng: np.random.Generator, sent: Calls) -> Calls:
    asks = sent.where(rng.random(len(sent)) < ASKS)
    return texted(rng, asks.callee, asks.caller, after(rng, asks.started, 10 * MINUTE))


def _rung(rng: np.random.Generator, sent: Calls) -> Calls:
    rings = sent.where(rng.random(len(sent)) < RINGS)
    later = after(rng, rings.started, 20 * MINUTE)
    return attempts(rng, rings.callee, rings.caller, later, answer=0.1, talk=Talk(median_s=20, sigma=0.6))


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> Notifications:
    """Give every firm its customers and its ways."""
    customers = draw_clientele(rng, staff, country, (2_000, 100_000), (0.05, 0.35, 0.6))
    lines = np.bincount(staff.employer, minlength=staff.employers)
    sends, recipients, gap = (between(rng, staff, bounds) for bounds in (SENDS, RECIPIENTS, GAP_S))
    return Notifications(staff, customers, sends, recipients * lines, gap)
