"""kill -9 at every named point of `erase`, then any other command that writes: nothing of the number is left."""

from __future__ import annotations

import shutil
import signal
from itertools import cycle
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingest.erased import tombstones
from ingest.erased.number_search import numbers_of
from ingest.faults import ERASE_POINTS
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.ledger.database import open_database
from ingest.ledger.ledger import find_pair_days
from tests.api.cli.commands import done, started
from tests.api.erased_homes import alerted, erased, simulated
from tests.forked import ended
from tests.ingest.erasures import files_with

WRITERS = {
    "ingest": ("ingest", "{world}"),
    "run": ("run",),
    "rescore": ("rescore",),
    "compact": ("compact",),
}
KEY_MADE = [point for point in ERASE_POINTS if point.startswith("erase:key:")]  # nothing is known to be erased yet
BEGUN = [point for point in ERASE_POINTS if point not in KEY_MADE]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulated(tmp_path_factory.mktemp("kill-erase") / "world")


@pytest.fixture(scope="module")
def analysed(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a run, of whose first days only the sums are left."""
    home = tmp_path_factory.mktemp("kill-erase") / "home"
    done("run", str(world), "--home", str(home))
    (home / "settings.yaml").write_text("retention: {calls: 1d, pair_days: 400d}\n")
    done("compact", "--home", str(home))
    return home


@pytest.fixture(scope="module")
def numbers(analysed: Path) -> list[str]:
    """One of alerts and calls, and one of the days of which only the sums are left."""
    home = Home(analysed)
    calls = {number for segment in Lake(home).segments() for number in numbers_of(segment.path)}
    days, engine = {segment.day for segment in Lake(home).segments()}, open_database(home, "ledger")
    sums = [row for row in find_pair_days(engine).values() if row.day not in days]
    called = pq.ParquetFile(home.lake / sums[0].path).read()["caller"]
    return [next(number for number in alerted(home) if number in calls), called[0].as_py()]


@pytest.fixture(scope="module")
def undisturbed(analysed: Path, numbers: list[str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = shutil.copytree(analysed, tmp_path_factory.mktemp("kill-erase") / "undisturbed")
    assert erased(Home(home), *numbers).degraded is None
    return digest(home)


@pytest.mark.parametrize(("point", "writer"), list(zip(BEGUN, cycle(WRITERS), strict=False)))
def test_what_a_kill_left_is_finished_by_the_next_writer(
    point: str,
    writer: str,
    analysed: Path,
    world: Path,
    numbers: list[str],
    undisturbed: dict[str, str],
    tmp_path: Path,
) -> None:
    home = shutil.copytree(analysed, tmp_path / "home")
    assert killed(home, numbers, point) == -signal.SIGKILL, f"the erasure never passed {point}"
    done(*(part.format(world=world) for part in WRITERS[writer]), "--home", str(home))
    assert_erased(home, numbers)
    assert digest(home) == undisturbed


@pytest.mark.parametrize("point", [*KEY_MADE, *(pytest.param(point, marks=pytest.mark.long) for point in BEGUN)])
def test_the_same_command_ends_as_if_nothing_had_happened(
    point: str, analysed: Path, numbers: list[str], undisturbed: dict[str, str], tmp_path: Path
) -> None:
    home = shutil.copytree(analysed, tmp_path / "home")
    assert killed(home, numbers, point) == -signal.SIGKILL, f"the erasure never passed {point}"
    erased(Home(home), *numbers)
    assert_erased(home, numbers)
    assert digest(home) == undisturbed


def killed(home: Path, numbers: list[str], point: str) -> int | None:
    return ended(started("erase", "--home", str(home), "--yes", fault=point, typed="\n".join(numbers)))


def assert_erased(home: Path, numbers: list[str]) -> None:
    for number in numbers:
        assert files_with(Home(home), number) == []
    assert not tombstones.is_unfinished(open_database(Home(home), "ledger"))


def digest(home: Path) -> dict[str, str]:
    found = done("doctor", "--digest", "--home", str(home))
    assert found["ok"], found
    return dict(found["digest"])
