"""Which batches have dead letters, as people ask for them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, select

from ingest.ledger.ledger import BatchRow
from ingest.ledger.tables import batches


@dataclass(frozen=True)
class Wanted:
    """Which dead letters are meant; what is left out lets everything through."""

    operator: str | None = None
    file: str | None = None  # name of the file as it first came
    batch: str | None = None  # id, or its beginning
    reasons: tuple[str, ...] = ()


def find_dead(engine: Engine, wanted: Wanted) -> list[BatchRow]:
    """Give the batches that have such dead letters, in the order in which they were taken.

    Of content that was read by several mappings only the last reading counts.
    """
    found = select(batches).where(batches.c.dead_lettered > 0, batches.c.superseded_by.is_(None))
    if wanted.operator is not None:
        found = found.where(batches.c.operator == wanted.operator)
    if wanted.file is not None:
        found = found.where(batches.c.name == wanted.file)
    if wanted.batch is not None:
        found = found.where(batches.c.id.startswith(wanted.batch, autoescape=True))
    with engine.connect() as connection:
        rows = connection.execute(found.order_by(batches.c.taken_at, batches.c.id)).mappings()
        ordered = [BatchRow(**row) for row in rows]
    return [batch for batch in ordered if not wanted.reasons or batch.reasons.keys() & wanted.reasons]
