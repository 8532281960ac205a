"""What the next run and the ledger ask of the store; where there is no store yet, there is nothing.

Each raises StoreError when the store is there and cannot be read, as ``open_reader`` does.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from predictive_scoring.sinks.commit import is_current
from predictive_scoring.sinks.opening import WAIT, open_reader

_LEADS = pa.schema([("lead_id", pa.string())])
_HANDOVERS = pa.schema(
    [
        ("lead_id", pa.string()),
        ("handed_over_at", pa.timestamp("us")),
        ("criteria_met", pa.bool_()),
    ]
)


def run_already_stored(path: Path, run_id: str, wait: float = WAIT) -> bool:
    """Whether the current scores are this run's, so that running it again would change nothing."""
    if not path.exists():
        return False
    with open_reader(path, wait) as connection:
        return is_current(connection, run_id)


def current_as_of(path: Path, wait: float = WAIT) -> datetime | None:
    """The as-of of the current scores (UTC, aware); None also where they have none."""
    if not path.exists():
        return None
    with open_reader(path, wait) as connection:
        found = connection.execute("SELECT as_of FROM score_runs WHERE current").fetchone()
    return found[0].replace(tzinfo=UTC) if found and found[0] else None


def current_mqls(path: Path, wait: float = WAIT) -> pa.Array:
    """The lead_id (strings) of every lead whose current tier is ``mql`` or ``hot``."""
    query = "SELECT lead_id FROM lead_scores WHERE tier IN ('hot', 'mql')"
    return _array(_table(path, query, _LEADS, wait))


def already_handed_over(path: Path, wait: float = WAIT) -> pa.Array:
    """The lead_id (strings) of every lead that was ever handed over."""
    return _array(_table(path, "SELECT lead_id FROM handovers", _LEADS, wait))


def handovers(path: Path, wait: float = WAIT) -> pa.Table:
    """Every handover, a row each, ordered by instant and lead.

    Columns lead_id (string), handed_over_at (timestamp in UTC, without a zone), criteria_met.
    """
    query = (
        "SELECT lead_id, handed_over_at, criteria_met FROM handovers "
        "ORDER BY handed_over_at, lead_id"
    )
    return _table(path, query, _HANDOVERS, wait)


def _table(path: Path, query: str, schema: pa.Schema, wait: float) -> pa.Table:
    if not path.exists():
        return schema.empty_table()
    with open_reader(path, wait) as connection:
        return connection.execute(query).to_arrow_table().cast(schema)


def _array(table: pa.Table) -> pa.Array:
    return table["lead_id"].combine_chunks()
