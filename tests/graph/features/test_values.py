"""Every feature of the catalogue against values computed by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from graph.features.catalogue import FEATURES
from tests.graph.calls import Row, features_of, tables_of
from tests.graph.features import worlds
from tests.graph.features.worlds import (
    ABROAD,
    CALLER,
    CLOSER,
    LINES,
    METRONOME,
    MISSED,
    OPENER,
    V1,
    V2,
    V3,
    VICTIMS,
    A,
    P,
    Q,
    R,
    S,
    T,
    U,
    Z,
)

World = Callable[[], list[Row]]
Values = dict[str, float | None]
THIRD = 0.333333333
dialler, lines, contacts, handoffs, circle = (
    worlds.dialler,
    worlds.lines,
    worlds.contacts,
    worlds.handoffs,
    worlds.circle,
)

EXPECTED: dict[str, list[tuple[World, Values]]] = {
    "attempts": [(dialler, {A: 6, V1: 1, ABROAD: 0})],
    "total_calls": [(dialler, {A: 6, V1: 1, ABROAD: 0})],
    "answered": [(dialler, {A: 4, V1: 1, V2: 0, ABROAD: 0})],
    "asr": [(dialler, {A: 0.666666667, V1: 1, V2: 0, ABROAD: None})],
    "seconds": [(dialler, {A: 744, V1: 30, V2: 0, ABROAD: 0})],
    "acd": [(dialler, {A: 186, V1: 30, V2: None})],
    "avg_call_duration": [(dialler, {A: 124, V1: 30, V2: 0, ABROAD: None})],
    "longest_seconds": [(dialler, {A: 600, V2: 0, ABROAD: None})],
    "short6_share": [(dialler, {A: 0.25, V1: 0, V2: None}), (worlds.edges_of_length, {A: 0.142857143})],
    "short20_share": [(dialler, {A: 0.5, V1: 0, V2: None}), (worlds.edges_of_length, {A: 0.428571429})],
    "short60_share": [(dialler, {A: 0.5, V1: 1, V2: None}), (worlds.edges_of_length, {A: 0.571428571})],
    "long120_share": [(dialler, {A: 0.5, V1: 0, V2: None}), (worlds.edges_of_length, {A: 0.285714286})],
    "long600_share": [(dialler, {A: 0.25, V1: 0, V2: None}), (worlds.edges_of_length, {A: 0.142857143})],
    "zero_share": [(dialler, {A: THIRD, V1: 0, V2: 1, ABROAD: None})],
    "ring_seconds": [(dialler, {A: 3.5, V1: None})],
    "ring3_share": [(dialler, {A: 0.25, V1: None}), (lines, {LINES: 0})],
    "callees": [(dialler, {A: 4, V1: 1, V3: 0})],
    "callers": [(dialler, {A: 2, V1: 1, V3: 1})],
    "received": [(dialler, {A: 2, V1: 2, ABROAD: 1})],
    "fanout": [(dialler, {A: 0.8, V1: 1, V3: None})],
    "repeat_share": [(dialler, {A: 0.25, V1: 0, V3: None})],
    "top_callee_share": [(dialler, {A: 0.4, V1: 1, V3: None})],
    "received_asr": [(dialler, {A: 0.5, V1: 0.5, ABROAD: 1})],
    "received_acd": [(dialler, {A: 30, V1: 120, V2: 5}), (lines, {LINES: None})],
    "received_seconds": [(dialler, {A: 30, V1: 120}), (lines, {LINES: 0})],
    "in_out_ratio": [(dialler, {A: 0.4, V1: 2, V3: None}), (lines, {LINES: 0})],
    "active_hours": [(dialler, {A: 4, V1: 1, V3: 0})],
    "active_days": [(dialler, {A: 2, V1: 1, V3: 0})],
    "peak_hour_attempts": [(dialler, {A: 3, V1: 1, V3: 0})],
    "attempts_per_active_hour": [(dialler, {A: 1.5, V1: 1, V3: None})],
    "night_share": [(dialler, {A: 0.166666667, V1: 0, V3: None})],
    "night_call_ratio": [(dialler, {A: 0.166666667, V1: 0, V3: None})],
    "offhours_share": [(dialler, {A: THIRD, V1: 0, V3: None})],
    "weekend_share": [(dialler, {A: 0.166666667, V1: 0, V3: None})],
    "gap_cv": [(worlds.metronome, {METRONOME: 0.40824829}), (dialler, {V1: None}), (worlds.machine, {METRONOME: 0})],
    "sequential_share": [(dialler, {A: 0.6, V1: None})],
    "concurrent_peak": [(lines, {LINES: 2}), (dialler, {A: 1, V2: 0, V3: 0})],
    "origin_regions": [(dialler, {A: 2, V1: None})],
    "target_regions": [(dialler, {A: 3, V1: None})],
    "unique_origin_regions": [(dialler, {A: 3, V1: None})],
    "unique_target_regions": [(dialler, {A: 4, V1: None})],
    "neighbour_share": [(dialler, {A: 0.8, V1: 1, V3: None})],
    "international_share": [(dialler, {A: 0.2, V1: 0, V3: None})],
    "target_countries": [(dialler, {A: 2, V1: 1, V3: None})],
    "range_sweep": [(dialler, {A: 0.003, V1: 0.001, V3: None})],
    "reciprocity": [(dialler, {A: 0.25, V1: 1, V2: 0, V3: None})],
    "stable_contacts": [(contacts, {S: 1, T: 1, U: 0})],
    "callback_rate": [(dialler, {A: 1, V1: None, V2: 0}), (worlds.late_call_back, {CALLER: 0, MISSED: None})],
    "callback_seconds": [(dialler, {A: 30, V2: None}), (worlds.late_call_back, {CALLER: None})],
    "handoff_share": [(handoffs, {OPENER: 0.5, CLOSER: 0, VICTIMS[0]: None})],
    "handoff_in_share": [(handoffs, {OPENER: 0, CLOSER: 0.4, VICTIMS[0]: None})],
    "callee_in_degree": [(circle, {P: 2, Q: 3, R: None})],
    "callee_out_degree": [(circle, {P: 0.5, Q: 0, R: None})],
    "silent_callee_share": [(circle, {P: 0.5, Z: 1, R: None})],
    "clustering": [(circle, {P: 1, Q: 1, R: THIRD, Z: None})],
}


@cache
def _computed(world: World, folder: Path) -> dict[str, dict[str, float | None]]:
    return features_of(tables_of(world(), folder))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worlds")


def test_every_feature_has_hand_made_values() -> None:
    assert list(EXPECTED) == [feature.name for feature in FEATURES]


@pytest.mark.parametrize("name", EXPECTED)
def test_value(name: str, folder: Path) -> None:
    for world, values in EXPECTED[name]:
        rows = _computed(world, folder)
        assert {number: rows[number][name] for number in values} == values
