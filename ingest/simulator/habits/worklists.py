"""Shared lists of victims: each campaign has one, and every post works through an overlapping part of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.simulator.organisations.organisation import Organisation
from ingest.simulator.organisations.timeline import OFF
from ingest.simulator.randomness import IntArray
from ingest.simulator.rhythm import Day

CARRIED_ON = 0.5  # of the list of a campaign comes from the one that it carries on


@dataclass(frozen=True)
class WorkList:
    """Whom each post works through, and how far it has come on which day."""

    targets: tuple[IntArray, ...]  # by post
    begins: IntArray  # [days + 1, posts] where a day's part begins

    def of(self, day: Day, post: int) -> IntArray:
        """Give the targets of a post on a day; none when it is off."""
        begin, end = self.begins[day.index : day.index + 2, post].tolist()
        return self.targets[post][begin:end]


def share_out(
    rng: np.random.Generator, org: Organisation, pool: IntArray, daily: IntArray, spread: float | None = None
) -> WorkList:
    """Share targets of `pool` out among the posts: `daily` [posts] targets on each day of duty.

    The list of a campaign is `spread` times as long as what its busiest post needs; None leaves that to the hardness.
    No post has a target twice, unless the pool is smaller than its need.
    """
    need = np.where(org.duty != OFF, daily, 0)
    begins = np.concatenate((np.zeros((1, org.posts), dtype=np.int64), np.cumsum(need, axis=0)))
    local = org.timeline.course.campaign
    by_campaign = np.stack([np.where(local == row, need, 0).sum(axis=0) for row in range(len(_parents(org)))])
    lists = _lists(rng, org, pool, by_campaign, org.hardness.spread if spread is None else spread)
    return WorkList(tuple(_work(rng, org, lists, by_campaign[:, post], post) for post in range(org.posts)), begins)


def _parents(org: Organisation) -> tuple[int | None, ...]:
    return org.timeline.course.parent


def _lists(
    rng: np.random.Generator, org: Organisation, pool: IntArray, by_campaign: IntArray, spread: float
) -> list[IntArray]:
    lists: list[IntArray] = []
    for row, parent in enumerate(_parents(org)):
        size = min(int(spread * by_campaign[row].max(initial=0)), len(pool))
        drawn = pool[rng.choice(len(pool), size=size, replace=False, shuffle=False)]
        if parent is not None:
            old = rng.permutation(lists[parent])[: int(CARRIED_ON * size)]
            drawn = np.concatenate((old, drawn[~np.isin(drawn, old)]))[:size]
        lists.append(drawn)
    return lists


def _work(rng: np.random.Generator, org: Organisation, lists: list[IntArray], needs: IntArray, post: int) -> IntArray:
    """Give a post's targets in order, campaign after campaign as it comes to work for them."""
    order = [row for row in _in_turn(org.timeline.course.campaign[:, post]) if needs[row]]
    done = np.empty(0, dtype=np.int64)
    for row in order:
        left = lists[row][~np.isin(lists[row], done)]
        part = np.resize(rng.permutation(left if len(left) else lists[row]), needs[row])
        done = np.concatenate((done, part))
    return done


def _in_turn(campaign: IntArray) -> list[int]:
    return list(dict.fromkeys(campaign[campaign != OFF].tolist()))
