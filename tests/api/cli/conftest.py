"""One small world, run once, for all tests of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.cli.commands import done


@pytest.fixture(scope="session")
def small_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the calls and the truth of 3,000 callers over 4 easy days with 3 rings."""
    folder = tmp_path_factory.mktemp("cli") / "world"
    size = ("--callers", "3000", "--days", "4", "--rings", "3", "--hardness", "easy")
    done("simulate", "--out", str(folder), *size, "--seed", "11")
    return folder


@pytest.fixture(scope="session")
def run_home(small_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home in which the small world was run; tests only read it."""
    home = tmp_path_factory.mktemp("cli") / "home"
    done("run", str(small_world), "--home", str(home))
    return home
