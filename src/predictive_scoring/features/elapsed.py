"""Durations and stored tables, in words that DuckDB and Spark understand alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import ibis

from predictive_scoring.errors import DataError, UsageError

if TYPE_CHECKING:
    from ibis.expr.types import NumericValue, Table, TimestampValue

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract

SECONDS_PER_DAY = 86_400
MICROSECONDS_PER_DAY = SECONDS_PER_DAY * 1_000_000


def days_between(later: TimestampValue, earlier: TimestampValue) -> NumericValue:
    """Days from ``earlier`` to ``later``, float64; both are first cut to whole seconds."""
    return (_seconds(later) - _seconds(earlier)) / ibis.literal(float(SECONDS_PER_DAY))


def microseconds(instant: TimestampValue) -> NumericValue:
    """Microseconds since 1970 UTC, int64."""
    return _seconds(instant) * 1_000_000 + instant.microsecond().cast("int64")


def days_before(instant: TimestampValue, days: int) -> TimestampValue:
    """The instant ``days`` times 24 hours earlier."""
    return instant - ibis.interval(days=days)


def utc(instant: datetime) -> datetime:
    """The instant in UTC without its zone, as DuckDB stores it; raises UsageError if naive."""
    if instant.tzinfo is None:
        raise UsageError(
            f"an instant without a time zone: {instant.isoformat()}",
            "an instant with a zone, such as 2026-10-31T23:00:00+00:00",
            "add the offset to the instant",
        )
    return instant.astimezone(UTC).replace(tzinfo=None)


def known_until(extract: Extract) -> datetime:
    """The end of what the extract knows, as ``utc``; raises DataError where it has no instant."""
    if extract.extract_at is None:
        raise DataError(
            "no table holds an instant that could be read",
            "the instants of leads and of what became of them",
            "look at the quarantine with `check`, and at the declared formats and zones",
        )
    return utc(extract.extract_at)


def dated(config: Config) -> bool:
    """Whether leads have a date of creation, and so an as-of."""
    leads = config.sources.leads
    return leads.created_at is not None or leads.created_from is not None


def table(extract: Extract, name: str) -> Table:
    """A stored table as an Ibis expression on the extract's own connection."""
    return ibis.duckdb.from_connection(extract.connection).table(name)


def store(extract: Extract, name: str, expression: Table) -> None:
    """Keep an expression's rows as the table ``name``, replacing one of that name."""
    create(extract, name, ibis.to_sql(expression, dialect="duckdb"))


def create(extract: Extract, name: str, query: str) -> None:
    """Keep a query's rows as the table ``name``, replacing one of that name."""
    extract.connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS {query}')


def view(extract: Extract, name: str, expression: Table) -> None:
    """Show an expression's rows as the view ``name``, replacing one of that name."""
    query = ibis.to_sql(expression, dialect="duckdb")
    extract.connection.execute(f'CREATE OR REPLACE VIEW "{name}" AS {query}')


def drop(extract: Extract, name: str) -> None:
    """Remove a stored table, if it is there."""
    extract.connection.execute(f'DROP TABLE IF EXISTS "{name}"')


def drop_view(extract: Extract, name: str) -> None:
    """Remove a view, if it is there."""
    extract.connection.execute(f'DROP VIEW IF EXISTS "{name}"')


def _seconds(instant: TimestampValue) -> NumericValue:
    # Cut first: engines disagree on whether a fraction of a second is rounded or dropped.
    return instant.truncate("s").epoch_seconds().cast("int64")
