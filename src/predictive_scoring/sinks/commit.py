"""The one transaction in which a run's scores take the place of the previous ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from predictive_scoring.errors import ReconcileError
from predictive_scoring.records import ScoreRun
from predictive_scoring.sinks import schema
from predictive_scoring.sinks.handing_over import hand_over
from predictive_scoring.sinks.run_tables import create_table, keep_as_history, show_runs
from predictive_scoring.sinks.staged import Staged

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_QUARANTINE = "table_name, file, line, reason, record"


@dataclass(frozen=True)
class Beside:
    """What a run stores beside its scores: see ``ScoreWriter.commit``."""

    excluded: Mapping[str, int]
    quarantine: pa.Table | pa.RecordBatchReader
    handovers: pa.Table | None = None


@dataclass(frozen=True)
class Committed:
    """What the run did; ``unchanged``: these were the current scores already."""

    scored: int
    excluded: Mapping[str, int]
    quarantined: int
    handed_over: int
    unchanged: bool


def is_current(connection: duckdb.DuckDBPyConnection, run_id: str) -> bool:
    """Whether the store's current scores are this run's."""
    query = "SELECT count(*) FROM score_runs WHERE current AND run_id = ?"
    return bool(_one(connection, query, run_id))


def replace_scores(
    connection: duckdb.DuckDBPyConnection,
    run: ScoreRun,
    staged: Staged,
    beside: Beside,
) -> Committed:
    """Make the staged scores the current ones, all at once or not at all.

    A run that is current already changes nothing; one that is in the history only (an older model
    was made champion again) becomes current without a second history, and hands nobody over: its
    as-of is past. Raises ReconcileError when a staged score would be lost, or a handover is of no
    lead scored.
    """
    import duckdb

    connection.begin()
    try:
        if is_current(connection, run.run_id):
            connection.rollback()
            return _stored(connection, run.run_id)
        _replace(connection, run, staged, beside)
        connection.commit()
    except BaseException:
        with suppress(duckdb.Error):  # a commit that failed has rolled back already
            connection.rollback()
        raise
    return _stored(connection, run.run_id, unchanged=False)


def _replace(
    connection: duckdb.DuckDBPyConnection,
    run: ScoreRun,
    staged: Staged,
    beside: Beside,
) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    known = _one(connection, "SELECT count(*) FROM score_runs WHERE run_id = ?", run.run_id)
    _insert_scores(connection, run, staged)
    quarantined = _replace_quarantine(connection, run, beside.quarantine)
    handed_over = 0
    if beside.handovers is not None and not known:
        at = _utc(run.as_of) or now
        handed_over = hand_over(connection, run.run_id, beside.handovers, at)
    for (previous,) in connection.execute("SELECT run_id FROM score_runs WHERE current").fetchall():
        keep_as_history(connection, previous)
    connection.execute("UPDATE score_runs SET current = false WHERE current")
    if known:
        connection.execute("UPDATE score_runs SET current = true WHERE run_id = ?", [run.run_id])
    else:
        counts = Committed(staged.scored, beside.excluded, quarantined, handed_over, False)
        _insert_run(connection, run, counts, now)
    show_runs(connection)
    detail = {
        "scored": staged.scored,
        "excluded": dict(beside.excluded),
        "quarantined": quarantined,
        "handed_over": handed_over,
    }
    connection.execute(
        "INSERT INTO audit VALUES (?, 'predictive-scoring score', ?, ?, ?)",
        [now, "restored" if known else "scored", run.run_id, json.dumps(detail)],
    )


def _insert_scores(connection: duckdb.DuckDBPyConnection, run: ScoreRun, staged: Staged) -> None:
    table = create_table(connection, run.run_id)
    if not staged.scored:
        return
    inserted = connection.execute(
        f"INSERT INTO {table} BY NAME SELECT scores.*, percentile "  # noqa: S608 - quoted
        "FROM read_parquet($parts) AS scores JOIN read_parquet($percentiles) USING (probability)",
        {"parts": staged.parts, "percentiles": staged.percentiles},
    ).fetchall()
    if inserted != [(staged.scored,)]:
        raise ReconcileError(
            f"{inserted[0][0]} of {staged.scored} scores would be stored",
            "every score to be stored",
            "nothing was stored: this is a fault of the program, report it with this message",
        )


def _replace_quarantine(
    connection: duckdb.DuckDBPyConnection,
    run: ScoreRun,
    quarantine: pa.Table | pa.RecordBatchReader,
) -> int:
    connection.execute("DROP TABLE quarantine")
    connection.execute(schema.QUARANTINE)
    connection.register("quarantine_found", quarantine)
    connection.execute(
        f"INSERT INTO quarantine SELECT ?, {_QUARANTINE} FROM quarantine_found",  # noqa: S608
        [run.run_id],
    )
    connection.unregister("quarantine_found")
    return _one(connection, "SELECT count(*) FROM quarantine")


def _insert_run(
    connection: duckdb.DuckDBPyConnection,
    run: ScoreRun,
    done: Committed,
    now: datetime,
) -> None:
    connection.execute(
        """
        INSERT INTO score_runs
        SELECT ?, true, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, map(?::VARCHAR[], ?::BIGINT[]), ?, ?
        """,
        [
            run.run_id,
            now,
            run.model_name,
            run.model_version,
            run.bundle_digest,
            run.data_digest,
            _utc(run.as_of),
            list(run.feature_names),
            list(run.group_names),
            list(run.languages),
            done.scored,
            list(done.excluded),
            list(done.excluded.values()),
            done.quarantined,
            done.handed_over,
        ],
    )


def _stored(
    connection: duckdb.DuckDBPyConnection, run_id: str, unchanged: bool = True
) -> Committed:
    row = connection.execute(
        "SELECT scored, excluded, quarantined, handed_over FROM score_runs WHERE run_id = ?",
        [run_id],
    ).fetchone()
    scored, excluded, quarantined, handed_over = row if row is not None else (0, {}, 0, 0)
    return Committed(scored, excluded, quarantined, handed_over, unchanged)


def _one(connection: duckdb.DuckDBPyConnection, query: str, *values: str) -> int:
    row = connection.execute(query, list(values)).fetchone()
    return int(row[0]) if row else 0


def _utc(instant: datetime | None) -> datetime | None:
    """The instant as the store keeps it."""
    return instant and instant.astimezone(UTC).replace(tzinfo=None)
