"""Records that wait for their other half, in the ledger: a call's begin whose end is in another file, or the reverse.

`at` is µs since 1970-01-01T00:00Z; `record` of a begin is the canonical call as JSON without `call_key`; of an end,
which only says when, it is empty.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, Engine, bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from ingest.ledger.tables import halves

BEGIN, END = "begin", "end"
_PORTION = 5_000
_NUMBERS = ("caller", "callee", "forwarded_to")


class Half(NamedTuple):
    """One half that waits; the dialog and `at` tell the halves of one side apart."""

    dialog: str
    side: str
    at: int
    record: bytes


def waiting(engine: Engine, operator: str, first: int, last: int) -> Iterator[list[Half]]:
    """Give an operator's halves of the time [first, last], in portions."""
    found = select(halves.c.dialog, halves.c.side, halves.c.at, halves.c.record)
    near = found.where(halves.c.operator == operator, halves.c.at.between(first, last))
    with engine.connect() as connection:
        for portion in connection.execution_options(yield_per=_PORTION).execute(near).partitions():
            yield [Half(*row) for row in portion]


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


def enter(connection: Connection, operator: str, batch: str, new: Iterable[Half]) -> None:
    """Enter halves that a batch leaves waiting; one that waits already is left as it is."""
    entered = insert(halves).on_conflict_do_nothing()
    for portion in _portions(new):
        connection.execute(entered, [{"operator": operator, "batch": batch, **half._asdict()} for half in portion])


def remove(connection: Connection, operator: str, found: Iterable[Half]) -> None:
    """Take out halves that wait no longer."""
    same = (halves.c.dialog == bindparam("d")) & (halves.c.side == bindparam("s")) & (halves.c.at == bindparam("t"))
    removed = delete(halves).where(halves.c.operator == operator, same)
    for portion in _portions(found):
        connection.execute(removed, [{"d": half.dialog, "s": half.side, "t": half.at} for half in portion])


def forget_before(connection: Connection, operator: str, at: int) -> int:
    """Take out the halves of an operator that are older than `at`, for the retention of calls; give how many."""
    return connection.execute(delete(halves).where(halves.c.operator == operator, halves.c.at < at)).rowcount


def forget_numbers(connection: Connection, numbers: Collection[str]) -> int:
    """Take out every half that names one of some numbers, in canonical form; give how many."""
    begins = select(halves).where(halves.c.side == BEGIN)
    named = [row for row in connection.execute(begins).mappings() if _names(row["record"], numbers)]
    for row in named:
        remove(connection, row["operator"], [Half(row["dialog"], row["side"], row["at"], b"")])
    return len(named)


def numbers_waiting(engine: Engine) -> Iterator[str]:
    """Give the numbers of all begins that wait, in canonical form; a number may come more than once."""
    begins = select(halves.c.record).where(halves.c.side == BEGIN)
    with engine.connect() as connection:
        for record in connection.execution_options(yield_per=_PORTION).execute(begins).scalars():
            call = json.loads(record)
            yield from (call[side] for side in _NUMBERS if call[side] is not None)


def _portions(found: Iterable[Half]) -> Iterator[list[Half]]:
    rest = iter(found)
    while portion := list(islice(rest, _PORTION)):
        yield portion


def _names(record: bytes, numbers: Collection[str]) -> bool:
    call = json.loads(record)
    return any(call[side] in numbers for side in _NUMBERS)
