"""What training sees before its newest period, which is kept for the evaluation alone.

Which columns there are, and which values get columns of their own, is decided on this: what comes
after a lead has closed, or in the newest period, has no say in what the model is made of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from predictive_scoring.features import flat
from predictive_scoring.features.elapsed import known_until, microseconds
from predictive_scoring.features.labels import people, staged_label
from predictive_scoring.features.snapshots import planned_instants, while_open
from predictive_scoring.records import Label

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract

_NOT_KNOWN = [Label.IMMATURE.value, Label.UNOBSERVED.value]


def development(extract: Extract, config: Config) -> Table:
    """One row per lead that is looked at before the newest period: lead_id and ``until``.

    ``until`` (TIMESTAMP, UTC; NULL without dates) is the last such look, drawn or not. The newest
    period is ``training.test_share`` of the looks whose outcome can be known by now; where there
    are none, nothing can be trained, and every look counts.
    """
    looks = _looks(extract, config)
    known = looks.filter(looks["label"].isnull() | looks["label"].notin(_NOT_KNOWN))
    position = known["position"]
    share = 1 - config.training.test_share
    row = known.aggregate(
        first=position.min(), start=position.cast("float64").quantile(share)
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    if row["first"] is not None:
        at = looks["position"]
        looks = looks.filter((at < row["start"]) | (at <= row["first"]))
    return looks.group_by("lead_id").aggregate(until=looks["as_of"].max())


def seen(rows: Table, leads: Table) -> Table:
    """Those of the rows (lead_id, occurred_at) that a look of ``development`` sees."""
    joined = rows.join(leads, "lead_id")
    return joined.filter(joined["occurred_at"] <= joined["until"])


def _looks(extract: Extract, config: Config) -> Table:
    """Every instant at which a lead could be looked at: lead_id, as_of, position, label."""
    if config.flat:
        return flat.training(extract, config)[0]
    everyone, until = people(extract, config), known_until(extract)
    instants = planned_instants(everyone, extract, config, until)
    rows = while_open(instants, everyone, config, until)
    label = staged_label(rows, extract, config)
    return rows.select("lead_id", "as_of", position=microseconds(rows["as_of"]), label=label)
