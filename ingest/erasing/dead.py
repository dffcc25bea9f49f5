"""What the ledger's texts show of erased numbers goes: the raw of dead letters, names and messages of files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection, Engine, select, update

from configs import ConfigError
from ingest.erased.erased import emptied
from ingest.erased.traces import holding, holds, numbers_shown
from ingest.home import Home
from ingest.ledger.dead_letters import packed, unpacked
from ingest.ledger.tables import batches, dead_blocks
from ingest.mapping.operators import load_operator
from ingest.values.arrow import whole
from ingest.values.numbers import Normaliser

INSTEAD = "(erased)"  # of a text that shows an erased number


def erase_letters(connection: Connection, numbers: Sequence[str]) -> Counter[str]:
    """Empty the raw of dead letters that show one of some numbers, and give how many by number.

    Their places and reasons stay, so that nothing has to be counted anew.
    """
    counts: Counter[str] = Counter()
    for batch, place in connection.execute(select(dead_blocks.c.batch, dead_blocks.c.place)).all():
        same = (dead_blocks.c.batch == batch) & (dead_blocks.c.place == place)
        dead = unpacked(connection.execute(select(dead_blocks.c.block).where(same)).scalar_one())
        rows = np.flatnonzero(holding(whole(dead["raw"]), numbers))
        if len(rows):
            shown = whole(dead["raw"]).take(pa.array(rows))
            counts.update({number: int(holding(shown, [number]).sum()) for number in numbers})
            block = packed(emptied(dead, rows)).block
            connection.execute(update(dead_blocks).where(same).values(block=block))
    return +counts


def erase_names(connection: Connection, numbers: Sequence[str]) -> None:
    """Replace names, messages and headers of files that show one of some numbers."""
    columns = (batches.c.id, batches.c.name, batches.c.message, batches.c.header)
    for row in connection.execute(select(*columns)).all():
        now = {
            "name": _without(row.name, numbers),
            "message": _without(row.message, numbers),
            "header": [_without(name, numbers) for name in row.header] if row.header else row.header,
        }
        if now != {name: getattr(row, name) for name in now}:
            connection.execute(update(batches).where(batches.c.id == row.id).values(now))


def numbers_in_letters(home: Home, engine: Engine) -> Iterator[str]:
    """Give what may be a number in dead letters, in canonical form, as the mapping of their files reads it."""
    operators = select(dead_blocks.c.batch, batches.c.operator, dead_blocks.c.place).join(batches)
    with engine.connect() as connection:
        for batch, operator, place in connection.execute(operators).all():
            same = (dead_blocks.c.batch == batch) & (dead_blocks.c.place == place)
            dead = unpacked(connection.execute(select(dead_blocks.c.block).where(same)).scalar_one())
            yield from numbers_shown(whole(dead["raw"]), readers_of(home, operator)).numbers.unique().to_pylist()


def readers_of(home: Home, operator: str) -> list[Normaliser]:
    """Give what reads the numbers of an operator; without a mapping that can be used they are taken as they are."""
    try:
        mapping = load_operator(operator, home.operators)
    except ConfigError:
        return [Normaliser("ZZ", opaque=True)]
    is_opaque = mapping.numbers == "opaque"
    return [Normaliser(name, is_opaque, mapping.withheld, mapping.prefixes) for name in sorted(mapping.countries)]


def _without(text: str | None, numbers: Sequence[str]) -> str | None:
    return INSTEAD if text and holds(text, numbers) else text
