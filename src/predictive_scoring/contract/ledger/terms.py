"""What the contract promised for each lead: the version then in force, for the lead's market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from predictive_scoring.contract.calendar import day_start
from predictive_scoring.contract.ledger.facts import naive

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from predictive_scoring.config.contract import Commitments, ContractSettings
    from predictive_scoring.records import BoolArray, FloatArray, IntArray

_LAST_DAY = date(9990, 12, 31)


@dataclass(frozen=True)
class Terms:
    """What is promised for each of n handovers, shape (n,) each.

    ``version`` is the place of the version in force, -1 for none. ``hours`` until the first contact
    are NaN where none are promised; ``business`` says that they are the team's. ``documented`` says
    whether writing down is promised.
    """

    version: IntArray
    hours: FloatArray
    business: BoolArray
    documented: BoolArray


def terms(
    handed_over_at: NDArray[np.datetime64], market: pa.Array, contract: ContractSettings, zone: str
) -> Terms:
    """The terms of each handover (UTC), by the days of the company's ``zone``.

    Versions and markets are looked up once for each pair of them, not for each lead.
    """
    version = _in_force(handed_over_at, contract, zone)
    markets = market.dictionary_encode()
    codes = markets.indices.to_numpy().astype(np.int64)
    size = max(1, len(markets.dictionary))
    pairs, of = np.unique((version + 1) * size + codes, return_inverse=True)
    names = markets.dictionary.to_pylist()
    found = [
        contract.versions[pair // size - 1].of(names[pair % size]) if pair >= size else None
        for pair in pairs.tolist()
    ]
    return Terms(
        version,
        np.array([_hours(f) for f in found], dtype=float)[of],
        np.array([_is_business(f) for f in found], dtype=bool)[of],
        np.array([f is not None and f.documented is not None for f in found], dtype=bool)[of],
    )


def reason_held(reason: pa.Array, version: IntArray, contract: ContractSettings) -> BoolArray:
    """Whether each reason is one, and where the contract lists them one of its own, shape (n,)."""
    held: BoolArray = pc.not_equal(reason, "").to_numpy(zero_copy_only=False).copy()
    for place, of in enumerate(contract.versions):
        if of.rejection_reasons:
            listed = pc.is_in(reason, pa.array(of.rejection_reasons, pa.string()))
            held &= (version != place) | listed.to_numpy(zero_copy_only=False)
    return held


def _in_force(at: NDArray[np.datetime64], contract: ContractSettings, zone: str) -> IntArray:
    starts = _instants([v.since for v in contract.versions], zone)
    ends = _instants([(v.until or _LAST_DAY) + timedelta(days=1) for v in contract.versions], zone)
    place = np.searchsorted(starts, at, side="right") - 1
    return np.where((place >= 0) & (at < ends[place]), place, -1)


def _instants(days: list[date], zone: str) -> NDArray[np.datetime64]:
    return np.array([naive(day_start(day, zone)) for day in days], dtype="datetime64[us]")


def _hours(promised: Commitments | None) -> float:
    contact = promised.first_contact if promised else None
    return contact.hours if contact else np.nan


def _is_business(promised: Commitments | None) -> bool:
    contact = promised.first_contact if promised else None
    return contact is not None and contact.clock == "business"
