"""Worlds that several tests look at; made once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from ingest.progress import Silent
from ingest.simulator import WorldReport, simulate
from ingest.simulator.settings import HardnessName
from tests.ingest.simulator.worlds import SMALL, Made, make

MakeWorld = Callable[[HardnessName], Made]


@pytest.fixture(scope="session")
def normal() -> Made:
    """A week of a small world of normal hardness, with four rings of each of three types, in memory."""
    return make(replace(SMALL, callers=10_000, days=7, seed=1, rings=12))


@pytest.fixture(scope="session")
def at_hardness() -> MakeWorld:
    """Give the same small world at any hardness."""

    @cache
    def made(hardness: HardnessName) -> Made:
        return make(replace(SMALL, callers=5_000, days=7, seed=2, rings=6, hardness=hardness))

    return made


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> WorldReport:
    """Three days of a small world in files."""
    return simulate(tmp_path_factory.mktemp("world") / "csv", SMALL, Silent())


@pytest.fixture(scope="session")
def eventful() -> Made:
    """Two weeks in which rings of every course are at work, numbers rotate and are blocked."""
    return make(replace(SMALL, callers=12_000, days=14, seed=4, rings=18))
