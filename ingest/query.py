"""DuckDB as the query engine over the lake: in memory, for one piece of work, never for state."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,  # nothing from the network
    "autoload_known_extensions": False,
}


def select(sql: str, **tables: pa.Table) -> pa.Table:
    """Run one SELECT over Arrow tables that the statement names; safe in threads."""
    with _engine().cursor() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        return connection.sql(sql).to_arrow_table()


def scratch(folder: Path, memory: str) -> duckdb.DuckDBPyConnection:
    """Open an engine of its own for one piece of work; what goes beyond `memory`, as 256MB, goes into the folder."""
    return duckdb.connect(":memory:", config={**_CONFIG, "memory_limit": memory, "temp_directory": str(folder)})


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """One engine a process: starting one costs more than most statements."""
    return duckdb.connect(":memory:", config=_CONFIG)
