"""Which store answers when the graph database fails, and whom that concerns."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.reads.outage import Outage
from api.reads.steady import SteadyStore
from graph.store.embedded import EmbeddedStore
from graph.store.port import Key, NumberNode, StoreMeta, StoreSlowError, StoreUnavailableError
from tests.contract.graphs import random_graph


class Failing(EmbeddedStore):
    """A store whose look-ups fail and whose version is told."""

    failure: StoreUnavailableError

    def lookup(self, keys: object) -> list[NumberNode | None]:
        """Fail."""
        raise self.failure


def steady(folder: Path, outage: Outage, failure: StoreUnavailableError) -> tuple[SteadyStore, EmbeddedStore]:
    """Give a store that fails with another behind it, and that other."""
    shown = random_graph(1).shown(folder, "run-1")
    preferred, spare = Failing(shown), EmbeddedStore(shown)
    preferred.failure = failure
    return SteadyStore(spare, preferred, outage, 0), spare


def test_a_question_that_is_too_slow_concerns_nobody_else(tmp_path: Path) -> None:
    outage = Outage(5.0)
    store, spare = steady(tmp_path, outage, StoreSlowError("took too long"))
    keys = [Key("lk", "+940001")]
    assert store.lookup(keys) == spare.lookup(keys)
    assert (outage.is_over, store.stale_since, store.name) == (True, None, "neo4j")


@pytest.mark.parametrize("failure", [StoreUnavailableError("away")])
def test_one_that_is_away_is_left_alone_for_a_while(tmp_path: Path, failure: StoreUnavailableError) -> None:
    outage = Outage(5.0)
    store, spare = steady(tmp_path, outage, failure)
    keys = [Key("lk", "+940001")]
    assert store.lookup(keys) == spare.lookup(keys)
    assert not outage.is_over
    assert store.stale_since is not None
    assert store.name == "embedded (neo4j cannot answer now)"
    assert isinstance(store.meta(), StoreMeta)
