"""Cells must count what their numbers count."""

from __future__ import annotations

import numpy as np
import pytest

from configs import load_settings
from detectors.evaluation import lay_beside
from detectors.evaluation.bootstrap import RESAMPLES
from detectors.evaluation.cells import cells_of, crowd_weights
from detectors.evaluation.judged import Judged
from detectors.evaluation.ranking import FIGURES, ranking_quality, within_budget
from tests.detectors.evaluation.small import fraud, innocent, small_results, small_snapshot, truth_folder

NODES = 90


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """Of 90 numbers 20 are fraudulent in 5 rings, 10 unknown, the others innocent and of three kinds or of none."""
    folder, draw = tmp_path_factory.mktemp("cells"), np.random.default_rng(4)
    kinds = ("", "courier", "call_centre", "school")
    truth = [fraud(node, "wangiri", f"R{node // 4}") for node in range(20)]
    truth += [innocent(node, kinds[node % 4]) for node in range(20, 80)]
    risk = np.round(draw.random(NODES) * 60 + 35 * (np.arange(NODES) < 20), 0).tolist()
    risk[80:82] = [75.0, 55.0]  # unknown to the truth
    calls = [(node, int(to)) for node in range(NODES) for to in set(draw.integers(0, NODES, size=3).tolist()) - {node}]
    snapshot = small_snapshot(folder / "s1", NODES, calls)
    results = small_results(folder / "r1", risk, {})
    return lay_beside(truth_folder(folder / "truth", truth), snapshot, results, load_settings())


def test_all_numbers_that_matter_are_in_a_cell(judged: Judged) -> None:
    cells = cells_of(judged)
    assert cells.numbers[cells.innocent].sum() == 60
    assert cells.numbers[cells.fraud].tolist() == [1] * 20
    assert len(cells.numbers) < 70  # some share a cell
    suspects = judged.risk >= judged.settings.verdicts.suspicious
    assert len(cells.order) == suspects.sum() > 0
    assert (~cells.known).sum() == (suspects & ~judged.truth.known).sum() > 0


def test_cells_counted_once_each_give_the_figures_themselves(judged: Judged) -> None:
    cells, known = cells_of(judged), judged.truth.known
    assert cells.levels is not None
    weight = cells.numbers.astype(np.float64)
    expected = ranking_quality(judged.truth.fraud[known], judged.risk[known])
    assert cells.levels.ranking(weight[cells.known]).figures() == pytest.approx([expected[name] for name in FIGURES])
    for budget in (1, 7, 500):
        alerted = within_budget(cells.order, weight, budget)
        there = within_budget(judged.order, np.ones(NODES), budget)
        assert alerted.sum() == there.sum()
        assert alerted[cells.fraud].sum() == there[judged.truth.fraud].sum()
        for code, (_, of_kind) in enumerate(judged.truth.look_alike.rows()):
            assert alerted[cells.look_alike.of == code].sum() == there[of_kind].sum()


def test_a_resample_has_as_many_innocent_numbers_and_whole_rings(judged: Judged) -> None:
    cells = cells_of(judged)
    drawn = list(cells.resamples())
    assert len(drawn) == RESAMPLES
    for weight in drawn[:50]:
        assert weight[cells.innocent].sum() == 60
        assert weight[cells.fraud].sum() == 20
        assert (weight[~cells.known] == 1).all()
        for ring in range(5):
            assert len(set(weight[cells.ring == ring].tolist())) == 1


def test_nobody_to_draw_from_is_no_weight() -> None:
    assert {len(weight) for weight in crowd_weights(np.empty(0, dtype=np.int64))} == {0}
