"""Fixtures that tests of several rooms share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from ingest.home import Home
from tests.neo4j.server import Neo4jServer, running_server
from tests.sharing import ByWhatIsShared

# A busy machine must not fail a test, and the same tree must give the same tests.
hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis.settings.load_profile("repeatable")


@pytest.hookimpl(optionalhook=True, tryfirst=True)  # without pytest-xdist there is nothing to schedule
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByWhatIsShared:
    """Several workers share nothing that is costly."""
    return ByWhatIsShared(config, log)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home in a folder of this test's own."""
    return Home(tmp_path / "home").create()


@pytest.fixture(scope="session")
def neo4j_server() -> Iterator[Neo4jServer]:
    """One real Neo4j with Graph Data Science for the whole run; a test wipes what it wrote."""
    with running_server() as server:
        yield server
