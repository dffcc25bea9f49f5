from __future__ import annotations

import pytest

from detectors.sentences import SHARED_VICTIMS, Measured, sentence, spoken
from graph.windows import Window, parse_instant

WEEK = Window(parse_instant("2026-05-01T00:00:00Z"), parse_instant("2026-05-08T00:00:00Z"))


def test_a_fact_says_value_unit_window_and_what_is_typical() -> None:
    text = sentence(Measured("zero_share", 0.984, 0.31, 0.4), WEEK)
    assert text == (
        "Zero share: 98.4 % in the 7 days to 2026-05-08 00:00 UTC; typical of its peers: 31 % "
        "(attempts without conversation / attempts)."
    )


def test_a_fact_without_peers_says_nothing_of_them() -> None:
    assert "typical" not in sentence(Measured("acd", 12.5, float("nan"), 0.4), WEEK)


def test_the_ring_is_a_fact_too() -> None:
    text = sentence(Measured(SHARED_VICTIMS, 1204, 0, 0.4), WEEK)
    assert (
        text
        == "1,204 of the numbers it rang were also rung by others of its ring in the 7 days to 2026-05-08 00:00 UTC."
    )


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(0.5, "share", "50 %"), (1204, "calls", "1,204 calls"), (12.345, "s", "12.3 s"), (0.25, "ratio", "0.25")],
)
def test_values_are_said_with_their_unit(value: float, unit: str, said: str) -> None:
    assert spoken(value, unit) == said
