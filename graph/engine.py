"""The query engine: DuckDB, running Ibis expressions over named tables; what it keeps is scratch and goes with it.

Expressions are written on unbound tables, so that another engine can run the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from types import TracebackType

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

MEMORY = "2GB"  # of DuckDB; arrays of features and edges come on top


class Engine(AbstractContextManager["Engine"]):
    """One DuckDB connection on a scratch file in `spill`, where what does not fit into MEMORY goes."""

    def __init__(self, spill: Path, threads: int | None = None) -> None:
        self.scratch = spill
        config: dict[str, str | bool | int | float | list[str]] = {
            "temp_directory": str(spill),
            "memory_limit": MEMORY,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,  # nothing from the network
            "autoload_known_extensions": False,
        }
        if threads is not None:
            config["threads"] = threads
        self._connection = duckdb.connect(spill / "scratch.duckdb", config=config)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def scan(self, name: str, paths: Sequence[Path], schema: pa.Schema) -> ir.Table:
        """Give Parquet files of one `schema` as a table; folder names are never read as columns."""
        files = [str(path) for path in paths]
        self._connection.read_parquet(files, hive_partitioning=False).create_view(name)
        return unbound(name, schema)

    def give(self, name: str, table: pa.Table) -> ir.Table:
        """Give an Arrow table a name here."""
        self._connection.register(name, table)
        return unbound(name, table.schema)

    def save(self, name: str, expression: ir.Table) -> ir.Table:
        """Compute `expression` once and keep its rows under `name`."""
        self._connection.sql(_sql(expression)).create(name)
        return ibis.table(expression.schema(), name=name)

    def fetch(self, expression: ir.Table) -> pa.Table:
        """Compute `expression`; the types are those it promises (DuckDB sums in 128 bits)."""
        found = self._connection.sql(_sql(expression)).to_arrow_table()
        return found.cast(expression.schema().to_pyarrow())


def unbound(name: str, schema: pa.Schema) -> ir.Table:
    """Give a named table to write expressions on, with a schema in Ibis's words: it has no binary of fixed size."""
    types = {f.name: pa.binary() if pa.types.is_fixed_size_binary(f.type) else f.type for f in schema}
    return ibis.table(ibis.Schema.from_pyarrow(pa.schema(types)), name=name)


def _sql(expression: ir.Table) -> str:
    return _compiled(expression.op())


@lru_cache(maxsize=1024)
def _compiled(operation: ops.Node) -> str:
    """Give the SQL of an expression; to write it takes longer than to run it over a small window."""
    return str(ibis.to_sql(operation.to_expr(), dialect="duckdb"))
