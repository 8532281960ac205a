"""Which leads are counted, and for which value: created in the window, within its scope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import ibis
import pyarrow.compute as pc

from predictive_scoring.contract.calendar import day_start
from predictive_scoring.contract.efforts.dimensions import TEAM, Dimension, scoped
from predictive_scoring.contract.teams import team_names
from predictive_scoring.contract.windows import as_instants, month_after, zone_of

if TYPE_CHECKING:
    from ibis.expr.types import StringValue, Table

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract, Window

NONE = "(none)"
"""Stands for a value that is missing."""
_TEAM = "efforts_team"


@dataclass(frozen=True)
class Leads:
    """The leads table's rows of a window, and how many more are in none: nobody knows when."""

    rows: Table
    undated: int


@contextmanager
def leads_of(
    extract: Extract, config: Config, window: Window, there: Mapping[str, Dimension]
) -> Iterator[Leads]:
    """The leads created in the window, within its scope, as an expression good for the block.

    Raises UsageError for a scope that is none of leads.
    """
    first, after = (instant(at) for at in as_instants(window, zone_of(config)))
    rows = table(extract, "leads")
    for dimension, value in scoped(window.scope, there).items():
        rows = rows.filter(text(rows, dimension) == value)
    try:
        if TEAM in window.scope:
            _register_team(extract, config, window.scope[TEAM])
            rows = _of_team(rows, table(extract, _TEAM))
        created = rows["created_at"]
        undated = int(rows.filter(created.isnull()).count().to_pyarrow().as_py())
        yield Leads(rows.filter(created >= first, created < after), undated)
    finally:
        extract.connection.unregister(_TEAM)


def value_of(rows: Table, dimension: Dimension, config: Config, window: Window) -> StringValue:
    """The lead's value of a dimension of leads or of its month, "(none)" where it is missing."""
    if dimension.kind == "month":
        return _month(rows, zone_of(config), window)
    return text(rows, dimension)


def text(rows: Table, dimension: Dimension) -> StringValue:
    """The dimension's column as text, "(none)" where it is missing."""
    return ibis.coalesce(rows[dimension.column].cast("string"), NONE)


def table(extract: Extract, name: str) -> Table:
    """A stored table as an Ibis expression on the extract's own connection."""
    return ibis.duckdb.from_connection(extract.connection).table(name)


def instant(at: datetime) -> ibis.Value:
    """An instant as the tables have it: UTC without zone."""
    return ibis.literal(at.astimezone(UTC).replace(tzinfo=None), "timestamp(6)")


def _register_team(extract: Extract, config: Config, team: str) -> None:
    """Show whose leads and which markets' are the team's: owner, market."""
    query = "SELECT DISTINCT owner, market FROM leads"
    pairs = extract.connection.execute(query).to_arrow_table().combine_chunks()
    owner, market = (pairs[name].combine_chunks() for name in ("owner", "market"))
    mine = pc.equal(team_names(owner, market, config.contract), team)
    extract.connection.register(_TEAM, pairs.filter(mine))


def _of_team(rows: Table, team: Table) -> Table:
    same = [rows[name].identical_to(team[name]) for name in ("owner", "market")]
    return rows.semi_join(team, same)


def _month(rows: Table, zone: str, window: Window) -> StringValue:
    """The month of creation by the company's clocks: 2026-09."""
    ends: dict[str, datetime] = {}
    month = month_after(window.first, 0)
    while month <= window.last:
        following = month_after(month, 1)
        ends[f"{month:%Y-%m}"] = day_start(following, zone)
        month = following
    return ibis.cases(*((rows["created_at"] < instant(end), name) for name, end in ends.items()))
