"""What the loader decides from the data themselves, each time with a sentence that says so."""

from collections.abc import Sequence
from datetime import UTC, datetime

import duckdb

from predictive_scoring.config import Config
from predictive_scoring.records import SourceCount

_DATED = (
    ("leads", "created_at"),
    ("events", "occurred_at"),
    ("stages", "entered_at"),
    ("activities", "occurred_at"),
)


def other_outcomes(config: Config, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Say how many leads of a flat company have an outcome that is in neither list."""
    if not config.flat:
        return []
    rows = connection.execute(
        "SELECT other_outcome, count(*) FROM leads WHERE other_outcome IS NOT NULL "
        "AND refused IS NULL AND set_aside IS NULL GROUP BY ALL ORDER BY 2 DESC, 1"
    ).fetchall()
    if not rows:
        return []
    total = sum(int(count) for _, count in rows)
    named = ", ".join(f"{str(value)[:40]!r} ({count:,})" for value, count in rows[:5])
    said = (
        f"leads: the outcome of {total:,} is neither a positive nor a negative value, so it is "
        f"not known: {named}{' …' if len(rows) > 5 else ''}"
    )
    return [said]


def created_from_first_event(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Fill in unknown creation instants, and say for how many leads."""
    before = _scalar(connection, "SELECT count(*) FROM leads WHERE created_at IS NULL")
    connection.execute("""
        UPDATE leads SET created_at = e.first
        FROM (SELECT lead_id, min(occurred_at) AS first FROM events GROUP BY lead_id) e
        WHERE leads.created_at IS NULL AND leads.lead_id = e.lead_id
    """)
    after = _scalar(connection, "SELECT count(*) FROM leads WHERE created_at IS NULL")
    said = (
        f"leads: {before - after:,} without created_at are taken to begin with their first event; "
        f"{after:,} have no event either"
    )
    return [said]


def extract_at(
    config: Config, connection: duckdb.DuckDBPyConnection
) -> tuple[datetime | None, tuple[str, ...]]:
    """The declared instant, or the newest one found (None: none) and a sentence that says so."""
    if config.extract_at is not None:
        return config.extract_at.astimezone(UTC), ()
    newest = " UNION ALL ".join(
        f"SELECT max({column}) AS newest FROM {table}"  # noqa: S608
        for table, column in _DATED
    )
    found = connection.execute(f"SELECT max(newest) FROM ({newest})").fetchone()  # noqa: S608
    if found is None or found[0] is None:
        return None, ("no instant is in the data and `extract_at` is not declared",)
    at: datetime = found[0].replace(tzinfo=UTC)
    said = f"the newest instant found, {at.isoformat()}, is taken for it"
    return at, (f"`extract_at` is not declared: {said}",)


def rules_at_work(counts: Sequence[SourceCount]) -> list[str]:
    """Say how many rows each table lost, and to which rule."""
    totals: dict[tuple[str, str], int] = {}
    for count in counts:
        for rule, rows in count.rules.items():
            totals[count.table, rule] = totals.get((count.table, rule), 0) + rows
        if count.quarantined:
            key = (count.table, "quarantined")
            totals[key] = totals.get(key, 0) + count.quarantined
    return [
        f"{table}: {rows:,} rows {'' if what == 'quarantined' else 'set aside: '}{what}"
        for (table, what), rows in totals.items()
    ]


def _scalar(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0
