"""High-water marks: how far each source of live rows has come, and which logs are in the lake."""

from __future__ import annotations

import time
from collections.abc import Mapping

from sqlalchemy import Connection, Engine, insert, select, update

from ingest.home import Home
from ingest.ledger.database import open_database
from ingest.ledger.ledger import Entry
from ingest.ledger.tables import sealed_logs, sources
from ingest.live.log import cut_torn, logs_of, read_heads


class Marks:
    """How far the sources of one operator have come, in the lake and in its live logs.

    Kept in memory, so that a full disk stops nobody who asks; only the stream that holds the operator moves them.
    """

    def __init__(self, home: Home, operator: str) -> None:
        self._at = positions(open_database(home, "ledger"), f"{operator} ")
        for log in logs_of(home, operator):
            cut_torn(log)
            for head in read_heads(log):
                self.move(head.source, head.end)

    def known(self, beginning: str) -> dict[str, int]:
        """Give the sources whose names begin so."""
        return {source: position for source, position in self._at.items() if source.startswith(beginning)}

    def of(self, source: str) -> int | None:
        """Give the position of one source, None where nothing came of it yet."""
        return self._at.get(source)

    def move(self, source: str, position: int) -> None:
        """Remember what is in a log."""
        self._at[source] = max(position, self._at.get(source, 0))


def positions(engine: Engine, beginning: str) -> dict[str, int]:
    """Give how far sources whose names begin so are sealed."""
    wanted = select(sources.c.source, sources.c.position).where(sources.c.source.startswith(beginning, autoescape=True))
    with engine.connect() as connection:
        return {row.source: row.position for row in connection.execute(wanted)}


def is_sealed(engine: Engine, log: str) -> bool:
    """Say whether the log with this digest is in the lake."""
    with engine.connect() as connection:
        return connection.execute(select(sealed_logs.c.id).where(sealed_logs.c.id == log)).first() is not None


def sealed_entry(log: str, marks: Mapping[str, int]) -> Entry:
    """Give the entry that a log is sealed and how far its sources have come; positions never go back."""

    def enter(connection: Connection) -> None:
        connection.execute(insert(sealed_logs).values(id=log, sealed_at=_now()))
        for source, position in marks.items():
            same = sources.c.source == source
            before = connection.execute(select(sources.c.position).where(same)).scalar()
            if before is None:
                connection.execute(insert(sources).values(source=source, position=position, updated_at=_now()))
            elif before < position:
                connection.execute(update(sources).where(same).values(position=position, updated_at=_now()))

    return enter


def _now() -> int:
    return time.time_ns() // 1000
