"""Learning early on half of the rings and being judged later on the others, on planted snapshots."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from detectors.evaluation.protocol import Side, forward_figures, split, windows_around
from detectors.evaluation.truth import TruthError
from detectors.results import Results
from graph.features.catalogue import FEATURES
from graph.snapshot import EDGES, LINK_KEYS, NUMBERS, Snapshot, write_snapshot
from graph.windows import DAY, parse_instant
from tests.detectors.evaluation.small import fraud, innocent, small_results, truth_folder

NODES, RINGS, MEMBERS = 90, 8, 5  # the first 40 nodes are fraudulent: of four rings of two types each
START = parse_instant("2026-05-01T00:00:00Z")
CUT = parse_instant("2026-05-05T00:00:00Z")
END = parse_instant("2026-05-08T00:00:00Z")


def ring(node: int) -> str:
    number = node // MEMBERS
    return f"{'wangiri' if number % 2 else 'robocall'}-{number}"


def rings_of(side: Side) -> set[str]:
    return {ring(int(node)) for node in np.flatnonzero(side.rows & side.truth.fraud)}


TRUTH = [
    *(fraud(node, ring(node).partition("-")[0], ring(node)) for node in range(RINGS * MEMBERS)),
    *(innocent(node) for node in range(RINGS * MEMBERS, NODES)),
]


def planted(folder: Path, name: str, start: int, end: int, nodes: range = range(NODES)) -> Snapshot:
    """Give a window in which fraud talks for 2 s and everybody else for 100 s on average, by chance more or less."""
    count, random = len(nodes), np.random.default_rng(start % 1_000)
    (folder / name).mkdir()
    same = {"operator": "generic", "kind": "e164", "first_seen": start, "last_seen": end - 1}
    numbers = pa.Table.from_pylist([same | {"number": f"+9190000000{node:02d}"} for node in nodes], schema=NUMBERS)
    values = {feature.name: np.full(count, np.nan) for feature in FEATURES}
    crooked = np.array([node < RINGS * MEMBERS for node in nodes])
    values["acd"] = np.where(crooked, 2.0, 100.0) * random.lognormal(0.0, 0.3, count)
    values["attempts"] = random.integers(20, 40, count).astype(np.float64)
    plain = {"calls": 1, "answered": 1, "talk_ms": 1, "night_calls": 0, "first_seen": start, "last_seen": start}
    edges = pa.Table.from_pylist([plain | {"caller": n, "callee": (n + 1) % count} for n in range(count)], schema=EDGES)
    manifest = {"id": name, "window": {"start": start, "end": end}}
    write_snapshot(folder / name, manifest, numbers, pa.table(values), edges, LINK_KEYS.empty_table())
    return Snapshot(folder / name)


@pytest.fixture
def early(tmp_path: Path) -> Snapshot:
    return planted(tmp_path, "early", START, CUT)


@pytest.fixture
def late(tmp_path: Path) -> Snapshot:
    return planted(tmp_path, "late", CUT, END)


@pytest.fixture
def product(tmp_path: Path) -> Results:
    """Give scores that are upside down: fraud has the least risk."""
    return small_results(tmp_path / "results", [float(node) for node in range(NODES)], {})


def test_what_was_learnt_early_is_found_later_in_other_rings(
    tmp_path: Path, early: Snapshot, late: Snapshot, product: Results
) -> None:
    figures = forward_figures(truth_folder(tmp_path / "truth", TRUTH), early, late, product, seed=1)
    for name in ("boosting", "boosting_with_neighbours"):
        found = figures["detectors"][name]
        assert found["auc"] > 0.9  # there are 45 examples to learn from
        assert min(found["by_fraud_type"].values()) > 0.8
        assert set(found["by_fraud_type"]) == {"robocall", "wangiri"}
    assert figures["detectors"]["product_risk"]["auc"] == 0.0
    assert figures["detectors"]["product_risk"]["recall_at_fraud_count"] == 0.0
    assert figures["detectors"]["isolation_forest"]["auc"] == 0.5  # it ranked nobody
    assert [figures[side][of] for side in ("learnt", "judged") for of in ("rings", "fraud")] == [4, 20, 4, 20]
    assert figures["learnt"]["to"] == figures["judged"]["from"] == "2026-05-05T00:00:00Z"


@pytest.mark.parametrize("seed", range(5))
def test_no_ring_and_no_number_is_on_both_sides(tmp_path: Path, early: Snapshot, late: Snapshot, seed: int) -> None:
    learnt, judged = split(truth_folder(tmp_path / "truth", TRUTH), early, late, seed)
    rings = [rings_of(side) for side in (learnt, judged)]
    assert not rings[0] & rings[1]
    assert len(rings[0] | rings[1]) == RINGS
    assert not (learnt.rows & judged.rows).any()  # the nodes of both windows are the same numbers
    assert (learnt.rows | judged.rows).all()


def test_another_seed_learns_from_other_rings(tmp_path: Path, early: Snapshot, late: Snapshot) -> None:
    truth = truth_folder(tmp_path / "truth", TRUTH)
    assert len({split(truth, early, late, seed)[0].rows.tobytes() for seed in range(5)}) > 1


def test_a_ring_that_comes_back_stays_on_its_side(tmp_path: Path, early: Snapshot, late: Snapshot) -> None:
    truth = truth_folder(tmp_path / "truth", TRUTH)
    pairs = [(ring(0), ring(10)), (ring(5), ring(15)), (ring(20), ring(30)), (ring(25), ring(35))]
    lines = [f"{campaign},{old}" for old, campaign in pairs]
    (truth / "truth_campaigns.csv").write_text("\n".join(["campaign,resurgence_of", *lines, ""]))
    for seed in range(5):
        learnt, _ = split(truth, early, late, seed)
        sides = rings_of(learnt)
        assert all((old in sides) == (new in sides) for old, new in pairs)


def test_a_recycled_number_that_was_learnt_from_is_not_judged(tmp_path: Path, early: Snapshot, late: Snapshot) -> None:
    """Number 0 is fraudulent before the cut and somebody else's after it."""
    before, after = "2026-05-01T00:00:00Z,2026-05-05T00:00:00Z", "2026-05-05T00:00:00Z,"
    rows = [fraud(0, "robocall", ring(0), before), innocent(0, span=after), *TRUTH[1:]]
    truth = truth_folder(tmp_path / "truth", rows)
    sides = [split(truth, early, late, seed) for seed in range(10)]
    assert any(learnt.rows[0] for learnt, _ in sides)
    assert any(judged.rows[0] for _, judged in sides)
    assert not any(learnt.rows[0] and judged.rows[0] for learnt, judged in sides)


def test_labels_that_say_nothing_teach_nothing(
    tmp_path: Path, early: Snapshot, late: Snapshot, product: Results
) -> None:
    """Which of 90 like numbers are called fraudulent is drawn: over draws nothing is found but by chance."""
    found = []
    for seed in range(20):
        names = np.random.default_rng(seed).permutation(NODES)
        rows = [row.replace("+9190000000" + row[11:13], f"+9190000000{names[int(row[11:13])]:02d}") for row in TRUTH]
        truth = truth_folder(tmp_path / f"truth{seed}", rows)
        found.append(forward_figures(truth, early, late, product, seed)["detectors"]["boosting"]["auc"])
    assert np.mean(found) == pytest.approx(0.5, abs=0.06)


def test_windows_are_of_equal_length_within_the_calls(tmp_path: Path) -> None:
    whole = planted(tmp_path, "whole", START, END)
    before, after = windows_around(CUT, whole)
    assert (before.start, before.end, after.start, after.end) == (CUT - 3 * DAY, CUT, CUT, END)
    before, after = windows_around(START + DAY, whole)
    assert (before.start, after.end) == (START, START + 2 * DAY)


@pytest.mark.parametrize("cut", [START, END, START - DAY, END + DAY])
def test_a_day_outside_the_calls_is_refused(tmp_path: Path, cut: int) -> None:
    with pytest.raises(TruthError, match="leaves nothing to learn from"):
        windows_around(cut, planted(tmp_path, "whole", START, END))


def test_a_side_without_fraud_is_refused(tmp_path: Path, early: Snapshot, late: Snapshot) -> None:
    rows = [fraud(0, "robocall", ring(0)), *(innocent(node) for node in range(1, NODES))]
    with pytest.raises(TruthError, match=r"there is no fraud, or nobody else, to (learn from|judge)"):
        split(truth_folder(tmp_path / "truth", rows), early, late, seed=1)
