"""What a lead is: its profile columns, read as of the snapshot where their history is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from predictive_scoring.features.elapsed import table
from predictive_scoring.features.naming import KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import StringValue, Table, Value

    from predictive_scoring.records import Extract, FeatureColumn, Kind


def profile_features(snapshots: Table, extract: Extract, columns: Sequence[FeatureColumn]) -> Table:
    """One row per lead_id: the columns as the leads table has them (known at creation)."""
    leads = table(extract, "leads").semi_join(snapshots, "lead_id")
    own = [column for column in columns if column.name not in KEYS]
    values = {column.name: _as_kind(leads[_stored(column)], column) for column in own}
    return leads.select("lead_id", **values)


def changed(extract: Extract, columns: Sequence[FeatureColumn]) -> tuple[FeatureColumn, ...]:
    """Those of the profile columns that have a history, in their order."""
    if "changes" not in extract.declared:
        return ()
    rows = table(extract, "changes").select("column").distinct().to_pyarrow()
    present = set(rows.column("column").to_pylist())
    return tuple(c for c in columns if c.source == "profile" and c.dimension in present)


def history_features(snapshots: Table, extract: Extract, columns: Sequence[FeatureColumn]) -> Table:
    """One row per (lead_id, as_of) of leads with a history, for columns that have one.

    For each column ``<name>``: its last value with changed_at <= as_of, missing where all its
    changes are later; and ``<name>__known``, whether the lead has any change of that column
    (without one, the leads table's value has always held). Of changes at the same instant the
    greatest value counts, so that the answer does not depend on the order of rows.
    """
    names = [column.dimension for column in columns]
    changes = table(extract, "changes")
    changes = changes.filter(changes["column"].isin(names))
    keyed = snapshots.select("lead_id", "as_of").join(
        changes.select("lead_id", "column", "value", "changed_at"), "lead_id"
    )
    seen = keyed["changed_at"] <= keyed["as_of"]
    order = [
        ibis.desc(seen), ibis.desc(keyed["changed_at"]),
        ibis.desc(keyed["value"], nulls_first=False),
    ]  # fmt: skip
    within = ibis.window(group_by=["lead_id", "as_of", "column"], order_by=order)
    keyed = keyed.mutate(seen=seen, newest=ibis.row_number().over(within) == 0)
    rows = keyed.filter(keyed["newest"])
    sums: dict[str, Value] = {}
    for column in columns:
        mine = rows["column"] == column.dimension
        text = rows["value"].max(where=mine & rows["seen"])
        sums[column.name] = _read(text, column.kind)
        sums[f"{column.name}__known"] = rows.count(where=mine) > 0
    return rows.group_by("lead_id", "as_of").aggregate(**sums)


def _read(text: StringValue, kind: Kind) -> Value:
    """A history's text, in its type's canonical form, as float64 (flags 0 and 1) or string."""
    if kind == "category":
        return text
    if kind == "number":
        return text.try_cast("float64")
    return ibis.cases((text == "true", 1.0), (text == "false", 0.0))


def _stored(column: FeatureColumn) -> str:
    """The leads table's column: market and language are its own, the others profile columns."""
    return f"profile_{column.dimension}" if column.source == "profile" else column.dimension


def _as_kind(value: Value, column: FeatureColumn) -> Value:
    return value.cast("string") if column.kind == "category" else value.cast("float64")
