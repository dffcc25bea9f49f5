"""`evaluate --protocol time-forward-ring-disjoint`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.cli.commands import command, done

PROTOCOL = "time-forward-ring-disjoint"
DETECTORS = {"product_risk", "isolation_forest", "boosting", "boosting_with_neighbours"}


def kept(home: Path) -> set[str]:
    """Give the names of snapshots and results that lie in a home, and of what is being written."""
    return {path.name for folder in ("snapshots", "results", "staging") for path in (home / folder).iterdir()}


def test_a_detector_that_learns_stands_beside_the_product(run_home: Path, small_world: Path) -> None:
    before = kept(run_home)
    asked = ("evaluate", "--truth", str(small_world), "--home", str(run_home), "--train-until", "2026-05-02")
    protocol = done(*asked, "--protocol", PROTOCOL)["protocol"]
    assert protocol["name"] == PROTOCOL
    assert set(protocol["detectors"]) == DETECTORS
    assert protocol["learnt"]["to"] == protocol["judged"]["from"] == "2026-05-03T00:00:00Z"
    assert protocol["learnt"]["rings"] + protocol["judged"]["rings"] <= 3
    assert all(0.0 <= figures["auc"] <= 1.0 for figures in protocol["detectors"].values())
    assert kept(run_home) == before
    assert done(*asked)["protocol"] == protocol  # the day alone asks for the same, and it repeats


def test_a_person_reads_it_as_a_table(run_home: Path, small_world: Path) -> None:
    shown = command(
        "evaluate", "--truth", str(small_world), "--home", str(run_home), "--train-until", "2026-05-03T00:00:00Z"
    )
    assert shown.returncode == 0
    assert "detectors.boosting_with_neighbours.ap" in shown.stdout


def test_a_protocol_needs_a_day(run_home: Path, small_world: Path) -> None:
    refused = command("evaluate", "--truth", str(small_world), "--home", str(run_home), "--protocol", PROTOCOL)
    assert refused.returncode == 2
    assert "--train-until" in refused.stderr


@pytest.mark.parametrize(("day", "code"), [("2026-04-01", 1), ("2026-06-01", 1), ("yesterday", 2)])
def test_a_day_without_calls_around_it_is_refused(run_home: Path, small_world: Path, day: str, code: int) -> None:
    refused = command("evaluate", "--truth", str(small_world), "--home", str(run_home), "--train-until", day)
    assert refused.returncode == code
    assert ("leaves nothing" in refused.stderr) == (code == 1)
