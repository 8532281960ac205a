"""Snapshots at instants that somebody else gives: of leads at their handover, for instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from predictive_scoring.features.elapsed import microseconds, store, table
from predictive_scoring.features.naming import KEYS
from predictive_scoring.features.snapshots import counted

if TYPE_CHECKING:
    import pyarrow as pa

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract, Snapshots

GIVEN = "snapshots_given"


def given_snapshots(
    extract: Extract, config: Config, lead_id: pa.Array, as_of: pa.Array
) -> Snapshots:
    """One snapshot of each lead of the extract at its own instant (TIMESTAMP UTC, not null).

    Leads that the extract does not have are left out. Stored as ``snapshots_given``.
    """
    import pyarrow as pa

    extract.connection.register("given", pa.table({"lead_id": lead_id, "as_of": as_of}))
    try:
        rows = table(extract, "given").join(table(extract, "leads"), "lead_id")
        position = microseconds(rows["as_of"])
        label = ibis.null("string")
        rows = rows.mutate(position=position, planned_until=position, label=label)
        store(extract, GIVEN, rows.select(*KEYS))
    finally:
        extract.connection.unregister("given")
    return counted(extract, config, GIVEN, {})
