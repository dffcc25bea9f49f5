"""A call that the lake has in the same hour is left out, and nothing else is."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.home import Home
from ingest.lake.duplicates import without_known, without_repeats
from ingest.lake.key_merging import replace_runs
from ingest.lake.key_runs import Keys, fault_of_run, find_runs, write_run
from ingest.ledger.database import open_database
from tests.ingest.key_samples import DAY, FIRST_HOUR, OPERATOR, PAIRS, Pair, calls_with, keys_of, pairs_of
from tests.ingest.lake.test_checksums import flip
from tests.ingest.samples import call_lines, take, write_csv

MANY_PAIRS = st.lists(PAIRS, max_size=30, unique=True)


@settings(max_examples=30)
@given(MANY_PAIRS, MANY_PAIRS, MANY_PAIRS)
def test_what_ledger_and_pending_runs_hold_is_left_out(
    entered: list[Pair], pending: list[Pair], brought: list[Pair]
) -> None:
    with TemporaryDirectory() as folder:
        home = Home(Path(folder)).create()
        engine = open_database(home, "ledger")
        replace_runs(home, engine, [], [write_run(keys_of(entered), OPERATOR, DAY, home)] if entered else [])
        waiting = [write_run(keys_of(pending), OPERATOR, DAY, home), write_run(keys_of(brought), "other", DAY, home)]
        fresh, keys, contested = without_known(calls_with(brought), DAY, home, engine, waiting)
        assert not len(contested)
        wanted = [pair for pair in brought if pair not in {*entered, *pending}]
        assert [c["call_key"] for c in fresh.to_pylist()] == [key for _, key in wanted]
        assert pairs_of(keys) == sorted(wanted)


@given(st.lists(PAIRS, max_size=30))
def test_one_call_of_each_key_is_left(pairs: list[Pair]) -> None:
    left = without_repeats(calls_with(pairs))
    found = [(c["started"] // 3_600_000_000 - FIRST_HOUR, c["call_key"]) for c in left.to_pylist()]
    assert sorted(found, key=lambda pair: pair[1]) == sorted(
        ((min(hour for hour, other in pairs if other == key), key) for key in {key for _, key in pairs}),
        key=lambda pair: pair[1],
    )


def test_no_calls(home: Home) -> None:
    calls, keys, contested = without_known(calls_with([]), DAY, home, open_database(home, "ledger"), [])
    assert len(calls) == len(contested) == 0
    assert isinstance(keys, Keys)
    assert len(keys.high) == 0


@pytest.mark.parametrize("damage", ["first byte", "last byte", "cut off", "missing"])
def test_a_damaged_run_is_made_anew_without_asking(home: Home, tmp_path: Path, damage: str) -> None:
    take(home, write_csv(tmp_path / "a.csv", call_lines(200)))
    engine = open_database(home, "ledger")
    (run,) = find_runs(engine, OPERATOR, DAY)
    hurt(home.lake / run.path, damage)
    report = take(home, write_csv(tmp_path / "b.csv", call_lines(200, start=10)))
    assert (report.accepted, report.duplicates) == (10, 190)
    assert all(fault_of_run(home.lake, found) is None for found in find_runs(engine, OPERATOR, DAY))
    assert sum(found.rows for found in find_runs(engine, OPERATOR, DAY)) == 210


def hurt(path: Path, damage: str) -> None:
    """Damage a file."""
    if damage == "missing":
        path.unlink()
    elif damage == "cut off":
        path.write_bytes(path.read_bytes()[:-1])
    else:
        flip(path, 0 if damage == "first byte" else path.stat().st_size - 1)
