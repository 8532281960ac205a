"""What a lead can still be invited to, and which of it the model expects most of."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from predictive_scoring.nurture.asking import ask, stored
from predictive_scoring.records import NextActions

if TYPE_CHECKING:
    from datetime import datetime

    from predictive_scoring.config import Action, Config
    from predictive_scoring.records import BoolArray, Extract, FloatArray, Snapshots

_SCHEMA = pa.schema([
    ("position", pa.int64()), ("event", pa.string()), ("channel", pa.string()),
    ("campaign", pa.string()), ("topic", pa.string()), ("again_after", pa.int64()),
    ("languages", pa.list_(pa.string())), ("markets", pa.list_(pa.string())),
])  # fmt: skip
# Flags of a lead in columns, not rows of a lead and an action: those would be too many to sort.
_QUERY = """
WITH done AS (
    SELECT e.lead_id, {done} FROM events AS e JOIN nurture_actions AS a
      ON e.type = a.event
     AND (a.channel IS NULL OR e.channel = a.channel)
     AND (a.campaign IS NULL OR e.campaign = a.campaign)
     AND (a.topic IS NULL OR e.topic = a.topic)
    WHERE e.occurred_at <= $until
      AND coalesce(e.occurred_at + to_days(a.again_after::INTEGER) > $until, true)
    GROUP BY e.lead_id
), kinds AS (
    SELECT DISTINCT market, language FROM leads
), unfit AS (
    SELECT k.market, k.language, {unfit} FROM kinds AS k JOIN nurture_actions AS a
      ON NOT (len(a.languages) = 0 OR coalesce(list_contains(a.languages, k.language), false))
      OR NOT (len(a.markets) = 0 OR coalesce(list_contains(a.markets, k.market), false))
    GROUP BY k.market, k.language
)
SELECT s.lead_id, {allowed}
FROM "{snapshots}" AS s JOIN leads AS l USING (lead_id) LEFT JOIN done USING (lead_id)
LEFT JOIN unfit ON unfit.market IS NOT DISTINCT FROM l.market
               AND unfit.language IS NOT DISTINCT FROM l.language
ORDER BY s.lead_id
"""


def allowed_actions(
    extract: Extract, config: Config, snapshots: Snapshots, as_of: datetime
) -> pa.Table:
    """Which actions each lead can still take at ``as_of`` (with a zone).

    Columns: lead_id, and a BOOLEAN named after each action, in the configuration's order; rows by
    lead_id, one for each snapshot, as the batches of features have them. A lead can take an action
    that it has not done until then (done is an event of the type, channel, campaign and topic
    declared), or at least ``again_after`` days ago, and that is for its language and market.
    """
    actions = config.nurture.actions
    query = _QUERY.format(
        done=_each("bool_or(a.position = {i}) AS done_{i}", actions),
        unfit=_each("bool_or(a.position = {i}) AS unfit_{i}", actions),
        allowed=_each("NOT (coalesce(done_{i}, false) OR coalesce(unfit_{i}, false))", actions),
        snapshots=snapshots.table,
    )
    found = ask(extract, query, {"nurture_actions": _rows(actions)}, until=stored(as_of))
    return found.rename_columns(["lead_id", *actions])  # SQL's names would be blind to case


def choose(base: FloatArray, probability_by_action: FloatArray, allowed: BoolArray) -> NextActions:
    """The action that raises each lead's probability most, of those it can still take.

    Shapes: (n,), (n, actions) and (n, actions); probabilities. One that raises nothing is not
    proposed: then there is none (-1). Of equal ones the first declared is taken.
    """
    rows, actions = probability_by_action.shape
    possible = allowed.sum(axis=1, dtype=np.int64)
    if not actions:
        return NextActions(np.full(rows, -1, dtype=np.int64), np.zeros(rows), possible)
    change = np.where(allowed, probability_by_action - base[:, None], -np.inf)
    best = change.argmax(axis=1)
    gain = change[np.arange(rows), best]
    helps = gain > 0
    return NextActions(np.where(helps, best, -1), np.where(helps, gain, 0.0), possible)


def _each(column: str, actions: Sized) -> str:
    return ", ".join(column.format(i=i) for i in range(len(actions)))


def _rows(actions: Mapping[str, Action]) -> pa.Table:
    rows = [{"position": i, **action.model_dump()} for i, action in enumerate(actions.values())]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)
