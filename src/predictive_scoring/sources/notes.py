"""What the loader decides from the data themselves, each time with a sentence that says so."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import duckdb

from predictive_scoring.config import Config
from predictive_scoring.records import SourceCount
from predictive_scoring.sources.fate import AFTER_TODAY
from predictive_scoring.sources.tables import Table

_DATED = (
    ("leads", "created_at"),
    ("events", "occurred_at"),
    ("stages", "entered_at"),
    ("activities", "occurred_at"),
)
_ALONE = timedelta(days=30)


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


def whole_days(table: Table, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Say how many instants name no time of day, and where in their day they are taken to stand."""
    days = _scalar(
        connection,
        f"SELECT count(*) FROM {table.name} WHERE whole_day AND {table.dated_by} IS NOT NULL "  # noqa: S608
        "AND refused IS NULL AND set_aside IS NULL",
    )
    (dated,) = (field for field in table.fields if field.name == table.dated_by)
    said = f"{table.name}: {days:,} instants are whole days; they count from the day's {dated.day}"
    return [said] if days else []


def extract_at(
    config: Config, connection: duckdb.DuckDBPyConnection, counts: Sequence[SourceCount]
) -> tuple[datetime | None, tuple[str, ...]]:
    """The declared instant, or the newest one loaded (None: none), and sentences that say so."""
    if config.extract_at is not None:
        return config.extract_at.astimezone(UTC), ()
    at = _newest(connection)
    if at is None:
        return None, ("no instant is in the data and `extract_at` is not declared",)
    said = f"the newest instant found, {at.isoformat()}, is taken for it"
    if late := _after_today(connection, counts):
        said += f"; {late:,} rows dated after today are no part of it"
    notes = [f"`extract_at` is not declared: {said}"]
    second = _newest(connection, at)
    if second is not None and at - second > _ALONE:
        notes.append(
            f"the newest instant, {at.isoformat()}, stands {(at - second).days} days after the "
            "second newest: if it is a typing error, declare `extract_at`"
        )
    return at, tuple(notes)


def _newest(
    connection: duckdb.DuckDBPyConnection, before: datetime | None = None
) -> datetime | None:
    """The newest instant in the tables that date what happens, or the newest before another."""
    limit = before.replace(tzinfo=None) if before else datetime.max  # noqa: DTZ901 (naive UTC)
    newest = " UNION ALL ".join(
        f"SELECT max({column}) AS newest FROM {table} WHERE {column} < $before"  # noqa: S608
        for table, column in _DATED
    )
    query = f"SELECT max(newest) FROM ({newest})"  # noqa: S608
    found = connection.execute(query, {"before": limit}).fetchone()
    at: datetime | None = found[0] if found else None
    return at.replace(tzinfo=UTC) if at else None


def _after_today(connection: duckdb.DuckDBPyConnection, counts: Sequence[SourceCount]) -> int:
    """How many rows were refused or set aside because they are dated after today."""
    refused = _scalar(
        connection,
        f"SELECT count(*) FROM quarantine WHERE reason LIKE 'dated % UTC, {AFTER_TODAY}'",  # noqa: S608
    )
    return refused + sum(count.rules.get(f"dated {AFTER_TODAY}", 0) for count in counts)


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
