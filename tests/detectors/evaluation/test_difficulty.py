"""The report of worlds whose difficulty is known beforehand."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from detectors.evaluation.difficulty import measure, write_report
from ingest.progress import Silent
from tests.detectors.evaluation.tiny_world import call, fraud, innocent, tiny_world

RINGS = {
    f"{kind}-{row:02}": [f"+91{kind[0]}{row}{member}" for member in range(3)]
    for kind in ("robo", "wan")
    for row in range(4)
}
PEOPLE = [f"+91p{row:02}" for row in range(60)]
COURIERS = PEOPLE[:20]
TRUTH = [fraud(member, ring) for ring, members in RINGS.items() for member in members] + [
    innocent(person, "courier" if person in COURIERS else "") for person in PEOPLE
]


def ring_calls(seconds: int) -> list[dict[str, object]]:
    """Give calls in which the members of each ring, and nobody else, are tied by victims of their own."""
    return [
        call(member, f"+91v{ring}{victim}", seconds)
        for ring, members in RINGS.items()
        for member in members
        for victim in range(6)
    ]


def people_calls(seconds: int) -> list[dict[str, object]]:
    """Give calls of people in circles of seven."""
    circles = [PEOPLE[at : at + 7] for at in range(0, 56, 7)] + [PEOPLE[53:]]
    return [call(a, b, seconds) for circle in circles for a in circle for b in circle if a != b]


def measured(tmp_path: Path, calls: list[dict[str, object]]) -> dict[str, Any]:
    return measure(tiny_world(tmp_path / "w", calls, TRUTH), Silent())


def test_fraud_that_a_threshold_tells_is_easy(tmp_path: Path) -> None:
    report = measured(tmp_path, ring_calls(seconds=2) + people_calls(seconds=60))
    one = {"mean": 1.0, "min": 1.0, "max": 1.0}
    assert report["tree"] == report["tree_balanced"] == {"auc": one, "ap": one, "ap_at_5pct": one}
    assert report["isolation_forest"]["auc"]["min"] > 0.9
    assert report["false_alerts"] == {"tree_precision": 1.0, "share": {"courier": 0.0, "other": 0.0}}
    assert report["louvain"]["b_cubed_f1"] == one
    assert report["louvain"]["draws"] == 3
    assert report["louvain"]["members"] == 24


def test_fraud_like_everybody_is_hard(tmp_path: Path) -> None:
    """Everybody makes six calls of a minute: nothing tells anybody apart, and each method finds the share."""
    callers = [*(member for members in RINGS.values() for member in members), *PEOPLE]
    report = measured(tmp_path, [call(caller, f"+91x{n}") for caller in callers for n in range(6)])
    for method in ("tree", "tree_balanced", "isolation_forest"):
        assert report[method]["auc"]["max"] == 0.5
        assert report[method]["ap_at_5pct"]["mean"] == pytest.approx(0.05)
    assert report["isolation_forest"]["ap"]["mean"] == pytest.approx(24 / 84)
    shares = report["false_alerts"]["share"]
    assert shares["courier"] == pytest.approx(shares["other"]) == pytest.approx(12 / 42)
    assert report["louvain"]["b_cubed_precision"]["max"] < 0.4


def test_a_ring_without_common_victims_falls_apart(tmp_path: Path) -> None:
    """Of each ring one member has other victims: two thirds stay together, so recall is (2·2/3 + 1/3) / 3."""
    apart = {members[0] for members in RINGS.values()}
    calls = [call(m, f"+91v{m if m in apart else ring}{n}") for ring, ms in RINGS.items() for m in ms for n in range(6)]
    louvain = measured(tmp_path, calls + people_calls(seconds=60))["louvain"]
    assert louvain["b_cubed_precision"]["min"] == 1.0
    assert louvain["b_cubed_recall"]["mean"] == pytest.approx(5 / 9)


def test_who_lives_in_the_world_is_counted(tmp_path: Path) -> None:
    calls = ring_calls(2) + people_calls(60) + [call("+91stranger", PEOPLE[0])]
    folder = tiny_world(tmp_path / "w", calls, TRUTH)
    rows = ["device,1,robo,robo-01,,", "device,1,robo,robo-02,,", "device,2,robo,robo-01,,", "cell,X,sim_box,sim-01,,"]
    header = "entity_kind,entity,fraud_type,campaign,from,to"
    (folder / "truth_entities.csv").write_text("\n".join([header, *rows, ""]))
    population = measure(folder, Silent())["population"]
    by_type = {kind: {"rings": 4, "numbers": 12, "callers": 12, "entities": {}} for kind in ("robo", "wan")}
    assert population == {
        "callers": 85,
        "unknown_callers": 1,
        "fraud_callers": 24,
        "fraud_share_by_day": {"mean": 0.282352941, "min": 0.282352941, "max": 0.282352941, "days": 1},
        "rings": 8,
        "fraud_types": {
            "robo": by_type["robo"] | {"entities": {"device": 2}},
            "sim_box": {"rings": 0, "numbers": 0, "callers": 0, "entities": {"cell": 1}},
            "wan": by_type["wan"],
        },
        "look_alikes": {"courier": 20},
        "look_alikes_per_fraud_number": 0.833333333,
    }


def test_louvain_says_when_a_world_is_too_large_for_it(tmp_path: Path) -> None:
    folder = tiny_world(tmp_path / "w", ring_calls(2) + people_calls(60), TRUTH)
    louvain = measure(folder, Silent(), most_edges=100)["louvain"]
    circles = sum(len(list(combinations(range(7), 2))) for _ in range(8)) + 21 - 3  # three people are in two circles
    assert louvain["edges"] == 8 * 3 * 6 + circles
    assert "more than 100" in louvain["not_measured"]


def test_one_ring_cannot_be_halved_but_the_rest_is_measured(tmp_path: Path) -> None:
    folder = tiny_world(tmp_path / "w", people_calls(60), [fraud(PEOPLE[0], "robo-01"), *map(innocent, PEOPLE[1:])])
    report = measure(folder, Silent())
    for part in ("tree", "tree_balanced", "false_alerts"):
        assert report[part] == {"not_measured": "too few rings to learn from half of them"}
    assert report["isolation_forest"]["auc"]["mean"] > 0.0
    assert report["louvain"]["members"] == 1


def test_a_world_without_fraud_has_nothing_to_measure(tmp_path: Path) -> None:
    report = measure(tiny_world(tmp_path / "w", people_calls(60), [*map(innocent, PEOPLE)]), Silent())
    assert list(report["isolation_forest"]) == ["not_measured"]
    assert report["louvain"]["b_cubed_f1"] is None
    assert report["population"]["look_alikes_per_fraud_number"] is None


def test_equal_worlds_have_equal_reports(tmp_path: Path) -> None:
    folder = tiny_world(tmp_path / "w", ring_calls(30) + people_calls(60), TRUTH, days=2)
    texts = [write_report(folder, measure(folder, Silent())).read_text(encoding="utf-8") for _ in range(2)]
    assert texts[0] == texts[1]
    assert json.loads(texts[0])["world"] == {"settings": {"seed": 3}, "calls": len(ring_calls(30) + people_calls(60))}
