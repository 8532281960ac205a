"""What happened to each lead that was handed over: one query over the canonical tables."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract

# The first of several stages of one instant is an SQL before a rejection, and a stated rejection
# before a lost deal. An offer lost after an SQL is no verdict on the MQL.
_FACTS = """
WITH chosen AS (
    SELECT lead_id, handed_over_at, CAST(criteria_met AS BOOLEAN) AS criteria_met
    FROM ledger_handed WHERE handed_over_at >= $first AND handed_over_at < $end
), work AS (
    SELECT lead_id,
        min(occurred_at) FILTER (occurred_at >= handed_over_at AND {contact}) AS contacted_at,
        count(*) FILTER (occurred_at >= handed_over_at) AS activities,
        count(*) FILTER (occurred_at >= handed_over_at AND documented) AS documented,
        count(*) FILTER (occurred_at >= handed_over_at AND documented IS NULL) AS undisclosed,
        bool_or(occurred_at < handed_over_at) AS worked_before
    FROM activities JOIN chosen USING (lead_id)
    WHERE occurred_at <= $until GROUP BY lead_id
), accepted AS (
    SELECT lead_id, min(entered_at) AS ever_at,
        min(entered_at) FILTER (entered_at >= handed_over_at) AS accepted_at
    FROM stages JOIN chosen USING (lead_id)
    WHERE stage IN ('sql', 'won') AND entered_at <= $until GROUP BY lead_id
), refused AS (
    SELECT lead_id, min(entered_at) AS refused_at,
        arg_min(coalesce(trim(reason), ''), (entered_at, stage <> 'rejected', coalesce(reason, '')))
            AS reason
    FROM stages JOIN chosen USING (lead_id) LEFT JOIN accepted USING (lead_id)
    WHERE entered_at >= handed_over_at AND entered_at <= $until
        AND (stage = 'rejected'
             OR stage = 'lost' AND (ever_at IS NULL OR entered_at < ever_at))
    GROUP BY lead_id
), repeated AS (
    SELECT lead_id FROM stages
    WHERE stage = 'mql' GROUP BY lead_id HAVING count(DISTINCT entered_at) > 1
), verdicts AS (
    SELECT lead_id, ever_at, accepted_at, refused_at, reason,
        CASE WHEN accepted_at <= coalesce(refused_at, accepted_at) THEN 'sql'
             WHEN refused_at IS NOT NULL THEN 'rejected' ELSE 'waiting' END AS verdict
    FROM accepted FULL JOIN refused USING (lead_id)
)
SELECT lead_id, coalesce(market, '') AS market, coalesce(owner, '') AS owner, {source} AS source,
    handed_over_at, contacted_at, least(accepted_at, refused_at) AS decided_at,
    coalesce(activities, 0) AS activities, coalesce(documented, 0) AS documented,
    coalesce(undisclosed, 0) AS undisclosed, coalesce(verdict, 'waiting') AS verdict,
    CASE WHEN verdict = 'rejected' THEN reason ELSE '' END AS reason, criteria_met,
    leads.lead_id IS NULL AS unknown_lead,
    coalesce(worked_before, FALSE) AS worked_before,
    coalesce(handed_over_at < created_at, FALSE) AS before_creation,
    coalesce(ever_at < handed_over_at, FALSE) AS accepted_before,
    repeated.lead_id IS NOT NULL AS handed_over_again
FROM chosen LEFT JOIN leads USING (lead_id) LEFT JOIN work USING (lead_id)
    LEFT JOIN verdicts USING (lead_id) LEFT JOIN repeated USING (lead_id)
ORDER BY handed_over_at, lead_id
"""


def facts(
    extract: Extract,
    config: Config,
    handed: pa.Table,
    between: tuple[datetime, datetime],
    until: datetime,
) -> pa.Table:
    """A row for each lead handed over in [first, end), by instant and lead.

    ``handed`` has lead_id, handed_over_at (UTC, naive) and criteria_met; ``between`` and ``until``
    are UTC. What happened after ``until`` is not looked at. Text is "" where there is none,
    ``contacted_at`` and ``decided_at`` are null where it did not happen.
    """
    source, contact = config.contract.source, config.contract.contact
    column = '"profile_{}"'.format(source.replace('"', '""')) if source else "''"
    limits = {"kind": contact.kinds, "outcome": contact.outcomes}
    allowed = {name: list(values) for name, values in limits.items() if values}
    query = _FACTS.format(
        source=f"coalesce(CAST({column} AS VARCHAR), '')",
        contact=" AND ".join(["TRUE", *(f"list_contains(${name}, {name})" for name in allowed)]),
    )
    instants = zip(("first", "end", "until"), map(naive, (*between, until)), strict=True)
    with table(extract.connection, "ledger_handed", handed):
        return extract.connection.execute(query, {**dict(instants), **allowed}).to_arrow_table()


@contextmanager
def table(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> Iterator[None]:
    """Let queries read an Arrow table by a name."""
    connection.register(name, rows)
    try:
        yield
    finally:
        connection.unregister(name)


def naive(instant: datetime) -> datetime:
    """An instant as the tables have it: UTC, without zone."""
    return instant.astimezone(UTC).replace(tzinfo=None)
