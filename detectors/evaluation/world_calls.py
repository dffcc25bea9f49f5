"""The calls of a world's folder beside its truth: what the simplest methods would look at."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from detectors.evaluation.truth import TruthError, read_numbers
from ingest.query import scratch

MEMORY = "1GB"  # what goes beyond it is on disk for a while
FEATURES = (
    "avg_call_duration",
    "total_calls",
    "night_call_ratio",
    "unique_origin_regions",
    "unique_target_regions",
)  # the reference prototype's five
_NUMBERED = """
    CREATE TABLE person AS
    SELECT number,
           bool_or(label = 'fraud') AS fraud,
           arg_min(coalesce(fraud_type, 'unknown'), ("from", campaign)) FILTER (label = 'fraud') AS fraud_type,
           arg_min(coalesce(campaign, number), ("from", campaign)) FILTER (label = 'fraud') AS campaign,
           min(look_alike) FILTER (label <> 'fraud') AS look_alike
    FROM truth GROUP BY number
"""
_CSV = """
    CREATE VIEW files AS FROM read_csv(getvariable('paths'), header = true, all_varchar = true, delim = ',')
"""
_PARQUET = "CREATE VIEW files AS FROM read_parquet(getvariable('paths'), hive_partitioning = false)"
_RECORDS = """
    CREATE VIEW records AS
    SELECT caller_id::VARCHAR AS caller, receiver_id::VARCHAR AS callee, call_duration::DOUBLE AS seconds,
           timezone(coalesce(nullif(zone, ''), getvariable('zone')), timestamp::TIMESTAMPTZ) AS local,
           timezone(getvariable('zone'), timestamp::TIMESTAMPTZ)::DATE AS day,
           origin_region, target_region, coalesce(nullif(kind, ''), 'voice') AS kind
    FROM (FROM files UNION ALL BY NAME
          SELECT NULL::VARCHAR AS zone, NULL::VARCHAR AS kind, NULL::VARCHAR AS origin_region,
                 NULL::VARCHAR AS target_region WHERE false)
"""
_CALLERS = """
    WITH calling AS (
        SELECT caller,
               sum(round(seconds * 1000)::BIGINT) / count(*) / 1000 AS avg_call_duration,  -- exact in any order
               count(*)::DOUBLE AS total_calls,
               count(*) FILTER (hour(local) >= 22 OR hour(local) < 6) / count(*) AS night_call_ratio,
               count(DISTINCT coalesce(origin_region, ''))::DOUBLE AS unique_origin_regions,
               count(DISTINCT coalesce(target_region, ''))::DOUBLE AS unique_target_regions
        FROM records WHERE kind = 'voice' GROUP BY caller)
    SELECT caller AS number, avg_call_duration, total_calls, night_call_ratio, unique_origin_regions,
           unique_target_regions, fraud, fraud_type, campaign, look_alike
    FROM calling LEFT JOIN person ON caller = number ORDER BY caller
"""
_DAYS = """
    WITH active AS (SELECT DISTINCT day, caller FROM records),
         crooked AS (
             SELECT number, timezone(getvariable('zone'), "from") AS since, timezone(getvariable('zone'), "to") AS until
             FROM truth WHERE label = 'fraud')
    SELECT day, count(*) AS callers,
           count(*) FILTER (EXISTS (
               SELECT 1 FROM crooked
               WHERE number = caller AND since < day + INTERVAL 1 DAY AND (until IS NULL OR until > day))) AS fraud
    FROM active GROUP BY day ORDER BY day
"""
_EDGES = """
    CREATE TABLE edges AS
    SELECT DISTINCT least(caller, callee) AS a, greatest(caller, callee) AS b
    FROM records WHERE kind = 'voice' AND caller <> callee
"""


class WorldCalls(AbstractContextManager["WorldCalls"]):
    """A world's folder, opened; memory is bounded, what is more lies in `spill` for a while."""

    def __init__(self, folder: Path, spill: Path) -> None:
        """Raises TruthError when the folder holds no whole world."""
        self.parameters = _parameters(folder)
        numbers = read_numbers(folder)
        self._connection = scratch(spill, MEMORY)
        self._connection.execute("SET preserve_insertion_order = false; SET TimeZone = 'UTC'")
        self._connection.execute("SET VARIABLE zone = ?", [self.parameters.get("zone", "UTC")])
        self._connection.register("truth", numbers)
        self._connection.execute(_NUMBERED)
        _open_files(self._connection, folder)
        self._connection.execute(_RECORDS)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def callers(self) -> pa.Table:
        """Give who made a voice call, by number, with FEATURES over the whole world and the truth; null = unknown.

        avg_call_duration is in seconds over all calls, answered or not; night is 22:00–05:59 of the record's zone.
        """
        return self._connection.sql(_CALLERS).to_arrow_table()

    def people(self) -> pa.Table:
        """Give every number of the truth once: fraud when it was so at any time, with type and campaign."""
        return self._connection.sql("FROM person ORDER BY number").to_arrow_table()

    def days(self) -> pa.Table:
        """Give by day of the world's zone who calls (any kind of record) and who of them is fraudulent then."""
        return self._connection.sql(_DAYS).to_arrow_table()

    def edges(self, most: int) -> tuple[int, pa.Table | None]:
        """Give how many pairs of numbers had a voice call, and the pairs (a < b), sorted; None where over `most`."""
        self._connection.execute(_EDGES)
        count = len(self._connection.table("edges"))
        return count, self._connection.sql("FROM edges ORDER BY a, b").to_arrow_table() if count <= most else None


def _parameters(folder: Path) -> dict[str, Any]:
    path = folder / "world.json"
    if not path.is_file():
        raise TruthError(f"{path} does not exist; give a folder that `ringfence simulate --out` wrote to its end")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _open_files(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    csv, parquet = (sorted(map(str, folder.glob(f"calls-*.{end}"))) for end in ("csv.gz", "parquet"))
    if not csv and not parquet:
        raise TruthError(f"{folder} holds no calls-*.csv.gz or calls-*.parquet; make the world anew")
    connection.execute("SET VARIABLE paths = ?", [parquet or csv])
    connection.execute(_PARQUET if parquet else _CSV)
