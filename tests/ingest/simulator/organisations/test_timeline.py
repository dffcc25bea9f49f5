"""Rings over time: who is on duty under which number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.simulator.organisations.courses import COURSES, SHORTEST, course, merging, resurging, splitting, steady
from ingest.simulator.organisations.timeline import OFF, Habits, Timeline, draw_shifts, draw_timeline
from ingest.simulator.randomness import generator
from ingest.simulator.settings import HARDNESS

DIALS = replace(HARDNESS["normal"], rotation=3.0, blocked=0.15)


def timeline_of(seed: int, days: int, posts: int, *, rotates: bool = True, per_device: int = 1) -> Timeline:
    rng = generator(seed, "timeline")
    way = course(rng, seed, days, posts)
    shifts = draw_shifts(rng, [False] * days, posts, 0.6, rests=False)
    return draw_timeline(rng, way, Habits(shifts, rotates, per_device), DIALS)


@given(st.integers(0, 500), st.integers(1, 40), st.integers(4, 20), st.sampled_from([0, 1, 5]))
def test_a_number_has_one_post_and_is_on_duty_only_in_its_time(
    seed: int, days: int, posts: int, per_device: int
) -> None:
    drawn = timeline_of(seed, days, posts, per_device=per_device)
    assert (drawn.number != OFF).any(axis=0).all()  # every post works
    day, post = np.nonzero(drawn.number != OFF)
    number = drawn.number[day, post]
    assert (drawn.post[number] == post).all()
    assert (drawn.since[number] <= day).all()
    assert (day < drawn.until[number]).all()
    assert set(number.tolist()) == set(range(len(drawn.post)))  # every number works
    assert ((drawn.number == OFF) | (drawn.course.campaign != OFF)).all()
    assert (drawn.until <= days).all()


@given(st.integers(0, 300), st.integers(SHORTEST, 14), st.integers(4, 8))
def test_every_campaign_works_on_a_day_at_least(seed: int, days: int, posts: int) -> None:
    drawn = timeline_of(seed, days, posts)
    for campaign in range(len(drawn.course.parent)):
        assert ((drawn.number != OFF) & (drawn.course.campaign == campaign)).any()
    assert all(happening.day < days for happening in drawn.happenings)


@given(st.integers(0, 200), st.integers(SHORTEST, 40))
def test_campaigns_follow_each_other_as_their_course_says(seed: int, days: int) -> None:
    rng = generator(seed, "courses")
    back = resurging(rng, days, 6)
    quiet = np.flatnonzero((back.campaign == OFF).all(axis=1))
    assert len(quiet)
    assert (back.campaign[: quiet[0]] == 0).all()
    assert (back.campaign[quiet[-1] + 1 :] == 1).all()
    assert len(quiet) >= 2
    assert quiet[-1] + 1 < days
    assert back.anew == quiet[-1] + 1
    split, merged = splitting(rng, days, 6), merging(rng, days, 6)
    assert [len(np.unique(row)) for row in split.campaign[[0, -1]]] == [1, 2]
    assert [len(np.unique(row)) for row in merged.campaign[[0, -1]]] == [2, 1]


def test_numbers_are_replaced_when_blocked_or_on_schedule_and_after_being_quiet() -> None:
    drawn = [timeline_of(seed, 20, 8) for seed in range(len(COURSES))]
    kinds = {happening.kind for line in drawn for happening in line.happenings}
    assert {"ROTATED", "BLOCKED", "QUIET", "RESURGED", "SPLIT", "MERGED", "DIED"} <= kinds
    back = next(line for line in drawn if line.course.anew is not None)
    before = set(back.number[: back.course.anew].ravel().tolist())
    after = set(back.number[back.course.anew :].ravel().tolist())
    assert before & after == {OFF}


def test_leased_numbers_are_kept() -> None:
    drawn = timeline_of(0, 20, 8, rotates=False)
    assert len(drawn.post) == 8


def test_numbers_share_devices_where_the_kind_says_so() -> None:
    gateway, phones, switch = (timeline_of(0, 5, 10, rotates=False, per_device=n) for n in (5, 1, 0))
    assert (gateway.devices, phones.devices, switch.devices) == (2, 10, 0)


def test_a_new_number_is_now_and_then_used_in_the_old_device() -> None:
    drawn = timeline_of(0, 30, 12)
    assert len(drawn.post) > 2 * drawn.posts
    assert drawn.posts < drawn.devices < len(drawn.post)


def test_rings_that_keep_office_days_rest_on_sundays() -> None:
    shifts = draw_shifts(generator(1, "shifts"), [False, True, False], 50, 1.0, rests=True)
    assert shifts.sum(axis=1).tolist() == [50, 0, 50]


@pytest.mark.parametrize("days", range(1, SHORTEST))
def test_in_short_worlds_all_are_steady(days: int) -> None:
    for turn in range(len(COURSES)):
        assert course(generator(turn, "courses"), turn, days, 6).parent == (None,)
    assert (steady(generator(0, "courses"), days, 6).campaign[-1] == 0).all()
