"""`ringfence evaluate` on a world that was simulated and run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.cli.commands import command, done

FIGURES = ("auc", "ap", "precision_at_1pct", "precision_at_5pct", "recall_at_precision_90", "false_alerts_per_10k")
RING_FIGURES = ("b_cubed_precision", "b_cubed_recall", "b_cubed_f1", "rings_found")
IDENTITY = ("id_switches", "event_precision", "event_recall", "resurgence_recall")


def test_every_figure_that_others_read_is_there_with_its_interval(small_world: Path, run_home: Path) -> None:
    quality = done("evaluate", "--truth", str(small_world), "--home", str(run_home))
    numbers, campaigns, intervals = quality["numbers"], quality["campaigns"], quality["intervals"]
    for section, names in (("numbers", FIGURES), ("campaigns", RING_FIGURES)):
        for name in names:
            low, high = intervals[section][name]
            assert low <= high, name
    assert 0 <= numbers["auc"] <= 1
    assert 0 <= campaigns["rings_found"] <= campaigns["rings_planted"] == 3
    assert [campaigns[name] for name in IDENTITY] == ["not built"] * 4
    assert quality["evidence"]["faithfulness"] == "not built"
    assert {f"campaigns.{name}" for name in IDENTITY} < set(quality["not_built"])
    assert numbers["alerts"] <= numbers["alert_budget"]
    assert set(quality["look_alikes"]) == set(quality["look_alike_numbers"]) == set(intervals["look_alikes"])
    assert sum(of["rings_planted"] for of in quality["by_fraud_type"].values()) == 3
    assert quality["gate"]["active"] == numbers["fraud"] == quality["labels"]["fraud"]["numbers"]
    assert quality["identity"]["cuts"] == 1
    assert quality["alerts"] == {
        "raised": numbers["alerts"],
        "most_on_a_day": numbers["alerts"],
        "within_budget": True,
    }


def test_a_person_reads_tables_and_gets_a_page(small_world: Path, run_home: Path, tmp_path: Path) -> None:
    page = tmp_path / "quality.html"
    said = command("evaluate", "--truth", str(small_world), "--home", str(run_home), "--report", str(page))
    assert said.returncode == 0, said.stderr
    assert "b_cubed_f1" in said.stdout
    assert str(page) in said.stdout.replace("\n", "")
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert text.count("<svg") == 4
    assert "http" not in text


def test_a_page_that_cannot_be_written_is_a_sentence(small_world: Path, run_home: Path, tmp_path: Path) -> None:
    page = tmp_path / "no such folder" / "quality.html"
    said = command("evaluate", "--truth", str(small_world), "--home", str(run_home), "--report", str(page))
    assert said.returncode == 1
    assert "no such folder" in said.stderr.replace("\n", "")


def test_without_a_run_there_is_nothing_to_measure(small_world: Path, tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(
        "caller_id,receiver_id,call_duration,timestamp\n+919811111111,+919822222222,30,2026-05-01T10:00:00Z\n"
    )
    done("ingest", str(tmp_path / "calls.csv"), "--home", str(tmp_path / "home"))
    said = command("evaluate", "--truth", str(small_world), "--home", str(tmp_path / "home"))
    assert said.returncode == 1
    assert "ringfence run" in said.stderr


@pytest.fixture(scope="module")
def daily_home(small_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home in which the small world was run at three cuts, a day apart."""
    home = tmp_path_factory.mktemp("daily") / "home"
    done("ingest", str(small_world), "--home", str(home))
    for day in ("2026-05-03", "2026-05-04", "2026-05-05"):
        done("run", "--as-of", f"{day}T00:00:00Z", "--home", str(home))
    return home


def test_identity_is_counted_over_the_cuts_that_are_kept(small_world: Path, daily_home: Path) -> None:
    identity = done("evaluate", "--truth", str(small_world), "--home", str(daily_home))["identity"]
    assert (identity["cuts"], identity["cuts_compared"]) == (3, 3)
    assert identity["campaign_days"] >= 2
    assert 0 <= identity["id_switches"] <= identity["campaign_days"]
    assert "BORN" in identity["events"]
