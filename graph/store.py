"""The one way to either graph store: the official driver over Bolt, with a time limit, a row cap, retries and our errors."""

import logging
import random
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, LiteralString, Self, TypeVar

import neo4j
from neo4j import ManagedTransaction
from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    ConstraintError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from core.errors import BadInput, Conflict, QueryTimeout, StoreUnavailable
from core.observe import QUERY_SECONDS, get_logger
from graph.deadline import Deadline, Deadlines
from graph.queries import query_name
from graph.reading import writing_word
from graph.transaction import Transaction
from graph.values import bolt, plain, plain_row

__all__ = ["Capabilities", "Rows", "Store", "connect", "plain"]

_Result = TypeVar("_Result")
# Tries of a transaction that lost a race for a new key: on the embedded store two MERGEs of one key may collide.
_RACES: Final = 8
_READ_TRIES: Final = 3  # of a read whose connection had died, or that met a passing trouble of the server
_CONNECT_SECONDS: Final = 5.0
_RETRY_SECONDS: Final = 20.0  # for a write while the store is busy or restarts
_RETRY_DELAY: Final = (
    0.02  # first pause in seconds, then doubled: conflicts of the embedded store are over in milliseconds
)
_SHOWN_CHARACTERS: Final = 900  # of a statement, in the embedded server's list of what runs


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the server can do, as it answered at connecting; where only one store can, the code chooses by this.

    product, version: e.g. "Neo4j", "5.26.30". limits_time, refuses_writes: it does so itself; else this module does.
    """

    product: str
    version: str
    fulltext: bool
    vector: bool
    shortest: bool  # `SHORTEST k`, beside shortestPath() which both have
    limits_time: bool
    refuses_writes: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """An answer; cut: there was more than the row cap lets through."""

    rows: list[dict[str, Any]]
    cut: bool


class Store:
    """A connected graph store. Thread-safe; close it, or use it as a context manager."""

    def __init__(self, driver: neo4j.Driver, database: str | None, *, timeout: float, row_cap: int) -> None:
        self._driver = driver
        self._database = database
        self._timeout = timeout
        self._row_cap = row_cap
        self.capabilities = self._ask_capabilities()
        self._deadlines = None if self.capabilities.limits_time else Deadlines(self._terminate)

    def read(
        self, query: LiteralString, /, *, timeout: float | None = None, **parameters: object
    ) -> list[dict[str, Any]]:
        """Run a reading statement; at most the row cap of rows.

        timeout: seconds, the store's default where None. Raises QueryTimeout past it, BadInput for a statement that writes.
        """
        return self.read_capped(query, timeout=timeout, **parameters).rows

    def read_capped(self, query: LiteralString, /, *, timeout: float | None = None, **parameters: object) -> Rows:
        """Run a reading statement and say whether the row cap cut its answer; otherwise like `read`."""
        if writing_word(query):
            raise _not_a_read(query)
        limit = self._timeout if timeout is None else timeout
        with QUERY_SECONDS.labels(query=query_name(query)).time(), _our_errors(query, limit):
            for attempt in range(1, _READ_TRIES + 1):
                try:
                    return self._read_once(query, limit, parameters)
                except (ServiceUnavailable, SessionExpired, TransientError) as error:
                    if attempt == _READ_TRIES or not error.is_retryable():
                        raise
                    time.sleep(random.uniform(0.01, 0.1))
        raise AssertionError  # the loop returns or raises

    def write(self, query: LiteralString, /, **parameters: object) -> list[dict[str, Any]]:
        """Run one writing statement in a transaction of its own, retried like `transact`."""
        with QUERY_SECONDS.labels(query=query_name(query)).time():
            return self._transact(lambda tx: [plain_row(record) for record in tx.run(query, parameters)])

    def transact(self, work: Callable[[ManagedTransaction], _Result]) -> _Result:
        """Run work in one write transaction; it runs again from its start where the store asks for that.

        Retried are transient errors and lost races for a new key. Raises Conflict when the races do not end.
        """
        with QUERY_SECONDS.labels(query="transaction").time():
            return self._transact(work)

    def define(self, statement: LiteralString) -> None:
        """Run one schema statement, outside a managed transaction."""
        with _our_errors(statement, self._timeout), self._session(neo4j.WRITE_ACCESS) as session:
            session.run(statement).consume()

    def close(self) -> None:
        """Close all connections."""
        if self._deadlines:
            self._deadlines.close()
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _session(self, mode: str) -> neo4j.Session:
        return self._driver.session(database=self._database, default_access_mode=mode)

    def _read_once(self, query: LiteralString, limit: float, parameters: dict[str, object]) -> Rows:
        """Read in a transaction that is rolled back whatever happens."""
        watched = self._deadlines.of(query, limit) if self._deadlines else nullcontext(Deadline(query, limit, 0))
        with watched as deadline, self._session(neo4j.READ_ACCESS) as session:
            try:
                transaction = session.begin_transaction(timeout=limit)
                try:
                    result = transaction.run(query, bolt(parameters))
                    rows = [plain_row(record) for record in islice(result, self._row_cap + 1)]
                    if len(rows) > self._row_cap:
                        self._drop_rest(transaction)
                        return Rows(rows[: self._row_cap], cut=True)
                    if "w" in (result.consume().query_type or ""):
                        raise _not_a_read(query)
                    return Rows(rows, cut=False)
                finally:
                    transaction.close()
            except (Neo4jError, DriverError) as error:
                if deadline.expired:
                    raise _too_long(query, limit) from error
                raise

    def _drop_rest(self, transaction: neo4j.Transaction) -> None:
        """Let the server forget the rows that nobody wants, where it would compute them all before it lets go.

        A failing statement does that: the driver answers a failure with a reset, which closes what is open.
        """
        if not self.capabilities.limits_time:
            with suppress(Neo4jError):
                transaction.run("END OF THE ANSWER")

    def _transact(self, work: Callable[[ManagedTransaction], _Result]) -> _Result:
        with _our_errors("", 0):
            for attempt in range(1, _RACES + 1):
                try:
                    with self._session(neo4j.WRITE_ACCESS) as session:
                        return session.execute_write(lambda transaction: work(Transaction(transaction)))
                except ConstraintError:
                    if attempt == _RACES:
                        raise
                    time.sleep(random.uniform(0.005, 0.05) * attempt)
        raise AssertionError  # the loop returns or raises

    def _terminate(self, deadline: Deadline) -> None:
        """End on the server what runs this statement for longer than its limit."""
        try:
            with self._session(neo4j.WRITE_ACCESS) as session:
                over = [
                    row["id"]
                    for row in session.run(
                        "SHOW TRANSACTIONS YIELD transactionId, currentQuery, elapsedTime "
                        "RETURN transactionId AS id, currentQuery AS query, elapsedTime AS elapsed"
                    )
                    if _same(row["query"], deadline.query) and _seconds(row["elapsed"]) >= deadline.seconds * 0.9
                ]
                if over:
                    session.run("TERMINATE TRANSACTIONS $ids", ids=over).consume()
        except (Neo4jError, DriverError) as error:
            get_logger(__name__).warning("could not end a query that ran too long", error=str(error))

    def _ask_capabilities(self) -> Capabilities:
        # A product that speaks Bolt without being Neo4j says so in brackets: "Neo4j/5.26.0 compatible (ArcadeDB 26.10.2)".
        agent = str(self._driver.get_server_info().agent)
        product, _, version = (agent.rpartition("(")[2].rstrip(")").replace("/", " ")).partition(" ")
        with self._session(neo4j.READ_ACCESS) as session:
            procedures = {
                row["name"]
                for row in session.run("SHOW PROCEDURES YIELD name WHERE name STARTS WITH 'db.index' RETURN name")
            }
            try:
                session.run("EXPLAIN MATCH p = SHORTEST 1 (:Area)-[:PART_OF]-+(:Area) RETURN p LIMIT 1").consume()
                shortest = True
            except Neo4jError:
                shortest = False
        return Capabilities(
            product=product,
            version=version,
            fulltext="db.index.fulltext.queryNodes" in procedures,
            vector="db.index.vector.queryNodes" in procedures,
            shortest=shortest,
            limits_time=product == "Neo4j",
            refuses_writes=product == "Neo4j",
        )


def connect(
    uri: str, user: str, password: str, database: str | None = None, *, timeout: float = 5.0, row_cap: int = 1000
) -> Store:
    """Connect to a store over Bolt.

    timeout: seconds a read may run. row_cap: rows a read may answer. Raises StoreUnavailable where nothing answers.
    """
    logging.getLogger("neo4j.notifications").setLevel(logging.ERROR)  # "no such label yet" is no news here
    with _our_errors("", 0):
        driver = neo4j.GraphDatabase.driver(
            uri,
            auth=(user, password),
            connection_timeout=_CONNECT_SECONDS,
            connection_acquisition_timeout=2 * _CONNECT_SECONDS,
            max_transaction_retry_time=_RETRY_SECONDS,
            initial_retry_delay=_RETRY_DELAY,
            telemetry_disabled=True,
        )
        try:
            return Store(driver, database, timeout=timeout, row_cap=row_cap)
        except BaseException:
            driver.close()
            raise


@contextmanager
def _our_errors(query: str, limit: float) -> Generator[None]:
    """Map the driver's errors to ours, by what the caller does next; a mistake in a statement stays what it is."""
    try:
        yield
    except (ConstraintError, TransientError) as error:
        raise Conflict(error.message or str(error)) from error
    except AuthError as error:
        raise StoreUnavailable(f"the graph store refuses user or password: {error.message}") from error
    except Neo4jError as error:
        code = error.code or ""
        if "TransactionTimedOut" in code:
            raise _too_long(query, limit) from error
        if code.endswith("AccessMode"):
            raise _not_a_read(query) from error
        raise
    except ConfigurationError as error:
        raise StoreUnavailable(f"the graph store's address or options do not fit: {error}") from error
    except DriverError as error:
        raise StoreUnavailable(f"the graph store does not answer: {error}") from error


def _too_long(query: str, limit: float) -> QueryTimeout:
    return QueryTimeout(f"the query {query_name(query)!r} ran past its {limit:g} s; ask for less")


def _not_a_read(query: str) -> BadInput:
    return BadInput("query", query.strip(), "a statement that only reads")


def _same(shown: str | None, query: str) -> bool:
    return (shown or "").strip()[:_SHOWN_CHARACTERS] == query.strip()[:_SHOWN_CHARACTERS]


def _seconds(elapsed: neo4j.time.Duration) -> float:
    return elapsed.seconds + elapsed.nanoseconds / 1e9
