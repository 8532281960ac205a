"""What a lead's features would be, had it done one thing more: by the same expression.

``build`` reads ``events``. Here it reads a relation of that name in a schema of its own, seen
through a cursor of its own: the company's events and, for each snapshot, one event more at the
as-of. The company's own table or view is never touched.

An event is seen by a column through its conditions alone (its type, channel, campaign, topic), so
that every action which meets them gives the column the same value: it is computed once for all of
them. And in one build each snapshot may get the events of several actions, as long as every column
computed there sees only one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from predictive_scoring.features.behaviour import conditions
from predictive_scoring.features.elapsed import table
from predictive_scoring.features.tables import scoring_batches

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from predictive_scoring.config import Action, Config
    from predictive_scoring.records import Extract, FeatureColumn, FeatureSpec, Snapshots

_EVENT = ("lead_id", "occurred_at", "type", "channel", "campaign", "topic", "value")


@dataclass(frozen=True)
class _Round:
    """One build: each snapshot gets the events of ``actions``; ``columns`` see one of them each."""

    actions: tuple[Action, ...]
    columns: tuple[FeatureColumn, ...]


def what_if_batches(
    extract: Extract,
    spec: FeatureSpec,
    snapshots: Snapshots,
    config: Config,
    chunk: int,
    actions: Sequence[Action],
) -> Iterator[tuple[pa.RecordBatch, tuple[pa.RecordBatch, ...]]]:
    """Features as they are, and as they would be after each action, of the same leads in order.

    The first are those of ``scoring_batches``; the others have the same rows and columns, and
    differ from them only in columns of the events: every lead has then, at its own as-of, one
    event more with the action's type, channel, campaign and topic and no value. What others at
    its account do stays as it is. ``snapshots`` hold one row a lead.
    """
    rounds = _rounds([c for c in spec.columns if c.source == "events"], actions)
    with ExitStack() as stack:

        def batches(world: Extract, spec: FeatureSpec) -> Iterable[pa.RecordBatch]:
            # Closed before the world is, also where nobody reads them to their end.
            built = scoring_batches(world, spec, snapshots, config, chunk)
            return stack.enter_context(closing(built))

        plain = batches(extract, spec)
        changed = []
        for i, r in enumerate(rounds):
            world = stack.enter_context(_world(extract, f"what_if_{i}", snapshots, r.actions))
            changed.append(batches(world, replace(spec, columns=r.columns)))
        for batch, *others in zip(plain, *changed, strict=True):
            found = {
                c.name: other.column(c.name)
                for r, other in zip(rounds, others, strict=True)
                for c in r.columns
            }
            yield batch, tuple(_after(batch, spec, action, found) for action in actions)


def _rounds(columns: Sequence[FeatureColumn], actions: Sequence[Action]) -> list[_Round]:
    """As few builds as a greedy choice finds; a column that no action changes is in none."""
    left = [c for c in columns if any(_sees(c, a) for a in actions)]
    rounds = []
    while left:
        chosen: list[Action] = []
        seen: list[FeatureColumn] = []
        for action in actions:
            mine = [c for c in left if _sees(c, action)]
            if mine and not any(c in seen for c in mine):
                chosen.append(action)
                seen += mine
        rounds.append(_Round(tuple(chosen), tuple(seen)))
        left = [c for c in left if c not in seen]
    return rounds


def _sees(column: FeatureColumn, action: Action) -> bool:
    """Whether the action's event is one of those that the column counts or dates."""
    event = _event(action)
    return all(event[dimension] == value for dimension, value in conditions(column))


def _event(action: Action) -> Mapping[str, str | None]:
    return {
        "type": action.event, "channel": action.channel, "campaign": action.campaign,
        "topic": action.topic,
    }  # fmt: skip


@contextmanager
def _world(
    extract: Extract, schema: str, snapshots: Snapshots, actions: Sequence[Action]
) -> Iterator[Extract]:
    """The extract, with one event of each action more at every snapshot."""
    query = ibis.to_sql(_events(extract, snapshots, actions), dialect="duckdb")
    with extract.connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
        cursor.execute(f'CREATE SCHEMA "{schema}"')
        try:
            cursor.execute(f'CREATE VIEW "{schema}".events AS {query}')
            cursor.execute(f"SET search_path = '{schema},main'")
            yield replace(extract, connection=cursor)
        finally:
            cursor.execute(f'DROP SCHEMA "{schema}" CASCADE')


def _events(extract: Extract, snapshots: Snapshots, actions: Sequence[Action]) -> Table:
    own = ibis.duckdb.from_connection(extract.connection).table("events", database="main")
    rows = table(extract, snapshots.table)
    more = [
        rows.select(
            "lead_id", occurred_at=rows["as_of"], value=ibis.null("float64"),
            **{name: ibis.literal(text, "string") for name, text in _event(action).items()},
        ).select(*_EVENT)
        for action in actions
    ]  # fmt: skip
    return ibis.union(own.select(*_EVENT), *more)


def _after(
    batch: pa.RecordBatch, spec: FeatureSpec, action: Action, found: Mapping[str, pa.Array]
) -> pa.RecordBatch:
    """The batch with the columns that see the action's event taken from ``found``."""
    columns = {name: batch.column(name) for name in batch.schema.names}
    columns |= {
        c.name: found[c.name]
        for c in spec.columns
        if c.name in found and c.source == "events" and _sees(c, action)
    }
    return pa.RecordBatch.from_pydict(columns, schema=batch.schema)
