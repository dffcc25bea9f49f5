"""Fixtures of the serving faces."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from ingest.home import Home
from tests.api.worlds import Served, ring_home, served


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server on a ring world that nobody changes."""
    with served(ring_home(Home(tmp_path_factory.mktemp("still") / "home").create())) as running:
        yield running


@pytest.fixture(scope="module")
def client(still: Served) -> Iterator[httpx.Client]:
    """A client of that server."""
    with httpx.Client(base_url=still.address, timeout=30) as connected:
        yield connected


@pytest.fixture
def server(home: Home) -> Iterator[Served]:
    """A server on a ring world of this test's own."""
    with served(ring_home(home)) as running:
        yield running


@pytest.fixture
def own(server: Served) -> Iterator[httpx.Client]:
    """A client of this test's own server."""
    with httpx.Client(base_url=server.address, timeout=30) as connected:
        yield connected
