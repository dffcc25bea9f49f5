"""The join that every reason stands on, against every pair of rows by hand."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.links.caps import within_cap
from graph.links.meetings import Points, Spans, contain, everybody, meetings, sessions

SpanRow = tuple[int, int, int, int]
PointRow = tuple[int, int, int]
spans_ = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 20), st.integers(0, 9)).map(
        lambda row: (row[0], row[1], row[2], row[2] + row[3])
    ),
    max_size=40,
)
points_ = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 30)), max_size=40)


def _spans(rows: list[SpanRow]) -> Spans:
    key, node, since, until = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Spans(key, node.astype(np.int32), since, until)


def _points(rows: list[PointRow]) -> Points:
    key, node, at = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Points(key, node.astype(np.int32), at)


def _met(spans: list[SpanRow], points: list[PointRow], block: int = 7) -> list[tuple[int, int, int]]:
    blocks = meetings(_spans(spans), _points(points), block)
    return [row for met in blocks for row in zip(met.key.tolist(), met.a.tolist(), met.b.tolist(), strict=True)]


def _by_hand(spans: list[SpanRow], points: list[PointRow]) -> set[tuple[int, int, int]]:
    return {
        (key, min(node, other), max(node, other))
        for key, node, since, until in spans
        for key_, other, at in points
        if key == key_ and node != other and since <= at <= until
    }


@given(spans_, points_, st.integers(1, 50))
def test_every_meeting_once_whatever_the_size_of_blocks(
    spans: list[SpanRow], points: list[PointRow], block: int
) -> None:
    met = _met(spans, points, block)
    assert len(met) == len(set(met))
    assert set(met) == _by_hand(spans, points)


@given(spans_, points_, st.integers())
def test_the_order_of_rows_does_not_show(spans: list[SpanRow], points: list[PointRow], seed: int) -> None:
    chance = Random(seed)
    assert _met(chance.sample(spans, len(spans)), chance.sample(points, len(points))) == _met(spans, points)


@given(spans_, points_)
def test_spans_with_a_point(spans: list[SpanRow], points: list[PointRow]) -> None:
    by_hand = [any(key == key_ and since <= at <= until for key_, _, at in points) for key, _, since, until in spans]
    assert contain(_spans(spans), _points(points)).tolist() == by_hand


@given(points_)
def test_everybody_meets_everybody_at_a_key(rows: list[PointRow]) -> None:
    points = _points(rows)
    met = {
        row
        for part in meetings(*everybody(points.key, points.node), 5)
        for row in zip(part.key, part.a, part.b, strict=True)
    }
    assert met == {(k, a, b) for k, a, _ in rows for k_, b, _ in rows if k == k_ and a < b}


@given(points_, st.integers(0, 6))
def test_sessions_hold_all_that_is_close(rows: list[PointRow], gap: int) -> None:
    points = _points(rows)
    found = sessions(points.key, points.node, points.at, gap)
    told = list(zip(found.key.tolist(), found.node.tolist(), found.since.tolist(), found.until.tolist(), strict=True))
    for key, node in {(key, node) for key, node, _ in rows}:
        at = sorted({at for key_, node_, at in rows if (key_, node_) == (key, node)})
        breaks = [place for place in range(1, len(at)) if at[place] - at[place - 1] > gap]
        parts = [at[low:high] for low, high in zip([0, *breaks], [*breaks, len(at)], strict=True)]
        assert [row[2:] for row in told if row[:2] == (key, node)] == [(part[0], part[-1]) for part in parts]


@given(points_, st.integers(1, 4), st.integers())
def test_of_a_crowded_key_the_same_few_count_in_any_order(rows: list[PointRow], most: int, seed: int) -> None:
    def kept(of: list[PointRow]) -> set[tuple[int, int]]:
        points = _points(of)
        counts = within_cap(points.key, points.node, most)
        return set(zip(points.key[counts].tolist(), points.node[counts].tolist(), strict=True))

    chosen = kept(rows)
    assert kept(Random(seed).sample(rows, len(rows))) == chosen
    for key in {row[0] for row in rows}:
        nodes = {node for key_, node, _ in rows if key_ == key}
        assert len({node for key_, node in chosen if key_ == key}) == min(most, len(nodes))


def test_the_chosen_of_two_crowded_keys_are_the_same() -> None:
    nodes = np.tile(np.arange(1_000, dtype=np.int32), 2)
    keys = np.repeat(np.array([3, 9]), 1_000)
    kept = within_cap(keys, nodes, 10)
    assert sorted(nodes[kept & (keys == 3)]) == sorted(nodes[kept & (keys == 9)])


@pytest.mark.parametrize("block", [1, 100, 1 << 20])
def test_a_key_of_a_hundred_thousand_gives_no_more_than_its_cap(block: int) -> None:
    count, most = 100_000, 20
    keys, nodes = np.zeros(count, dtype=np.int64), np.arange(count, dtype=np.int32)
    kept = within_cap(keys, nodes, most)
    sizes = [len(met.key) for met in meetings(*everybody(keys[kept], nodes[kept]), block)]
    assert sum(sizes) == most * (most - 1) // 2
