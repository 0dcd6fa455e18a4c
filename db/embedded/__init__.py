"""A Postgres of our own in the user's data directory: started on demand, shared, never left behind.

Every process that opens the same directory uses the same server. It runs while any of them lives
and stops with the last, because a watcher beside it notices their ends: a clean one, a SIGTERM and
a kill -9 alike. Killing the watcher or the server itself loses nothing that was acknowledged.

    <data_dir>/pg18/    the cluster: data/, password, the socket directory
    <data_dir>/run/     locks, endpoint.json, postgres.log

    server      open, share, leave, ask
    watcher     the process beside the server; the locks
    cluster     initdb, settings, the first database
    endpoint    where the server listens
    account     whom it runs as, and where it lives, under root

On POSIX the server has no network address, only a socket in a directory closed to everybody else;
on Windows it listens on a loopback port. Either way it asks for a random password that only the
owner of the data directory can read. Everything here blocks: asynchronous callers use a thread.
"""

from __future__ import annotations

from .server import (
    Connection,
    EmbeddedPostgres,
    EmbeddedStatus,
    open_embedded,
    server_running,
    status,
)

__all__ = [
    "Connection",
    "EmbeddedPostgres",
    "EmbeddedStatus",
    "open_embedded",
    "server_running",
    "status",
]
