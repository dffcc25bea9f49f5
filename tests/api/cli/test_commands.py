"""The command line from files to campaigns, as CONTRACT's shapes."""

from __future__ import annotations

import gzip
import sqlite3
import subprocess
import sys
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet
import pytest

from tests.api.cli.commands import answered, command, done

RUN_KEYS = {"window", "calls", "numbers", "edges", "scored", "alerts", "campaigns", "store", "model", "seconds"}
LOOKUP_KEYS = {"number", "verdict", "risk", "risk_basis", "role", "fraud_type", "campaign", "evidence", "carrier"} | {
    "carrier_source",
    "country",
    "line_type",
    "region",
    "first_seen",
    "last_seen",
    "reports",
}
CAMPAIGN_KEYS = {"id", "name", "fraud_type", "status", "risk", "members", "victims", "density", "velocity"} | {
    "first_seen",
    "last_seen",
}
HEADER = "caller_id,receiver_id,call_duration,timestamp\n"


def test_help_names_every_command_and_no_other() -> None:
    script = Path(sys.executable).with_name("ringfence")
    shown = subprocess.run([script, "--help"], capture_output=True, text=True, check=True, timeout=60).stdout
    for name in (
        "demo",
        "simulate",
        "ingest",
        "run",
        "features",
        "rescore",
        "jobs",
        "lookup",
        "campaigns",
        "alerts",
        "bench",
    ):
        assert f"\n  {name} " in shown
    for name in ("train", "backtest"):
        assert f"\n  {name} " not in shown


def test_wrong_usage_is_exit_code_2() -> None:
    assert command("run", "--no-such-option").returncode == 2
    for wrong in (
        ("--window", "a fortnight"),
        ("--store", "oracle"),
        ("--operator", "nobody"),
        ("--as-of", "0001-01-01"),
    ):
        assert command("run", *wrong, "--home", "/nonexistent-home").returncode == 2
    assert command("alerts", "list", "--severity", "URGENT").returncode == 2


def test_a_run_has_the_keys_that_others_read(small_world: Path, tmp_path: Path) -> None:
    report = done("run", str(small_world), "--home", str(tmp_path / "home"))
    assert set(report) >= {*RUN_KEYS, "peak_rss_mb"}
    assert report["calls"] > 0
    assert report["campaigns"] >= 1
    assert set(report["seconds"]) == {"ingest", "graph", "detectors"}


def test_the_same_files_again_change_nothing(small_world: Path, run_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = done("ingest", str(small_world), "--home", str(home))
    again = done("ingest", str(small_world), "--home", str(home))
    assert again["accepted"] == 0
    assert again["duplicates"] == first["accepted"]
    assert (
        done("doctor", "--digest", "--home", str(home))["digest"]["lake"]
        == done("doctor", "--digest", "--home", str(run_home))["digest"]["lake"]
    )


def test_a_campaign_is_listed_and_shown(run_home: Path) -> None:
    listed = done("campaigns", "list", "--home", str(run_home))["campaigns"]
    assert listed
    assert set(listed[0]) >= CAMPAIGN_KEYS
    shown = done("campaigns", "show", listed[0]["id"], "--home", str(run_home))
    assert len(shown["members"]) == listed[0]["members"]
    assert set(shown["members"][0]) == {"number", "role", "risk", "since"}
    assert set(shown["links"][0]) >= {"a", "b", "reason", "weight"}
    assert [event["kind"] for event in shown["events"]] == ["BORN"]


def test_an_unknown_campaign_is_a_sentence(run_home: Path) -> None:
    refused = answered("campaigns", "show", "C-NOTHING", "--home", str(run_home), code=1)
    assert "campaigns list" in refused["error"]["message"]


def test_a_member_is_dangerous_and_says_why(run_home: Path) -> None:
    campaign = done("campaigns", "list", "--home", str(run_home))["campaigns"][0]["id"]
    member = done("campaigns", "show", campaign, "--home", str(run_home))["members"][0]["number"]
    [found] = done("lookup", member, "--home", str(run_home))["numbers"]
    assert set(found) >= LOOKUP_KEYS
    assert found["verdict"] == "DANGEROUS"
    assert found["campaign"] == campaign
    assert 1 <= len(found["evidence"]) <= 8
    assert set(found["evidence"][0]) >= {"feature", "value", "typical", "contribution", "text"}


def test_a_number_never_seen_has_no_data_and_is_not_safe(run_home: Path) -> None:
    [found] = done("lookup", "+12025550123", "--home", str(run_home))["numbers"]
    assert found["verdict"] == "NO_DATA"
    assert found["risk"] == 0


def test_alerts_keep_to_the_budget_and_jobs_remember_rescoring(small_world: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.yaml").write_text("alerts: {per_day: 3}\n")
    report = done("run", str(small_world), "--home", str(home))
    listed = done("alerts", "list", "--home", str(home))
    assert len(listed["alerts"]) == report["alerts"]
    assert report["alerts"] <= 3 * 5
    before = done("campaigns", "list", "--home", str(home))["campaigns"]
    rescored = done("rescore", "--home", str(home))
    assert rescored["job"]["state"] == "DONE"
    assert done("campaigns", "list", "--home", str(home))["campaigns"] == before
    [job] = done("jobs", "list", "--home", str(home))["jobs"]
    assert done("jobs", "show", job["id"], "--home", str(home)) == job
    assert job["progress"] == 1.0


def test_an_as_of_before_the_cut_is_a_what_if_that_writes_nothing(run_home: Path) -> None:
    before = done("doctor", "--digest", "--home", str(run_home))["digest"]
    report = done("run", "--home", str(run_home), "--as-of", "2026-05-03T00:00:00Z")
    assert report["what_if"] is True
    assert done("doctor", "--digest", "--home", str(run_home))["digest"] == before


def test_a_what_if_takes_no_files(run_home: Path, small_world: Path) -> None:
    before = done("doctor", "--digest", "--home", str(run_home))["digest"]
    refused = answered("run", str(small_world), "--home", str(run_home), "--as-of", "2026-05-03T00:00:00Z", code=2)
    assert "ringfence ingest" in refused["error"]["message"]
    assert done("doctor", "--digest", "--home", str(run_home))["digest"] == before


def test_after_a_cut_beyond_the_newest_call_rescoring_still_counts(small_world: Path, tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    done("run", str(small_world), "--home", home, "--as-of", "2026-05-20T00:00:00Z")
    rescored = done("rescore", "--home", home)
    assert rescored["what_if"] is False
    assert rescored["as_of"] == "2026-05-20T00:00:00Z"


def test_a_campaign_that_was_out_of_sight_keeps_its_id(small_world: Path, tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    done("run", str(small_world), "--home", home)
    before = [c["id"] for c in done("campaigns", "list", "--home", home)["campaigns"]]
    for _ in range(3):
        done("rescore", "--window", "30m", "--home", home)
    done("rescore", "--home", home)
    assert [c["id"] for c in done("campaigns", "list", "--home", home)["campaigns"]] == before


def test_a_clock_that_steps_back_does_not_take_the_run_in_front(small_world: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done("run", str(small_world), "--home", str(home))
    ahead = "UPDATE runs SET created_at = created_at + 86400000000"
    with sqlite3.connect(home / "db" / "ledger.sqlite") as ledger:
        ledger.execute(ahead)
    for _ in range(4):
        latest = done("rescore", "--home", str(home))["run"]
    assert (home / "results" / latest / "manifest.json").is_file()
    assert done("campaigns", "list", "--home", str(home))["campaigns"]


def test_a_job_whose_process_died_is_told_by_what_became_of_its_run(small_world: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done("run", str(small_world), "--home", str(home))
    done("rescore", "--home", str(home))
    for run_id, state in (("run_id", "DONE"), ("NULL", "FAILED")):
        with sqlite3.connect(home / "db" / "work.sqlite") as work:
            work.execute(f"UPDATE jobs SET state = 'RUNNING', run_id = {run_id}")
        assert [job["state"] for job in done("jobs", "list", "--home", str(home))["jobs"]] == [state]


def test_features_are_written_with_the_prototype_names(run_home: Path, tmp_path: Path) -> None:
    for name, read in (("f.csv", pyarrow.csv.read_csv), ("f.parquet", pyarrow.parquet.read_table)):
        written = done("features", "--out", str(tmp_path / name), "--home", str(run_home))
        table = read(tmp_path / name)
        assert len(table) == written["numbers"]
        assert {"avg_call_duration", "total_calls", "night_call_ratio", "unique_origin_regions"} <= {
            *table.column_names
        }
        assert table.num_columns >= 32
    refused = command("features", "--out", str(tmp_path / "f.xls"), "--home", str(run_home))
    assert refused.returncode == 2
    assert "must end in" in refused.stderr


def test_features_of_ranges_are_written(run_home: Path, tmp_path: Path) -> None:
    out = tmp_path / "ranges.parquet"
    written = done("features", "--out", str(out), "--entity", "range", "--home", str(run_home))
    table = pyarrow.parquet.read_table(out)
    assert len(table) == written["ranges"] > 0
    assert table.column_names[:5] == ["operator", "key", "numbers", "calls", "attempts"]
    assert min(table["numbers"].to_pylist()) >= 2
    refused = command("features", "--out", str(out), "--entity", "tower", "--home", str(run_home))
    assert refused.returncode == 2


def test_a_rejected_file_takes_nothing_in_and_is_exit_code_3(small_world: Path, tmp_path: Path) -> None:
    whole = next(small_world.glob("calls-*.csv.gz")).read_bytes()
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(whole[: len(whole) // 2])
    refused = answered("run", str(broken), "--home", str(tmp_path / "home"), code=3)
    assert refused["files"][0]["status"] == "REJECTED"
    assert refused["accepted"] == 0


def test_good_files_beside_a_rejected_one_are_taken_in_and_said_to_be_degraded(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv.gz"
    good.write_text(HEADER + "+919811111111,+919822222222,30,2026-05-01T10:00:00Z\n")
    bad.write_bytes(gzip.compress(b"no,header,here\n1,2,3\n"))
    report = answered("ingest", str(good), str(bad), "--home", str(tmp_path / "home"), code=4)
    assert [file["status"] for file in report["files"]] == ["COMPLETED", "REJECTED"]
    assert report["accepted"] == 1


def test_a_run_beside_a_rejected_file_says_by_what_it_is_degraded(small_world: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("no,header,here\n1,2,3\n")
    report = answered("run", str(small_world), str(bad), "--home", str(tmp_path / "home"), code=4)
    assert "bad.csv" in report["degraded"]
    assert [f["status"] for f in report["ingest"]["files"] if f["file"].endswith("bad.csv")] == ["REJECTED"]


def test_a_demo_that_could_not_publish_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGFENCE_NEO4J_URI", "bolt://127.0.0.1:1")
    finished = command("demo", "--no-serve", "--home", str(tmp_path / "home"))
    assert finished.returncode == 4
    assert "Neo4j does not show this run" in finished.stderr
    assert "Neo4j Browser" not in finished.stdout


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    finished = command("ingest", str(tmp_path / "nowhere.csv"), "--home", str(tmp_path / "home"))
    assert finished.returncode in (1, 2, 3)
    assert "nowhere.csv" in finished.stdout + finished.stderr
    assert "Traceback" not in finished.stderr


def test_questions_before_the_first_run_say_what_to_do(tmp_path: Path) -> None:
    for asked in (("campaigns", "list"), ("lookup", "+919811111111"), ("alerts", "list"), ("rescore",)):
        finished = command(*asked, "--home", str(tmp_path / "empty"))
        assert finished.returncode == 1
        assert "ringfence run" in finished.stderr


def test_an_unknown_setting_is_refused_with_its_key(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("alerts: {per_dya: 3}\n")
    finished = command("run", "--home", str(tmp_path))
    assert finished.returncode == 1
    assert "alerts.per_dya" in finished.stderr


def test_migrate_is_safe_to_repeat(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    assert done("migrate", "--home", home) == done("migrate", "--home", home)


def test_doctor_finds_a_missing_segment(small_world: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done("ingest", str(small_world), "--home", str(home))
    assert done("doctor", "--home", str(home))["ok"] is True
    next((home / "lake").rglob("*.parquet")).unlink()
    found = answered("doctor", "--home", str(home), code=1)
    assert [check["name"] for check in found["checks"] if not check["ok"]]


def test_databases_are_durable(run_home: Path) -> None:
    for path in (run_home / "db").glob("*.sqlite"):
        with sqlite3.connect(path) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("asked", [("campaigns", "list"), ("alerts", "list"), ("jobs", "list"), ("doctor",)])
def test_people_get_tables_and_no_markup(asked: tuple[str, ...], run_home: Path) -> None:
    finished = command(*asked, "--home", str(run_home))
    assert finished.returncode == 0
    assert "[/" not in finished.stdout
