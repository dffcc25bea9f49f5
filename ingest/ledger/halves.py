"""Records that wait for their other half, in the ledger: a call's begin whose end is in another file, or the reverse.

`at` is µs since 1970-01-01T00:00Z; `record` of a begin is the canonical call as JSON without `call_key`; of an end,
which only says when, it is empty.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from itertools import repeat

import pyarrow as pa
from sqlalchemy import Connection, Engine, Executable, bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from ingest.ledger.tables import halves

BEGIN, END = "begin", "end"
HALVES = pa.schema(  # some that wait; dialog and time tell the halves of one side apart
    [
        pa.field("dialog", pa.string(), False),
        pa.field("side", pa.string(), False),
        pa.field("at", pa.int64(), False),
        pa.field("record", pa.binary(), False),
    ]
)
_PORTION = 50_000
_NUMBERS = ("caller", "callee", "forwarded_to")
_NEW = insert(halves)
_ENTERED = _NEW.on_conflict_do_update(index_elements=list(halves.primary_key), set_={"record": _NEW.excluded.record})
_REMOVED = delete(halves).where(
    *(halves.c[name] == bindparam(f"of_{name}") for name in ("operator", "dialog", "side", "at"))
)


def of_dialogs(engine: Engine, operator: str, dialogs: Iterable[pa.Array], first: int, last: int) -> Iterator[pa.Table]:
    """Give an operator's halves of some dialogs, each named once, and of the time [first, last], as HALVES.

    Each dialog is looked up by the key of the table, so that what else waits costs nothing.
    """
    named = func.json_each(bindparam("dialogs")).table_valued("value")
    columns = (halves.c[name] for name in HALVES.names)
    near = (halves.c.at + 0).between(first, last)  # a sum, so that the key is used and not the index of times
    wanted = select(*columns).where(halves.c.operator == operator, halves.c.dialog.in_(select(named.c.value)), near)
    with engine.connect() as connection:
        for some in dialogs:
            found = connection.execute(wanted, {"dialogs": json.dumps(some.to_pylist())}).all()
            if found:
                yield pa.table([list(column) for column in zip(*found, strict=True)], schema=HALVES)


def newest(engine: Engine, operator: str) -> int | None:
    """Give the time of the operator's newest half, None where none waits."""
    with engine.connect() as connection:
        return connection.execute(select(func.max(halves.c.at)).where(halves.c.operator == operator)).scalar()


def count(engine: Engine, operator: str, side: str, since: int, until: int) -> int:
    """Count an operator's halves of one side of the time [since, until)."""
    near = halves.c.at.between(since, until - 1)
    wanted = select(func.count()).where(halves.c.operator == operator, halves.c.side == side, near)
    with engine.connect() as connection:
        return connection.execute(wanted).scalar_one()


def enter(connection: Connection, operator: str, batch: str, new: Iterable[pa.RecordBatch]) -> None:
    """Enter halves that a batch leaves waiting, as HALVES; of one that waits already the record is replaced."""
    for some in new:
        columns = {name: some[name].to_pylist() for name in HALVES.names}
        _run(connection, _ENTERED, {"operator": repeat(operator), "batch": repeat(batch), **columns})


def remove(connection: Connection, operator: str, found: Iterable[pa.RecordBatch]) -> None:
    """Take out halves that wait no longer, as HALVES."""
    for some in found:
        columns = {f"of_{name}": some[name].to_pylist() for name in ("dialog", "side", "at")}
        _run(connection, _REMOVED, {"of_operator": repeat(operator), **columns})


def forget_before(connection: Connection, operator: str, at: int) -> int:
    """Take out the halves of an operator that are older than `at`, for the retention of calls; give how many."""
    return connection.execute(delete(halves).where(halves.c.operator == operator, halves.c.at < at)).rowcount


def forget_numbers(connection: Connection, numbers: Collection[str]) -> int:
    """Take out every half that names one of some numbers, in canonical form; give how many."""
    begins = select(halves).where(halves.c.side == BEGIN)
    named = [row for row in connection.execute(begins).mappings() if _names(row["record"], numbers)]
    for row in named:
        _run(connection, _REMOVED, {f"of_{name}": [row[name]] for name in ("operator", "dialog", "side", "at")})
    return len(named)


def numbers_waiting(engine: Engine) -> Iterator[str]:
    """Give the numbers of all begins that wait, in canonical form; a number may come more than once."""
    begins = select(halves.c.record).where(halves.c.side == BEGIN)
    with engine.connect() as connection:
        for record in connection.execution_options(yield_per=_PORTION).execute(begins).scalars():
            call = json.loads(record)
            yield from (call[side] for side in _NUMBERS if call[side] is not None)


def _run(connection: Connection, statement: Executable, columns: dict[str, Iterable[object]]) -> None:
    """Run a statement for rows given as columns; the driver takes them as they are, nothing is made of each row."""
    compiled = statement.compile(  # type: ignore[attr-defined]  # Executable does not say that it can be compiled
        dialect=connection.dialect, column_keys=list(columns)
    )
    rows = list(zip(*(columns[name] for name in compiled.positiontup), strict=False))  # what repeats has no end
    if rows:
        connection.exec_driver_sql(compiled.string, rows)


def _names(record: bytes, numbers: Collection[str]) -> bool:
    call = json.loads(record)
    return any(call[side] in numbers for side in _NUMBERS)
