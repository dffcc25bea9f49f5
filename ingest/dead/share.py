"""Files of which too many rows were dead: warned about, or held back whole where a setting says so."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Engine, select

from configs import IngestSettings
from ingest.ledger.ledger import BatchRow
from ingest.ledger.tables import batches
from ingest.rejection import RejectedError

DEAD_PER_MILLE = "dead_per_mille"  # a warning: of a thousand rows so many were dead, more than ingest.warn_dead_share


def dead_warning(rows: int, dead: int, limits: IngestSettings) -> dict[str, int]:
    """Give the warning of a file, none where few of its rows are dead; the share is rounded up."""
    if not _is_above(limits.warn_dead_share, rows, dead):
        return {}
    return {DEAD_PER_MILLE: -(-1000 * dead // rows)}


def check_held(rows: int, dead: int, limits: IngestSettings) -> None:
    """Raise RejectedError where a file is held back since too many of its rows are dead."""
    most = limits.hold_dead_share
    if most is not None and _is_above(most, rows, dead):
        raise RejectedError(
            "held_too_many_dead",
            f"{dead:,} of {rows:,} rows are no calls, more than ingest.hold_dead_share ({most:.0%}) lets in; mend the "
            "mapping, or raise the setting, and bring the file again",
        )


def mostly_dead_text(rows: int, dead: int) -> str:
    """Say to a person what the warning means."""
    return f"{dead:,} of {rows:,} rows were no calls ({dead / rows:.1%}): the mapping may not fit the file"


def mostly_dead(engine: Engine) -> list[BatchRow]:
    """Give the batches that bear the warning, in the order in which they were taken."""
    warned = batches.c.warnings[DEAD_PER_MILLE].as_integer() > 0
    ordered = (
        select(batches).where(warned, batches.c.superseded_by.is_(None)).order_by(batches.c.taken_at, batches.c.id)
    )
    with engine.connect() as connection:
        return [BatchRow(**row) for row in connection.execute(ordered).mappings()]


def _is_above(share: float, rows: int, dead: int) -> bool:
    return dead > Decimal(str(share)) * rows  # the share as it is written: 0.29 × 100 is 29
