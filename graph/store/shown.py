"""What a store shows of one run: the snapshot, and the run's results as plain tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.snapshot import IntArray, Snapshot
from graph.store.port import StoreMeta

OF_A_NUMBER = ("operator", "number", "kind", "country", "line_type", "carrier", "first_seen", "last_seen")
OF_A_TRAFFIC = ("out_calls", "in_calls", "callees", "callers")
OF_A_SCORE = ("risk", "verdict", "role", "fraud_type", "campaign")


@dataclass(frozen=True)
class Shown:
    """One run as stores need it; nodes in the tables are rows of the snapshot's numbers.

    scores has a row a node with at least risk (0..100), verdict, role, fraud_type and campaign. campaigns, members,
    victims and links have the columns that the results of a run document under these names; `links.a` < `links.b`.
    Raises ValueError when the scores are not those of the snapshot.
    """

    run: str
    as_of: int  # µs
    snapshot: Snapshot
    scores: pa.Table
    campaigns: pa.Table
    members: pa.Table
    victims: pa.Table
    links: pa.Table

    def __post_init__(self) -> None:
        if len(self.scores) != len(self.snapshot.numbers):
            raise ValueError(
                f"run {self.run} scores {len(self.scores)} numbers, its snapshot {self.snapshot.id} has "
                f"{len(self.snapshot.numbers)}: these do not belong together"
            )

    @property
    def meta(self) -> StoreMeta:
        """Which version of the graph this is."""
        edges = self.snapshot.edges
        calls = int(np.sum(edges["calls"].to_numpy()))
        return StoreMeta(self.run, self.snapshot.id, self.as_of, len(self.snapshot.numbers), len(edges), calls)

    @cached_property
    def numbers(self) -> pa.Table:
        """The fields of NumberNode in their order (the key as operator, number), row = node."""
        columns = {name: self.snapshot.numbers[name] for name in OF_A_NUMBER}
        columns |= {name: pa.array(values) for name, values in _traffic(self.snapshot).items()}
        return pa.table(columns | {name: self.scores[name] for name in OF_A_SCORE})


def _traffic(snapshot: Snapshot) -> dict[str, IntArray]:
    calls = snapshot.edges["calls"].to_numpy()
    out, into = snapshot.out, snapshot.into
    return {
        "out_calls": _sum_of_slices(calls, out.indptr),
        "in_calls": _sum_of_slices(calls[into.edges], into.indptr),
        "callees": np.diff(out.indptr),
        "callers": np.diff(into.indptr),
    }


def _sum_of_slices(values: npt.NDArray[np.int64], indptr: IntArray) -> IntArray:
    sums = np.concatenate(([0], np.cumsum(values)))
    return sums[indptr[1:]] - sums[indptr[:-1]]
