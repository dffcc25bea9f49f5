"""Call forwarding and voicemail: where an unanswered call goes when the called has set that up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.calls import FORWARD, Calls, Column
from ingest.simulator.everyday.circles import Circle
from ingest.simulator.land.country import Country
from ingest.simulator.quantiles import Quantiles, chances
from ingest.simulator.randomness import BoolArray, IntArray
from ingest.simulator.rhythm import SECOND

VOICEMAIL, FORWARDED = 0.05, 0.015  # of the people, for calls they do not answer
SPEAKS = 0.4  # of the callers who reach a voicemail; the others hang up during the greeting
ANSWERED = 0.6  # of the forwarded calls
NOWHERE = -1
GREETING = Quantiles(np.ceil(1 + 7 * chances()) * SECOND)
MESSAGE = Quantiles(np.ceil(8 + 52 * chances() ** 2) * SECOND)
TALK = Quantiles(np.ceil(np.clip(45 * (chances() / (1 - chances())) ** 0.7, 1, 3_600)) * SECOND)


@dataclass(frozen=True)
class Diversions:
    """Where unanswered calls go, by the slot that was called."""

    target: IntArray  # [slots] slot, or NOWHERE
    to_voicemail: BoolArray  # [slots]

    def divert(self, rng: np.random.Generator, calls: Calls) -> Calls:
        """Turn unanswered calls to people with a diversion into forwarded ones."""
        rows = np.flatnonzero(~calls.answered)
        target = self.target[calls.callee[rows]]
        sent_on = (target != NOWHERE) & (target != calls.caller[rows])
        rows, target = rows[sent_on], target[sent_on]
        talk = self._talk(rng, calls.callee[rows])
        return calls.but(
            answered=_changed(calls.answered, rows, talk > 0),
            talk_ms=_changed(calls.talk_ms, rows, talk),
            kind=_changed(calls.kind, rows, np.full(len(rows), FORWARD)),
            forwarded_to=_changed(calls.forwarded_to, rows, target),
        )

    def _talk(self, rng: np.random.Generator, callee: IntArray) -> IntArray:
        count = len(callee)
        speaks, answered = rng.random(count) < SPEAKS, rng.random(count) < ANSWERED
        voicemail = np.where(speaks, MESSAGE.draw(rng, count), GREETING.draw(rng, count))
        talk: IntArray = np.where(self.to_voicemail[callee], voicemail, np.where(answered, TALK.draw(rng, count), 0))
        return talk


def draw_diversions(rng: np.random.Generator, country: Country, circle: Circle) -> Diversions:
    """Draw who has a voicemail and who forwards to the closest partner."""
    target = np.full(country.plan.slots, NOWHERE, dtype=np.int64)
    chance = rng.random(len(country.people))
    with_mailbox = country.people[chance < VOICEMAIL]
    target[with_mailbox] = rng.choice(country.services["voicemail"], size=len(with_mailbox))
    forwards = np.flatnonzero((chance > 1 - FORWARDED) & (circle.degree > 0))
    target[country.people[forwards]] = country.people[circle.partner[circle.start[forwards]]]
    to_voicemail = np.zeros(len(target), dtype=np.bool_)
    to_voicemail[with_mailbox] = True
    return Diversions(target, to_voicemail)


def _changed(column: Column, rows: IntArray, values: Column) -> Column:
    changed = np.array(column)
    changed[rows] = values
    return changed
