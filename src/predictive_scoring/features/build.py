"""The one expression that computes features, for training and for scoring, on any engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from predictive_scoring.features.accounts import account_features
from predictive_scoring.features.behaviour import behaviour_features
from predictive_scoring.features.dates import date_features
from predictive_scoring.features.elapsed import table
from predictive_scoring.features.histories import changed, history_features
from predictive_scoring.features.naming import KEYS
from predictive_scoring.features.profiles import profile_features

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ibis.expr.types import Table, Value

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract, FeatureColumn, FeatureSpec, Snapshots

_KEY = ("lead_id", "as_of")


def build(extract: Extract, spec: FeatureSpec, snapshots: Snapshots, config: Config) -> Table:
    """One row per snapshot: its keys, then the spec's columns, in order.

    Keys: lead_id, account_id, market, as_of, position, planned_until, label. A feature ``market``
    is the key of that name. Numbers and flags are float64, categories string; NULL is missing.
    Events, activities, stages and changes count from their instant on (``<=`` the as-of).

    Windows and running sums take the place of as-of joins, and nothing here is DuckDB's own, so
    that the expression compiles for Spark too. Raises DataError where a column's history has got
    gaps since the spec was planned.
    """
    keys = table(extract, snapshots.table).select(*KEYS)
    joined = keys
    for part, on in _parts(keys, extract, spec, config):
        new = [name for name in part.columns if name not in keys.columns]
        part = part.select(*on, *new)
        joined = joined.left_join(part, list(on)).select(joined, *(part[name] for name in new))
    columns = {c.name: _value(joined, c) for c in spec.columns if c.name not in KEYS}
    return joined.select(*KEYS, **columns)


def _parts(
    keys: Table, extract: Extract, spec: FeatureSpec, config: Config
) -> Iterator[tuple[Table, tuple[str, ...]]]:
    """The features by where they come from, each with the columns they are joined on."""
    profile = _of(spec, "profile")
    if profile:
        yield profile_features(keys, extract, profile), ("lead_id",)
    if history := changed(extract, profile):
        yield _renamed(history_features(keys, extract, history), history), _KEY
    if events := _from(spec, "events"):
        yield behaviour_features(keys, table(extract, "events"), events), _KEY
    if activities := _from(spec, "activities"):
        yield behaviour_features(keys, table(extract, "activities"), activities), _KEY
    if accounts := _from(spec, "accounts"):
        yield account_features(keys, extract, accounts, config.outcome.stage), _KEY
    if dates := (*_of(spec, "age"), *_of(spec, "calendar")):
        yield date_features(keys, extract, dates), _KEY


def _of(spec: FeatureSpec, measure: str) -> tuple[FeatureColumn, ...]:
    return tuple(c for c in spec.columns if c.measure == measure)


def _from(spec: FeatureSpec, source: str) -> tuple[FeatureColumn, ...]:
    return tuple(c for c in spec.columns if c.source == source and c.measure != "profile")


def _renamed(history: Table, columns: tuple[FeatureColumn, ...]) -> Table:
    """Histories beside the profile values they replace."""
    return history.rename({f"{c.name}__then": c.name for c in columns})


def _value(joined: Table, column: FeatureColumn) -> Value:
    value = joined[column.name]
    if column.measure == "profile":
        if column.source == "changes":
            value = joined[f"{column.name}__then"]
        elif f"{column.name}__then" in joined.columns:
            known = ibis.coalesce(joined[f"{column.name}__known"], False)
            value = ibis.ifelse(known, joined[f"{column.name}__then"], value)
        return value
    if column.measure in ("count", "days", "trend", "value"):
        value = ibis.coalesce(value, 0)  # nothing happened is a fact, not a missing value
    return value if column.kind == "category" else value.cast("float64")
