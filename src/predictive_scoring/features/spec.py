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
from predictive_scoring.features.elapsed import dated, table
from predictive_scoring.features.naming import KEYS, slugs
from predictive_scoring.records import FeatureColumn, FeatureSpec, LeftOut

if TYPE_CHECKING:
    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract


def plan(extract: Extract, config: Config) -> FeatureSpec:
    """The model's columns and, with reasons, the company's columns that are not among them.

    Everything over time needs a date of creation: a flat company without one gets its profile
    columns, its market and its language only.
    """
    profile, left_out = audit(extract, config)
    own, more_left_out = _own_columns(extract, config)
    columns = list(own)
    over_time = list(_over_time(extract, config)) if dated(config) else []
    taken = {c.name for c in (*own, *over_time)} | set(KEYS)
    names = slugs(profile, taken)
    declared = config.sources.leads.profile
    columns += [
        FeatureColumn(names[p], declared[p].type, declared[p].group, "profile", "profile", p)
        for p in profile
    ]
    undated = () if dated(config) else _undated(extract)
    return FeatureSpec((*columns, *over_time), (*left_out, *more_left_out, *undated))


def _own_columns(
    extract: Extract, config: Config
) -> tuple[list[FeatureColumn], tuple[LeftOut, ...]]:
    """Market and language, where declared and not the same for every lead."""
    leads = config.sources.leads
    columns = [
        FeatureColumn("market", "category", "market", "profile", "leads", "market"),
        FeatureColumn("language", "category", "fit", "profile", "leads", "language"),
    ]
    declared = {"market": leads.market, "language": leads.language}
    used, left_out = [], []
    for column in columns:
        if declared[column.name] is None:
            continue
        reason = single_valued(extract, column.name)
        if reason is None:
            used.append(column)
        else:
            left_out.append(LeftOut(column.name, reason))
    return used, tuple(left_out)


def _over_time(extract: Extract, config: Config) -> tuple[FeatureColumn, ...]:
    settings = config.features
    columns: tuple[FeatureColumn, ...] = ()
    if "events" in extract.declared:
        values: dict[str, tuple[str, ...]] = {
            d: _values(extract, "events", d, config) for d in settings.dimensions
        }
        valued = _any_known(extract, "events", "value")
        columns += event_columns(settings, values, valued)
    if settings.activities and "activities" in extract.declared:
        columns += activity_columns(settings, _values(extract, "activities", "kind", config))
    if settings.accounts and config.sources.leads.account_id is not None:
        columns += account_columns("events" in extract.declared, "stages" in extract.declared)
    if settings.calendar:
        columns += calendar_columns(config)
    return columns


def _values(extract: Extract, name: str, dimension: str, config: Config) -> tuple[str, ...]:
    """The most frequent values of a dimension; of equally frequent ones the first by name."""
    rows = table(extract, name)
    rows = rows.filter(rows[dimension].notnull() & (rows[dimension] != ""))
    counted = rows.group_by(value=rows[dimension]).aggregate(count=rows.count()).to_pyarrow()
    pairs = zip(counted["value"].to_pylist(), counted["count"].to_pylist(), strict=True)
    ranked = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
    return tuple(value for value, _ in ranked[: config.features.values_per_dimension])


def _any_known(extract: Extract, name: str, column: str) -> bool:
    return bool(table(extract, name)[column].notnull().any().to_pyarrow().as_py())


def _undated(extract: Extract) -> tuple[LeftOut, ...]:
    reason = "leads have no date of creation, so nothing can be read as of an instant"
    return tuple(
        LeftOut(name, reason)
        for name in ("events", "activities", "changes")
        if name in extract.declared
    )
