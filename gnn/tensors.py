"""A snapshot as the network reads it: a matrix of scaled columns and the adjacency in both directions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from gnn.columns import column_names, columns
from graph.snapshot import Snapshot

Matrix = npt.NDArray[np.float32]
LARGEST = 8.0  # standard deviations beyond which a value is cut: a number that nobody was like when it was learnt


@dataclass(frozen=True)
class Scaling:
    """How columns became comparable when the network learnt; a later snapshot is scaled by the same numbers."""

    names: tuple[str, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    gaps: tuple[str, ...]  # columns whose gaps have a column of their own, 1 = known

    @property
    def width(self) -> int:
        """Columns of the matrix."""
        return len(self.names) + len(self.gaps)

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Scaling:
        """Give back what `as_json` gave."""
        numbers = {name: tuple(map(float, values[name])) for name in ("means", "deviations")}
        return cls(names=tuple(values["names"]), gaps=tuple(values["gaps"]), **numbers)


@dataclass(frozen=True)
class Direction:
    """The weighted mean over neighbours in one direction, and its transpose, which gradients flow back by."""

    mean: csr_array  # [n, n] float32, rows sum to 1, or to 0 without a neighbour
    transposed: csr_array  # [n, n]


@dataclass(frozen=True)
class Adjacency:
    """Whom a number calls, and who calls it."""

    out: Direction
    into: Direction


def fit_scaling(snapshot: Snapshot) -> Scaling:
    """Measure mean and standard deviation of every column over the numbers that have a value.

    Columns that are unknown for the same numbers share one column of gaps.
    """
    means, deviations, gaps, seen = [], [], [], set()
    for name, values in columns(snapshot):
        known = ~np.isnan(values)
        pattern = known.tobytes()
        if known.any() and not known.all() and pattern not in seen:
            seen.add(pattern)
            gaps.append(name)
        of = values[known]
        means.append(float(of.mean()) if len(of) else 0.0)
        varies = len(of) and of.min() < of.max()  # the deviation of equal values is not always exactly 0
        deviations.append(float(of.std()) if varies else 0.0)
    return Scaling(column_names(snapshot), tuple(means), tuple(deviations), tuple(gaps))


def matrix(snapshot: Snapshot, scaling: Scaling) -> Matrix:
    """Give [n, scaling.width] values: standardised, 0 (the mean) where unknown, then 1 or 0 for known or not.

    The snapshot must have the columns of `scaling` (`checkpoint.check_fits`).
    """
    found = np.zeros((len(snapshot.numbers), scaling.width), dtype=np.float32)
    place = {name: len(scaling.names) + at for at, name in enumerate(scaling.gaps)}
    for at, (name, values) in enumerate(columns(snapshot)):
        known = ~np.isnan(values)
        if name in place:
            found[:, place[name]] = known
        if scaling.deviations[at] > 0:  # a column that never varied says nothing
            standard = (values - scaling.means[at]) / scaling.deviations[at]
            found[:, at] = np.where(known, np.clip(standard, -LARGEST, LARGEST), 0.0)
    return found


def adjacency(snapshot: Snapshot) -> Adjacency:
    """Give both directions; a tie weighs log1p(calls) + log1p(answered) + log1p(minutes) + log1p(night calls)."""
    count, weights = len(snapshot.numbers), tie_weights(snapshot)
    out, into = snapshot.out, snapshot.into
    forth = weights / np.bincount(snapshot.edges["caller"].to_numpy(), weights, count)[snapshot.edges["caller"]]
    back = weights / np.bincount(snapshot.edges["callee"].to_numpy(), weights, count)[snapshot.edges["callee"]]

    def rows(values: npt.NDArray[np.float64], of: Any) -> csr_array:
        data = values[of.edges].astype(np.float32)
        return csr_array((data, of.neighbours.astype(np.int32), of.indptr.astype(np.int32)), shape=(count, count))

    return Adjacency(Direction(rows(forth, out), rows(forth, into)), Direction(rows(back, into), rows(back, out)))


def tie_weights(snapshot: Snapshot) -> npt.NDArray[np.float64]:
    """Give the weight of every edge, above 0: many, answered, long and nightly calls each count on a log scale."""
    edges = snapshot.edges
    counts = (edges[name].to_numpy() for name in ("calls", "answered", "night_calls"))
    minutes = np.log1p(edges["talk_ms"].to_numpy() / 60_000)
    return np.asarray(minutes + sum(np.log1p(count) for count in counts), dtype=np.float64)
