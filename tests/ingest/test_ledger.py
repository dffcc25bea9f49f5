"""The ledger's own promises: one transaction a batch, one pointer a scope, a digest without clock times."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest import ledger
from ingest.database import open_database
from ingest.home import Home
from ingest.ledger import BatchRow, DeadLetter, HourSlice, RunRow, SegmentRow

BATCH = BatchRow(
    "b", "generic", "m", "d", "a.csv", 10, 3, 2, 1, 0, {"row_nul": 1}, {}, "COMPLETED_WITH_REJECTS", None, 1
)
SEGMENT = SegmentRow("s", "b", "generic", "2026-05-01", "p", "k", 2, 5, 100, 200, "0" * 48, [HourSlice(7, 0, 2)])
DEAD = [[DeadLetter(2, "row_nul", b"\0")]]
RUN = RunRow("r1", "all", 30, 10, 30, "digest", "snapshot", 1, "run")


@pytest.fixture
def engine(home: Home) -> Engine:
    return open_database(home, "ledger")


def switch(engine: Engine, run: RunRow) -> None:
    with engine.begin() as connection:
        ledger.switch_run(connection, run)


def test_a_batch_is_entered_with_all_that_it_brings(engine: Engine) -> None:
    ledger.enter_batch(engine, BATCH, [SEGMENT], DEAD)
    assert ledger.find_batch(engine, "b") == BATCH
    assert ledger.find_segments(engine) == [SEGMENT]
    assert ledger.find_hours(engine, "generic", [6, 7]) == [("k", HourSlice(7, 0, 2))]
    assert ledger.find_hours(engine, "other", [7]) == []
    assert ledger.find_dead_letters(engine, "b") == DEAD[0]
    assert ledger.newest_call(engine) == 200


def test_a_batch_that_fails_half_way_leaves_nothing(engine: Engine) -> None:
    def breaking() -> list[list[DeadLetter]]:
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        ledger.enter_batch(engine, BATCH, [SEGMENT], (portion for portion in breaking()))
    with pytest.raises(Exception, match="FOREIGN KEY"):
        ledger.enter_batch(engine, BATCH, [replace(SEGMENT, batch="nobody")])
    assert ledger.find_batch(engine, "b") is None
    assert ledger.find_segments(engine) == []


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
    ledger.enter_batch(engine, BATCH, [SEGMENT], DEAD)
    ledger.enter_batch(other, replace(BATCH, taken_at=99), [replace(SEGMENT, size=99)], DEAD)
    switch(engine, RUN)
    switch(other, replace(RUN, run_id="r9", created_at=5, snapshot_id="x"))
    switch(other, replace(RUN, run_id="r8", created_at=6))
    assert ledger.digest(engine) == ledger.digest(other)


def digest_of(folder: Path, batch: BatchRow, segment: SegmentRow, raw: bytes, run: RunRow) -> str:
    own = open_database(Home(folder).create(), "ledger")
    ledger.enter_batch(own, batch, [segment], [[DeadLetter(2, "row_nul", raw)]])
    switch(own, run)
    return ledger.digest(own)


@pytest.mark.parametrize(
    ("batch", "segment", "raw", "run"),
    [
        (replace(BATCH, rows=4), SEGMENT, b"\0", RUN),
        (BATCH, replace(SEGMENT, digest="1" * 48), b"\0", RUN),
        (BATCH, replace(SEGMENT, hours=[HourSlice(8, 0, 2)]), b"\0", RUN),
        (BATCH, SEGMENT, b"\1", RUN),
        (BATCH, SEGMENT, b"\0", replace(RUN, as_of=31)),
    ],
)
def test_the_digest_sees_every_change(
    tmp_path: Path, batch: BatchRow, segment: SegmentRow, raw: bytes, run: RunRow
) -> None:
    plain = digest_of(tmp_path / "a", BATCH, SEGMENT, b"\0", RUN)
    assert digest_of(tmp_path / "b", batch, segment, raw, run) != plain
