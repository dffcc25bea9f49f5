from __future__ import annotations

import numpy as np

from ingest.simulator.quantiles import STEPS, Quantiles, chances
from ingest.simulator.randomness import generator


def test_draws_follow_the_table() -> None:
    squares = Quantiles(1_000 * chances() ** 2)
    drawn = squares.draw(generator(1, "squares"), 100_000)
    assert drawn.min() >= 0
    assert drawn.max() < 1_000
    assert abs(np.median(drawn) - 250) < 10
    assert abs(drawn.mean() - 333) < 5


def test_each_class_has_its_own_table() -> None:
    tens = Quantiles(np.array([[10, 11, 12, 13], [20, 21, 22, 23]], dtype=np.float64))
    classes = np.array([0, 1, 1, 0] * 50)
    drawn = tens.draw_of(generator(1, "tens"), classes)
    assert (drawn // 10 == classes + 1).all()
    assert set(drawn.tolist()) == {10, 11, 12, 13, 20, 21, 22, 23}


def test_chances_are_the_middles_of_equal_parts() -> None:
    assert chances(4).tolist() == [0.125, 0.375, 0.625, 0.875]
    assert len(chances()) == STEPS
