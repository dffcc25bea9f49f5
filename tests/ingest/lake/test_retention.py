"""What is older than it is kept goes, whole days at a time, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from configs import ConfigError, RetentionSettings, Settings, load_settings
from ingest.home import Home
from ingest.lake.key_runs import find_runs
from ingest.lake.lake import Lake, day_start
from ingest.lake.quarantine import accept_loss, find_missing, find_quarantined, remains_of, set_aside
from ingest.lake.retention import days_of, horizon
from ingest.lake.segments import find_orphans, named_files
from ingest.ledger import ledger
from ingest.ledger.database import open_database
from ingest.ledger.dead_letters import read_letters
from tests.ingest.samples import call_lines, take, write_csv


@pytest.fixture
def engine(home: Home) -> Engine:
    return open_database(home, "ledger")


def kept(**spans: str) -> Settings:
    return load_settings().model_copy(update={"retention": RetentionSettings(**spans)})


def days(engine: Engine) -> list[str]:
    return [segment.day for segment in ledger.find_segments(engine)]


@pytest.fixture
def week(tmp_path: Path) -> Path:
    """Calls of five days from 2026-05-01 on."""
    return write_csv(tmp_path / "week.csv", call_lines(1200))


def test_everything_is_kept_unless_it_is_said(home: Home, engine: Engine, week: Path) -> None:
    take(home, week)
    assert len(days(engine)) == 5
    assert horizon(engine, "generic", RetentionSettings()) is None
    assert horizon(engine, "other", RetentionSettings(calls="1d")) is None


def test_whole_old_days_go_with_keys_and_files(home: Home, engine: Engine, week: Path) -> None:
    take(home, week, settings=kept(calls="2d"))
    assert days(engine) == ["2026-05-03", "2026-05-04", "2026-05-05"]
    assert horizon(engine, "generic", RetentionSettings(calls="2d")) == day_start("2026-05-03")
    assert find_runs(engine, "generic", "2026-05-02") == []
    assert find_runs(engine, "generic", "2026-05-03") != []
    assert find_orphans(home.lake, named_files(engine)) == []
    assert {path.parent.name for path in home.lake.rglob("*.parquet")} >= {"day=2026-05-03"}
    assert not [path for path in home.lake.rglob("*.*") if path.parent.name == "day=2026-05-01"]


def test_derived_days_outlive_their_calls(home: Home, engine: Engine, week: Path, tmp_path: Path) -> None:
    take(home, week)
    assert len(ledger.find_pair_days(engine)) == 4
    later = write_csv(tmp_path / "later.csv", call_lines(1, start=1200))
    take(home, later, settings=kept(calls="2d", pair_days="4d"))
    assert sorted(day for _, day in ledger.find_pair_days(engine)) == [f"2026-05-0{day}" for day in (2, 3, 4, 5)]
    assert days(engine) == [f"2026-05-0{day}" for day in (4, 5, 6)]


def test_an_old_call_that_comes_late_does_not_stay(home: Home, engine: Engine, week: Path, tmp_path: Path) -> None:
    take(home, week)
    take(home, write_csv(tmp_path / "old.csv", ["1,2,3,2020-01-01T00:00:00Z"]), settings=kept(calls="2d"))
    assert days(engine) == ["2026-05-03", "2026-05-04", "2026-05-05"]
    assert ledger.find_operators(engine) == ["generic"]


def test_quarantined_segments_of_old_days_go(home: Home, engine: Engine, week: Path) -> None:
    take(home, week)
    first = ledger.find_segments(engine)[0]
    set_aside(home, engine, {first: "it is damaged"})
    take(home, settings=kept(calls="2d"))
    assert find_quarantined(engine) == []
    assert not any(path.exists() for path in remains_of(home, first.id))
    assert len(Lake(home).paths()) == 3


def test_accepted_losses_of_old_days_go(home: Home, engine: Engine, week: Path) -> None:
    take(home, week)
    first = ledger.find_segments(engine)[0]
    set_aside(home, engine, {first: "it is damaged"})
    accept_loss(home, engine, first.id)
    take(home, settings=kept(calls="2d"))
    assert find_missing(engine) == []
    assert not any(path.exists() for path in remains_of(home, first.id))


@pytest.mark.parametrize("wider", [{}, {"calls": "30d"}])
def test_dropped_calls_come_back_once_more_is_kept(
    home: Home, engine: Engine, week: Path, wider: dict[str, str]
) -> None:
    short = kept(calls="2d")
    assert take(home, week, settings=short).accepted == 1200
    assert take(home, week, settings=short).files[0].repeated
    assert take(home, week, settings=kept(calls="1d")).files[0].repeated  # what is asked for now is kept anyway
    assert days(engine) == ["2026-05-04", "2026-05-05"]
    report = take(home, week, settings=kept(**wider))
    assert (report.accepted, report.duplicates) == (720, 480)
    assert len(days(engine)) == 5
    (batch,) = ledger.find_batches(engine)
    assert (batch.accepted, batch.duplicates, batch.dead_lettered) == (1200, 0, 0)
    assert take(home, week, settings=kept(**wider)).files[0].repeated


def test_dead_letters_of_old_calls_come_back_once_more_is_kept(
    home: Home, engine: Engine, week: Path, tmp_path: Path
) -> None:
    take(home, write_csv(tmp_path / "newest.csv", call_lines(240, start=960)))
    assert take(home, week, settings=kept(calls="2d")).files[0].reasons == {"started_before_retention": 480}
    again = take(home, week, settings=kept(calls="3d")).files[0]
    assert (again.reasons, again.accepted, again.repeated) == ({"started_before_retention": 240}, 240, False)
    assert take(home, week, settings=kept(calls="3d")).files[0].repeated
    assert take(home, week, settings=kept()).accepted == 240
    assert len(days(engine)) == 5
    (batch,) = [row for row in ledger.find_batches(engine) if row.rows == 1200]
    assert (batch.dead_lettered, batch.reasons) == (0, {})


def test_dead_letters_are_aged_by_the_clock(home: Home, engine: Engine, tmp_path: Path) -> None:
    take(home, write_csv(tmp_path / "a.csv", [*call_lines(3), "x"]), settings=kept(dead_letters="1d"))
    (batch,) = ledger.find_batches(engine)
    assert len(list(read_letters(engine, batch.id))) == 1
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE batches SET taken_at = taken_at - 86400000001")
    take(home, settings=kept(dead_letters="1d"))
    assert list(read_letters(engine, batch.id)) == []
    assert ledger.find_batches(engine)[0].dead_lettered == 1


def test_spans(tmp_path: Path) -> None:
    assert days_of("400d") == 400
    (tmp_path / "settings.yaml").write_text("retention: {calls: 400d, pair_days: 30d}\n")
    with pytest.raises(ConfigError, match="keep them at least as long as calls"):
        load_settings(tmp_path)
    (tmp_path / "settings.yaml").write_text("retention: {calls: 400 days}\n")
    with pytest.raises(ConfigError, match=r"retention\.calls"):
        load_settings(tmp_path)
    (tmp_path / "settings.yaml").write_text("retention: {calls: 400d}\n")
    assert load_settings(tmp_path).retention == RetentionSettings(calls="400d")
