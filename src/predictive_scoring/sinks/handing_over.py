"""An MQL is handed over to sales once, in the transaction that makes it one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from predictive_scoring.errors import ReconcileError
from predictive_scoring.sinks.run_tables import table_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def hand_over(
    connection: duckdb.DuckDBPyConnection, run_id: str, proposed: pa.Table, at: datetime
) -> int:
    """Insert the proposed leads that were never handed over; return how many.

    ``proposed`` has the columns lead_id, owner (text or null) and why (a map of texts by language);
    market, probability, threshold, tier and criteria_met are those of the lead's score in the run,
    which is in the run's table already. ``at`` is UTC without a zone. Raises ReconcileError for a
    lead that stands twice or was not scored.
    """
    scores = table_of(run_id)
    connection.register("handovers_proposed", proposed)
    new = "(FROM handovers_proposed ANTI JOIN handovers USING (lead_id))"
    _require_scored(connection, f"{new} LEFT JOIN {scores} AS score USING (lead_id)")
    inserted = connection.execute(
        f"INSERT INTO handovers SELECT lead_id, ?, ?, score.market, owner, score.probability, "  # noqa: S608 - quoted
        f"score.threshold, score.tier, score.criteria_met, why FROM {new} JOIN {scores} AS score "
        "USING (lead_id)",
        [at, run_id],
    ).fetchall()
    connection.unregister("handovers_proposed")
    return int(inserted[0][0])


def _require_scored(connection: duckdb.DuckDBPyConnection, matched: str) -> None:
    query = f"SELECT count(*), count(DISTINCT score.lead_id) FROM {matched}"  # noqa: S608 - quoted
    proposed, scored = connection.execute(query).fetchall()[0]
    if proposed != scored:
        raise ReconcileError(
            f"{proposed} leads would be handed over, of which {scored} different ones were scored",
            "each lead to be handed over once, with its score",
            "nothing was stored: this is a fault of the program, report it with this message",
        )
