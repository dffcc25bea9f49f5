"""Every feature of the catalogue against values computed by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from graph.features.catalogue import BY_NAME, FEATURES
from tests.graph.calls import Row, features_of, tables_of
from tests.graph.features import worlds
from tests.graph.features.worlds import (
    ABROAD,
    BANK,
    CALLER,
    CLOSER,
    DOCTOR,
    FRIEND,
    LINES,
    METRONOME,
    MISSED,
    MULE,
    OPENER,
    PAYER,
    TAKER,
    V1,
    V2,
    V3,
    VICTIM,
    VICTIMS,
    WRITER,
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
    "instant_answer_share": [(worlds.merged_calls, {BANK: 0.666666667, CLOSER: 0, V1: None})],
    "instant_short_share": [(worlds.merged_calls, {BANK: THIRD, CLOSER: 0})],
    "received_instant_share": [(worlds.merged_calls, {VICTIM: THIRD, V1: 0.5, CLOSER: None})],
    "in_out_seconds_ratio": [(worlds.merged_calls, {CLOSER: 0.19047619, VICTIM: 5.333333333, BANK: 0, V1: None})],
    "uncalled_caller_share": [(worlds.merged_calls, {VICTIM: 0.5, CLOSER: 0, V1: 1, BANK: None})],
    "unallocated_share": [(worlds.hot_calls, {PAYER: 0.2, V1: None})],
    "high_risk_share": [(worlds.hot_calls, {PAYER: 0.6, V1: None})],
    "hot_range_peak": [(worlds.hot_calls, {PAYER: 2, V1: 0})],
    "overlap_share": [(worlds.merged_calls, {CLOSER: 0.5, BANK: THIRD, VICTIM: 0, V1: None})],
    "overlapped_callees": [(worlds.merged_calls, {CLOSER: 1, BANK: 1, VICTIM: 0, V1: 0})],
    "refiled_share": [(worlds.merged_calls, {CLOSER: 0.5, BANK: THIRD, VICTIM: 0})],
    "age_days": [(worlds.hot_calls, {PAYER: 27.583333333, V1: 0.5})],
    "new_callee_share": [(worlds.hot_calls, {PAYER: 0.2, V1: None})],
    "devices": [(worlds.equipment, {MULE: 2, V1: 1, V2: None})],
    "sims": [(worlds.equipment, {MULE: 2, V1: 1, V2: None})],
    "imei_per_sim": [(worlds.equipment, {MULE: 2, V1: 1, V2: None})],
    "sims_per_imei": [(worlds.equipment, {MULE: 3, V1: 3})],
    "numbers_per_imei": [(worlds.equipment, {MULE: 2, V1: 2, V2: None})],
    "device_changes": [(worlds.equipment, {MULE: 1, V1: 0, V2: None})],
    "sim_changes": [(worlds.equipment, {MULE: 1, V1: 0, V2: None})],
    "device_change_hours": [(worlds.equipment, {MULE: 27 * 24 + 12, V1: None})],
    "sim_change_hours": [(worlds.equipment, {MULE: 27 * 24 + 10, V1: None})],
    "cells": [(worlds.equipment, {MULE: 2, V1: 1, V2: None})],
    "cell_entropy": [(worlds.equipment, {MULE: 0.721928, V1: 0, V2: None})],
    "top_cell_share": [(worlds.equipment, {MULE: 0.8, V1: 1, V2: None})],
    "trunks_in": [(worlds.equipment, {MULE: 2, V1: None})],
    "trunks_out": [(worlds.equipment, {MULE: 1, V1: None})],
    "trunk_entropy": [(worlds.equipment, {MULE: 0.721928, V1: None})],
    "top_trunk_share": [(worlds.equipment, {MULE: 0.8, V1: None})],
    "sms_sent": [(worlds.texts, {WRITER: 4, V1: 1, V2: 0})],
    "sms_recipients": [(worlds.texts, {WRITER: 3, V1: 1, V2: 0})],
    "sms_peak_hour_recipients": [(worlds.texts, {WRITER: 2, V1: 1, V2: 0})],
    "sms_reply_share": [(worlds.texts, {WRITER: THIRD, V1: 1, V2: None})],
    "sms_share": [(worlds.texts, {WRITER: 0.8, V1: 1, V2: None})],
    "forward_targets": [(worlds.diversions, {DOCTOR: 1, FRIEND: 1, TAKER: 0})],
    "forwarded_calls": [(worlds.diversions, {DOCTOR: 2, FRIEND: 1, TAKER: 0})],
    "forward_sources": [(worlds.diversions, {TAKER: 2, DOCTOR: 0})],
    "forwarded_in_share": [(worlds.diversions, {TAKER: 0.75, FRIEND: 0, DOCTOR: None})],
    "callee_mean_attempts": [(circle, {P: 0.5, Q: 0, R: None})],
    "callee_max_attempts": [(circle, {P: 1, Q: 0, R: None})],
    "caller_mean_attempts": [(circle, {Q: 2, R: 1.333333333, P: None})],
    "caller_max_attempts": [(circle, {Q: 2, R: 2, P: None})],
    "caller_mean_fanout": [(dialler, {V1: 0.8, A: 1})],
    "callee_max_asr": [(dialler, {A: 1, V1: 0.666666667})],
    "caller_mean_acd": [(dialler, {V1: 186, A: 30})],
    "callee_mean_night_share": [(dialler, {A: 0, V1: 0.166666667})],
}


@cache
def _computed(world: World, folder: Path) -> dict[str, dict[str, float | None]]:
    return features_of(tables_of(world(), folder))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worlds")


def test_every_feature_has_hand_made_values() -> None:
    others = {feature.name for feature in FEATURES if feature.group == "neighbour means"} | {"cost_rate"}
    assert {feature.name for feature in FEATURES} - set(EXPECTED) <= others  # test_plain.py has all of these
    assert set(EXPECTED) <= set(BY_NAME)


@pytest.mark.parametrize("name", EXPECTED)
def test_value(name: str, folder: Path) -> None:
    for world, values in EXPECTED[name]:
        rows = _computed(world, folder)
        assert {number: rows[number][name] for number in values} == values
