"""A table behind a SQLAlchemy URL, streamed in batches inside one transaction.

Every value is staged as text in an unambiguous form (ISO instants, plain numbers), because a
database such as SQLite may hold values of any type in any column.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from predictive_scoring.config.secrets import masked, without_secrets
from predictive_scoring.errors import DataError
from predictive_scoring.sources.parts import FoundColumn, Part, Target

if TYPE_CHECKING:
    import sqlalchemy

_BATCH = 20_000
_INSTANTS = ("DATE", "TIMESTAMP")
_ONE_SNAPSHOT = ("postgresql", "mysql", "mariadb", "cockroachdb")


def read_database(url: str, table: str, base: Path, target: Target) -> Part:
    """Stage one table; count and rows come from the same snapshot where the dialect has one.

    An SQLite file is looked for from the folder ``base``. Raises DataError when the database
    cannot be reached or has no such table; the URL's secrets are in no message.
    """
    from sqlalchemy import column, func, select
    from sqlalchemy import table as table_of

    shown = f"{masked(url)} ({table})"
    stage = target.stage()
    target.progress(f"{target.table}: reading {shown}")
    with _connected(url, base, shown) as connection:
        schema, name, columns = _find(connection, table, shown)
        source = table_of(name, *[column(c.name) for c in columns], schema=schema)
        records = connection.execute(select(func.count()).select_from(source)).scalar_one()
        target.create_stage(stage, len(columns))
        rows = connection.execution_options(yield_per=_BATCH).execute(select(*source.c))
        done = 0
        for batch in rows.partitions():
            target.add_to_stage(stage, _arrays(batch, done))
            done += len(batch)
            target.progress(f"{target.table}: {done:,} of {records:,} rows")
    return Part(shown, columns, stage, 0, records)


def database_columns(url: str, table: str, base: Path) -> tuple[FoundColumn, ...]:
    """The table's columns; raises DataError as ``read_database`` does."""
    shown = f"{masked(url)} ({table})"
    with _connected(url, base, shown) as connection:
        return _find(connection, table, shown)[2]


@contextmanager
def _connected(url: str, base: Path, shown: str) -> Iterator["sqlalchemy.Connection"]:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SQLAlchemyError

    try:
        engine = create_engine(_located(url, base, shown))
        try:
            with engine.connect() as connection:
                _one_snapshot(connection)
                yield connection
        finally:
            engine.dispose()
    except (SQLAlchemyError, ModuleNotFoundError, ValueError) as error:
        # The driver's own sentence only: SQLAlchemy's adds the statement, and a driver may quote
        # the URL it was given.
        said = str(getattr(error, "orig", None) or error).strip().splitlines() or [""]
        raise DataError(
            f"{shown}: cannot be read ({without_secrets(said[0], url)[:300]})",
            "a database that answers, and a table that may be read",
            "check `url` and `table`, the network, and the account's rights",
        ) from None


def _located(url: str, base: Path, shown: str) -> "sqlalchemy.URL":
    """The URL with the installed PostgreSQL driver and an SQLite file's absolute path."""
    from sqlalchemy import make_url

    parts = make_url(url)
    if parts.drivername in ("postgresql", "postgres"):
        return parts.set(drivername="postgresql+psycopg")
    file = parts.database
    if parts.get_backend_name() != "sqlite" or not file or file.startswith((":", "file:")):
        return parts
    path = base / file
    if not path.is_file():
        # Connecting would create an empty database there.
        raise DataError(
            f"{shown}: no such file",
            f"an SQLite database, relative to {base.name or base}/",
            "correct `url` in the configuration, or put the file there",
        )
    return parts.set(database=str(path))


def _one_snapshot(connection: "sqlalchemy.Connection") -> None:
    if connection.dialect.name in _ONE_SNAPSHOT:
        connection.execution_options(isolation_level="REPEATABLE READ")
    elif connection.dialect.name == "sqlite":
        # The sqlite3 module begins no transaction for a SELECT; without one the count and the
        # rows could be of different moments.
        connection.exec_driver_sql("BEGIN")


def _find(
    connection: "sqlalchemy.Connection", table: str, shown: str
) -> tuple[str | None, str, tuple[FoundColumn, ...]]:
    from sqlalchemy import inspect

    inspector = inspect(connection)
    schema, _, rest = table.rpartition(".")
    for place, name in ((None, table), (schema or None, rest)):
        if inspector.has_table(name, schema=place):
            # SQLite's declared types promise nothing about the values.
            typed = connection.dialect.name != "sqlite"
            columns = inspector.get_columns(name, schema=place)
            return place, name, tuple(_column(c["name"], str(c["type"]), typed) for c in columns)
    there = sorted({*inspector.get_table_names(), *inspector.get_view_names()})
    raise DataError(
        f"{shown}: no such table",
        f"one of the tables there: {', '.join(map(repr, there)) or '(none)'}",
        "correct `table` in the configuration (`schema.table` for one in a schema)",
    )


def _column(name: str, declared: str, typed: bool) -> FoundColumn:
    return FoundColumn(name, declared, typed and declared.upper().startswith(_INSTANTS))


def _arrays(rows: Sequence[Sequence[object]], done: int) -> list[pa.Array]:
    numbers = pa.array(range(done + 1, done + 1 + len(rows)), pa.int64())
    columns = zip(*rows, strict=True)
    return [
        numbers,
        numbers,
        *(pa.array([as_text(value) for value in column], pa.string()) for column in columns),
    ]


def as_text(value: object) -> str | None:
    """A driver's value as text that ``values`` and ``instants`` read back; NaN is missing."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if isnan(value):
            return None
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else None if value.is_nan() else str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", errors="backslashreplace")
    return str(value)
