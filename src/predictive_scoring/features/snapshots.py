"""Snapshots: the (lead, as-of) pairs that are trained on or scored, and who got none and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import ibis

from predictive_scoring.config import Ages
from predictive_scoring.errors import ReconcileError
from predictive_scoring.features import flat
from predictive_scoring.features.elapsed import known_until, microseconds, store, table, utc
from predictive_scoring.features.instants import drawn, planned
from predictive_scoring.features.labels import people, staged_label
from predictive_scoring.features.naming import KEYS
from predictive_scoring.records import Label, Snapshots

if TYPE_CHECKING:
    from datetime import datetime

    from ibis.expr.types import BooleanValue, StringValue, Table

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract

TRAINING, SCORING = "snapshots_training", "snapshots_scoring"
_FOUND = "found"


def training_snapshots(extract: Extract, config: Config) -> Snapshots:
    """Draw and label the snapshots of the extract, as the table ``snapshots_training``.

    Relational: the drawn instants at which a lead is open, not older than ``max_age``, until the
    extract. Flat: one snapshot per lead. Every label is kept and counted. Raises ReconcileError.
    """
    if config.flat:
        rows, outcome = flat.training(extract, config)
        return _stored(extract, config, TRAINING, rows, outcome)
    everyone, until = people(extract, config), known_until(extract)
    instants = planned_instants(everyone, extract, config, until)
    instants = drawn(instants, config.snapshots, config.seed)
    rows = while_open(instants, everyone, config, until)
    rows = rows.mutate(label=staged_label(rows, extract, config))
    found = everyone["lead_id"].isin(rows["lead_id"])
    outcome = everyone.select(
        outcome=ibis.cases(
            (found, _FOUND), *_unborn(everyone, until),
            (everyone["closed_at"].notnull(), "closed"),
            else_="no snapshot instant yet",
        )
    )  # fmt: skip
    return _stored(extract, config, TRAINING, keyed(rows, config), outcome)


def scoring_snapshots(extract: Extract, config: Config, as_of: datetime | None) -> Snapshots:
    """One snapshot of each lead open at ``as_of`` (with a zone), as ``snapshots_scoring``.

    Without ``as_of``: at the end of the extract.

    ``score_at: run`` looks at each lead as of ``as_of`` itself, unless it is younger than the first
    of the declared ages; ``snapshot`` as of its newest declared instant until then. Raises
    UsageError for a naive ``as_of``, ReconcileError.
    """
    at = None if as_of is None else utc(as_of)
    if config.flat:
        rows, outcome = flat.scoring(extract, config, at)
        return _stored(extract, config, SCORING, rows, outcome)
    at = at or known_until(extract)
    everyone = people(extract, config)
    rows = everyone.filter(_status(everyone, config, at) == _FOUND)
    if config.snapshots.score_at == "run":
        rows = rows.mutate(as_of=ibis.literal(at, "timestamp(6)"))
    else:
        instants = planned_instants(everyone, extract, config, min(at, known_until(extract)))
        past = while_open(instants, rows, config, at)
        newest = ibis.window(group_by="lead_id", order_by=ibis.desc("as_of"))
        rows = past.filter(ibis.row_number().over(newest) == 0)
    status = _status(everyone, config, at)
    if config.snapshots.score_at == "snapshot":
        late = (status == _FOUND) & ~everyone["lead_id"].isin(rows["lead_id"])
        status = ibis.ifelse(late, "no snapshot instant yet", status)
    rows = rows.mutate(label=ibis.null("string"))
    outcome = everyone.select(outcome=status)
    return _stored(extract, config, SCORING, keyed(rows, config), outcome)


def planned_instants(everyone: Table, extract: Extract, config: Config, until: datetime) -> Table:
    """Every declared instant of every lead, open or not: lead_id, slot, as_of."""
    born = everyone.filter(everyone["created_at"].notnull()).select("lead_id", "created_at")
    return planned(born, table(extract, "events"), config.snapshots, until)


def while_open(instants: Table, everyone: Table, config: Config, until: datetime) -> Table:
    """Instants until ``until`` at which the lead is open and not older than ``max_age`` days."""
    rows = instants.select("lead_id", "as_of").join(everyone, "lead_id")
    oldest = rows["created_at"] + ibis.interval(days=config.snapshots.max_age)
    return rows.filter(
        rows["as_of"] <= ibis.literal(until, "timestamp(6)"),
        rows["closed_at"].isnull() | (rows["closed_at"] > rows["as_of"]),
        rows["as_of"] <= oldest,
    )


def _unborn(everyone: Table, at: datetime) -> list[tuple[BooleanValue, str]]:
    later = everyone["created_at"] > ibis.literal(at, "timestamp(6)")
    return [
        (everyone["created_at"].isnull(), "creation unknown"),
        (later, "created after the as-of"),
    ]


def _status(everyone: Table, config: Config, at: datetime) -> StringValue:
    """For each lead ``found``, or why it is not scored at the instant."""
    instant, settings = ibis.literal(at, "timestamp(6)"), config.snapshots
    oldest = everyone["created_at"] + ibis.interval(days=settings.max_age)
    cases = [
        *_unborn(everyone, at),
        (everyone["closed_at"] <= instant, "closed"),
        (oldest < instant, "older than max_age"),
    ]
    if settings.score_at == "run" and isinstance(settings.plan, Ages):
        youngest = everyone["created_at"] + ibis.interval(days=settings.plan.first)
        cases.append((youngest > instant, "younger than the first age"))
    return ibis.cases(*cases, else_=_FOUND)


def keyed(rows: Table, config: Config) -> Table:
    """The rows' keys; ``planned_until`` is blind to when and whether a lead closes."""
    last = rows["created_at"] + ibis.interval(days=config.snapshots.last_age)
    rows = rows.mutate(position=microseconds(rows["as_of"]), planned_until=microseconds(last))
    return rows.select(*KEYS)


def _stored(extract: Extract, config: Config, name: str, rows: Table, outcome: Table) -> Snapshots:
    """Store the rows and count them; every lead is in ``outcome`` once, with its reason."""
    store(extract, name, rows)
    reasons = _counts(outcome, "outcome")
    found = reasons.pop(_FOUND, 0)
    snapshots = counted(extract, config, name, reasons)
    with_snapshot = int(table(extract, name)["lead_id"].nunique().to_pyarrow().as_py())
    if with_snapshot != found or snapshots.leads != found + sum(reasons.values()):
        raise ReconcileError(
            f"{snapshots.leads} leads became {with_snapshot} with a snapshot and {reasons} without",
            "leads = leads with a snapshot + leads without, by reason",
            "report this as a defect, with the configuration",
        )
    return snapshots


def counted(extract: Extract, config: Config, name: str, excluded: Mapping[str, int]) -> Snapshots:
    """Count the stored snapshots and their labels."""
    rows = table(extract, name)
    leads = int(table(extract, "leads").count().to_pyarrow().as_py())
    labels = _counts(rows.filter(rows["label"].notnull()), "label")
    counts = {label.value: labels.get(label.value, 0) for label in Label} if labels else {}
    order = config.sources.leads.order if config.flat else "time"
    horizon = config.outcome.horizon * 86_400_000_000 if order == "time" else 0
    number = int(rows.count().to_pyarrow().as_py())
    return Snapshots(name, leads, number, counts, excluded, horizon, order)


def _counts(rows: Table, column: str) -> dict[str, int]:
    counted = rows.group_by(column).aggregate(count=rows.count()).order_by(column).to_pyarrow()
    pairs: Mapping[str, int] = dict(
        zip(counted[column].to_pylist(), counted["count"].to_pylist(), strict=True)
    )
    return dict(pairs)
