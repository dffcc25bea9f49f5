"""Everyday life in a world: what is answered, when people call, what comes back, where calls are sent on."""

from __future__ import annotations

import numpy as np

from ingest.simulator.calls import FORWARD, SMS, VOICE, Calls
from ingest.simulator.rhythm import HOUR
from tests.ingest.simulator.worlds import Made

LOCAL = 5.5 * HOUR


def voice(made: Made) -> Calls:
    calls = made.everyday()
    return calls.where(calls.kind == VOICE)


def test_about_three_quarters_are_answered(normal: Made) -> None:
    assert 0.68 <= voice(normal).answered.mean() <= 0.80


def test_a_person_makes_one_to_two_calls_a_day(normal: Made) -> None:
    people, days = len(normal.world.census.country.subscribers), len(normal.world.days)
    assert 1.0 <= len(normal.everyday()) / people / days <= 2.2


def test_nights_are_quiet_and_sundays_slower(normal: Made) -> None:
    calls = voice(normal)
    hour = ((calls.started + LOCAL) // HOUR) % 24
    day = (calls.started - normal.world.days[0].start) // (24 * HOUR)
    by_day = np.bincount(day.astype(np.int64), minlength=7)
    free = [today.index for today in normal.world.days if today.is_free]
    working = [today.index for today in normal.world.days if today.offices == 1]
    assert ((hour >= 22) | (hour < 6)).mean() < 0.10
    assert by_day[free].max() < by_day[working].min()


def test_missed_calls_come_back(normal: Made) -> None:
    calls = normal.everyday()
    missed = voice(normal)
    missed = missed.where(~missed.answered)
    back = set(zip(calls.caller.tolist(), calls.callee.tolist(), strict=True))
    asked = zip(missed.callee.tolist(), missed.caller.tolist(), strict=True)
    assert np.mean([pair in back for pair in asked]) > 0.35


def test_some_text(normal: Made) -> None:
    assert 0.05 < (normal.everyday().kind == SMS).mean() < 0.2


def test_unanswered_calls_are_sent_on_to_a_mailbox_or_a_partner(normal: Made) -> None:
    calls = normal.everyday()
    sent_on = calls.where(calls.kind == FORWARD)
    mailboxes = normal.world.census.country.services["voicemail"]
    mailbox = np.isin(sent_on.forwarded_to, mailboxes)
    assert 0.005 < len(sent_on) / len(calls) < 0.04
    assert 0.5 < mailbox.mean() < 0.95
    assert sent_on.answered[mailbox].all()
    assert 0.3 < sent_on.answered[~mailbox].mean() < 0.8
    assert (sent_on.forwarded_to != sent_on.callee).all()
    assert (calls.forwarded_to[calls.kind != FORWARD] == -1).all()


def test_nobody_calls_before_having_a_line(normal: Made) -> None:
    country = normal.world.census.country
    for day in normal.world.days:
        calls = normal.everyday()
        today = calls.where((calls.started >= day.start) & (calls.started < day.end))
        assert country.alive(day)[today.caller].all()
