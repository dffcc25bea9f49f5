"""Features that look at neighbouring calls, against the plainest possible code."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from statistics import fmean, pstdev

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.features.neighbours import columns
from graph.windows import HOUR, iso, parse_instant
from tests.graph.calls import Row, call, features_of, tables_of

START = parse_instant("2026-05-04T00:00:00Z")
WORLD = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 40), st.sampled_from([0, 0, 7, 3_600, 20_000])),
    min_size=1,
    max_size=30,
)
WORLDS = st.lists(WORLD, min_size=1, max_size=25)  # that do not meet: many small cases for one computation
World = list[tuple[int, int, int, int]]
Values = dict[str, float]


def _rows(worlds: list[World]) -> list[Row]:
    """Starts lie on few instants, an hour and a second apart, so that many are equal."""
    return [
        call(f"+9190{w:02}{a}", f"+9190{w:02}{b}", iso(START + at * (HOUR + 1_000_000)), talk, record_id=f"{w}-{i}")
        for w, calls in enumerate(worlds)
        for i, (a, b, at, talk) in enumerate(calls)
    ]


def _ordered(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["started"], row["callee"], row["call_key"]))


def _gap_cv(rows: list[Row]) -> Values:
    starts = defaultdict(list)
    for row in _ordered(rows):
        starts[row["caller"]].append(row["started"])
    gaps = {number: np.diff(times).tolist() for number, times in starts.items()}
    return {number: pstdev(g) / fmean(g) for number, g in gaps.items() if len(g) >= 2 and sum(g)}


def _concurrent_peak(rows: list[Row]) -> Values:
    held = defaultdict(list)
    for row in rows:
        held[row["caller"]].append((row["started"], row["started"] + row["talk_ms"] * 1000))
    return {n: max(sum(a <= at < b for a, b in calls) for at, _ in calls) for n, calls in held.items()}


def _callback_rate(rows: list[Row]) -> Values:
    pairs, missed, back = defaultdict(list), defaultdict(set), defaultdict(set)
    for row in _ordered(rows):
        if row["caller"] != row["callee"]:
            pairs[frozenset((row["caller"], row["callee"]))].append(row)
    for row, after in ((r, a) for calls in pairs.values() for r, a in zip(calls, [*calls[1:], None], strict=True)):
        if row["answered"]:
            continue
        missed[row["caller"]].add(row["callee"])
        if after and after["caller"] == row["callee"] and after["started"] - row["started"] <= 24 * HOUR:
            back[row["caller"]].add(row["callee"])
    return {number: len(back[number]) / len(callees) for number, callees in missed.items()}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORLDS)
def test_as_by_plain_code(tmp_path: Path, worlds: list[World]) -> None:
    rows = _rows(worlds)
    found = features_of(tables_of(rows, tmp_path))
    for name, plain in (("gap_cv", _gap_cv), ("concurrent_peak", _concurrent_peak), ("callback_rate", _callback_rate)):
        values = {number: row[name] for number, row in found.items() if row[name]}
        expected = {number: value for number, value in plain(rows).items() if value}
        assert values == pytest.approx(expected, abs=1e-6), name


@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), min_size=1, max_size=90))
def test_clustering_as_networkx(pairs: list[tuple[int, int]]) -> None:
    edges = sorted({(a, b) for a, b in pairs if a != b})
    ends = np.array(edges, dtype=np.int32).reshape(-1, 2)
    found = columns(15, ends[:, 0], ends[:, 1])["clustering"]
    graph = nx.Graph(edges)
    for node in range(15):
        if node in graph and graph.degree[node] >= 2:
            assert found[node] == pytest.approx(nx.clustering(graph, node), abs=1e-9)
        else:
            assert np.isnan(found[node])
