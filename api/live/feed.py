"""One look at the event log per process and interval, whoever and however many wait for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from ingest.ledger.database import DatabaseError

_log = logging.getLogger("ringfence.live")


class Feed:
    """Tells waiters that the log has changed; what changed they read themselves, at their own pace.

    `look` gives the number of the newest event; it may block and is called in a thread.
    """

    def __init__(self, look: Callable[[], int], every_s: float) -> None:
        self._look = look
        self._every_s = every_s
        self._newest: int | None = None
        self._changed = asyncio.Event()
        self.changes = 0

    async def run(self) -> None:
        """Look for ever; a database that cannot be read is tried again."""
        while True:
            try:
                newest = await asyncio.to_thread(self._look)
            except (SQLAlchemyError, DatabaseError, OSError) as error:
                _log.warning("the event log cannot be read, trying again: %s", error)
            else:
                self._note(newest)
            await asyncio.sleep(self._every_s)

    async def change_after(self, changes: int) -> None:
        """Wait until the log has changed since `self.changes` was `changes`."""
        while self.changes == changes:
            await self._changed.wait()

    def _note(self, newest: int) -> None:
        if newest == self._newest:
            return
        self._newest = newest
        self.changes += 1
        self._changed.set()
        self._changed = asyncio.Event()
