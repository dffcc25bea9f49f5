"""The innocent background has the marks of published call graphs: circles, reciprocity, heavy tails, day and night."""

from __future__ import annotations

import networkx as nx
import numpy as np

from ingest.simulator.circles import draw_ties
from ingest.simulator.randomness import generator
from ingest.simulator.rhythm import HOUR
from tests.ingest.simulator.worlds import Made

LOCAL = 5.5 * HOUR


def test_about_three_quarters_are_answered(normal: Made) -> None:
    assert 0.70 <= normal.everyday().answered.mean() <= 0.80


def test_unanswered_calls_ring_and_carry_no_talk(normal: Made) -> None:
    calls = normal.everyday()
    rung = calls.ring_ms[~calls.answered]
    assert (calls.talk_ms[~calls.answered] == 0).all()
    assert (calls.talk_ms[calls.answered] >= 1_000).all()
    assert 0.75 <= ((rung >= 5_000) & (rung < 40_000)).mean() <= 0.9  # others: busy, or rung once on purpose
    assert rung.max() < 40_000


def test_a_caller_makes_one_and_a_half_to_two_calls_a_day(normal: Made) -> None:
    assert 1.5 <= len(normal.calls) / 10_000 / 7 <= 2.0


def test_nights_are_quiet_and_sundays_slower(normal: Made) -> None:
    calls = normal.everyday()
    hour = ((calls.started + LOCAL) // HOUR) % 24
    day = (calls.started - normal.world.days[0].start) // (24 * HOUR)
    by_day = np.bincount(day.astype(np.int64), minlength=7)
    sunday = next(day.index for day in normal.world.days if day.is_sunday)
    assert ((hour >= 22) | (hour < 6)).mean() < 0.10
    assert by_day[sunday] == by_day.min()


def test_half_of_the_ties_or_more_go_both_ways(normal: Made) -> None:
    ties = draw_ties(normal.world.census.country, generator(1, "ties"))
    pairs = set(zip(ties.caller.tolist(), ties.callee.tolist(), strict=True))
    assert 0.5 <= np.mean([(callee, caller) in pairs for caller, callee in pairs]) <= 0.95


def test_friends_of_friends_are_friends_and_few_people_have_very_many(normal: Made) -> None:
    ties = draw_ties(normal.world.census.country, generator(1, "ties"))
    graph = nx.Graph(zip(ties.caller.tolist(), ties.callee.tolist(), strict=True))
    degrees = np.array([degree for _, degree in graph.degree()])
    assert nx.average_clustering(graph) > 0.15  # a random graph of this density: below 0.001
    assert np.percentile(degrees, 99) > 3 * np.median(degrees)


def test_missed_calls_come_back(normal: Made) -> None:
    calls = normal.everyday()
    missed = calls.where(~calls.answered)
    back = set(zip(calls.caller.tolist(), calls.callee.tolist(), strict=True))
    asked = zip(missed.callee.tolist(), missed.caller.tolist(), strict=True)
    assert np.mean([pair in back for pair in asked]) > 0.35
