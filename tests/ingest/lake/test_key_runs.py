"""Key runs hold what was put in, are found again in the ledger, and become few without losing a key."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ingest.home import Home
from ingest.lake import key_merging
from ingest.lake.key_merging import MANY, fewer, merge_runs, replace_runs, with_run
from ingest.lake.key_runs import (
    ENTRY_BYTES,
    KeyRunRow,
    enter_runs,
    fault_of_run,
    find_runs,
    keys_of_slice,
    remove_runs,
    run_paths,
    write_run,
)
from ingest.lake.key_search import known
from ingest.ledger.database import open_database
from tests.ingest.key_samples import DAY, OPERATOR, PAIRS, Pair, keys_of, pairs_of
from tests.ingest.lake.test_checksums import flip

MANY_PAIRS = st.lists(PAIRS, max_size=40, unique=True)


@pytest.fixture
def engine(home: Home) -> Engine:
    return open_database(home, "ledger")


def write(home: Home, pairs: list[Pair]) -> KeyRunRow:
    return write_run(keys_of(pairs), OPERATOR, DAY, home)


def read(home: Home, run: KeyRunRow) -> list[Pair]:
    parts = [keys_of_slice(home.lake, run, piece) for piece in run.hours]
    return [pair for part in parts for pair in pairs_of(part)]


def numbered(first: int, count: int) -> list[Pair]:
    return [(i % 5, (i * 0x9E3779B97F4A7C15 % 2**64).to_bytes(8) + i.to_bytes(8)) for i in range(first, first + count)]


@given(MANY_PAIRS)
def test_a_run_holds_the_keys_sorted_by_hour_and_bytes(pairs: list[Pair]) -> None:
    with TemporaryDirectory() as folder:
        home = Home(Path(folder)).create()
        run = write(home, pairs)
        assert read(home, run) == sorted(pairs)
        assert run.rows == len(pairs)
        assert (home.lake / run.path).stat().st_size == len(pairs) * ENTRY_BYTES
        assert fault_of_run(home.lake, run) is None


@settings(max_examples=30)
@given(st.lists(MANY_PAIRS, max_size=4), MANY_PAIRS)
def test_known_are_the_keys_that_a_run_has_in_the_same_hour(runs: list[list[Pair]], asked: list[Pair]) -> None:
    with TemporaryDirectory() as folder:
        home = Home(Path(folder)).create()
        keys = keys_of(asked)
        found = known(keys, home.lake, [write(home, pairs) for pairs in runs])
        there = {pair for pairs in runs for pair in pairs}
        assert found.tolist() == [pair in there for pair in pairs_of(keys)]


@settings(max_examples=20)
@given(st.lists(MANY_PAIRS, min_size=MANY, max_size=12), st.integers(1, 50))
def test_runs_become_fewer_and_no_key_is_lost(runs: list[list[Pair]], at_once: int) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(key_merging, "_AT_ONCE", at_once)
        home = Home(Path(folder)).create()
        left = fewer([write(home, pairs) for pairs in runs], home)
        assert len(left) < MANY
        assert sorted(pair for run in left for pair in read(home, run)) == sorted(p for pairs in runs for p in pairs)
        for run in left:
            assert read(home, run) == sorted(read(home, run))
            assert fault_of_run(home.lake, run) is None


def test_runs_are_entered_found_and_removed(home: Home, engine: Engine) -> None:
    large, small = write(home, numbered(0, 20)), write(home, numbered(20, 3))
    with engine.begin() as connection:
        enter_runs([large, small])(connection)
    assert find_runs(engine, OPERATOR, DAY) == [small, large]
    assert find_runs(engine, OPERATOR, "2026-05-02") == find_runs(engine, "other", DAY) == []
    with engine.begin() as connection:
        remove_runs(connection, [large.id])
    assert find_runs(engine, OPERATOR, DAY) == [small]
    assert run_paths(engine) == [small.path]


def test_a_day_with_many_runs_is_left_with_few_and_their_files(home: Home, engine: Engine) -> None:
    for first in range(0, 500, 10):
        replace_runs(home, engine, [], [write(home, numbered(first, 10))])
        merge_runs(home, engine, [(OPERATOR, DAY)])
        assert len(find_runs(engine, OPERATOR, DAY)) < MANY
    runs = find_runs(engine, OPERATOR, DAY)
    assert sorted(pair for run in runs for pair in read(home, run)) == sorted(numbered(0, 500))
    assert set(home.lake.rglob("*.keys")) == {home.lake / run.path for run in runs}


def test_runs_that_no_ledger_names_become_few_as_they_are_written(home: Home) -> None:
    pending: list[KeyRunRow] = []
    other = with_run(pending, keys_of(numbered(900, 5)), OPERATOR, "2026-05-02", home)
    pending = other
    for first in range(0, 200, 10):
        pending = with_run(pending, keys_of(numbered(first, 10)), OPERATOR, DAY, home)
        assert len(pending) <= MANY
    assert other[0] in pending
    assert set(home.lake.rglob("*.keys")) == {home.lake / run.path for run in pending}
    assert sum(run.rows for run in pending) == 205


@pytest.mark.parametrize("place", range(0, 480, 31))
def test_a_flipped_bit_in_a_run_is_found(home: Home, place: int) -> None:
    run = write(home, numbered(0, 20))
    flip(home.lake / run.path, place)
    assert fault_of_run(home.lake, run)
