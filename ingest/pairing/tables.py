"""The halves of one file and of the ledger, in tables: which become calls, which are repeated, which wait."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from ingest.cdr import CALL_SCHEMA
from ingest.query import scratch

_MEMORY = "256MB"
_AT_ONCE = 50_000
_TYPES = {"string": "VARCHAR", "int64": "BIGINT", "int8": "TINYINT", "bool": "BOOLEAN"}
_CALL = json.dumps({field.name: _TYPES[str(field.type)] for field in CALL_SCHEMA if field.name != "call_key"})
_RECORD = ", ".join(f"{name} {type_}" for name, type_ in json.loads(_CALL).items())
_MAKE = f"""
CREATE TABLE halves (
    dialog VARCHAR, side VARCHAR, moment BIGINT, record STRUCT({_RECORD}), failed BOOLEAN, known BOOLEAN
)
"""
_ADD_BEGINS = """
INSERT INTO halves SELECT dialog, 'begin', started, calls, failed, FALSE FROM calls POSITIONAL JOIN ties
"""
_ADD_ENDS = "INSERT INTO halves SELECT dialog, 'end', moment, NULL, FALSE, FALSE FROM ends"
_ADD_KNOWN = """
INSERT INTO halves SELECT dialog, side, "at",
    CASE WHEN side = 'begin' THEN json_transform(decode(record), $call) END, FALSE, TRUE FROM found
"""
_DIALOGS = "SELECT DISTINCT dialog FROM halves WHERE NOT known ORDER BY dialog"
_SPAN = "SELECT min(moment), max(moment), count(*) FROM halves"
_MATCH = """
CREATE TABLE each AS
SELECT dialog, side, moment, failed, count(*) AS times, max(rowid) AS place, bool_or(known) AS known
FROM halves GROUP BY dialog, side, moment, failed;

-- Of a half that waits more than once the first record in order stays, whatever the order of rows and files; one that
-- comes after its call was made waits in vain.
UPDATE each SET place = least.place FROM (
    SELECT dialog, side, moment, failed, arg_min(halves.rowid, (record, NOT halves.known)) AS place
    FROM halves SEMI JOIN (FROM each WHERE times > 1 AND side = 'begin') USING (dialog, side, moment, failed)
    GROUP BY dialog, side, moment, failed
) AS least
WHERE each.dialog = least.dialog AND each.side = least.side AND each.moment = least.moment
    AND each.failed = least.failed;

-- Each begin and end beside the first end from there on: begins of one dialog that share it are one call's.
CREATE TABLE closing AS
SELECT dialog, side, moment, known, min(moment) FILTER (side = 'end')
    OVER (PARTITION BY dialog ORDER BY moment, side ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS closes
FROM each WHERE NOT failed;

CREATE TABLE pairs AS
SELECT dialog, closes, min(moment) AS moment
FROM closing WHERE side = 'begin' AND closes - moment <= $within GROUP BY dialog, closes;

CREATE TABLE fates AS
SELECT c.dialog, c.side, c.moment, c.known, CASE
        WHEN c.side = 'begin' AND c.moment > p.moment THEN 'repeated'
        WHEN c.side = 'begin' AND c.moment = p.moment OR c.side = 'end' AND p.moment IS NOT NULL THEN 'call'
        WHEN c.side = 'begin' THEN 'waits'
        WHEN c.moment >= f.moment THEN 'repeated'
        ELSE 'waits' END AS fate
FROM closing c
LEFT JOIN pairs p ON p.dialog = c.dialog AND p.closes = c.closes
LEFT JOIN (SELECT dialog, min(closes) AS moment FROM pairs GROUP BY dialog) f ON f.dialog = c.dialog
UNION ALL
SELECT dialog, side, moment, known, CASE
        WHEN dialog IN (SELECT dialog FROM closing WHERE side = 'begin') THEN 'repeated' ELSE 'failed' END
FROM each WHERE failed;
"""
_CALLS = """
SELECT unnest(record), closes
FROM (SELECT dialog, moment, place, closes FROM each JOIN pairs USING (dialog, moment)
      WHERE side = 'begin' AND NOT failed
      UNION ALL
      SELECT dialog, moment, place, NULL FROM each JOIN fates USING (dialog, side, moment)
      WHERE failed AND fate = 'failed') AS found
JOIN halves ON halves.rowid = place
ORDER BY found.moment, found.dialog
"""
_WAITING = """
SELECT each.dialog, each.side, each.moment AS "at",
       encode(coalesce(CAST(to_json(record) AS VARCHAR), '')) AS record
FROM each JOIN fates USING (dialog, side, moment) JOIN halves ON halves.rowid = place
WHERE NOT each.failed AND fate = 'waits' AND NOT halves.known ORDER BY each.dialog, each.side, each.moment
"""
_DONE = """
SELECT dialog, side, moment AS "at"
FROM fates WHERE fate <> 'waits' AND known ORDER BY dialog, side, moment
"""
_WAITS = "SELECT count(*) FROM fates WHERE fate = 'waits' AND NOT known"
_NEW = "SELECT count(*) FROM fates WHERE fate <> 'repeated' AND NOT known"
_OLD = """
SELECT count(*) FILTER (NOT known AND fate = 'waits' AND moment < $until),
       count(*) FILTER (known AND fate <> 'waits' AND moment BETWEEN $since AND $until - 1)
FROM fates WHERE side = $side
"""


class PairingTables:
    """Begins and ends of one file; `match` once they are all in, then ask. Times are µs."""

    def __init__(self, folder: Path) -> None:
        self._tables = scratch(folder, _MEMORY)
        self._tables.execute(_MAKE)

    def close(self) -> None:
        """Let go of the tables."""
        self._tables.close()

    def add_begins(self, calls: pa.Table, dialogs: pa.Array, failed: pa.Array) -> None:
        """Put in begins: canonical calls without `call_key`."""
        ties = pa.table({"dialog": dialogs, "failed": failed})
        self._run(_ADD_BEGINS, calls=calls, ties=ties)

    def add_ends(self, at: pa.ChunkedArray, dialogs: pa.Array) -> None:
        """Put in ends."""
        self._run(_ADD_ENDS, ends=pa.table({"moment": at, "dialog": dialogs}))

    def span(self) -> tuple[int, int, int]:
        """Give (first time, last time, halves) of what is in, (0, 0, 0) where nothing is."""
        first, last, count = self._one(_SPAN)
        return first or 0, last or 0, count

    def dialogs(self) -> Iterator[pa.Array]:
        """Give the dialogs of the file, each once, in order; halves may be put in meanwhile."""
        with self._tables.cursor() as connection:
            reader: pa.RecordBatchReader = connection.sql(_DIALOGS).to_arrow_reader(_AT_ONCE)
            yield from (batch.column(0) for batch in reader)

    def add_known(self, portions: Iterable[pa.Table]) -> None:
        """Put in halves of the ledger, as HALVES, that share a dialog with the file."""
        for portion in portions:
            self._run(_ADD_KNOWN, {"call": _CALL}, found=portion)

    def match(self, within: int) -> None:
        """Decide what becomes of every half; a pair lies at most `within` apart."""
        for statement in _MATCH.split(";\n"):
            self._tables.execute(statement, {"within": within} if "$within" in statement else None)

    def calls(self) -> Iterator[pa.RecordBatch]:
        """Give the calls: canonical columns without `call_key`, and `closes`, null where a begin failed."""
        yield from self._batches(_CALLS)

    def waiting(self) -> Iterator[pa.RecordBatch]:
        """Give the file's halves that wait for a later file, as HALVES; of known ones those with another record."""
        return self._batches(_WAITING)

    def waits(self) -> int:
        """Count the file's halves that wait for a later file."""
        return int(self._one(_WAITS)[0])

    def done(self) -> Iterator[pa.RecordBatch]:
        """Give the ledger's halves that wait no longer, as HALVES but the record."""
        return self._batches(_DONE)

    def new(self) -> int:
        """Count the file's halves that are of a call or wait, each once."""
        return int(self._one(_NEW)[0])

    def old(self, side: str, since: int, until: int) -> tuple[int, int]:
        """Give (halves of the file that wait from before `until`, of the ledger's from [since, until) that found)."""
        waits, found = self._one(_OLD, side=side, since=since, until=until)
        return waits, found

    def _batches(self, sql: str, **parameters: str) -> Iterator[pa.RecordBatch]:
        reader: pa.RecordBatchReader = self._tables.sql(sql, params=parameters or None).to_arrow_reader(_AT_ONCE)
        return iter(reader)

    def _run(self, sql: str, parameters: dict[str, str] | None = None, /, **tables: pa.Table) -> None:
        for name, table in tables.items():
            self._tables.register(name, table)
        self._tables.execute(sql, parameters)
        for name in tables:
            self._tables.unregister(name)

    def _one(self, sql: str, **parameters: int | str) -> tuple[int, ...]:
        (found,) = self._tables.execute(sql, parameters or None).fetchall()
        return tuple(found)
