"""A server keeps an eye on the graph database: what it shows, and that it is brought up to the run in front.

Looking is the server's work so that no reader waits for a database that may be away. Publishing is another process's:
it would take the interpreter from the answers.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from api.reads.outage import Outage
from api.scope import SCOPE
from graph.store.port import StoreBehindError, StoreSlowError, StoreUnavailableError
from ingest.home import Home, HomeBusyError
from ingest.ledger.database import DatabaseError, open_database
from ingest.ledger.ledger import RunRow, current_run, current_version

if TYPE_CHECKING:  # the driver takes longer to load than everything else a look-up needs
    from graph.store.neo4j import Neo4jStore

_log = logging.getLogger("ringfence.catching_up")
PUBLISH = "from api.cli.app import main; main()"
LONGEST_PAUSE_S = 3600.0  # between attempts that fail
LONGEST_PUBLISH_S = 6 * 3600.0  # whole, of many millions of pairs; one that takes longer hangs


class Attempts:
    """When publishing may be tried again: attempts that fail become rarer, until another run is in front.

    What is in front is known by how often the pointer has moved; `now` is monotonic, in seconds.
    """

    def __init__(self, first_pause_s: float) -> None:
        self._first_pause_s = first_pause_s
        self._pause_s = first_pause_s
        self._due = 0.0
        self._version = 0

    def is_due(self, version: int, now: float) -> bool:
        """Tell whether what is in front may be tried."""
        return version != self._version or now >= self._due

    def failed(self, version: int, now: float) -> None:
        """Note that an attempt failed."""
        again = version == self._version
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S) if again else self._first_pause_s
        self._version, self._due = version, now + self._pause_s


class CatchUp:
    """Looks every few seconds; `run` it for as long as the server lives."""

    def __init__(
        self, home: Home, neo4j: Neo4jStore, outage: Outage, every_s: float, limit_s: float = LONGEST_PUBLISH_S
    ) -> None:
        self._home = home
        self._ledger = open_database(home, "ledger")
        self._neo4j = neo4j
        self._outage = outage
        self._every_s = every_s
        self._limit_s = limit_s  # of one publish
        self._attempts = Attempts(every_s)
        self._emptied = 0  # the version at which no run was in front and the graph database was emptied

    async def run(self) -> None:
        """Look, and publish where another run is shown, until cancelled."""
        while True:
            await asyncio.sleep(self._every_s)
            await self.look()

    async def look(self) -> None:
        """Look once, and publish where that is needed and an attempt is due."""
        version = await asyncio.to_thread(self._to_publish)
        if version is None or not self._attempts.is_due(version, time.monotonic()):
            return
        if await self._publish():
            self._emptied = version
        else:
            self._attempts.failed(version, time.monotonic())

    def _to_publish(self) -> int | None:
        """Give the version of the pointer that the graph database is to be brought to, None where it need not be."""
        try:
            version, front = current_version(self._ledger, SCOPE), current_run(self._ledger, SCOPE)
            if not (self._is_behind(front) if front else version > self._emptied):
                return None
            with self._home.publishing("a look whether somebody does"):
                return version
        except HomeBusyError:
            return None
        except (SQLAlchemyError, DatabaseError, OSError) as error:
            _log.warning("the home cannot be read, trying again: %s", error)
            return None

    def _is_behind(self, front: RunRow) -> bool:
        """Tell whether the graph database answers and does not show the run in front."""
        store = self._neo4j.of_run(front.run_id)
        try:
            self._outage.patiently(store.meta)
        except StoreSlowError:
            return False
        except StoreUnavailableError as error:
            self._outage.begin(error, front.created_at)
            return isinstance(error, StoreBehindError)
        self._outage.end()
        return False

    async def _publish(self) -> bool:
        """Publish the run in front in a process of its own, which ends with this server; tell whether it could."""
        arguments = ("-I", "-c", PUBLISH, "publish", "--unless-shown", "--home", str(self._home.root), "--json")
        try:
            process = Popen(  # noqa: S603  # our own words and the home's path, no shell
                [sys.executable, *arguments], stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, text=True
            )
        except OSError as error:  # no memory, no process, no file is left
            _log.warning("the graph database was not brought up to date, trying again: %s", error)
            return False
        try:
            _, said = await asyncio.to_thread(process.communicate, timeout=self._limit_s)
        except TimeoutExpired:
            _log.warning("the graph database was not brought up to date within %g s, trying again", self._limit_s)
            process.kill()
            await asyncio.to_thread(process.communicate)
            return False
        finally:
            process.terminate()  # does nothing to one that has ended
        if process.returncode:
            _log.warning("the graph database was not brought up to date: %s", said[-500:])
        return process.returncode == 0
