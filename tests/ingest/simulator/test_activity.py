from __future__ import annotations

import numpy as np

from ingest.simulator.activity import MOST, activities, callers, moods
from ingest.simulator.randomness import generator


def test_few_people_make_most_of_the_calls() -> None:
    activity = np.sort(activities(generator(1, "activity"), 50_000))
    assert abs(activity.mean() - 1) < 1e-9
    assert activity[-5_000:].sum() > 0.25 * activity.sum()
    assert activity[-1] < 2 * MOST
    assert activity[0] > 0


def test_moods_are_one_in_the_mean() -> None:
    mood = moods(generator(1, "moods"), 200_000)
    assert abs(mood.mean() - 1) < 0.02


def test_callers_call_as_often_as_expected() -> None:
    expected = np.array([0.0, 0.25, 2.0, 3.5])
    counts = np.zeros(4)
    rng = generator(1, "callers")
    for _ in range(400):
        counts += np.bincount(callers(rng, expected), minlength=4)
    assert counts[0] == 0
    assert counts[2] == 800
    assert np.abs(counts / 400 - expected).max() < 0.1
