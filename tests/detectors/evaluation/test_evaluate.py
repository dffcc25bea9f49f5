"""`evaluate` on a run of eleven numbers; every expected figure is worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from configs import Settings, load_settings
from detectors.evaluation import NOT_BUILT, TruthError, evaluate
from detectors.evaluation.history import History
from detectors.results import Results
from graph.snapshot import Snapshot
from graph.windows import DAY
from tests.detectors.evaluation.small import (
    HEADER,
    fraud,
    innocent,
    number,
    small_results,
    small_snapshot,
    truth_folder,
)

CALLS = [(0, 7), (0, 8), (0, 9), (1, 8), (2, 8), (3, 8), (4, 8), (5, 8), *((6, to) for to in range(1, 6)), (10, 8)]
#        ring A: 0-3        ring B: 4, 5  courier  centre  victim, innocent  not in the truth
RISK = [99.0, 95.0, 90.0, 40.0, 88.0, 20.0, 86.0, 10.0, 0.0, 0.0, 100.0]
TRUTH = [
    *(fraud(node, "wangiri", "A") for node in range(4)),
    *(fraud(node, "robocall", "B") for node in (4, 5)),
    innocent(6, "courier"),
    innocent(7, "call_centre"),
    innocent(8, label="victim"),
    innocent(9),
    fraud(77, "robocall", "C"),  # made no call in the window
    innocent(78),
]


@pytest.fixture(scope="module")
def settings() -> Settings:
    defaults = load_settings()
    return defaults.model_copy(update={"alerts": defaults.alerts.model_copy(update={"per_day": 3})})


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return small_snapshot(tmp_path_factory.mktemp("snapshot") / "s1", 11, CALLS)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluate")
    truth_folder(folder / "truth", TRUTH)
    small_results(folder / "r1", RISK, {"c1": [0, 1, 2, 6], "c2": [4]}, {0: "fact", 1: "base", 2: "base", 6: "keys"})
    return folder


@pytest.fixture(scope="module")
def figures(place: Path, snapshot: Snapshot, settings: Settings) -> dict[str, Any]:
    return evaluate(place / "truth", snapshot, Results(place / "r1"), settings)


@pytest.fixture(scope="module")
def again(place: Path, snapshot: Snapshot, settings: Settings) -> dict[str, Any]:
    return evaluate(place / "truth", snapshot, Results(place / "r1"), settings)


def test_ranking(figures: dict[str, Any]) -> None:
    numbers = figures["numbers"]
    assert numbers["auc"] == pytest.approx(22 / 24)  # 40 and 20 lie below the courier's 86
    assert numbers["ap"] == pytest.approx((1 + 1 + 1 + 1 + 5 / 6 + 6 / 7) / 6)
    assert numbers["precision_at_1pct"] == numbers["precision_at_5pct"] == 1.0  # one number each
    assert numbers["recall_at_precision_90"] == pytest.approx(4 / 6)
    assert (numbers["judged"], numbers["fraud"]) == (10, 6)


def test_alerts_go_to_the_best_by_risk_and_exposure(figures: dict[str, Any]) -> None:
    """Risk × callees: 6 has 430, 0 has 297, 10 has 100, 1 has 95: the courier is one of four innocent numbers."""
    assert figures["numbers"]["alerts"] == 3
    assert figures["numbers"]["false_alerts_per_10k"] == 2_500.0
    assert (figures["numbers"]["alert_budget"], figures["numbers"]["alerts_beyond_budget"]) == (
        3,
        3,
    )  # 1, 2 and 4 must wait
    assert figures["numbers"]["alert_precision"] == 0.5  # of 6 and 0; the truth does not know 10
    assert figures["numbers"]["alert_recall"] == pytest.approx(1 / 6)


def test_by_fraud_type(figures: dict[str, Any]) -> None:
    assert figures["by_fraud_type"] == {
        "robocall": {"numbers": 2, "recall": 0.5, "alerted_share": 0.0, "rings_planted": 2, "rings_found": 1},
        "wangiri": {"numbers": 4, "recall": 0.75, "alerted_share": 0.25, "rings_planted": 1, "rings_found": 1},
    }


def test_look_alikes(figures: dict[str, Any]) -> None:
    assert figures["look_alikes"] == {"call_centre": 0.0, "courier": 1.0}
    assert figures["look_alike_numbers"]["courier"] == {"numbers": 1, "alerted": 1, "dangerous": 1}


def test_labels_that_are_no_fraud_are_counted_by_themselves(figures: dict[str, Any]) -> None:
    assert figures["labels"] == {
        "fraud": {"numbers": 6, "alerted": 1, "dangerous": 4},
        "abused": {"numbers": 0, "alerted": 0, "dangerous": 0},
        "victim": {"numbers": 1, "alerted": 0, "dangerous": 0},
        "innocent": {"numbers": 3, "alerted": 1, "dangerous": 1},
    }


def test_members_are_followed_through_the_gate(figures: dict[str, Any]) -> None:
    """Of ring A all but 3 come through, of ring B nobody; 6 is no member."""
    gate = figures["gate"]
    assert gate["candidates"] == 4
    assert gate["candidates_by_gate"] == {"fact": 1, "base": 2, "campaign": 0, "keys": 1}
    nobody = dict.fromkeys(("fact", "base", "campaign", "keys"), 0)
    lost = {"lost_at_gate": 2, "lost_share": 1.0, "pairs": 1, "pairs_lost_at_gate": 1, "pairs_lost_share": 1.0}
    few = {"lost_at_gate": 1, "lost_share": 0.25, "pairs": 6, "pairs_lost_at_gate": 3, "pairs_lost_share": 0.5}
    assert gate["by_fraud_type"] == {
        "robocall": {"silent": 1, "active": 2, "reported": 1, "came_through_by": nobody, **lost},
        "wangiri": {"silent": 0, "active": 4, "reported": 3, "came_through_by": nobody | {"fact": 1, "base": 2}, **few},
    }
    assert (gate["silent"], gate["active"], gate["lost_at_gate"], gate["reported"]) == (1, 6, 3, 4)
    assert (gate["pairs"], gate["pairs_lost_at_gate"]) == (7, 4)


def test_the_risk_is_laid_beside_how_often_it_is_fraud(figures: dict[str, Any]) -> None:
    bands = {band["risk_from"]: band for band in figures["calibration"]["reliability"]}
    assert figures["calibration"]["calibrated"] == "not built"
    assert sorted(bands) == [0, 10, 20, 40, 80, 90]
    assert (bands[80]["numbers"], bands[80]["fraud"], bands[80]["mean_risk"]) == (2, 1, 87.0)
    assert bands[90]["fraud_share"] == 1.0


def test_every_main_figure_has_an_interval(figures: dict[str, Any]) -> None:
    intervals = figures["intervals"]
    for section in ("numbers", "campaigns"):
        for name, (low, high) in intervals[section].items():
            assert low <= figures[section][name] <= high, name
    assert intervals["by_fraud_type"]["wangiri"] == dict.fromkeys(("recall", "alerted_share", "rings_found"))  # 1 ring
    assert intervals["by_fraud_type"]["robocall"]["rings_found"] == [0.0, 2.0]
    assert intervals["look_alikes"] == {"call_centre": None, "courier": None}  # one number each


def test_equal_runs_print_equal_figures(figures: dict[str, Any], again: dict[str, Any]) -> None:
    assert figures == again


def test_campaigns(figures: dict[str, Any]) -> None:
    precision = (3 * 3 / 4 + 1 / 4 + 4) / 8  # 0, 1, 2; the courier; 3, 4, 5, 77 alone
    recall = (3 * 3 / 4 + 1 / 4 + 1 / 2 + 1 / 2 + 1 + 1) / 8  # 0, 1, 2; 3; 4; 5; the courier and 77 on their own
    campaigns = figures["campaigns"]
    assert campaigns["b_cubed_precision"] == pytest.approx(precision)
    assert campaigns["b_cubed_recall"] == pytest.approx(recall)
    assert campaigns["b_cubed_f1"] == pytest.approx(2 * precision * recall / (precision + recall))
    assert (campaigns["rings_found"], campaigns["rings_planted"]) == (2, 3)
    assert (campaigns["rings_found_of_active_members"], campaigns["rings_active"]) == (2, 2)
    assert (campaigns["member_precision"], campaigns["members"]) == (0.8, 5)


def test_what_cannot_be_judged_is_counted(figures: dict[str, Any]) -> None:
    assert figures["truth"] == {"left_out": 2, "rings_left_out": 0, "unknown": 1}


def test_what_is_not_built_says_so(figures: dict[str, Any]) -> None:
    identity = ("id_switches", "event_precision", "event_recall", "resurgence_recall")
    assert [figures["campaigns"][name] for name in identity] == [NOT_BUILT] * 4 == ["not built"] * 4
    assert figures["evidence"] == {"faithfulness": "not built"}
    assert set(figures["not_built"]) == {
        *(f"campaigns.{name}" for name in identity),
        "evidence.faithfulness",
        "calibration",
    }
    assert all(figures["not_built"].values())


def test_a_run_without_campaigns_finds_no_ring(tmp_path: Path, snapshot: Snapshot, settings: Settings) -> None:
    results = small_results(tmp_path / "r1", RISK, {})
    campaigns = evaluate(truth_folder(tmp_path / "truth", TRUTH), snapshot, results, settings)["campaigns"]
    assert (campaigns["rings_found"], campaigns["member_precision"], campaigns["b_cubed_precision"]) == (0, None, 1.0)
    assert campaigns["b_cubed_recall"] == pytest.approx((4 * 1 / 4 + 2 * 1 / 2 + 1) / 7)


def test_members_without_a_call_count_as_members_and_not_found(
    tmp_path: Path, snapshot: Snapshot, settings: Settings
) -> None:
    silent = [fraud(node, "wangiri", "A") for node in (50, 51, 52)]
    over = fraud(53, "wangiri", "A", "2026-04-01T00:00:00Z,2026-05-01T00:00:00Z")  # no longer one in the window
    truth = truth_folder(tmp_path / "truth", [fraud(0, "wangiri", "A"), fraud(1, "wangiri", "A"), *silent, over])
    campaigns = evaluate(truth, snapshot, small_results(tmp_path / "r1", RISK, {"c1": [0, 1]}), settings)["campaigns"]
    assert (campaigns["rings_found"], campaigns["rings_planted"]) == (0, 1)  # two of five
    assert (campaigns["rings_found_of_active_members"], campaigns["rings_active"]) == (1, 1)
    assert campaigns["b_cubed_precision"] == 1.0
    assert campaigns["b_cubed_recall"] == pytest.approx((2 * 2 / 5 + 3 * 1 / 5) / 5)


def test_a_world_without_fraud_has_no_ranking(tmp_path: Path, snapshot: Snapshot, settings: Settings) -> None:
    truth = truth_folder(tmp_path / "truth", [innocent(node) for node in range(11)])
    figures = evaluate(truth, snapshot, small_results(tmp_path / "r1", RISK, {}), settings)
    assert figures["numbers"]["auc"] is None
    assert figures["numbers"]["false_alerts_per_10k"] == pytest.approx(10_000 * 3 / 11)
    assert figures["campaigns"]["b_cubed_f1"] is None
    assert figures["by_fraud_type"] == figures["look_alikes"] == {}


def test_a_recycled_number_is_what_it_was_in_the_window(tmp_path: Path, snapshot: Snapshot, settings: Settings) -> None:
    rows = [
        fraud(0, "wangiri", "A", "2026-04-01T00:00:00Z,2026-05-01T00:00:00Z"),  # ended as the window began
        innocent(0, span="2026-05-01T00:00:00Z,"),  # still holds it
        innocent(1, span="2026-04-01T00:00:00Z,2026-05-03T00:00:00Z"),
        fraud(1, "wangiri", "B", "2026-05-03T00:00:00Z,2026-05-08T00:00:00Z"),
        fraud(2, "wangiri", "A", "2026-05-08T00:00:00Z,2026-05-09T00:00:00Z"),  # begins as the window ends
    ]
    results = small_results(tmp_path / "r1", RISK, {})
    figures = evaluate(truth_folder(tmp_path / "truth", rows), snapshot, results, settings)
    assert (figures["numbers"]["judged"], figures["numbers"]["fraud"]) == (2, 1)
    assert figures["by_fraud_type"]["wangiri"]["rings_planted"] == 1
    assert figures["truth"] == {"left_out": 1, "rings_left_out": 1, "unknown": 9}


@pytest.mark.parametrize(
    ("rows", "header", "said"),
    [
        ([], "number,label", "lacks the columns fraud_type"),
        ([f"{number(0)},guilty,,,,,,"], None, "guilty"),
        ([innocent(50)], None, "no number of the truth is in the window"),
        ([innocent(0, span="yesterday,")], None, "truth_numbers.csv cannot be read: .*yesterday.*Mend it"),
        (["only,three,fields"], None, "truth_numbers.csv cannot be read: .*8 columns.*Mend it"),
        ([], f"{HEADER},from", "lacks the columns from or has them twice"),
    ],
)
def test_truth_that_cannot_be_used_is_refused(
    tmp_path: Path, snapshot: Snapshot, settings: Settings, rows: list[str], header: str | None, said: str
) -> None:
    truth = truth_folder(tmp_path / "truth", rows, **({"header": header} if header else {}))
    with pytest.raises(TruthError, match=said):
        evaluate(truth, snapshot, small_results(tmp_path / "r1", RISK, {}), settings)


def test_a_folder_without_truth_is_refused(tmp_path: Path, snapshot: Snapshot, settings: Settings) -> None:
    with pytest.raises(TruthError, match="simulate"):
        evaluate(tmp_path, snapshot, small_results(tmp_path / "r1", RISK, {}), settings)


def test_results_of_another_snapshot_are_refused(tmp_path: Path, settings: Settings) -> None:
    other = small_snapshot(tmp_path / "other", 2, [(0, 1)])
    other.manifest = {**other.manifest, "id": "s2"}
    with pytest.raises(TruthError, match="s2"):
        evaluate(tmp_path, other, small_results(tmp_path / "r1", [0.0, 0.0], {}), settings)


def test_alerts_that_were_raised_are_counted_by_day(place: Path, snapshot: Snapshot, settings: Settings) -> None:
    results = Results(place / "r1")
    for raised, within in (([1, 2, DAY - 1, DAY, 2 * DAY], True), ([0, 1, 2, 3], False)):  # a budget of 3
        found = evaluate(place / "truth", snapshot, results, settings, History([DAY], [], {}, raised))["alerts"]
        assert found == {"raised": len(raised), "most_on_a_day": 3 if within else 4, "within_budget": within}
    assert evaluate(place / "truth", snapshot, results, settings)["alerts"] is None
