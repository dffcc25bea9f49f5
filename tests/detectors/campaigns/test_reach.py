from __future__ import annotations

from pathlib import Path

import numpy as np

from detectors.campaigns.reach import reach_of
from graph.windows import DAY
from tests.detectors.worlds import graph_of
from tests.graph.calls import MAY

# members 0 and 1; 2 is rung by both, 3 answers, 4 rings back, 5 is only missed, 6 has nothing to do with them
CALLS = [(0, 1, 3, 3), (0, 2, 1, 0), (0, 3, 2, 1), (0, 5, 1, 0), (1, 2, 4, 0), (1, 4, 1, 0), (4, 1, 1, 1), (6, 2, 9, 9)]


def test_victims_are_shared_or_talked_to_and_members_are_none(tmp_path: Path) -> None:
    reach = reach_of(graph_of(tmp_path / "s", CALLS, 7), np.array([0, 1], dtype=np.int32))
    assert dict(zip(reach.victims.tolist(), reach.callers.tolist(), strict=True)) == {2: 2, 3: 1, 4: 1}
    assert reach.calls.tolist() == [5, 2, 1]
    assert reach.affected == 2


def test_times_are_of_the_members_own_calls(tmp_path: Path) -> None:
    reach = reach_of(graph_of(tmp_path / "s", CALLS, 7), np.array([0, 1], dtype=np.int32))
    assert reach.since.tolist() == [MAY.start, MAY.start + 4 * DAY]
    assert (reach.first_seen, reach.last_seen) == (MAY.start, MAY.start + 5 * DAY + DAY // 2)


def test_velocity_counts_victims_first_rung_within_the_last_day(tmp_path: Path) -> None:
    calls = [(0, 3, 1, 1), (0, 4, 1, 1), (1, 3, 1, 1), (1, 5, 1, 1)]
    reach = reach_of(graph_of(tmp_path / "s", calls, 6), np.array([0, 1], dtype=np.int32))
    assert reach.victims.tolist() == [3, 4, 5]
    assert reach.velocity == 1.0  # 5; who was rung before counts no more


def test_members_who_nobody_called_are_fine(tmp_path: Path) -> None:
    reach = reach_of(graph_of(tmp_path / "s", [(0, 2, 1, 0), (1, 2, 1, 0)], 3), np.array([0, 1], dtype=np.int32))
    assert (reach.victims.tolist(), reach.affected) == ([2], 0)
