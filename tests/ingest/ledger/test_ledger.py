"""The ledger's own promises: one transaction a batch, one pointer a scope, a digest without clock times."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, select

from ingest.home import Home
from ingest.ledger import ledger
from ingest.ledger.database import open_database
from ingest.ledger.ledger import BatchRow, Entry, RunRow, SegmentRow
from ingest.ledger.tables import sources

BATCH = BatchRow(
    "b", "generic", "m", "d", "a.csv", 10, 3, 2, 1, 0, {"row_nul": 1}, {}, "COMPLETED_WITH_REJECTS", None, 1
)
SEGMENT = SegmentRow("s", "b", "generic", "2026-05-01", "p", 2, 5, 100, 200, "0" * 48, "c" * 64)
RUN = RunRow("r1", "all", 30, 10, 30, "digest", "snapshot", 1, "run")


@pytest.fixture
def engine(home: Home) -> Engine:
    return open_database(home, "ledger")


def switch(engine: Engine, run: RunRow) -> None:
    with engine.begin() as connection:
        ledger.switch_run(connection, run)


def source_entry(source: str) -> Entry:
    """An entry of something else that a batch may bring."""

    def enter(connection: Connection) -> None:
        connection.execute(insert(sources).values(source=source, position=1, updated_at=1))

    return enter


def known_sources(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(select(sources.c.source)).scalars())


def test_a_batch_is_entered_with_all_that_it_brings(engine: Engine) -> None:
    ledger.enter_batch(engine, BATCH, [SEGMENT], [source_entry("a"), source_entry("b")])
    assert ledger.find_batch(engine, "b") == BATCH
    assert ledger.find_segments(engine) == [SEGMENT]
    assert ledger.find_segments(engine, ["other"]) == ledger.find_segments(engine, None, "2026-05-02") == []
    assert ledger.find_operators(engine) == ["generic"]
    assert known_sources(engine) == ["a", "b"]
    assert ledger.newest_call(engine) == ledger.newest_call(engine, ["generic"]) == 200
    assert ledger.newest_call(engine, ["other"]) is None


def test_a_batch_that_fails_half_way_leaves_nothing(engine: Engine) -> None:
    def breaking(_connection: Connection) -> None:
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        ledger.enter_batch(engine, BATCH, [SEGMENT], [source_entry("a"), breaking])
    with pytest.raises(Exception, match="FOREIGN KEY"):
        ledger.enter_batch(engine, BATCH, [replace(SEGMENT, batch="nobody")])
    assert ledger.find_batch(engine, "b") is None
    assert ledger.find_segments(engine) == []
    assert known_sources(engine) == []


@pytest.mark.parametrize(
    ("first", "again", "counted"),
    [
        ((90, 10, 0), (0, 100), (90, 10)),  # nothing was missing
        ((90, 5, 5), (5, 95), (95, 5)),  # five lay in the future then
        ((90, 10, 0), (40, 60), (90, 10)),  # forty of what it brought were lost in between
        ((90, 10, 0), (100, 0), (90, 10)),  # all of it was, and what other files had brought
    ],
)
def test_a_batch_that_is_read_again_counts_each_row_once(
    engine: Engine, first: tuple[int, int, int], again: tuple[int, int], counted: tuple[int, int]
) -> None:
    accepted, duplicates, dead = first
    before = replace(BATCH, rows=100, accepted=accepted, duplicates=duplicates, dead_lettered=dead)
    ledger.enter_batch(engine, before)
    accepted, duplicates = again
    ledger.enter_batch(
        engine, replace(before, accepted=accepted, duplicates=duplicates, dead_lettered=0, taken_at=before.taken_at + 1)
    )
    found = ledger.find_batch(engine, "b")
    assert found is not None
    assert (found.accepted, found.duplicates, found.taken_at) == (*counted, before.taken_at)


def test_duplicates_that_are_dead_by_now_are_counted_as_dead_alone(engine: Engine) -> None:
    before = replace(BATCH, rows=10, accepted=0, duplicates=10, dead_lettered=0)
    ledger.enter_batch(engine, before)
    ledger.enter_batch(engine, replace(before, duplicates=7, dead_lettered=3))
    found = ledger.find_batch(engine, "b")
    assert found is not None
    assert (found.accepted, found.duplicates, found.dead_lettered) == (0, 7, 3)


def test_segments_are_removed(engine: Engine) -> None:
    ledger.enter_batch(engine, BATCH, [SEGMENT, replace(SEGMENT, id="t", batch=None)])
    with engine.begin() as connection:
        ledger.remove_segments(connection, ["s"])
    assert [row.id for row in ledger.find_segments(engine)] == ["t"]


def test_the_pointer_moves_and_runs_stay(engine: Engine) -> None:
    assert ledger.current_run(engine, "all") is None
    assert ledger.current_version(engine, "all") == 0
    later = replace(RUN, run_id="r2", created_at=2)
    switch(engine, RUN)
    switch(engine, later)
    assert ledger.current_run(engine, "all") == later
    assert ledger.current_version(engine, "all") == 2
    switch(engine, replace(RUN, created_at=9))
    assert ledger.current_run(engine, "all") == RUN
    assert ledger.committed_runs(engine, "all") == [RUN, later]
    assert ledger.committed_runs(engine, "other") == []


def test_the_digest_knows_no_clock_and_no_ids_of_runs(engine: Engine, tmp_path: Path) -> None:
    other = open_database(Home(tmp_path / "other").create(), "ledger")
    assert ledger.digest(engine) == ledger.digest(other)
    halves = [replace(SEGMENT, rows=1, digest=f"{i:048x}", id=str(i)) for i in (1, 2)]
    ledger.enter_batch(engine, BATCH, [replace(SEGMENT, digest=f"{3:048x}")])
    ledger.enter_batch(other, replace(BATCH, taken_at=99), [replace(half, size=99) for half in halves])
    switch(engine, RUN)
    switch(other, replace(RUN, run_id="r9", created_at=5, snapshot_id="x"))
    switch(other, replace(RUN, run_id="r8", created_at=6))
    assert ledger.digest(engine) == ledger.digest(other)


def digest_of(folder: Path, batch: BatchRow, segment: SegmentRow, run: RunRow) -> str:
    own = open_database(Home(folder).create(), "ledger")
    ledger.enter_batch(own, batch, [segment])
    switch(own, run)
    return ledger.digest(own)


@pytest.mark.parametrize(
    ("batch", "segment", "run"),
    [
        (replace(BATCH, rows=4), SEGMENT, RUN),
        (BATCH, replace(SEGMENT, digest="1" * 48), RUN),
        (BATCH, replace(SEGMENT, day="2026-05-02"), RUN),
        (BATCH, SEGMENT, replace(RUN, as_of=31)),
    ],
)
def test_the_digest_sees_every_change(tmp_path: Path, batch: BatchRow, segment: SegmentRow, run: RunRow) -> None:
    plain = digest_of(tmp_path / "a", BATCH, SEGMENT, RUN)
    assert digest_of(tmp_path / "b", batch, segment, run) != plain
