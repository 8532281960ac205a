"""The leads of a randomised holdout, as the company's tables have them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from predictive_scoring.errors import DataError, UsageError
from predictive_scoring.nurture.asking import ask, stored

if TYPE_CHECKING:
    import pandas as pd

    from predictive_scoring.config import Config, Trial
    from predictive_scoring.records import Extract

_QUERY = """
WITH drawn AS (
    SELECT *, CASE WHEN list_contains($treated, {column}) THEN true
                   WHEN list_contains($control, {column}) THEN false END AS treated
    FROM leads
), leads_drawn AS (
    SELECT d.lead_id, d.treated, coalesce(d.account_id, 'lead ' || d.lead_id) AS account,
        coalesce(d.market, '') AS market, coalesce({source}, '') AS source,
        coalesce(strftime(d.created_at, '%Y-%m'), '') AS month,
        coalesce({success}, false) AS sql, coalesce({worked}, true) AS worked,
        coalesce({moved}, false) AS moved,
        CASE WHEN {immature} THEN 'immature' WHEN {unknown} THEN 'unknown' ELSE 'counted' END
            AS state
    FROM drawn AS d WHERE d.treated IS NOT NULL
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY account, state ORDER BY lead_id) = 1 AS first,
        count(*) OVER (PARTITION BY account, state) AS size,
        avg(treated::INTEGER) OVER (PARTITION BY account, state) AS share
    FROM leads_drawn
)
SELECT treated, state, market, source, month, count(*) AS leads,
    count(*) FILTER (sql) AS sqls, count(*) FILTER (NOT (worked OR sql)) AS unworked,
    count(*) FILTER (moved) AS moved, count(*) FILTER (first) AS accounts,
    count(*) FILTER (first AND size > 1) AS shared,
    count(*) FILTER (first AND size > 1 AND share NOT IN (0, 1)) AS mixed
FROM numbered GROUP BY ALL ORDER BY ALL
"""
_LAPSE = "d.created_at + to_days($horizon)"
_SUCCESS = f"""EXISTS (FROM stages AS s WHERE s.lead_id = d.lead_id AND s.stage = $stage
    AND s.entered_at >= d.created_at AND s.entered_at <= {_LAPSE})"""
_WORKED = "EXISTS (FROM activities AS a WHERE a.lead_id = d.lead_id)"
_MOVED = """(SELECT count(DISTINCT c.value) > 1 FROM changes AS c
    WHERE c.lead_id = d.lead_id AND c."column" = $name)"""


def trial_rows(extract: Extract, config: Config, trial: Trial) -> pd.DataFrame:
    """The leads drawn, counted: a row for each group, state, market, source, month of creation.

    Columns: treated (bool), state (``counted``; ``immature``: the horizon since creation is not
    over; ``unknown``: the outcome is not recorded), market, source, month (UTC; "" where there is
    none), and how many: leads, sqls, unworked (never by sales), moved (changed the group since),
    accounts (each where its first lead is), shared ones (of several leads), mixed ones (of both
    groups). Raises UsageError for groups that the column's type cannot hold, DataError where the
    data have no instant.
    """
    settings, source = config.sources.leads, config.contract.source
    dated = settings.created_at is not None or settings.created_from is not None
    query = _QUERY.format(
        column=_profile(trial.column),
        source=f"CAST(d.{_profile(source)} AS VARCHAR)" if source else "NULL",
        success="d.outcome" if config.flat else _SUCCESS,
        worked=_WORKED if "activities" in extract.declared else "NULL",
        unknown=_unknown(config, dated),
        immature=f"{_LAPSE} > $known" if dated else "false",
        moved=_MOVED if "changes" in extract.declared else "NULL",
    )
    values: dict[str, object] = {
        "treated": _typed(trial, config, trial.treated),
        "control": _typed(trial, config, trial.control),
        "horizon": config.outcome.horizon,
        "stage": config.outcome.stage,
        "name": trial.column,
        "known": _known(extract) if dated else None,
        "recorded": stored(config.outcome.recorded_from or datetime.max.replace(tzinfo=UTC)),
    }
    needed = {name: value for name, value in values.items() if f"${name}" in query}
    rows: pd.DataFrame = ask(extract, query, {}, **needed).to_pandas()
    return rows


def _unknown(config: Config, dated: bool) -> str:
    """When the outcome of a lead is not known, however old it is."""
    parts = ["d.created_at IS NULL"] if dated else []
    if config.flat:
        parts.append("d.outcome IS NULL")
    if dated and config.outcome.recorded_from is not None:
        parts.append("d.created_at < $recorded")
    return " OR ".join(parts) or "false"


def _known(extract: Extract) -> datetime:
    if extract.extract_at is None:
        raise DataError(
            "no table holds an instant that could be read",
            "the instants of leads and of what became of them",
            "look at the quarantine with `check`, and at the declared formats and zones",
        )
    return stored(extract.extract_at)


def _profile(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"profile_{escaped}"'


def _typed(trial: Trial, config: Config, values: tuple[str, ...]) -> list[str | float | bool]:
    """The configuration's values as the column holds them; raises UsageError."""
    column = config.sources.leads.profile[trial.column]
    flags = {word.lower(): True for word in column.true}
    flags |= {word.lower(): False for word in column.false}
    try:
        if column.type == "number":
            return [float(value) for value in values]
        if column.type == "flag":
            return [flags[value.lower()] for value in values]
    except (ValueError, KeyError):
        raise UsageError(
            f"nurture.trial: {', '.join(values)} for {trial.column!r}",
            f"values of a {column.type}",
            "write the groups as the column has them",
        ) from None
    return list(values)
