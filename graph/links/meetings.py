"""Who meets whom at a key: one join for every reason, in blocks of bounded size.

A key is what two numbers may have in common: a victim, a device, a trunk. One side brings spans of time at a key, the
other points in time at it; a number meets those whose points lie in its spans.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from graph.blocks import cuts, grown
from graph.links.table import Integers, Mask, Nodes

BLOCK = 1 << 20  # pairs of rows that are held at a time: about 60 MB


@dataclass(frozen=True)
class Spans:
    """Numbers at keys for some time, both ends included; in any order."""

    key: Integers  # at least 0
    node: Nodes
    since: Integers
    until: Integers


@dataclass(frozen=True)
class Points:
    """Numbers at keys at an instant; in any order."""

    key: Integers
    node: Nodes
    at: Integers


@dataclass(frozen=True)
class Met:
    """Two numbers and the key at which they met: a < b, no row twice."""

    key: Integers
    a: Nodes
    b: Nodes


def meetings(spans: Spans, points: Points, block: int = BLOCK) -> Iterator[Met]:
    """Give every (key, a, b) once, however often the two meet there; blocks in the order of keys.

    With c numbers at a key, and m rows of each on either side, at most m²·c² pairs of rows are looked at and c(c-1)/2
    come of it. Memory is that of `block` pairs and of what one key gives, whatever m and the number of keys are.
    """
    spans, points = _ordered_spans(spans), _ordered_points(points)
    first, counts = _partners(spans, points)
    nobody = np.empty(0, dtype=np.int32)
    carried = Met(np.empty(0, dtype=np.int64), nobody, nobody)
    for begin, end in cuts(counts, block):
        row, partner = _expanded(first[begin:end], counts[begin:end], begin)
        found = _distinct(_joined(carried, _met(spans, points, row, partner)))
        whole = found.key < (spans.key[end] if end < len(spans.key) else np.iinfo(np.int64).max)
        carried = _rows(found, ~whole)  # the next block may find the same again
        yield _rows(found, whole)


def contain(spans: Spans, points: Points) -> Mask:
    """Tell which spans have a point of anybody's at their key."""
    _, counts = _partners(spans, _ordered_points(points))
    return counts > 0


def pair_keys(one: Nodes, other: Nodes) -> Integers:
    """Give a key for each pair of nodes."""
    return one.astype(np.int64) << 32 | other


def everybody(key: Integers, node: Nodes) -> tuple[Spans, Points]:
    """Give the sides under which all numbers of a key meet each other, each pair looked at once."""
    order = np.lexsort((node, key))
    key, node = key[order], node[order]
    place = np.arange(len(key))
    return Spans(key, node, place + 1, np.full(len(key), len(key))), Points(key, node, place)


def sessions(key: Integers, node: Nodes, at: Integers, gap: int) -> Spans:
    """Give the spans from first to last instant of a number at a key between which nothing is further than `gap`."""
    order = np.lexsort((at, node, key))
    key, node, at = key[order], node[order], at[order]
    begins = np.ones(len(key), dtype=bool)
    begins[1:] = (key[1:] != key[:-1]) | (node[1:] != node[:-1]) | (np.diff(at) > gap)
    ends = np.append(begins[1:], True)[: len(key)]
    return Spans(key[begins], node[begins], at[begins], at[ends])


def _ordered_spans(spans: Spans) -> Spans:
    order = np.lexsort((spans.node, spans.since, spans.key))
    return Spans(spans.key[order], spans.node[order], spans.since[order], spans.until[order])


def _ordered_points(points: Points) -> Points:
    order = np.lexsort((points.node, points.at, points.key))
    return Points(points.key[order], points.node[order], points.at[order])


def _partners(spans: Spans, points: Points) -> tuple[Integers, Integers]:
    """Give for each span its first point and how many it has: they follow each other."""
    low, high = (np.searchsorted(points.key, spans.key, side) for side in ("left", "right"))
    first = _first_from(points.at, spans.since, low, high)
    beyond = _first_from(points.at, spans.until + 1, low, high)
    return first, np.maximum(beyond - first, 0)


def _first_from(at: Integers, value: Integers, low: Integers, high: Integers) -> Integers:
    """Give the first place in [low, high) whose instant is not before `value`, by halving all spans at once."""
    low, high = low.copy(), high.copy()
    while len(open_ := np.flatnonzero(low < high)):
        middle = (low[open_] + high[open_]) // 2
        before = at[middle] < value[open_]
        low[open_[before]] = middle[before] + 1
        high[open_[~before]] = middle[~before]
    return low


def _expanded(first: Integers, counts: Integers, begin: int) -> tuple[Integers, Integers]:
    """Give the pairs (row, partner) of rows from `begin` on."""
    row, partner = grown(first, counts)
    return row + begin, partner


def _met(spans: Spans, points: Points, row: Integers, partner: Integers) -> Met:
    one, other = spans.node[row], points.node[partner]
    differ = one != other
    return Met(spans.key[row][differ], np.minimum(one, other)[differ], np.maximum(one, other)[differ])


def _distinct(met: Met) -> Met:
    order = np.lexsort((met.b, met.a, met.key))
    met = _rows(met, order)
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(met.key) != 0) | (np.diff(met.a) != 0) | (np.diff(met.b) != 0)
    return _rows(met, new)


def _joined(one: Met, other: Met) -> Met:
    return Met(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in ("key", "a", "b")))


def _rows(met: Met, rows: Mask | Integers) -> Met:
    return Met(met.key[rows], met.a[rows], met.b[rows])
