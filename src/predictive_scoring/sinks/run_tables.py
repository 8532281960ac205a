"""Each run's scores in a table of its own, and the two views that readers see over them.

A score is written once: the table of the run that is current is all of ``lead_scores``, and when
another takes its place it only loses the columns that history does without, which moves no data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from predictive_scoring.sinks import schema

if TYPE_CHECKING:
    import duckdb

NONE = "runs.none"
"""An empty table, for the views of a store without a run."""


def table_of(run_id: str) -> str:
    """The run's table as an SQL identifier."""
    return 'runs."' + run_id.replace('"', '""') + '"'


def create_table(connection: duckdb.DuckDBPyConnection, run_id: str) -> str:
    """Make the run's table, empty, in place of an older one of the same run; return its name."""
    name = table_of(run_id)
    connection.execute(f"DROP TABLE IF EXISTS {name}")
    connection.execute(schema.scores_table(name))
    return name


def keep_as_history(connection: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Drop what only current scores have."""
    for column in schema.DETAILS:
        connection.execute(f"ALTER TABLE {table_of(run_id)} DROP COLUMN IF EXISTS {column}")


def show_runs(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``lead_scores`` show the current run and ``lead_score_history`` show all runs.

    What the table of a run stored by version 2 is without is shown as NULL.
    """
    runs = connection.execute(
        "SELECT run_id, model_name, model_version, current FROM score_runs ORDER BY scored_at"
    ).fetchall()
    new = _tables_since_3(connection)
    tables = {run[0]: table_of(run[0]) if run[0] in new else _widened(run[0]) for run in runs}
    history = [_select(schema.SCORE, tables[run[0]], run[:3]) for run in runs]
    current = [_select(_CURRENT, tables[run[0]], run[:3]) for run in runs if run[3]]
    none = ("", "", "")
    _view(connection, "lead_scores", current or [_select(_CURRENT, NONE, none)])
    _view(connection, "lead_score_history", history or [_select(schema.SCORE, NONE, none)])


_CURRENT = f"{schema.SCORE}, {', '.join(schema.DETAILS)}"


def _tables_since_3(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {
        name
        for (name,) in connection.execute(
            "SELECT table_name FROM duckdb_columns() WHERE database_name = current_database() "
            "AND schema_name = 'runs' AND column_name = 'tier'"
        ).fetchall()
    }


def _widened(run_id: str) -> str:
    """The table of a run stored by version 2, with the columns that it is without."""
    added = ", ".join(f"NULL::{kind} AS {name}" for name, kind in schema.SINCE_3.items())
    return f"(SELECT *, {added} FROM {table_of(run_id)})"  # noqa: S608 - quoted


def _select(columns: str, table: str, run: tuple[str, str, str]) -> str:
    # Constants in the view: a reader who asks for one run reads no other's table.
    run_id, name, version = ("'" + value.replace("'", "''") + "'" for value in run)
    return (
        f"SELECT {columns}, {name} AS model_name, {version} AS model_version, {run_id} AS run_id "  # noqa: S608
        f"FROM {table}"
    )


def _view(connection: duckdb.DuckDBPyConnection, name: str, selects: list[str]) -> None:
    connection.execute(f"CREATE OR REPLACE VIEW {name} AS {' UNION ALL '.join(selects)}")
