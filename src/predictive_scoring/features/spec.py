"""Which columns the model gets: decided once, at training, and frozen in the bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from predictive_scoring.features.audit import audit, single_valued
from predictive_scoring.features.columns import (
    account_columns,
    activity_columns,
    calendar_columns,
    event_columns,
)
from predictive_scoring.features.development import development, seen
from predictive_scoring.features.elapsed import dated, drop, store, table
from predictive_scoring.features.histories import gaps
from predictive_scoring.features.naming import KEYS, slugs
from predictive_scoring.records import FeatureColumn, FeatureSpec, LeftOut

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract

_DEVELOPMENT = "leads_of_development"


def plan(extract: Extract, config: Config) -> FeatureSpec:
    """The model's columns and, with reasons, the company's columns that are not among them.

    Everything over time needs a date of creation: a flat company without one gets its profile
    columns, its market and its language only. Decided on what training sees before its newest
    period (``development``), and on histories as a whole.
    """
    store(extract, _DEVELOPMENT, development(extract, config))
    try:
        return _planned(extract, config, table(extract, _DEVELOPMENT))
    finally:
        drop(extract, _DEVELOPMENT)


def _planned(extract: Extract, config: Config, developed: Table) -> FeatureSpec:
    leads = table(extract, "leads").semi_join(developed, "lead_id")
    profile, left_out = audit(extract, config, leads)
    own, more_left_out = _own_columns(leads, config)
    over_time = list(_over_time(extract, config, developed)) if dated(config) else []
    taken = {c.name for c in (*own, *over_time)} | set(KEYS)
    columns = [*own, *_profile_columns(extract, config, profile, taken), *over_time]
    undated = () if dated(config) else _undated(extract)
    return FeatureSpec(tuple(columns), (*left_out, *more_left_out, *undated))


def _profile_columns(
    extract: Extract, config: Config, used: tuple[str, ...], taken: set[str]
) -> list[FeatureColumn]:
    """A column kept although its history has gaps has its source in the changes alone."""
    names, declared = slugs(used, taken), config.sources.leads.profile
    incomplete = gaps(extract)
    return [
        FeatureColumn(
            names[p], declared[p].type, declared[p].group, "profile",
            "changes" if p in incomplete else "profile", p,
        )
        for p in used
    ]  # fmt: skip


def _own_columns(leads: Table, config: Config) -> tuple[list[FeatureColumn], tuple[LeftOut, ...]]:
    """Market and language, where declared and not the same for every lead."""
    settings = config.sources.leads
    columns = [
        FeatureColumn("market", "category", "market", "profile", "leads", "market"),
        FeatureColumn("language", "category", "fit", "profile", "leads", "language"),
    ]
    declared = {"market": settings.market, "language": settings.language}
    used, left_out = [], []
    for column in columns:
        if declared[column.name] is None:
            continue
        reason = single_valued(leads, column.name)
        if reason is None:
            used.append(column)
        else:
            left_out.append(LeftOut(column.name, reason))
    return used, tuple(left_out)


def _over_time(extract: Extract, config: Config, developed: Table) -> tuple[FeatureColumn, ...]:
    settings = config.features
    columns: tuple[FeatureColumn, ...] = ()
    if "events" in extract.declared:
        events = seen(table(extract, "events"), developed)
        values: dict[str, tuple[str, ...]] = {
            d: _values(events, d, config) for d in settings.dimensions
        }
        columns += event_columns(settings, values, _any_known(events, "value"))
    if settings.activities and "activities" in extract.declared:
        activities = seen(table(extract, "activities"), developed)
        columns += activity_columns(settings, _values(activities, "kind", config))
    if settings.accounts and config.sources.leads.account_id is not None:
        columns += account_columns("events" in extract.declared, "stages" in extract.declared)
    if settings.calendar:
        columns += calendar_columns(config)
    return columns


def _values(rows: Table, dimension: str, config: Config) -> tuple[str, ...]:
    """The most frequent values of a dimension; of equally frequent ones the first by name."""
    rows = rows.filter(rows[dimension].notnull() & (rows[dimension] != ""))
    counted = rows.group_by(value=rows[dimension]).aggregate(count=rows.count()).to_pyarrow()
    pairs = zip(counted["value"].to_pylist(), counted["count"].to_pylist(), strict=True)
    ranked = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
    return tuple(value for value, _ in ranked[: config.features.values_per_dimension])


def _any_known(rows: Table, column: str) -> bool:
    return bool(rows[column].notnull().any().to_pyarrow().as_py())


def _undated(extract: Extract) -> tuple[LeftOut, ...]:
    reason = "leads have no date of creation, so nothing can be read as of an instant"
    return tuple(
        LeftOut(name, reason)
        for name in ("events", "activities", "changes")
        if name in extract.declared
    )
