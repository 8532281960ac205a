"""The one transaction in which a run's scores take the place of the previous ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from predictive_scoring.errors import ReconcileError
from predictive_scoring.records import ScoreRun
from predictive_scoring.sinks import schema

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_QUARANTINE = "table_name, file, line, reason, record"
_SCORE = (
    "lead_id, account_id, market, as_of, probability, log_odds, percentile, base, "
    "group_contributions, reasons"
)
_RUN = "model_name, model_version, run_id"


@dataclass(frozen=True)
class Committed:
    """What the transaction did; ``unchanged``: these were the current scores already."""

    scored: int
    excluded: Mapping[str, int]
    quarantined: int
    unchanged: bool


def is_current(connection: duckdb.DuckDBPyConnection, run_id: str) -> bool:
    """Whether the store's current scores are this run's."""
    query = "SELECT count(*) FROM score_runs WHERE current AND run_id = ?"
    return bool(_one(connection, query, run_id))


def replace_scores(
    connection: duckdb.DuckDBPyConnection,
    run: ScoreRun,
    parts: Path,
    excluded: Mapping[str, int],
    quarantine: pa.Table | pa.RecordBatchReader,
) -> Committed:
    """Make the Parquet parts in the folder the current scores, all at once or not at all.

    A run that is current already changes nothing; one that is in the history only (an older model
    was made champion again) becomes current without a second history. Raises ReconcileError when
    a lead was scored twice.
    """
    import duckdb

    connection.begin()
    try:
        if is_current(connection, run.run_id):
            connection.rollback()
            return _stored(connection, run.run_id)
        _replace(connection, run, parts, excluded, quarantine)
        connection.commit()
    except BaseException:
        with suppress(duckdb.Error):  # a commit that failed has rolled back already
            connection.rollback()
        raise
    return _stored(connection, run.run_id, unchanged=False)


def _replace(
    connection: duckdb.DuckDBPyConnection,
    run: ScoreRun,
    parts: Path,
    excluded: Mapping[str, int],
    quarantine: pa.Table | pa.RecordBatchReader,
) -> None:
    known = _one(connection, "SELECT count(*) FROM score_runs WHERE run_id = ?", run.run_id)
    scored = _replace_current(connection, run, parts)
    quarantined = _replace_quarantine(connection, run, quarantine)
    connection.execute("UPDATE score_runs SET current = false WHERE current")
    if known:
        connection.execute("UPDATE score_runs SET current = true WHERE run_id = ?", [run.run_id])
    else:
        _insert_run(connection, run, scored, excluded, quarantined)
        connection.execute(
            f"INSERT INTO lead_score_history SELECT {_SCORE}, {_RUN} FROM lead_scores"  # noqa: S608
        )
    detail = {"scored": scored, "excluded": dict(excluded), "quarantined": quarantined}
    connection.execute(
        "INSERT INTO audit VALUES (?, 'predictive-scoring score', ?, ?, ?)",
        [_now(), "restored" if known else "scored", run.run_id, json.dumps(detail)],
    )


def _replace_current(connection: duckdb.DuckDBPyConnection, run: ScoreRun, parts: Path) -> int:
    """Fill lead_scores anew from the parts and return the number of leads."""
    connection.execute("DROP TABLE lead_scores")
    connection.execute(schema.LEAD_SCORES)
    if not any(parts.glob("*.parquet")):
        return 0
    glob = str(parts).translate({ord(c): f"[{c}]" for c in "*?["}) + "/*.parquet"
    connection.execute(
        f"""
        INSERT INTO lead_scores BY NAME
        WITH scores AS (FROM read_parquet($glob)),
        levels AS (
            SELECT probability, count(*) AS leads FROM scores GROUP BY probability
        ), ranks AS (
            SELECT probability,
                100 * (sum(leads) OVER (ORDER BY probability) - leads / 2) / sum(leads) OVER ()
                    AS percentile
            FROM levels
        )
        SELECT {_SCORE}, contributions, sentences,
            $model AS model_name, $version AS model_version, $run AS run_id
        FROM scores JOIN ranks USING (probability)
        """,  # noqa: S608 - column names of this module
        {
            "glob": glob,
            "model": run.model_name,
            "version": run.model_version,
            "run": run.run_id,
        },
    )
    scored = _one(connection, "SELECT count(*) FROM lead_scores")
    leads = _one(connection, "SELECT count(DISTINCT lead_id) FROM lead_scores")
    if scored != leads:
        raise ReconcileError(
            f"{scored} scores for {leads} leads",
            "one score for each lead",
            "nothing was stored; look for leads that stand twice in the data",
        )
    return scored


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
    scored: int,
    excluded: Mapping[str, int],
    quarantined: int,
) -> None:
    connection.execute(
        """
        INSERT INTO score_runs
        SELECT ?, true, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, map(?::VARCHAR[], ?::BIGINT[]), ?
        """,
        [
            run.run_id,
            _now(),
            run.model_name,
            run.model_version,
            run.bundle_digest,
            run.data_digest,
            run.as_of and run.as_of.astimezone(UTC).replace(tzinfo=None),
            list(run.feature_names),
            list(run.group_names),
            list(run.languages),
            scored,
            list(excluded),
            list(excluded.values()),
            quarantined,
        ],
    )


def _stored(
    connection: duckdb.DuckDBPyConnection, run_id: str, unchanged: bool = True
) -> Committed:
    row = connection.execute(
        "SELECT scored, excluded, quarantined FROM score_runs WHERE run_id = ?", [run_id]
    ).fetchone()
    scored, excluded, quarantined = row if row is not None else (0, {}, 0)
    return Committed(scored, excluded, quarantined, unchanged)


def _one(connection: duckdb.DuckDBPyConnection, query: str, *values: str) -> int:
    row = connection.execute(query, list(values)).fetchone()
    return int(row[0]) if row else 0


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
