"""The databases of a home: SQLite in WAL mode with synchronous=FULL, one file a concern, migrated by Alembic."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal, get_args

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DatabaseError as SQLError

from ingest.home import Home

Concern = Literal["ledger", "work", "events"]
CONCERNS: tuple[Concern, ...] = get_args(Concern)
BUSY_TIMEOUT_MS = 30_000
_MIGRATIONS = Path(__file__).parents[1] / "migrations"
_ALEMBIC = Lock()  # Alembic keeps the migration under way in a module variable
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
)


class DatabaseError(RuntimeError):
    """A database cannot be used as it stands; the message says what to do."""


class Database(Engine):
    """An engine whose `begin()` takes the write lock at once, so that what was read cannot change before the write.

    `connect()` reads: it starts a plain transaction, which sees one state and holds nobody up.
    """

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Give a connection in a writing transaction; commits at the end, rolls back on an exception."""
        with self.connect() as connection, connection.execution_options(writes=True).begin():
            yield connection


def open_database(home: Home, concern: Concern) -> Database:
    """Give the engine of one database; a home that has none yet gets it, at the newest revision.

    Cheap enough to be called whenever a database is needed. Raises DatabaseError when the file was written by
    another version of Ringfence.
    """
    engine = _engine(home.databases / f"{concern}.sqlite")
    found = _revision(engine)
    if found is None:
        _check_ledger(home, concern)
        _upgrade(engine, concern)
    elif found != head(concern):
        raise DatabaseError(
            f"the {concern} database of {home.root} is at revision {found}, this version needs {head(concern)}; "
            "run `ringfence migrate` (a revision that this version does not know needs a newer Ringfence)"
        )
    return engine


def migrate(home: Home) -> dict[Concern, str]:
    """Bring all databases of a home to the newest revision and give it for each; safe to repeat."""
    home.create()
    if _revision_of(home.databases / "ledger.sqlite") is None:
        _check_ledger(home, "ledger")
    for concern in CONCERNS:
        _upgrade(_engine(home.databases / f"{concern}.sqlite"), concern)
    return {concern: head(concern) for concern in CONCERNS}


def write_anew(home: Home) -> bool:
    """Write all databases of a home anew, so that nothing of what was deleted stays in their files.

    False where a reader kept a write-ahead log from being emptied; then it is to be repeated.
    """
    emptied = [_write_anew(open_database(home, concern)) for concern in CONCERNS]
    return all(emptied)


def pending(home: Home) -> list[Concern]:
    """Give the databases of a home that are missing or behind."""
    return [c for c in CONCERNS if _revision_of(home.databases / f"{c}.sqlite") != head(c)]


def damaged(home: Home) -> list[Concern]:
    """Give the databases of a home whose files are damaged; reads them whole."""
    return [c for c in CONCERNS if not _is_sound(home.databases / f"{c}.sqlite")]


@cache
def head(concern: Concern) -> str:
    """Give the newest revision of a concern that this version knows."""
    revision = ScriptDirectory.from_config(_config(concern)).get_current_head()
    assert revision is not None, "every concern ships its first migration"
    return revision


def _write_anew(engine: Database) -> bool:
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")  # neither of the two can run in a transaction
        connection.exec_driver_sql("VACUUM")
        is_busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not is_busy


def _check_ledger(home: Home, concern: Concern) -> None:
    """Refuse a new ledger beside calls of an old one: they would be swept as leftovers."""
    if concern == "ledger" and next((home.lake / "calls").rglob("*.parquet"), None):
        raise DatabaseError(
            f"{home.databases / 'ledger.sqlite'} is missing or empty, but {home.lake} holds calls that only it knows: "
            "restore it from a copy; without one, move the lake away and bring all files again"
        )


def _is_sound(path: Path) -> bool:
    if not path.is_file():
        return True
    try:
        with _engine(path).connect() as connection:
            return bool(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok")
    except SQLError as error:
        if getattr(error.orig, "sqlite_errorname", "").startswith(_DAMAGED):
            return False
        raise


def _revision_of(path: Path) -> str | None:
    return _revision(_engine(path)) if path.is_file() else None


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _upgrade(engine: Database, concern: Concern) -> None:
    with _ALEMBIC, engine.begin() as connection:
        config = _config(concern)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _config(concern: Concern) -> Config:
    config = Config()
    config.set_main_option("script_location", _escaped(_MIGRATIONS))
    config.set_main_option("version_locations", _escaped(_MIGRATIONS / concern / "versions"))
    config.set_main_option("path_separator", "newline")  # a folder's name may hold spaces or colons
    return config


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")  # the option is interpolated


def _engine(path: Path) -> Database:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)
    engine = Database(made.pool, made.dialect, made.url)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver would begin transactions late and by its own rules
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
