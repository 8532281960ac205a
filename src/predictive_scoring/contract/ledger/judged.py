"""Each handover by the contract then in force: whose it is, when its contact is due, its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from predictive_scoring.contract.calendar import Clock
from predictive_scoring.contract.ledger.facts import naive
from predictive_scoring.contract.ledger.terms import reason_held, terms
from predictive_scoring.contract.teams import team_names
from predictive_scoring.contract.windows import zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from numpy.typing import NDArray

    from predictive_scoring.config import Config
    from predictive_scoring.config.contract import ContractSettings
    from predictive_scoring.contract.ledger.terms import Terms
    from predictive_scoring.records import BoolArray

    Instants = NDArray[np.datetime64]

_DAY = np.timedelta64(1, "D")
_STATES = pa.array(["in_time", "late", "overdue", "running"])


def judged(facts: pa.Table, config: Config, until: datetime) -> pa.Table:
    """``facts`` and what the contract makes of them as of ``until`` (UTC).

    Adds team and version ("" = none); due_at, hours and contact (see ``Ledger``) and
    hours_promised; documenting (whether it was promised); reason_held (a rejection has a reason, of
    the contract's where it lists them); in_horizon (an SQL within the horizon) and pending (no
    verdict yet, and the horizon is not over).
    """
    contract, handed = config.contract, instants(facts, "handed_over_at")
    promised = terms(handed, facts["market"].combine_chunks(), contract, zone_of(config))
    over, decided = handed + config.outcome.horizon * _DAY, instants(facts, "decided_at")
    starts = pa.array(["", *(str(v.since) for v in contract.versions)])
    held = reason_held(facts["reason"].combine_chunks(), promised.version, contract)
    verdict = facts["verdict"].to_numpy()
    rows = _with(
        facts,
        team=team_names(facts["owner"], facts["market"], contract),
        version=starts.take(pa.array(promised.version + 1)),
        documenting=pa.array(promised.documented),
        reason_held=pa.array(held),
        in_horizon=pa.array((verdict == "sql") & (decided <= over)),
        pending=pa.array((verdict == "waiting") & (over > np.datetime64(naive(until)))),
    )
    return _with(rows, **_timed(rows, promised, config, until))


def instants(rows: pa.Table, column: str) -> Instants:
    """A column of instants as datetime64[us] UTC, shape (n,)."""
    found: Instants = rows[column].to_numpy().astype("datetime64[us]")
    return found


def _timed(rows: pa.Table, promised: Terms, config: Config, until: datetime) -> dict[str, pa.Array]:
    """When each contact is due, and how long it took (or takes) by the clock promised.

    A contact outside of business hours counts at its instant: one in the evening after a due
    instant at the end of the day is late, though the clock stands still.
    """
    handed, contacted = instants(rows, "handed_over_at"), instants(rows, "contacted_at")
    open_, now = np.isnat(contacted), np.maximum(np.datetime64(naive(until)), handed)
    ended = np.where(open_, now, contacted)
    due, hours = np.full(len(rows), np.datetime64("NaT", "us")), np.full(len(rows), np.nan)
    for clock, mine, length in _clocks(rows, promised, ended, config.contract):
        due[mine] = clock.after(handed[mine], length)
        hours[mine] = clock.hours_between(handed[mine], ended[mine])
    state = np.where(open_, 2 + (ended <= due), ended > due).astype(np.int64)
    return {
        "due_at": pa.array(due),
        "hours": pa.array(hours, from_pandas=True),
        "hours_promised": pa.array(promised.hours, from_pandas=True),
        "contact": _STATES.take(pa.array(state, mask=np.isnat(due))),
    }


def _clocks(
    rows: pa.Table, promised: Terms, ended: Instants, contract: ContractSettings
) -> Iterator[tuple[Clock, BoolArray, float]]:
    """Each clock with the rows it is for and the hours promised to them."""
    handed = instants(rows, "handed_over_at")
    for length in np.unique(promised.hours[~promised.business & ~np.isnan(promised.hours)]):
        yield Clock.elapsed(), ~promised.business & (promised.hours == length), float(length)
    for name, team in contract.teams.items():
        own = promised.business & pc.equal(rows["team"], name).to_numpy()
        if own.any():
            lengths = np.unique(promised.hours[own])
            # A day more on either side: the team's days are not those of UTC.
            first = (handed[own].min().astype("datetime64[D]") - _DAY).item()
            last = (ended[own].max().astype("datetime64[D]") + _DAY).item()
            clock = Clock.of(team, first, last, float(lengths[-1]))
            for length in lengths:
                yield clock, own & (promised.hours == length), float(length)


def _with(rows: pa.Table, **columns: pa.Array | pa.ChunkedArray) -> pa.Table:
    for name, column in columns.items():
        rows = rows.append_column(name, column)
    return rows
