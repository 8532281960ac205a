"""What a lead is: its profile columns, as the leads table has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from predictive_scoring.features.elapsed import table
from predictive_scoring.features.naming import KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import Table, Value

    from predictive_scoring.records import Extract, FeatureColumn


def profile_features(snapshots: Table, extract: Extract, columns: Sequence[FeatureColumn]) -> Table:
    """One row per lead_id: the columns as the leads table has them (known at creation)."""
    leads = table(extract, "leads").semi_join(snapshots, "lead_id")
    own = [column for column in columns if column.name not in KEYS]
    values = {column.name: _as_kind(leads[_stored(column)], column) for column in own}
    return leads.select("lead_id", **values)


def _stored(column: FeatureColumn) -> str:
    """The leads table's column: market and language are its own, the others profile columns."""
    return column.dimension if column.source == "leads" else f"profile_{column.dimension}"


def _as_kind(value: Value, column: FeatureColumn) -> Value:
    return value.cast("string") if column.kind == "category" else value.cast("float64")
