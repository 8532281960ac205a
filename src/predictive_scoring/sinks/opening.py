"""Opening the store's file: waiting for its lock, and saying plainly why it cannot be opened.

DuckDB lets one process write or many read, and holds the lock for as long as a connection is
open. So a connection here is short: open, do the work, close. DuckDB's lock is a POSIX record
lock, which a process loses when it closes *any* descriptor of the file: nothing here ever opens
the store except through DuckDB.

A writer that waits for readers to finish holds the lock ``.NAME.gate``, at which new readers
wait in turn: however many pages are read, the writer gets in.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from predictive_scoring.errors import StoreError
from predictive_scoring.sinks import schema
from predictive_scoring.sinks.locks import PAUSE, beside, held, pass_by
from predictive_scoring.sinks.migration import convert
from predictive_scoring.sinks.run_tables import show_runs

if TYPE_CHECKING:
    import duckdb

WAIT = 60.0
"""Seconds to wait for another process by default."""
_BUSY = ("Could not set lock on file", "with a different configuration")


def open_reader(path: Path, wait: float = WAIT) -> duckdb.DuckDBPyConnection:
    """A read-only connection; close it soon, for a writer waits until it is closed.

    Waits up to ``wait`` seconds while a run writes its results. A store of version 2 is converted
    first. Raises StoreError when there is no store, when it is damaged, foreign or of another
    version, or when the wait was too short.
    """
    if not path.exists():
        raise StoreError(
            f"no score store at {path}",
            "the file that a scoring run writes",
            "score first: predictive-scoring score",
        )
    connection = _connect(path, read_only=True, wait=wait)
    if schema.version(connection, str(path)) == schema.SCHEMA_VERSION:
        return connection
    connection.close()
    try:
        open_writer(path, wait).close()
    except StoreError as error:
        raise StoreError(
            f"{path} is a score store of version {schema.CONVERTIBLE}, and cannot be converted now "
            f"({error.found})",
            f"version {schema.SCHEMA_VERSION}",
            "the next scoring run converts it: predictive-scoring score; nothing of it is lost",
        ) from None
    return _connect(path, read_only=True, wait=wait)


def open_writer(path: Path, wait: float = WAIT) -> duckdb.DuckDBPyConnection:
    """The one writing connection to a store that exists, converted where it was of version 2.

    Raises StoreError as open_reader.
    """
    return _connect(path, read_only=False, wait=wait)


def make_store(path: Path, scratch: Path) -> None:
    """Make an empty store where there is none; it appears complete or not at all.

    ``scratch`` is a folder on the same disk. Raises StoreError when it cannot be made.
    """
    import duckdb

    if path.exists():
        return
    new = scratch / "new.duckdb"
    try:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "storage_compatibility_version": schema.STORAGE_VERSION
        }
        with duckdb.connect(new, config=settings) as connection:
            schema.create(connection)
            show_runs(connection)
        _place(new, path)
    except (OSError, duckdb.Error) as error:
        raise _unusable(path, error) from None


def _place(new: Path, path: Path) -> None:
    try:
        os.link(new, path)  # unlike a rename, never takes the place of a file that is there
    except FileExistsError:
        return
    except OSError:  # a disk without links
        new.rename(path)


def _connect(path: Path, read_only: bool, wait: float) -> duckdb.DuckDBPyConnection:
    import duckdb

    end = time.monotonic() + wait
    try:
        if read_only:
            return _known(_when_free(path, read_only, end), path)
        with held(beside(path, "gate"), end):
            return _known(_when_free(path, read_only, end), path, and_convert=True)
    except TimeoutError:
        raise StoreError(
            f"{path} is in use by another process",
            f"the file to be free within {wait:g} seconds",
            "wait until the other run or page is done, and try again",
        ) from None
    except (OSError, duckdb.Error) as error:
        raise _unusable(path, error) from None


def _known(
    connection: duckdb.DuckDBPyConnection, path: Path, and_convert: bool = False
) -> duckdb.DuckDBPyConnection:
    """The connection, if it is to a store whose version is known; else it is closed."""
    try:
        if schema.version(connection, str(path)) < schema.SCHEMA_VERSION and and_convert:
            convert(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _when_free(path: Path, read_only: bool, end: float) -> duckdb.DuckDBPyConnection:
    """Connect as soon as DuckDB's own lock allows; raises TimeoutError."""
    import duckdb

    while True:
        if read_only:
            pass_by(beside(path, "gate"), end)
        try:
            return duckdb.connect(path, read_only=read_only)
        except duckdb.Error as error:
            if not any(sign in str(error) for sign in _BUSY):
                raise
            if time.monotonic() >= end:
                raise TimeoutError from None
        time.sleep(PAUSE)


def _unusable(path: Path, error: Exception) -> StoreError:
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return StoreError(
        f"{path} cannot be opened ({first})",
        "a score store, in a folder that may be written to",
        "restore it from a backup, or name another file in `scores`; nothing was overwritten",
    )
