"""The least that any computation over the lake costs: reading it."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from api.bench.ground import Ground, Told, Work, nothing
from ingest.cdr import CALL_SCHEMA

NOT_READ = ("record_id", "cause", "label", "call_key")  # columns of the lake that no feature looks at


def scan(ground: Ground) -> Work:
    """DuckDB reads the columns that features read and adds up numbers and lengths of texts, so that none is skipped."""
    relation = duckdb.connect().read_parquet([str(path) for path in ground.paths()], hive_partitioning=False)
    totals = [_total(field) for field in CALL_SCHEMA if field.name not in NOT_READ]

    def work() -> Told:
        relation.aggregate(totals).fetchall()
        return nothing

    return work


def _total(field: pa.Field) -> duckdb.Expression:
    column: duckdb.Expression = duckdb.ColumnExpression(field.name)
    if pa.types.is_string(field.type):
        column = duckdb.FunctionExpression("strlen", column)
    elif pa.types.is_boolean(field.type):
        column = column.cast("TINYINT")
    return duckdb.FunctionExpression("sum", column)
