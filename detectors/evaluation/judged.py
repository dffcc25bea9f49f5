"""One run laid beside the truth: what all figures are counted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from configs import Settings
from detectors.evaluation.halves import families
from detectors.evaluation.history import History
from detectors.evaluation.ranking import alert_order, within_budget
from detectors.evaluation.rings import reported_campaign
from detectors.evaluation.true_events import TrueEvent, read_events
from detectors.evaluation.truth import NodeTruth, TruthError, lay_on, read_numbers
from detectors.results import Results
from graph.snapshot import Snapshot

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Judged:
    """The numbers of a run, row = node, and what is true of them."""

    snapshot: Snapshot
    results: Results
    settings: Settings
    rows: pa.Table  # of truth_numbers.csv, within the window or not
    truth: NodeTruth
    family: Mapping[str, int]  # ring → code of its organisation: rings that came of each other share one
    events: Sequence[TrueEvent]
    history: History | None  # None: only this run is known

    @cached_property
    def risk(self) -> FloatArray:
        """Risk, [n] 0..100."""
        return np.asarray(self.results.scores["risk"].to_numpy(), dtype=np.float64)

    @cached_property
    def dangerous(self) -> BoolArray:
        """Who is DANGEROUS, [n]."""
        return self.risk >= self.settings.verdicts.dangerous

    @cached_property
    def innocent(self) -> BoolArray:
        """Whom the truth knows and does not call fraudulent, [n]: the abused and victims too."""
        return self.truth.known & ~self.truth.fraud

    @cached_property
    def order(self) -> IntArray:
        """Nodes that may be alerted, the first to be alerted first."""
        return alert_order(self.risk, np.diff(self.snapshot.out.indptr), self.settings.verdicts.suspicious)

    @property
    def budget(self) -> int:
        """How many alerts there may be at a cut."""
        return self.settings.alerts.per_day

    @cached_property
    def alerted(self) -> BoolArray:
        """Who is alerted at the operating point, [n]."""
        return within_budget(self.order, np.ones(len(self.risk)), self.budget) > 0

    @cached_property
    def reported(self) -> IntArray:
        """Row of each node's campaign among the sorted ids of campaigns, [n]; NONE for those in none."""
        return reported_campaign(self.results.members, len(self.risk))

    @cached_property
    def campaigns(self) -> tuple[str, ...]:
        """Ids of the campaigns with a member, sorted: the rows that `reported` names."""
        return tuple(sorted(self.results.members["campaign"].unique().to_pylist()))

    @cached_property
    def gate(self) -> npt.NDArray[np.object_]:
        """By which gate each node became a candidate for exact links, [n]; None for those who did not."""
        gate = np.full(len(self.risk), None, dtype=object)
        gate[self.results.candidates["node"].to_numpy()] = self.results.candidates["gate"].to_numpy()
        return gate

    @cached_property
    def candidate(self) -> BoolArray:
        """Who came through the gate before exact links, [n]."""
        chosen = np.zeros(len(self.risk), dtype=np.bool_)
        chosen[self.results.candidates["node"].to_numpy()] = True
        return chosen


def lay_beside(
    truth_dir: Path, snapshot: Snapshot, results: Results, settings: Settings, history: History | None = None
) -> Judged:
    """Read the truth files and lay them on the numbers of a run; raises TruthError."""
    if results.snapshot != snapshot.id:
        raise TruthError(f"the results are of snapshot {results.snapshot}, not of {snapshot.id}; open the run's own")
    rows = read_numbers(truth_dir)
    truth = lay_on(snapshot, rows)
    family = families(truth_dir, truth.ring.names)
    return Judged(snapshot, results, settings, rows, truth, family, read_events(truth_dir), history)
