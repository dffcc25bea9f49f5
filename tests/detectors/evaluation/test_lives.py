from __future__ import annotations

from pathlib import Path

from configs import load_settings
from detectors.evaluation import lay_beside
from detectors.evaluation.lives import Life, lives
from graph.windows import DAY
from tests.detectors.evaluation.small import END, START, fraud, innocent, small_results, small_snapshot, truth_folder


def test_rings_lie_beside_the_campaigns_that_hold_most_of_them(tmp_path: Path) -> None:
    late, open_ended = "2026-05-03T00:00:00Z,2026-06-01T00:00:00Z", "2026-04-01T00:00:00Z,"
    truth = [
        *(fraud(node, "wangiri", "A", late) for node in (0, 1, 2)),
        fraud(3, "robocall", "B", open_ended),
        innocent(4),
    ]
    snapshot = small_snapshot(tmp_path / "s1", 6, [(node, 5) for node in range(5)])
    results = small_results(tmp_path / "r1", [0.0] * 6, {"c1": [0], "c2": [1, 2], "c3": [4]})
    judged = lay_beside(truth_folder(tmp_path / "truth", truth), snapshot, results, load_settings())
    seen = (START + DAY, END - DAY)
    assert lives(judged) == [
        Life("B", "robocall", (START, END), None, None),
        Life("A", "wangiri", (START + 2 * DAY, END), "c2", seen),
        Life("c1", "wangiri", None, "c1", seen),
        Life("c3", "wangiri", None, "c3", seen),
    ]
