"""A home of the first version is brought to this one with everything that it holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData, Table, insert, inspect, select

from ingest import migrations
from ingest.home import Home
from ingest.lake.key_runs import find_runs
from ingest.lake.lake import Lake
from ingest.lake.quarantine import find_quarantined
from ingest.ledger import ledger
from ingest.ledger.database import DatabaseError, head, migrate, open_database
from ingest.ledger.dead_letters import read_letters
from ingest.ledger.tables import dead_blocks, segments
from ingest.progress import Silent
from ingest.upkeep import complete
from tests.ingest.samples import call_lines, take, write_csv

MIGRATIONS = Path(migrations.__file__).parent
BAD = [f"bad {i}" for i in range(3)]


def alembic(engine: Engine, what: str, revision: str) -> None:
    """Run one Alembic command on a ledger."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("version_locations", str(MIGRATIONS / "ledger" / "versions"))
    config.set_main_option("path_separator", "newline")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        getattr(command, what)(config, revision)


def tables_of(engine: Engine) -> MetaData:
    found = MetaData()
    found.reflect(engine)
    return found


def names_of(table: Table) -> list[str]:
    return [column.name for column in table.columns]


@pytest.fixture
def earlier(home: Home, tmp_path: Path) -> Home:
    """A home as the first version left it: no checksums, other digests, dead letters as rows, keys beside segments."""
    migrate(home)
    take(home, write_csv(tmp_path / "1.csv", [*call_lines(300), *BAD]), write_csv(tmp_path / "2.csv", ["x"]))
    now = open_database(home, "ledger")
    batches, rows = ledger.find_batches(now), ledger.find_segments(now)
    letters = {batch.id: list(read_letters(now, batch.id)) for batch in batches}
    for path in home.lake.rglob("*.keys"):
        path.unlink()
    for path in home.databases.glob("ledger.sqlite*"):
        path.unlink()
    aside = home.lake.rename(tmp_path / "aside")  # beside calls no new ledger is made
    engine = open_database(home, "ledger")
    aside.rename(home.lake)
    alembic(engine, "downgrade", "ledger_0001")
    old = tables_of(engine).tables
    with engine.begin() as connection:
        for batch in batches:
            values = {name: getattr(batch, name) for name in names_of(old["batches"])}
            connection.execute(insert(old["batches"]).values(values))
        for row in rows:
            kept = {name: getattr(row, name, None) for name in names_of(old["segments"])}
            connection.execute(insert(old["segments"]).values({**kept, "keys_path": "gone", "digest": "1" * 48}))
        for batch_id, of_batch in letters.items():
            for letter in of_batch:
                connection.execute(insert(old["dead_letters"]).values(batch=batch_id, **letter._asdict()))
    return home


def test_an_earlier_home_asks_for_migration(earlier: Home) -> None:
    with pytest.raises(DatabaseError, match="ringfence migrate"):
        open_database(earlier, "ledger")


def test_nothing_is_lost_and_duplicates_are_known_still(earlier: Home, tmp_path: Path) -> None:
    assert migrate(earlier)["ledger"] == head("ledger")
    engine = open_database(earlier, "ledger")
    batch = next(batch for batch in ledger.find_batches(engine) if batch.rows > 3)
    assert [letter.raw for letter in read_letters(engine, batch.id)] == [row.encode() for row in BAD]
    assert [letter.row for letter in read_letters(engine, batch.id)] == [300, 301, 302]
    with engine.connect() as connection:
        blocks = connection.execute(select(dead_blocks).where(dead_blocks.c.batch == batch.id)).mappings().all()
    assert [(b["first_row"], b["rows"], b["reasons"]) for b in blocks] == [(300, 3, {"row_columns": 3})]
    assert Lake(earlier).data_digest(None, None, None) == Lake(earlier).digest()

    complete(earlier, engine, Silent())
    assert Lake(earlier).data_digest(None, None, None) == Lake(earlier).digest()
    assert all(row.checksum and row.digest for row in ledger.find_segments(engine))
    assert sum(run.rows for run in find_runs(engine, "generic", "2026-05-01")) == 240
    report = take(earlier, write_csv(tmp_path / "again.csv", call_lines(310)))
    assert (report.accepted, report.duplicates) == (10, 300)


def test_ingest_completes_what_migration_did_not(earlier: Home, tmp_path: Path) -> None:
    migrate(earlier)
    report = take(earlier, write_csv(tmp_path / "again.csv", call_lines(310)))
    assert (report.accepted, report.duplicates) == (10, 300)


def test_a_file_that_was_damaged_before_is_set_aside(earlier: Home, tmp_path: Path) -> None:
    migrate(earlier)
    engine = open_database(earlier, "ledger")
    first, second = ledger.find_segments(engine)
    (earlier.lake / first.path).write_bytes(b"x" * first.size)
    complete(earlier, engine, Silent())
    assert [(entry.segment, entry.rows) for entry in find_quarantined(engine)] == [(first.id, 240)]
    assert [row.id for row in ledger.find_segments(engine)] == [second.id]
    assert take(earlier, tmp_path / "1.csv").accepted == 240


def test_a_lake_with_calls_does_not_go_back(home: Home, tmp_path: Path) -> None:
    take(home, write_csv(tmp_path / "1.csv", [*call_lines(3), *BAD]))
    engine = open_database(home, "ledger")
    with pytest.raises(RuntimeError, match="restore a backup"):
        alembic(engine, "downgrade", "ledger_0001")
    with engine.begin() as connection:
        connection.execute(segments.delete())
    alembic(engine, "downgrade", "ledger_0001")
    old = tables_of(engine).tables
    assert {"dead_letters", "segment_hours"} <= set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        assert [row.raw for row in connection.execute(select(old["dead_letters"]))] == [row.encode() for row in BAD]
