"""Profile columns that change over time: read as of the snapshot from a log of changes.

A log can be read as of an instant when it begins at the lead's creation. One that begins later
would betray the change to come: until then nobody knows what it says, and that is a trace of what
follows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import ibis

from predictive_scoring.errors import DataError
from predictive_scoring.features.elapsed import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ibis.expr.types import StringValue, Table, Value

    from predictive_scoring.records import Extract, FeatureColumn, Kind


def gaps(extract: Extract) -> Mapping[str, int]:
    """Of how many leads the log begins after their creation, by profile column with any."""
    if "changes" not in extract.declared:
        return {}
    changes = _since_creation(extract)
    late = changes.filter(~changes["whole"])
    counted = late.group_by("column").aggregate(leads=late["lead_id"].nunique()).to_pyarrow()
    return dict(zip(counted["column"].to_pylist(), counted["leads"].to_pylist(), strict=True))


def as_known(extract: Extract, columns: Sequence[FeatureColumn]) -> tuple[FeatureColumn, ...]:
    """The columns, those of profile columns whose history has gaps read from the changes alone."""
    incomplete = gaps(extract)
    return tuple(
        replace(c, source="changes") if c.source == "profile" and c.dimension in incomplete else c
        for c in columns
    )


def changed(extract: Extract, columns: Sequence[FeatureColumn]) -> tuple[FeatureColumn, ...]:
    """Those of the profile columns that have a history, in their order.

    Raises DataError for a column planned on logs that all began at creation, where one no longer
    does. A column whose source is the changes alone takes logs as they are.
    """
    if "changes" not in extract.declared:
        return tuple(c for c in columns if c.source == "changes")
    incomplete = gaps(extract)
    for column in columns:
        if column.source == "profile" and column.dimension in incomplete:
            raise _gap(column.dimension, incomplete[column.dimension])
    rows = table(extract, "changes").select("column").distinct().to_pyarrow()
    present = set(rows.column("column").to_pylist())
    return tuple(
        c for c in columns
        if c.source == "changes" or (c.source == "profile" and c.dimension in present)
    )  # fmt: skip


def history_features(snapshots: Table, extract: Extract, columns: Sequence[FeatureColumn]) -> Table:
    """One row per (lead_id, as_of) of leads with a history, for columns that have one.

    For each column ``<name>``: its last value with changed_at <= as_of, of logs that begin at the
    lead's creation; and ``<name>__known``, whether there is such a log (without one, the leads
    table's value has always held). Of changes at the same instant the greatest value counts, so
    that the answer does not depend on the order of rows.
    """
    names = [column.dimension for column in columns]
    changes = _since_creation(extract, snapshots)
    changes = changes.filter(changes["whole"] & changes["column"].isin(names))
    keyed = snapshots.select("lead_id", "as_of").join(
        changes.select("lead_id", "column", "value", "changed_at"), "lead_id"
    )
    keyed = keyed.filter(keyed["changed_at"] <= keyed["as_of"])
    order = [ibis.desc(keyed["changed_at"]), ibis.desc(keyed["value"], nulls_first=False)]
    within = ibis.window(group_by=["lead_id", "as_of", "column"], order_by=order)
    keyed = keyed.mutate(newest=ibis.row_number().over(within) == 0)
    rows = keyed.filter(keyed["newest"])
    sums: dict[str, Value] = {}
    for column in columns:
        mine = rows["column"] == column.dimension
        sums[column.name] = _read(rows["value"].max(where=mine), column.kind)
        sums[f"{column.name}__known"] = rows.count(where=mine) > 0
    return rows.group_by("lead_id", "as_of").aggregate(**sums)


def _since_creation(extract: Extract, of: Table | None = None) -> Table:
    """Changes of leads with a known creation, each with whether its log begins by then."""
    leads = table(extract, "leads").select("lead_id", "created_at")
    if of is not None:
        leads = leads.semi_join(of, "lead_id")
    rows = table(extract, "changes").join(leads.filter(leads["created_at"].notnull()), "lead_id")
    log = ibis.window(group_by=["lead_id", "column"])
    return rows.mutate(whole=rows["changed_at"].min().over(log) <= rows["created_at"])


def _gap(column: str, leads: int) -> DataError:
    return DataError(
        f"'{column}': the history of {leads:,} lead{'' if leads == 1 else 's'} begins after "
        "creation, which it did for no lead when the model was trained",
        "for every lead that has changes, an entry dated its creation: the value it began with",
        "complete the log of changes, or train anew: the column is then left out",
    )


def _read(text: StringValue, kind: Kind) -> Value:
    """A history's text, in its type's canonical form, as float64 (flags 0 and 1) or string."""
    if kind == "category":
        return text
    if kind == "number":
        return text.try_cast("float64")
    return ibis.cases((text == "true", 1.0), (text == "false", 0.0))
