"""The engine: pool, timeouts, and the one place that knows what the driver can raise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import asyncpg
from pydantic_core import from_json
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from maang_mcp.domain.errors import Conflict, InvalidInput, StoreUnavailable

from .embedded import Connection

STATEMENT_TIMEOUT_MS = 15_000
LOCK_TIMEOUT_MS = 10_000
CONNECT_TIMEOUT_S = 5.0
POOL_TIMEOUT_S = 10.0

# What an address may say after its question mark: to SQLAlchemy and the driver's `connect`, ...
_FOR_CONNECT = frozenset({"host", "port", "ssl", "prepared_statement_cache_size"})
# ... and in libpq's words, as databases for rent spell it, which the driver reads from a DSN.
_FOR_DSN = frozenset(
    {"sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslcrl", "sslnegotiation"}
    | {"ssl_min_protocol_version", "ssl_max_protocol_version", "target_session_attrs"}
    | {"user", "password", "dbname", "passfile", "krbsrvname", "gsslib"}
    | {"application_name", "options"}
)

_REFUSED_VALUE = (
    asyncpg.exceptions.DataError,  # also of values the driver itself cannot send
    asyncpg.exceptions.ProgramLimitExceededError,
    asyncpg.exceptions.CheckViolationError,
    asyncpg.exceptions.NotNullViolationError,
)
_BUSY = (
    asyncpg.exceptions.QueryCanceledError,
    asyncpg.exceptions.LockNotAvailableError,
    asyncpg.exceptions.DeadlockDetectedError,
    asyncpg.exceptions.SerializationError,
)
_GONE = (
    asyncpg.exceptions.PostgresConnectionError,
    asyncpg.exceptions.CannotConnectNowError,
    asyncpg.exceptions.AdminShutdownError,
    asyncpg.exceptions.CrashShutdownError,
    asyncpg.exceptions.InsufficientResourcesError,
    asyncpg.exceptions.InvalidAuthorizationSpecificationError,
    asyncpg.exceptions.InvalidCatalogNameError,
)
_READ_ONLY = "The store takes no writes at present; nothing was written."
_READ_ONLY_HINT = (
    "What is on record can be read. A standby or a database set read-only answers like this: point "
    "MAANG_DATABASE_URL at the primary, or try again after the switch-over."
)


def url_of(connection: Connection) -> URL:
    """The address of the embedded Postgres; its host may be a socket directory."""
    return URL.create(
        "postgresql+asyncpg",
        username=connection.user,
        password=connection.password,
        database=connection.database,
        query={"host": connection.host, "port": str(connection.port)},
    )


def url_from(text: str) -> URL:
    """Any spelling of a Postgres address, with the async driver put in.

    Raises InvalidInput, without the text, for one that is no address: it may hold a password; and
    for a parameter that would not be honoured, above all `channel_binding`, which asyncpg lacks.
    """
    try:
        url = make_url(text).set(drivername="postgresql+asyncpg")
    except ArgumentError:
        raise InvalidInput(
            "The database address is not one.",
            hint="MAANG_DATABASE_URL looks like postgresql://user:password@host:5432/database.",
        ) from None
    if unknown := sorted(url.query.keys() - _FOR_CONNECT - _FOR_DSN):
        raise InvalidInput(
            f"The database address asks for what the driver cannot do: {', '.join(unknown)}.",
            hint="Take that out of MAANG_DATABASE_URL. What keeps strangers out of the connection "
            "is sslmode=verify-full with sslrootcert.",
        )
    return url


def create_engine(
    url: URL,
    *,
    pool_size: int,
    max_overflow: int,
    pool_timeout: float = POOL_TIMEOUT_S,
    **options: Any,
) -> AsyncEngine:
    """An engine whose statements end within bounds. Its connections may have died in the pool: who
    takes one finds out by the first statement (`Store`)."""
    libpq = {name: value for name, value in url.query.items() if name in _FOR_DSN}
    return create_async_engine(
        url.difference_update_query(libpq),
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=pool_timeout,
        hide_parameters=True,
        json_deserializer=from_json,  # four times as fast as the standard library's, and as exact
        connect_args={
            "dsn": f"postgresql://?{urlencode(libpq, doseq=True)}",
            "timeout": CONNECT_TIMEOUT_S,
            "server_settings": {
                "application_name": "maang-mcp",
                "statement_timeout": str(STATEMENT_TIMEOUT_MS),
                "lock_timeout": str(LOCK_TIMEOUT_MS),
                "timezone": "UTC",
                "jit": "off",
                # Our tables lie in memory or on an SSD: reading a key in order costs little more
                # than reading the table, and a learner's passages lie together in theirs.
                "random_page_cost": "1.1",
            },
        },
        **options,
    )


@contextmanager
def wrap_errors(*, committing: bool = False) -> Iterator[None]:
    """Whatever goes wrong below leaves as one of ours, and never carries the driver's words:
    they can contain the query and its values.

    Without a connection nothing can have been written, except while `committing`: then the server
    may have done it, and only its answer is lost.
    """
    try:
        yield
    except InterfaceError as error:
        raise _gone(committing) from error
    except DBAPIError as error:
        cause = error.orig.__cause__ if error.orig is not None else None
        if isinstance(cause, _REFUSED_VALUE):
            raise InvalidInput("A value is out of range or not text.") from error
        if isinstance(error, IntegrityError):
            raise Conflict("The record clashes with one that is already there.") from error
        if isinstance(cause, _BUSY):
            raise StoreUnavailable("The store is busy; nothing was written.") from error
        if isinstance(cause, asyncpg.exceptions.ReadOnlySQLTransactionError):
            raise StoreUnavailable(_READ_ONLY, hint=_READ_ONLY_HINT) from error
        if error.connection_invalidated or isinstance(cause, _GONE):
            raise _gone(committing) from error
        raise
    except PoolTimeout as error:
        raise StoreUnavailable("The store is busy; nothing was written.") from error
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise _gone(committing) from error


def _gone(committing: bool) -> StoreUnavailable:
    if not committing:
        return StoreUnavailable()
    return StoreUnavailable(
        "The connection was lost while saving: it is not known whether this was written.",
        hint="Call again with the same id, which is safe: nothing is written twice. Without an id, "
        "look first whether it is there.",
    )
