"""Answering services: calls that small businesses do not take are forwarded to a secretary who works for many.

One number to which many others forward: the surface of call-forwarding fraud (fraud types). Doctors and plumbers are
answered at night, too. The secretary then rings the client.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.activity import callers
from ingest.simulator.calls import FORWARD, Calls, each, joined
from ingest.simulator.habits.clientele import Clientele, draw_clientele
from ingest.simulator.habits.manners import between
from ingest.simulator.land.country import Country
from ingest.simulator.outcomes import Talk, attempts
from ingest.simulator.randomness import FloatArray, lognormal
from ingest.simulator.rhythm import MINUTE, Day, after, moments, moments_between
from ingest.simulator.trades import Staff, Trade

TRADE = Trade(share=0.012, numbers="block", employer=(1, 8), per_device=0)

FORWARDED = (3, 35)  # calls to a secretary's number a day
ON_FREE_DAYS = 0.4
CLIENTS = (8, 90)  # businesses of a service
ANSWERED = 0.9
MESSAGE = Talk(median_s=48, sigma=0.6, short_share=0.12, longest_s=600)
TOLD = (0.05, 0.6)  # of the messages are told to the client by phone
BY_NIGHT = (0.0, 0.5)  # of the calls come at any hour


@dataclass(frozen=True)
class AnsweringServices:
    """All services of the country."""

    staff: Staff
    clients: Clientele
    customers: Clientele
    daily: FloatArray  # [members]
    told: FloatArray  # [employers]
    by_night: FloatArray  # [employers]

    def calls(self, day: Day, rng: np.random.Generator) -> Calls:
        """Give the calls that are forwarded on a day, and what the clients are told."""
        line = callers(rng, self.daily * (ON_FREE_DAYS if day.is_free else 1.0))
        employer, count = self.staff.employer[line], len(line)
        client, customer = self.clients.draw(rng, employer), self.customers.draw(rng, employer)
        any_hour = rng.random(count) < self.by_night[employer]
        started = np.where(any_hour, moments_between(rng, day, count, 0, 24), moments(rng, day, count))
        came = attempts(rng, customer, client, started, answer=ANSWERED, talk=MESSAGE)
        came = came.but(kind=each(FORWARD), forwarded_to=self.staff.members[line])
        tells = came.answered & (rng.random(count) < self.told[employer])
        return joined((came.where(client != customer), self._told(rng, came.where(tells))))

    def _told(self, rng: np.random.Generator, came: Calls) -> Calls:
        later = after(rng, came.started + came.ring_ms + came.talk_ms, 15 * MINUTE)
        return attempts(rng, came.forwarded_to, came.callee, later, answer=0.7, talk=MESSAGE)


def settle(staff: Staff, country: Country, rng: np.random.Generator) -> AnsweringServices:
    """Give every service its clients, and these their customers."""
    clients = draw_clientele(rng, staff, country, CLIENTS, (0.6, 0.3, 0.1))
    customers = draw_clientele(rng, staff, country, (1_000, 10_000), (0.5, 0.4, 0.1))
    daily = between(rng, staff, FORWARDED)[staff.employer] * lognormal(rng, len(staff.members), 1.0, 0.4)
    return AnsweringServices(staff, clients, customers, daily, between(rng, staff, TOLD), between(rng, staff, BY_NIGHT))
