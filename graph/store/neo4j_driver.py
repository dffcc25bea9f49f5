"""The only file that knows the Neo4j driver: transactions with rows in and rows out, and its errors in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol
from urllib.parse import urlsplit

from neo4j import Driver, GraphDatabase, ManagedTransaction, Query, Session, Transaction, unit_of_work
from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    ConnectionPoolError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from graph.store.port import StoreSlowError, StoreUnavailableError

# The driver speaks HTTP too, but then without read mode and timeouts.
SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
CONNECT_S = 5.0
RETRY_S = 30.0
WRITE_S = 60.0
SWEEP_S = 600.0  # of a statement that goes over everything
IDLE_CHECK_S = 1.0  # a connection idle for longer is tried before use: the server may have been restarted
# What to do, by the beginning of the server's code; source: https://neo4j.com/docs/status-codes/current/
TIMED_OUT = "Neo.ClientError.Transaction.TransactionTimedOut"
WHAT_TO_DO = {
    TIMED_OUT: "took too long; ask for less or raise neo4j.read_timeout_s, of a write neo4j.write_timeout_s",
    "Neo.ClientError.Transaction.LockClientStopped": "waited too long for locks of somebody else's open transaction; "
    "end that (SHOW TRANSACTIONS) or raise neo4j.write_timeout_s",
    "Neo.ClientError.Security": "does not allow this user to do that; grant it rights to read, write and make indexes",
    "Neo.ClientError.Database": "has no such database; set the user's home database to one that is there and started",
    "Neo.ClientError.Schema": "refuses a constraint or an index; remove what it names, or give a database of its own",
    "Neo.ClientError.Statement": "cannot run one of our statements; it must be Neo4j 5.26 or later",
    "Neo.DatabaseError": "has a fault of its own; look at its log, its disk and its memory, and try again",
}

Row = tuple[Any, ...]
Parameters = Mapping[str, Any]
Ask = Callable[..., list[Row]]  # a statement by its name, its parameters by theirs


class Read(Protocol):
    """Runs statements within one open read transaction."""

    def __call__(self, statement: str, parameters: Parameters) -> list[Row]:
        """Give the rows of one statement."""


class Neo4j:
    """A connected server; statements come with parameters only, never with values in their text.

    Every method raises StoreUnavailableError, which says what to do, whatever the server or the driver objects to: the
    server is away, refuses the credentials, is full, cannot answer in time. Its cause is what they said.
    """

    def __init__(self, driver: Driver, uri: str) -> None:
        self._driver = driver
        self._uri = uri

    @contextmanager
    def reading(self, timeout_s: float) -> Iterator[Read]:
        """Open one read transaction that the server ends after `timeout_s` seconds."""
        with self._session("READ") as session, session.begin_transaction(timeout=timeout_s) as transaction:
            yield lambda statement, parameters: _rows(transaction, statement, parameters)

    def read(self, statement: str, parameters: Parameters, timeout_s: float) -> list[Row]:
        """Run one statement in a read transaction of its own."""
        with self.reading(timeout_s) as read:
            return read(statement, parameters)

    def write(self, statement: str, parameters: Parameters, timeout_s: float = WRITE_S) -> list[Row]:
        """Run one statement in a managed transaction: retried when the server asks, so it must bear repetition.

        The server ends it after `timeout_s` seconds, also while it waits for somebody else's locks.
        """
        with self._session("WRITE") as session:
            return session.execute_write(unit_of_work(timeout=timeout_s)(_rows), statement, parameters)

    def write_in_batches(self, statement: str, parameters: Parameters, timeout_s: float = SWEEP_S) -> None:
        """Run a statement outside of any transaction: CALL … IN TRANSACTIONS commits by itself, so does the schema.

        The server ends all of it after `timeout_s` seconds; what it has committed by then stays.
        """
        with self._session("WRITE") as session:
            session.run(Query(statement, timeout=timeout_s), dict(parameters)).consume()

    def verify(self) -> None:
        """Ask whether the server answers and takes the credentials."""
        with self._session("READ") as session:
            session.run("RETURN 1").consume()

    def close(self) -> None:
        """Let go of all connections."""
        self._driver.close()

    @contextmanager
    def _session(self, access: str) -> Iterator[Session]:
        try:
            with self._driver.session(default_access_mode=access) as session:
                yield session
        except AuthError as error:
            raise self._unavailable("refuses the user or password; check both where they are set") from error
        except (ServiceUnavailable, SessionExpired, ConnectionPoolError) as error:
            raise self._unavailable(f"does not answer; start it or correct the address ({error})") from error
        except TransientError as error:
            raise self._unavailable(f"is busy; try again ({error.message})") from error
        except Neo4jError as error:
            raise self._unavailable(f"{_what_to_do(str(error.code))} ({error.message})", _kind(error)) from error
        except DriverError as error:
            raise self._unavailable(f"could not be spoken with; try again ({error})") from error

    def _unavailable(
        self, what: str, kind: type[StoreUnavailableError] = StoreUnavailableError
    ) -> StoreUnavailableError:
        return kind(f"Neo4j at {self._uri} {what}")


def connect(uri: str, user: str, password: str) -> Neo4j:
    """Give a connection pool to a bolt or neo4j address; nothing is sent before the first question.

    Raises StoreUnavailableError when `uri` is no such address.
    """
    if not _is_address(uri):
        raise StoreUnavailableError(
            "not an address of Neo4j; write bolt://host:7687 or neo4j+s://host, without user and password in it"
        )
    try:
        driver = GraphDatabase.driver(
            uri,
            auth=(user, password),
            connection_timeout=CONNECT_S,
            connection_acquisition_timeout=2 * CONNECT_S,
            liveness_check_timeout=IDLE_CHECK_S,
            max_transaction_retry_time=RETRY_S,
            # An empty database knows none of our labels yet, and indexes that exist already are no news.
            notifications_disabled_classifications=["UNRECOGNIZED"],
            notifications_min_severity="WARNING",
        )
    except (ConfigurationError, ValueError) as error:
        raise StoreUnavailableError(f"Neo4j cannot be reached as {uri} asks: {error}") from error
    return Neo4j(driver, uri)


def _kind(error: Neo4jError) -> type[StoreUnavailableError]:
    return StoreSlowError if str(error.code).startswith(TIMED_OUT) else StoreUnavailableError


def _what_to_do(code: str) -> str:
    known = (what for beginning, what in WHAT_TO_DO.items() if code.startswith(beginning))
    return next(known, f"refuses with {code}; look the code up in Neo4j's documentation")


def _is_address(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        whole = parts.hostname is not None and parts.port != 0
    except ValueError:  # the port is no number
        return False
    return whole and parts.scheme in SCHEMES and parts.username is None and parts.password is None


def _rows(transaction: Transaction | ManagedTransaction, statement: str, parameters: Parameters) -> list[Row]:
    return [tuple(values) for values in transaction.run(statement, dict(parameters)).values()]
