"""Databases are made, migrated and guarded; their schema is the one that the rooms declare."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Integer, MetaData, Table, insert, inspect, select, text

from api.event_tables import EVENTS
from detectors.results_tables import WORK
from ingest.home import Home
from ingest.ledger.database import CONCERNS, Concern, DatabaseError, head, migrate, open_database, pending
from ingest.ledger.tables import LEDGER
from tests.ingest.samples import call_lines, take, write_csv

DECLARED: dict[Concern, MetaData] = {"ledger": LEDGER, "work": WORK, "events": EVENTS}


@pytest.mark.parametrize("concern", CONCERNS)
def test_the_migrated_schema_is_the_declared_one(home: Home, concern: Concern) -> None:
    with open_database(home, concern).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, DECLARED[concern]) == []
        tables = set(inspect(connection).get_table_names())
    assert tables == {*DECLARED[concern].tables, "alembic_version"} | ({"sqlite_sequence"} & tables)


def test_a_new_home_is_pending_until_migrated(home: Home) -> None:
    assert pending(home) == list(CONCERNS)
    assert migrate(home) == {concern: head(concern) for concern in CONCERNS}
    assert pending(home) == []
    assert migrate(home) == {concern: head(concern) for concern in CONCERNS}


def test_another_revision_is_refused_with_the_command_to_run(home: Home) -> None:
    with open_database(home, "work").begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'work_0000'"))
    assert "work" in pending(home)
    with pytest.raises(DatabaseError, match="ringfence migrate"):
        open_database(home, "work")


def test_commits_are_forced_to_the_disk_and_foreign_keys_hold(home: Home) -> None:
    with open_database(home, "ledger").connect() as connection:
        told = {
            p: connection.execute(text(f"PRAGMA {p}")).scalar() for p in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_writer_holds_the_lock_from_its_first_read_and_readers_go_on(home: Home) -> None:
    numbers = Table("numbers", MetaData(), Column("n", Integer))
    engine = open_database(home, "ledger")
    with engine.begin() as writer:
        numbers.create(writer)
    with engine.begin() as writer:
        assert writer.execute(select(numbers)).all() == []
        with engine.connect() as rival:
            rival.exec_driver_sql("PRAGMA busy_timeout=0")
            assert rival.execute(select(numbers)).all() == []
            with pytest.raises(Exception, match="database is locked"):
                rival.execute(insert(numbers).values(n=1))
        writer.execute(insert(numbers).values(n=2))
    with engine.connect() as reader:
        assert reader.execute(select(numbers.c.n)).scalars().all() == [2]


def test_an_exception_rolls_back(home: Home) -> None:
    numbers = Table("numbers", MetaData(), Column("n", Integer))
    engine = open_database(home, "ledger")

    def fail_halfway() -> None:
        with engine.begin() as connection:
            numbers.create(connection)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail_halfway()
    with engine.connect() as connection:
        assert not inspect(connection).has_table("numbers")


def test_odd_characters_in_the_folder_do_no_harm(tmp_path: Path) -> None:
    home = Home(tmp_path / "a b%c?d#e:f").create()
    migrate(home)
    assert {path.name for path in home.databases.iterdir()} >= {"ledger.sqlite", "work.sqlite", "events.sqlite"}


@pytest.mark.parametrize("left", [None, b""])
def test_a_lost_ledger_is_not_made_anew_beside_its_calls(home: Home, tmp_path: Path, left: bytes | None) -> None:
    """A new one would name none of the files, and the next ingest would sweep them."""
    take(home, write_csv(tmp_path / "a.csv", call_lines(3)))
    calls = sorted(home.lake.rglob("*.parquet"))
    for path in home.databases.glob("ledger.sqlite*"):
        path.unlink()
    if left is not None:
        (home.databases / "ledger.sqlite").write_bytes(left)
    for make in (migrate, lambda home: open_database(home, "ledger")):
        with pytest.raises(DatabaseError, match="restore it"):
            make(home)
    with pytest.raises(DatabaseError, match="restore it"):
        take(home, write_csv(tmp_path / "b.csv", call_lines(5)))
    assert sorted(home.lake.rglob("*.parquet")) == calls
