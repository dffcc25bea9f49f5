"""What the network is shown of each number: the catalogue's features, and what its ties are like, both ways."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.features.catalogue import BY_NAME, PROTOTYPE
from graph.snapshot import Snapshot

FloatArray = npt.NDArray[np.float64]
DIRECTIONS = (("out", "caller"), ("in", "callee"))
_DOUBLES = frozenset(PROTOTYPE)  # the prototype's five say again what other features say


def column_names(snapshot: Snapshot) -> tuple[str, ...]:
    """Name the columns that `columns` gives, in their order, without computing any."""
    ties = [_tie_name(direction, name) for direction, _ in DIRECTIONS for name in _TIES]
    return (*_features(snapshot), *ties)


def columns(snapshot: Snapshot) -> Iterator[tuple[str, FloatArray]]:
    """Give each column as float64 [n] on the scale on which the network sees it; NaN = not known.

    Shares stay as they are; all else becomes sign(x)·log1p(|x|). A tie's properties are averaged over the ties of a
    number, those it calls and those that call it apart: a message that carries the edge's properties beside the
    neighbour's, averaged, is the same sum.
    """
    for name in _features(snapshot):
        values = np.asarray(snapshot.features[name].cast(pa.float64()).fill_null(np.nan).to_numpy(), dtype=np.float64)
        yield name, values if BY_NAME[name].unit == "share" else np.copysign(np.log1p(np.abs(values)), values)
    for direction, end in DIRECTIONS:
        nodes = snapshot.edges[end].to_numpy()
        count = np.bincount(nodes, minlength=len(snapshot.numbers))
        for name in _TIES:
            total = np.bincount(nodes, weights=_tie(snapshot.edges, name), minlength=len(count))
            mean = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
            yield _tie_name(direction, name), mean


def _features(snapshot: Snapshot) -> list[str]:
    return [name for name in snapshot.features.column_names if name in BY_NAME and name not in _DOUBLES]


_TIES = ("calls", "answered", "talk", "night")


def _tie(edges: pa.Table, name: str) -> FloatArray:
    """One property of every edge: log of calls and of seconds, shares of answered and night calls."""
    calls = edges["calls"].to_numpy()
    if name == "calls":
        return np.asarray(np.log1p(calls), dtype=np.float64)
    if name == "talk":
        return np.asarray(np.log1p(edges["talk_ms"].to_numpy() / 1000), dtype=np.float64)
    of = edges["answered" if name == "answered" else "night_calls"].to_numpy()
    return np.asarray(of / np.maximum(calls, 1), dtype=np.float64)


def _tie_name(direction: str, name: str) -> str:
    return f"{direction}_tie_{name}"
