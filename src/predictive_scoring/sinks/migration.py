"""A store of an older version becomes one of this version, whole or not at all.

No score is touched: the runs' tables stay as they were written, and the views show NULL for what
was not kept then. DuckDB 1.5 cannot add a nested column and anything else in one transaction.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from predictive_scoring.sinks import schema
from predictive_scoring.sinks.run_tables import NONE, show_runs

if TYPE_CHECKING:
    import duckdb


def convert(connection: duckdb.DuckDBPyConnection) -> None:
    """Make a store of version 2 one of version 3, in one transaction; raises ``duckdb.Error``."""
    import duckdb

    connection.begin()
    try:
        connection.execute(schema.HANDOVERS)
        connection.execute("ALTER TABLE score_runs ADD COLUMN handed_over BIGINT DEFAULT 0")
        connection.execute(f"DROP TABLE {NONE}")
        connection.execute(schema.scores_table(NONE))
        show_runs(connection)
        connection.execute("UPDATE store_schema SET version = ?", [schema.SCHEMA_VERSION])
        connection.commit()
    except BaseException:
        with suppress(duckdb.Error):  # a commit that failed has rolled back already
            connection.rollback()
        raise
