"""Canonical tables: stored, or seen through a view where a file's rows need next to no work.

Storing tens of millions of events costs far more than looking at them again. So a table whose
Parquet columns are clean becomes a view over the files; the few rows that are refused or set aside
are kept apart, and the view leaves them out.
"""

import duckdb

from predictive_scoring.sources.statement import Statement

_MOST_LEFT_OUT = 0.02
"""With a larger share of rows left out, every look would pay for finding them."""


def make(connection: duckdb.DuckDBPyConnection, table: str, statement: Statement) -> str:
    """Make the table; return the one that holds row_number, line, refused and set_aside.

    That is the table itself, where it is stored: then all rows are in it, to be settled. Else it
    is a table of those that the view leaves out.
    """
    remove(connection, table)
    if statement.plain is not None:
        left_out = f"{table}_left_out"
        fate = "refused IS NOT NULL OR set_aside IS NOT NULL"
        statement.create(
            connection,
            left_out,
            f"SELECT row_number, line, refused, set_aside FROM {{rows}} WHERE {fate}",  # noqa: S608
        )
        if _show(connection, table, statement.plain, left_out):
            return left_out
        connection.execute(f"DROP TABLE {left_out}")
    statement.create(connection, table, "FROM {rows}")
    return table


def remove(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Drop a table or view of an earlier load."""
    views = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    kind = "VIEW" if (table,) in views else "TABLE"
    connection.execute(f"DROP {kind} IF EXISTS {table}")


def _show(connection: duckdb.DuckDBPyConnection, table: str, plain: str, left_out: str) -> bool:
    """Make the view, unless too many rows are left out."""
    counts = f"SELECT (SELECT count(*) FROM {left_out}), (SELECT count(*) FROM ({plain}))"  # noqa: S608
    without, rows = connection.execute(counts).fetchall()[0]
    if without > rows * _MOST_LEFT_OUT:
        return False
    missing = f" ANTI JOIN {left_out} USING (row_number)" if without else ""
    connection.execute(f"CREATE VIEW {table} AS FROM ({plain}) AS plain{missing}")
    return True
