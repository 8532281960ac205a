"""Every look at the leads of a period that training did not see: what the contract is judged on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from predictive_scoring.features import flat
from predictive_scoring.features.elapsed import known_until, store
from predictive_scoring.features.labels import people, staged_label
from predictive_scoring.features.snapshots import counted, keyed, planned_instants, while_open
from predictive_scoring.records import Label, Snapshots

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract

FORWARD = "snapshots_forward"


def forward_snapshots(extract: Extract, config: Config, start: int | None) -> Snapshots:
    """All mature looks at leads that reach into the period from position ``start`` (None: all).

    Relational: every declared instant, drawn or not, at which such a lead was open, also before
    ``start``: by then it may have been an MQL already. The split gave none of these leads to
    training. Flat: one look a lead. Stored as ``snapshots_forward``.
    """
    rows = flat.training(extract, config)[0] if config.flat else _looks(extract, config)
    rows = rows.filter(rows["label"] != Label.IMMATURE.value)
    if start is not None:
        rows = rows.filter(ibis.greatest(rows["planned_until"], rows["position"]) >= start)
    store(extract, FORWARD, rows)
    return counted(extract, config, FORWARD, {})


def _looks(extract: Extract, config: Config) -> Table:
    everyone, until = people(extract, config), known_until(extract)
    instants = planned_instants(everyone, extract, config, until)
    rows = while_open(instants, everyone, config, until)
    return keyed(rows.mutate(label=staged_label(rows, extract, config)), config)
