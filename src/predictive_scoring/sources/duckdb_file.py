"""A table of a DuckDB file, attached read-only."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from predictive_scoring.errors import DataError
from predictive_scoring.sources.files import FoundFile, unreadable_is_an_error
from predictive_scoring.sources.identifiers import literal, quoted
from predictive_scoring.sources.parts import FoundColumn, Part, Target

_NAME = "source_file"
_COLUMNS = """
    SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()
    WHERE database_name = $database
      AND (table_name = $name OR schema_name || '.' || table_name = $name)
    ORDER BY table_name = $name DESC, schema_name = 'main' DESC, schema_name, table_name,
      column_index
"""
_TABLES = "SELECT DISTINCT table_name FROM duckdb_columns() WHERE database_name = ? ORDER BY 1"


@contextmanager
def attached(connection: duckdb.DuckDBPyConnection, file: FoundFile) -> Iterator[None]:
    """The file as ``source_file`` in the connection, read-only, for as long as the block runs."""
    try:
        with unreadable_is_an_error(file.shown):
            path = literal(str(file.path))
            connection.execute(f"ATTACH {path} AS {_NAME} (TYPE duckdb, READ_ONLY)")
    except duckdb.BinderException as error:
        raise DataError(
            f"{file.shown}: already open in this process ({error})",
            "a DuckDB file that nothing else here has open",
            "close the other connection, or read a copy of the file",
        ) from None
    try:
        yield
    finally:
        connection.execute(f"DETACH {_NAME}")


def read_duckdb(file: FoundFile, table: str, target: Target) -> Part:
    """Copy one table; raises DataError when it is not there.

    A copy, because the order of a view's rows, and so their numbers, may change between two looks.
    """
    target.progress(f"{target.table}: reading {table!r} of {file.shown}")
    stage = target.stage()
    with attached(target.connection, file):
        place, columns = _find(target.connection, file, table)
        with unreadable_is_an_error(file.shown):
            found = target.connection.execute(f"SELECT count(*) FROM {place}").fetchone()  # noqa: S608
            cells = ", ".join(f"c{i}" for i in range(len(columns)))
            numbers = "row_number() OVER () AS row_number, row_number() OVER () AS line"
            rows = f"SELECT {numbers}, {cells} FROM {place} AS source({cells})"  # noqa: S608
            target.connection.execute(f"CREATE TEMP TABLE {stage} AS {rows}")
    return Part(f"{file.shown} ({table})", columns, stage, 0, int(found[0]) if found else 0)


def duckdb_columns(file: FoundFile, table: str) -> tuple[FoundColumn, ...]:
    """The table's columns; raises DataError when file or table is not there."""
    with duckdb.connect() as connection, attached(connection, file):
        return _find(connection, file, table)[1]


def _find(
    connection: duckdb.DuckDBPyConnection, file: FoundFile, table: str
) -> tuple[str, tuple[FoundColumn, ...]]:
    values = {"database": _NAME, "name": table}
    rows = connection.execute(_COLUMNS, values).fetchall()
    if not rows:
        there = [str(row[0]) for row in connection.execute(_TABLES, [_NAME]).fetchall()]
        raise DataError(
            f"{file.shown}: no table {table!r}",
            f"one of the tables there: {', '.join(map(repr, there)) or '(none)'}",
            "correct `table` in the configuration",
        )
    schema, name = rows[0][:2]
    columns = tuple(FoundColumn(str(c), str(t)) for s, n, c, t in rows if (s, n) == (schema, name))
    return f"{_NAME}.{quoted(schema)}.{quoted(name)}", columns
