"""Whose leads they are: a team by its people, else by its markets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from predictive_scoring.config.contract import ContractSettings


def team_names(owner: pa.Array, market: pa.Array, contract: ContractSettings) -> pa.Array:
    """The team of each lead (strings, null or "" where there is none), shape (n,).

    The owner's team, else the market's, else the one team that is declared with neither people nor
    markets and so has everybody else's, else "": nobody says whose lead it is.
    """
    by_owner = {person: name for name, team in contract.teams.items() for person in team.owners}
    by_market = {m: name for name, team in contract.teams.items() for m in team.markets}
    rest = [name for name, team in contract.teams.items() if not (team.owners or team.markets)]
    return pc.coalesce(_found(owner, by_owner), _found(market, by_market), next(iter(rest), ""))


def _found(keys: pa.Array, names: Mapping[str, str]) -> pa.Array:
    places = pc.index_in(keys, pa.array(names, pa.string()))
    return pa.array(names.values(), pa.string()).take(places)
