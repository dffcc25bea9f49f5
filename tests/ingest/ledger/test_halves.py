"""Halves that wait are found by their dialog, however many others wait."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Engine, event, text

from ingest.home import Home
from ingest.ledger import halves
from ingest.ledger.database import open_database
from ingest.ledger.ledger import find_batches
from tests.ingest.samples import call_lines, take, write_csv


def waiting(*rows: tuple[str, str, int, bytes]) -> pa.RecordBatch:
    return pa.record_batch([list(column) for column in zip(*rows, strict=True)], schema=halves.HALVES)


@pytest.fixture
def engine(home: Home, tmp_path: Path) -> Engine:
    """A ledger with halves of two operators."""
    take(home, write_csv(tmp_path / "a.csv", call_lines(1)))
    engine = open_database(home, "ledger")
    (batch,) = find_batches(engine)
    rows = [("a", halves.BEGIN, 5, b"{}"), ("a", halves.END, 9, b""), ("b", halves.BEGIN, 7, b"{}")]
    with engine.begin() as connection:
        halves.enter(connection, "one", batch.id, [waiting(*rows[:2]), waiting(rows[2])])
        halves.enter(connection, "two", batch.id, [waiting(("a", halves.BEGIN, 5, b"x"))])
        halves.enter(connection, "one", batch.id, [waiting(("a", halves.BEGIN, 5, b"{1}"))])  # waits already
    return engine


def found(engine: Engine, *dialogs: str, first: int = 0, last: int = 100) -> list[tuple[Any, ...]]:
    portions = halves.of_dialogs(engine, "one", [pa.array(dialogs)], first, last)
    return sorted(tuple(row.values()) for portion in portions for row in portion.to_pylist())


def test_the_halves_of_some_dialogs_and_times_are_given(engine: Engine) -> None:
    assert found(engine, "a") == [("a", "begin", 5, b"{1}"), ("a", "end", 9, b"")]
    assert found(engine, "a", "b", "c", first=6, last=8) == [("b", "begin", 7, b"{}")]
    assert found(engine, "c") == []


def test_what_waits_no_longer_is_taken_out(engine: Engine) -> None:
    with engine.begin() as connection:
        halves.remove(connection, "one", [waiting(("a", halves.BEGIN, 5, b""), ("a", halves.END, 8, b""))])
    assert found(engine, "a", "b") == [("a", "end", 9, b""), ("b", "begin", 7, b"{}")]
    assert halves.count(engine, "two", halves.BEGIN, 0, 100) == 1


def test_each_dialog_is_looked_up_by_the_key(engine: Engine) -> None:
    """A scan of all that waits would cost the more the more waits, once a portion of the file."""
    asked: list[tuple[str, Any]] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _u, sql, given, *_: asked.append((sql, given)))
    found(engine, "a")
    ((sql, given),) = [one for one in asked if "json_each" in one[0]]
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all()
        assert connection.execute(text("SELECT count(*) FROM halves")).scalar() == 4
    assert any("operator=? AND dialog=?" in step.detail for step in plan)
    assert not any(step.detail.startswith("SCAN halves") for step in plan)
