"""kill -9 at every named point of `run`, then the same command: the home ends as if nothing had happened."""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from ingest.faults import POINTS
from tests.api.cli.commands import done, started
from tests.forked import ended

RUN_POINTS = tuple(name for name in POINTS if name.startswith("run:"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kill") / "world"
    done(
        "simulate",
        "--out",
        str(folder),
        "--callers",
        "2000",
        "--days",
        "3",
        "--rings",
        "3",
        "--seed",
        "5",
        "--hardness",
        "easy",
    )
    return folder


@pytest.fixture(scope="module")
def undisturbed(world: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("kill") / "undisturbed"
    done("run", str(world), "--home", str(home))
    return digest(home)


def test_five_points_of_run_are_named() -> None:
    assert len(RUN_POINTS) >= 5


@pytest.mark.parametrize("point", RUN_POINTS)
def test_a_kill_at_a_named_point_of_run_loses_nothing(
    point: str, world: Path, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    killed = ended(started("run", str(world), "--home", str(home), fault=point))
    assert killed == -signal.SIGKILL, f"the run never passed {point}"
    done("run", str(world), "--home", str(home))
    assert digest(home) == undisturbed


@pytest.mark.long
@pytest.mark.parametrize("moment", range(10))
@pytest.mark.parametrize("what", ["ingest", "run"])
def test_a_kill_at_a_random_moment_loses_nothing(
    what: str, moment: int, world: Path, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    victim = started(what, str(world), "--home", str(home))
    victim.join(random.Random(f"{what}-{moment}").uniform(0.05, 4.0))
    victim.kill()
    victim.join()
    done("run", str(world), "--home", str(home))
    assert digest(home) == undisturbed


def digest(home: Path) -> dict[str, str]:
    found = done("doctor", "--digest", "--home", str(home))
    assert found["ok"], found
    return dict(found["digest"])
