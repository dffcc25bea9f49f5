"""What is read of a world's folder, counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from detectors.evaluation.truth import TruthError
from detectors.evaluation.world_calls import FEATURES, WorldCalls
from tests.detectors.evaluation.tiny_world import SPAN, call, fraud, innocent, tiny_world

CALLS = [
    call("+91A", "+91B", 10, "01T21:59:59"),
    call("+91A", "+91C", 0, "01T22:00:00", origin_region="Goa"),
    call("+91A", "+91C", 50, "02T05:59:59", target_region="Goa"),
    call("+91A", "+91D", 20, "02T06:00:00", target_region=""),
    call("+91B", "+91A", 7, "02T13:00:00"),
]
TRUTH = [innocent("+91A", "courier"), fraud("+91B", "wangiri-01"), innocent("+91C")]


@pytest.mark.parametrize("form", ["csv.gz", "parquet"])
def test_the_five_features_are_those_of_the_calls(tmp_path: Path, form: str) -> None:
    with WorldCalls(tiny_world(tmp_path / "w", CALLS, TRUTH, form, days=2), tmp_path) as world:
        first, second = world.callers().to_pylist()
    assert [first["number"], *(first[name] for name in FEATURES)] == ["+91A", 20.0, 4.0, 0.5, 2.0, 3.0]
    assert [second["number"], *(second[name] for name in FEATURES)] == ["+91B", 7.0, 1.0, 0.0, 1.0, 1.0]
    assert [first["fraud"], first["look_alike"], second["fraud"], second["campaign"]] == [
        *(False, "courier"),
        *(True, "wangiri-01"),
    ]


def test_only_voice_calls_are_described_and_tied(tmp_path: Path) -> None:
    calls = [
        call("+91A", "+91B", kind="voice"),
        call("+91A", "+91C", 0, kind="sms"),
        call("+91B", "+91A", kind=""),  # as where a file says nothing: voice
        call("+91C", "+91A", 0, kind="forward"),
        call("+91C", "+91C", kind="voice"),
    ]
    with WorldCalls(tiny_world(tmp_path / "w", calls, TRUTH), tmp_path) as world:
        assert world.callers()["total_calls"].to_pylist() == [1.0, 1.0, 1.0]
        count, edges = world.edges(most=1)
        assert (count, edges and edges.to_pylist()) == (1, [{"a": "+91A", "b": "+91B"}])


def test_the_hour_is_that_of_the_records_own_zone(tmp_path: Path) -> None:
    calls = [call("+91A", "+91B", at="01T12:00:00", zone="America/New_York")]  # 02:30 there
    with WorldCalls(tiny_world(tmp_path / "w", calls, TRUTH), tmp_path) as world:
        assert world.callers()["night_call_ratio"].to_pylist() == [1.0]


def test_a_number_is_fraudulent_on_the_days_of_its_span(tmp_path: Path) -> None:
    calls = [call(caller, "+91Z", at=f"0{day}T12:00:00") for day in (1, 2) for caller in ("+91A", "+91B", "+91C")]
    second_day = "2026-05-01T18:30:00.000Z,2026-05-02T18:30:00.000Z"
    truth = [fraud("+91A", "wangiri-01"), fraud("+91B", "wangiri-01", second_day), innocent("+91C")]
    with WorldCalls(tiny_world(tmp_path / "w", calls, truth), tmp_path) as world:
        days = world.days()
    assert days["callers"].to_pylist() == [3, 3]
    assert days["fraud"].to_pylist() == [1, 2]


def test_a_recycled_number_is_one_person_and_fraud_if_it_ever_was(tmp_path: Path) -> None:
    first, second = "2026-04-30T18:30:00.000Z,2026-05-01T18:30:00.000Z", "2026-05-01T18:30:00.000Z,"
    truth = [fraud("+91B", "wangiri-01", first), innocent("+91B", "courier", second), innocent("+91A", "", second)]
    with WorldCalls(tiny_world(tmp_path / "w", CALLS, truth), tmp_path) as world:
        people = world.people().to_pylist()
    assert [(p["number"], p["fraud"], p["campaign"]) for p in people] == [
        ("+91A", False, None),
        ("+91B", True, "wangiri-01"),
    ]


def test_a_lone_fraudster_is_a_ring_of_its_own(tmp_path: Path) -> None:
    alone = f"+91B,fraud,,,caller,,{SPAN}"
    with WorldCalls(tiny_world(tmp_path / "w", CALLS, [alone]), tmp_path) as world:
        assert [(p["fraud_type"], p["campaign"]) for p in world.people().to_pylist()] == [("unknown", "+91B")]


def test_more_pairs_than_asked_for_are_only_counted(tmp_path: Path) -> None:
    with WorldCalls(tiny_world(tmp_path / "w", CALLS, TRUTH), tmp_path) as world:
        assert world.edges(most=2) == (3, None)


def test_half_a_world_is_refused(tmp_path: Path) -> None:
    folder = tiny_world(tmp_path / "w", CALLS, TRUTH)
    (folder / "calls-2026-05-01.csv.gz").unlink()
    with pytest.raises(TruthError, match="holds no calls"):
        WorldCalls(folder, tmp_path)
    (folder / "world.json").unlink()
    with pytest.raises(TruthError, match=r"world\.json does not exist"):
        WorldCalls(folder, tmp_path)
