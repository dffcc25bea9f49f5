from __future__ import annotations

import numpy as np
import pytest

from ingest.simulator.habits.worklists import share_out
from ingest.simulator.organisations.organisation import Organisation
from ingest.simulator.randomness import IntArray, generator
from tests.ingest.simulator.worlds import Made

POOL = np.arange(5_000)


@pytest.fixture(params=("steady", "resurging", "splitting", "merging"))
def org(request: pytest.FixtureRequest, eventful: Made) -> Organisation:
    """A ring of each course."""
    kind = {"resurging": "RESURGED", "splitting": "SPLIT", "merging": "MERGED"}.get(request.param)
    for ring in eventful.world.organisations:
        kinds = {happening.kind for happening in ring.timeline.course.happenings}
        if (kind in kinds) if kind else not kinds:
            return ring
    raise AssertionError(f"no ring is {request.param}")


def targets(org: Organisation, seed: int = 1) -> list[list[IntArray]]:
    work = share_out(generator(seed, "work"), org, POOL, np.full(org.posts, 30))
    return [np.split(work.targets[post], work.begins[1:-1, post]) for post in range(org.posts)]


def test_each_post_has_its_targets_on_the_days_of_duty(org: Organisation) -> None:
    for post, days in enumerate(targets(org)):
        assert [len(part) for part in days] == np.where(org.duty[:, post] >= 0, 30, 0).tolist()


def test_no_post_has_a_target_twice(org: Organisation) -> None:
    for days in targets(org):
        every = np.concatenate(days)
        assert len(np.unique(every)) == len(every)


def test_posts_of_one_campaign_share_targets(org: Organisation) -> None:
    last = org.campaigns[-1]
    together = [set(np.concatenate(days).tolist()) for post, days in enumerate(targets(org)) if last[post] == last[0]]
    assert any(a & b for row, a in enumerate(together) for b in together[:row])


def test_who_comes_back_carries_on_half_of_the_old_list(eventful: Made) -> None:
    back = next(ring for ring in eventful.world.organisations if ring.timeline.course.anew is not None)
    anew = back.timeline.course.anew
    assert anew is not None
    found = targets(back)
    old = np.unique(np.concatenate([np.concatenate(days[:anew]) for days in found]))
    new = np.unique(np.concatenate([np.concatenate(days[anew:]) for days in found]))
    assert 0.1 < np.isin(new, old).mean() < 0.9
