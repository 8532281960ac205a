"""When the snapshot is taken: the lead's age and the calendar, in UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from predictive_scoring.features.elapsed import days_between, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import Table

    from predictive_scoring.records import Extract, FeatureColumn


def date_features(snapshots: Table, extract: Extract, columns: Sequence[FeatureColumn]) -> Table:
    """One row per snapshot: ``age_days`` (float64), ``month`` and ``weekday`` (string)."""
    leads = table(extract, "leads").select("lead_id", "created_at")
    rows = snapshots.select("lead_id", "as_of").join(leads, "lead_id")
    values = {
        "age": days_between(rows["as_of"], rows["created_at"]),
        "month": rows["as_of"].month().cast("string"),
        "weekday": (rows["as_of"].day_of_week.index() + 1).cast("string"),
    }
    wanted = {c.name: values[c.dimension or c.measure] for c in columns}
    return rows.select("lead_id", "as_of", **wanted)
