"""Killed at any moment and started again, ingest ends where an undisturbed run ends."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ingest import ledger
from ingest.database import open_database
from ingest.faults import INGEST_POINTS, PAIR_DAY_POINTS, VARIABLE
from ingest.home import Home
from ingest.lake import Lake
from ingest.segments import find_orphans, named_files
from tests.ingest.samples import call_lines, take, write_csv
from tests.ingest.take_files import take_files

REPOSITORY = Path(__file__).parents[2]
POINTS = (*INGEST_POINTS, *PAIR_DAY_POINTS)
BAD = ["x,y,z,", "12,+918765432109,5,2026-05-01T00:00:00Z"]


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three files over three days that overlap, with rows that are no calls."""
    folder = tmp_path_factory.mktemp("deliveries")
    first = write_csv(folder / "1.csv.gz", [*call_lines(300), *BAD])
    second = write_csv(folder / "2.csv", [*BAD, *call_lines(300, start=200)])
    return [first, second, write_csv(folder / "3.csv", ["damage"])]


@pytest.fixture(scope="module")
def undisturbed(deliveries: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    home = Home(tmp_path_factory.mktemp("undisturbed") / "home")
    take_files(home, deliveries)
    assert Lake(home).segments()
    return content(home)


def start(home: Home, files: list[Path], fault: str | None = None) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **({VARIABLE: fault} if fault else {})}
    command = [sys.executable, "-m", "tests.ingest.take_files", str(home.root), *map(str, files)]
    return subprocess.Popen(command, cwd=REPOSITORY, env=environment, stderr=subprocess.DEVNULL)


def content(home: Home) -> tuple[str, ...]:
    """Digests of the logical content, and what else must be as if nothing had happened."""
    engine = open_database(home, "ledger")
    derived = sorted(f"{row.operator} {row.day} {row.key}" for row in ledger.find_pair_days(engine).values())
    return Lake(home).digest(), Lake(home).data_digest(None, None, None), ledger.digest(engine), *derived


def assert_nothing_left(home: Home) -> None:
    assert not list(home.staging.iterdir())
    assert find_orphans(home.lake, named_files(open_database(home, "ledger"))) == []


@pytest.mark.parametrize("fault", [*POINTS, "keys:renamed:3", "segment:settled:2", "ledger:commit:before:2"])
def test_killed_at_a_named_point(
    fault: str, tmp_path: Path, deliveries: list[Path], undisturbed: tuple[str, ...]
) -> None:
    home = Home(tmp_path / "home")
    assert start(home, deliveries, fault).wait() == -signal.SIGKILL
    take_files(home, deliveries)
    assert content(home) == undisturbed
    assert_nothing_left(home)


def test_readers_see_whole_batches_only(tmp_path: Path, deliveries: list[Path]) -> None:
    home = Home(tmp_path / "home")
    start(home, deliveries, "ledger:commit:before").wait()
    assert Lake(home).segments() == []
    start(home, deliveries, "ledger:commit:after").wait()
    assert sum(segment.rows for segment in Lake(home).segments()) == 300


def test_another_command_sweeps_what_was_left(tmp_path: Path, deliveries: list[Path]) -> None:
    home = Home(tmp_path / "home")
    start(home, deliveries, "segment:settled:2").wait()
    assert find_orphans(home.lake, named_files(open_database(home, "ledger")))
    take(home, deliveries[2])
    assert_nothing_left(home)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_killed_at_a_random_moment(
    seed: int, tmp_path: Path, deliveries: list[Path], undisturbed: tuple[str, ...]
) -> None:
    home = Home(tmp_path / "home")
    running = start(home, deliveries)
    try:
        running.wait(timeout=random.Random(seed).uniform(0.2, 3.0))
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()
    take_files(home, deliveries)
    assert content(home) == undisturbed
    assert_nothing_left(home)
