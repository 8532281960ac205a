"""Snapshots of a flat company: one per lead, as of its creation where that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from predictive_scoring.features.elapsed import dated, microseconds, table
from predictive_scoring.features.instants import md5_number_lower
from predictive_scoring.features.labels import stated_label
from predictive_scoring.features.naming import KEYS

if TYPE_CHECKING:
    from datetime import datetime

    from ibis.expr.types import BooleanValue, NumericValue, StringValue, Table

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract

_FOUND = "found"


def training(extract: Extract, config: Config) -> tuple[Table, Table]:
    """All leads with their label, and for each lead whether it is among them, or why not."""
    leads = _leads(extract, config)
    status = _status(leads, config, None)
    label = stated_label(leads, extract, config, dated(config))
    rows = leads.mutate(label=label).filter(status == _FOUND)
    return rows.select(*KEYS), leads.select(outcome=status)


def scoring(extract: Extract, config: Config, at: datetime | None) -> tuple[Table, Table]:
    """Leads whose outcome is not known (or all, where the configuration says so), likewise.

    A failure within the horizon is not known yet: to training the lead is immature, to sales open.
    """
    leads = _leads(extract, config)
    status = _status(leads, config, at)
    if config.score.include == "open":
        known = (status == _FOUND) & _decided(leads, config, at)
        status = ibis.ifelse(known, "outcome known", status)
    rows = leads.mutate(label=ibis.null("string")).filter(status == _FOUND)
    return rows.select(*KEYS), leads.select(outcome=status)


def _decided(leads: Table, config: Config, at: datetime | None) -> BooleanValue:
    known = leads["outcome"].notnull()
    if not dated(config) or at is None:
        return known
    end = leads["as_of"] + ibis.interval(days=config.outcome.horizon)
    return known & (leads["outcome"] | (end <= ibis.literal(at, "timestamp(6)")))


def _leads(extract: Extract, config: Config) -> Table:
    """Leads with as_of (creation, or NULL) and position (time, row number, or shuffled).

    Each is looked at once: ``planned_until`` is that position.
    """
    leads = table(extract, "leads")
    as_of = leads["created_at"] if dated(config) else ibis.null("timestamp(6)")
    leads = leads.mutate(as_of=as_of)
    leads = leads.mutate(position=_position(leads, config))
    return leads.mutate(planned_until=leads["position"])


def _position(leads: Table, config: Config) -> NumericValue:
    order = config.sources.leads.order
    if order == "time":
        return microseconds(leads["as_of"])
    if order == "rows":
        return leads["row_number"].cast("int64")
    key = md5_number_lower(ibis.literal(f"{config.seed}:") + leads["lead_id"])
    shuffled = ibis.window(order_by=[key, "lead_id"])
    return ibis.row_number().over(shuffled) + 1


def _status(leads: Table, config: Config, at: datetime | None) -> StringValue:
    if not dated(config):
        return ibis.literal(_FOUND)
    cases = [(leads["created_at"].isnull(), "creation unknown")]
    if at is not None:
        later = leads["created_at"] > ibis.literal(at, "timestamp(6)")
        cases.append((later, "created after the as-of"))
    return ibis.cases(*cases, else_=_FOUND)
