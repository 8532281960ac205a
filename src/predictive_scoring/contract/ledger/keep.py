"""The ledger of one window: from the handovers to promises, breaches and trends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from predictive_scoring.contract.calendar import day_start
from predictive_scoring.contract.ledger.breaches import breaches, escalations
from predictive_scoring.contract.ledger.facts import facts, naive
from predictive_scoring.contract.ledger.irregularities import irregularities
from predictive_scoring.contract.ledger.judged import instants, judged
from predictive_scoring.contract.ledger.months import month_lines, twelve_months
from predictive_scoring.contract.ledger.notes import notes
from predictive_scoring.contract.ledger.promises import promises, versions_of
from predictive_scoring.contract.ledger.refusals import (
    months_with_handovers,
    refuse_empty,
    refuse_unfounded,
)
from predictive_scoring.contract.ledger.tally import lines, tallies
from predictive_scoring.contract.windows import as_instants, zone_of
from predictive_scoring.records import Ledger, note

if TYPE_CHECKING:
    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract, Window

_ROWS = [
    "lead_id", "market", "team", "owner", "source", "version", "handed_over_at", "due_at",
    "contacted_at", "decided_at", "hours", "contact", "activities", "documented", "verdict",
    "reason", "criteria_met",
]  # fmt: skip


def ledger(extract: Extract, config: Config, window: Window, handed: pa.Table) -> Ledger:
    """Commitments against what happened to the leads handed over in the window.

    ``handed`` has each lead's first handover: lead_id (string), handed_over_at (timestamp[us], UTC
    without zone) and criteria_met (bool, null = not known). Each lead is judged by the version of
    the contract that was in force on the day of its handover, by the company's clocks, and by what
    is promised for its market. The window's scope holds for everything.

    Raises UsageError without a contract, without one in force in the window, in a company without
    instants, and for a scope that no lead has; Finding where the first handover, if there is any,
    comes after the window.
    """
    until = refuse_unfounded(extract, config, window)
    zone = zone_of(config)
    begin, end = as_instants(window, zone)
    refuse_empty(handed, end, zone, window)
    months = twelve_months(window)
    since = min(begin, day_start(months[0], zone))
    seen = facts(extract, config, handed, (since, end), until)
    every = _in_scope(judged(seen, config, until), window)
    rows = every.filter(pa.array(instants(every, "handed_over_at") >= np.datetime64(naive(begin))))
    complete = end <= until
    counted = tallies(extract.connection, rows)
    return Ledger(
        company=config.company,
        window=window,
        as_of=until,
        complete=complete,
        versions=tuple(str(v.since) for v in versions_of(config, window)),
        promises=promises(counted, window, config, complete),
        lines=lines(extract.connection, rows, _dimensions(config)),
        months=month_lines(extract.connection, every, months, zone),
        reasons=_reasons(rows),
        breaches=breaches(rows, config),
        escalations=escalations(rows, config),
        irregularities=irregularities(rows, config),
        rows=rows.select(_ROWS),
        notes=(*_empty(rows, handed, zone, window), *notes(rows, counted, config)),
    )


def _in_scope(rows: pa.Table, window: Window) -> pa.Table:
    for name, value in window.scope.items():
        rows = rows.filter(pc.equal(rows[name], value))
    return rows


def _empty(rows: pa.Table, handed: pa.Table, zone: str, window: Window) -> Iterator[str]:
    if not len(rows):
        months = months_with_handovers(handed, zone)
        yield note(
            "nobody was handed over in %(window)s%(scope)s; months with handovers: %(months)s",
            window=window.name,
            scope="".join(f", {value}" for value in window.scope.values()),
            months=months,
        )


def _dimensions(config: Config) -> tuple[str, ...]:
    """What leads are grouped by, as far as the company has it."""
    has = {
        "team": bool(config.contract.teams),
        "market": config.sources.leads.market is not None,
        "source": config.contract.source is not None,
        "owner": config.sources.leads.owner is not None,
    }
    return ("all", *(name for name, present in has.items() if present))


def _reasons(rows: pa.Table) -> tuple[tuple[str, int, bool], ...]:
    """The reasons of rejections, the most frequent first, and whether the contract has them."""
    rejected = rows.filter(pc.equal(rows["verdict"], "rejected"))
    counted = rejected.group_by(["reason", "reason_held"]).aggregate([([], "count_all")])
    found = [(r["reason"], r["count_all"], r["reason_held"]) for r in counted.to_pylist()]
    return tuple(sorted(found, key=lambda r: (-r[1], r[0], r[2])))
