"""Killed at any moment and started again, ingest ends where an undisturbed run ends."""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from ingest.faults import (
    COMPACTION_POINTS,
    INGEST_POINTS,
    MERGE_POINTS,
    PAIR_DAY_POINTS,
    QUARANTINE_POINTS,
    RETENTION_POINTS,
)
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.lake.segments import find_orphans, named_files
from ingest.ledger import ledger
from ingest.ledger.database import open_database
from tests.forked import ended
from tests.ingest.samples import call_lines, take, write_csv
from tests.ingest.take_files import start, take_files

POINTS = (*INGEST_POINTS, *MERGE_POINTS, *COMPACTION_POINTS, *PAIR_DAY_POINTS)
BAD = ["x,y,z,", "12,+918765432109,5,2026-05-01T00:00:00Z"]


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Files over three days that overlap, with rows that are no calls, and many small ones of one day."""
    folder = tmp_path_factory.mktemp("deliveries")
    first = write_csv(folder / "1.csv.gz", [*call_lines(300), *BAD])
    second = write_csv(folder / "2.csv", [*BAD, *call_lines(300, start=200)])
    small = [write_csv(folder / f"small{i}.csv", call_lines(3, start=520 + 3 * i)) for i in range(8)]
    return [first, second, write_csv(folder / "3.csv", ["damage"]), *small]


@pytest.fixture(scope="module")
def undisturbed(deliveries: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    home = Home(tmp_path_factory.mktemp("undisturbed") / "home")
    take_files(home, deliveries)
    assert Lake(home).segments()
    return content(home)


def content(home: Home) -> tuple[str, ...]:
    """Digests of the logical content, and what else must be as if nothing had happened."""
    engine = open_database(home, "ledger")
    derived = sorted(f"{row.operator} {row.day} {row.key}" for row in ledger.find_pair_days(engine).values())
    return Lake(home).digest(), Lake(home).data_digest(None, None, None), ledger.digest(engine), *derived


def assert_nothing_left(home: Home) -> None:
    take(home)  # what compaction replaced goes when the next writer comes
    assert not list(home.staging.iterdir())
    assert find_orphans(home.lake, named_files(open_database(home, "ledger"))) == []


@pytest.mark.parametrize("fault", [*POINTS, "keys:renamed:3", "segment:settled:2", "ledger:commit:before:2"])
def test_killed_at_a_named_point(
    fault: str, tmp_path: Path, deliveries: list[Path], undisturbed: tuple[str, ...]
) -> None:
    home = Home(tmp_path / "home")
    assert ended(start(home, deliveries, fault)) == -signal.SIGKILL
    take_files(home, deliveries)
    assert content(home) == undisturbed
    assert_nothing_left(home)


@pytest.mark.parametrize("fault", QUARANTINE_POINTS)
def test_killed_while_damage_is_set_aside(
    fault: str, tmp_path: Path, deliveries: list[Path], undisturbed: tuple[str, ...]
) -> None:
    home = Home(tmp_path / "home")
    take_files(home, deliveries)
    path = Lake(home).segments()[0].path
    path.write_bytes(path.read_bytes()[:-1])
    assert ended(start(home, deliveries, fault)) == -signal.SIGKILL
    take_files(home, deliveries)
    assert content(home) == undisturbed
    assert_nothing_left(home)


@pytest.mark.parametrize("fault", RETENTION_POINTS)
def test_killed_while_old_days_are_dropped(fault: str, tmp_path: Path, deliveries: list[Path]) -> None:
    homes = [Home(tmp_path / name).create() for name in ("undisturbed", "home")]
    for home in homes:
        (home.root / "settings.yaml").write_text("retention: {calls: 1d, pair_days: 1d}\n")
    take_files(homes[0], deliveries)
    assert {segment.day for segment in Lake(homes[0]).segments()} == {"2026-05-02", "2026-05-03"}
    assert ended(start(homes[1], deliveries, fault)) == -signal.SIGKILL
    take_files(homes[1], deliveries)
    assert content(homes[1]) == content(homes[0])
    assert_nothing_left(homes[1])


def test_readers_see_whole_batches_only(tmp_path: Path, deliveries: list[Path]) -> None:
    home = Home(tmp_path / "home")
    ended(start(home, deliveries, "ledger:commit:before"))
    assert Lake(home).segments() == []
    ended(start(home, deliveries, "ledger:commit:after"))
    assert sum(segment.rows for segment in Lake(home).segments()) == 300


def test_another_command_sweeps_what_was_left(tmp_path: Path, deliveries: list[Path]) -> None:
    home = Home(tmp_path / "home")
    ended(start(home, deliveries, "segment:settled:2"))
    assert find_orphans(home.lake, named_files(open_database(home, "ledger")))
    take(home, deliveries[2])
    assert_nothing_left(home)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100))
def test_killed_at_a_random_moment(
    seed: int, tmp_path: Path, deliveries: list[Path], undisturbed: tuple[str, ...]
) -> None:
    home = Home(tmp_path / "home")
    running = start(home, deliveries)
    running.join(random.Random(seed).uniform(0.05, 2.0))
    running.kill()
    running.join()
    take_files(home, deliveries)
    assert content(home) == undisturbed
    assert_nothing_left(home)
