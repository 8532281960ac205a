"""The leads created in the window, each with what became of it until the extract."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from predictive_scoring.contract.efforts.leads import instant, table, value_of
from predictive_scoring.errors import DataError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from ibis.expr.types import BooleanValue, Table

    from predictive_scoring.config import Config
    from predictive_scoring.contract.efforts.dimensions import Dimension
    from predictive_scoring.records import Extract, Window

_COHORT, _HANDED = "efforts_cohort", "efforts_handed"
_HANDED_SCHEMA = pa.schema([("lead_id", pa.string()), ("handed_over_at", pa.timestamp("us"))])
_COLUMNS = (
    "key", "lead_id", "created_at", "mql", "mql_at", "sql", "sql_at", "won", "won_at",
    "credited_until", "open", "known", "success",
)  # fmt: skip


@contextmanager
def cohort(
    extract: Extract,
    config: Config,
    window: Window,
    leads: Table,
    dimensions: Sequence[Dimension],
    handed: pa.Table,
) -> Iterator[Table]:
    """Keep the leads with what became of them as a table, one row each, while the block runs.

    Columns: key (BIGINT), lead_id; mql, sql, won (BOOLEAN; NULL where not recorded); mql_at,
    sql_at, won_at, created_at; credited_until (what happened before it has a part in the SQL or the
    won deal); open; known (its outcome is), success (SQL within the horizon); and for each
    dimension of leads its value, in ``value_<its place in dimensions>``.
    """
    # Registered on the connection itself: the rows stay where they are.
    extract.connection.register(_HANDED, handed.select(_HANDED_SCHEMA.names).cast(_HANDED_SCHEMA))
    try:
        rows = _with_outcome(leads, extract, config)
        values = {
            f"value_{i}": value_of(rows, dimension, config, window)
            for i, dimension in enumerate(dimensions)
            if not dimension.touch
        }
        query = ibis.to_sql(rows.select(*_COLUMNS, **values), dialect="duckdb")
        extract.connection.execute(f'CREATE OR REPLACE TABLE "{_COHORT}" AS {query}')
        yield table(extract, _COHORT)
    finally:
        extract.connection.execute(f'DROP TABLE IF EXISTS "{_COHORT}"')
        extract.connection.unregister(_HANDED)


def known_until(extract: Extract, config: Config) -> datetime:
    """The end of what is known, with its zone.

    Raises UsageError where leads have no date of creation, DataError where the data hold no
    instant.
    """
    leads = config.sources.leads
    if leads.created_at is None and leads.created_from is None:
        raise UsageError(
            "the leads have no date, so none was created in a window of time",
            "`sources.leads.created_at`, the column that says when a lead became known",
            "declare it, if the company knows it",
        )
    if extract.extract_at is None:
        raise DataError(
            "no table holds an instant that could be read",
            "the instants of leads and of what became of them",
            "look at the quarantine with `check`, and at the declared formats and zones",
        )
    return extract.extract_at


def records(config: Config, stage: str) -> bool:
    """Whether the data say who reached the stage."""
    stages = config.sources.stages
    if stages is None:
        return False
    if stages.always is not None:
        return stages.always == stage
    return not stages.stages or stage in stages.stages.values()


def _with_outcome(leads: Table, extract: Extract, config: Config) -> Table:
    end = instant(known_until(extract, config))
    rows = leads.rename(key="row_number", stated="outcome")
    rows = _beside(rows, _handovers(extract, end))
    rows = _beside(rows, _stages(extract, config, end))
    rows = _beside(rows, _work(extract))
    rows = rows.mutate(
        horizon_end=rows["created_at"] + ibis.interval(days=config.outcome.horizon),
        mql=rows["mql_at"].notnull(),
        sql=ibis.coalesce(rows["stated"], False) if config.flat else rows["sql_at"].notnull(),
        won=rows["won_at"].notnull() if records(config, "won") else ibis.null("boolean"),
        closed=rows["stated"].notnull() if config.flat else rows["closed_at"].notnull(),
        credited_until=ibis.coalesce(rows["sql_at"], rows["won_at"], end),
    )
    in_time = rows["sql"] if config.flat else rows["sql_at"] <= rows["horizon_end"]
    return rows.mutate(
        open=~rows["closed"] & (rows["horizon_end"] > end),
        known=(rows["horizon_end"] <= end) & _observed(rows, extract, config),
        success=ibis.coalesce(in_time, False),
    )


def _observed(rows: Table, extract: Extract, config: Config) -> BooleanValue:
    """Whether it can be known what became of the lead: somebody looked, and it was recorded.

    A lead that marketing kept is known not to have become an SQL; one that was handed over and that
    nobody from sales worked is not.
    """
    since = config.outcome.recorded_from
    recorded = ibis.literal(True) if since is None else rows["created_at"] >= instant(since)
    if config.flat:
        return recorded & rows["closed"]
    if not (config.outcome.censor_unworked and "activities" in extract.declared):
        return recorded
    end = rows["horizon_end"]
    worked = (rows["worked_at"] <= end) | (rows["decided_at"] <= end)
    return recorded & (rows["mql_at"].isnull() | ibis.coalesce(worked, False))


def _handovers(extract: Extract, end: ibis.Value) -> Table:
    rows = table(extract, _HANDED)
    rows = rows.filter(rows["handed_over_at"] <= end)
    return rows.group_by("lead_id").aggregate(mql_at=rows["handed_over_at"].min())


def _stages(extract: Extract, config: Config, end: ibis.Value) -> Table:
    outcome, rows = config.outcome, table(extract, "stages")
    rows = rows.filter(rows["entered_at"] <= end)
    at, stage = rows["entered_at"], rows["stage"]
    return rows.group_by("lead_id").aggregate(
        sql_at=at.min(where=stage == outcome.stage),
        won_at=at.min(where=stage == "won"),
        closed_at=at.min(where=stage.isin(outcome.closes)),
        decided_at=at.min(where=stage.isin([*outcome.closes, "rejected"])),
    )


def _work(extract: Extract) -> Table:
    rows = table(extract, "activities")
    return rows.group_by("lead_id").aggregate(worked_at=rows["occurred_at"].min())


def _beside(leads: Table, found: Table) -> Table:
    return leads.left_join(found, "lead_id").drop("lead_id_right")
