"""Fixtures that tests of several rooms share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from ingest.home import Home
from tests.neo4j.server import Neo4jServer, running_server

# A busy machine must not fail a test, and the same tree must give the same tests.
hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis.settings.load_profile("repeatable")


SHARING = ("dashboard", "simulator")  # folders whose files share a browser, or worlds


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares something costly when several workers run: Neo4j, a browser, a world, a module's own."""
    for item in items:
        needs_neo4j = "neo4j_server" in getattr(item, "fixturenames", ())
        place = item.path.parent if item.path.parent.name in SHARING else item.path
        item.add_marker(pytest.mark.xdist_group("neo4j" if needs_neo4j else str(place)))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home in a folder of this test's own."""
    return Home(tmp_path / "home").create()


@pytest.fixture(scope="session")
def neo4j_server() -> Iterator[Neo4jServer]:
    """One real Neo4j with Graph Data Science for the whole run; a test wipes what it wrote."""
    with running_server() as server:
        yield server
