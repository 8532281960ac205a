"""What a reader of the ledger must know besides its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from predictive_scoring.contract.ledger.tally import Tally, total

if TYPE_CHECKING:
    import pyarrow as pa

    from predictive_scoring.config import Config


def notes(
    rows: pa.Table, tallies: Mapping[tuple[str, str], Tally], config: Config
) -> Iterator[str]:
    """What was not known or not promised, with how many leads or activities that concerns.

    ``rows`` are judged, ``tallies`` theirs by (market, version).
    """
    versions = sorted({version for _, version in tallies} - {""})
    if len(versions) > 1:
        yield (
            f"leads are judged by {len(versions)} versions of the contract (from "
            f"{', '.join(versions)}), each by that of the day it was handed over"
        )
    judged = total(t for (_, version), t in tallies.items() if version)
    if outside := len(rows) - judged.mqls:
        yield f"{outside} leads were handed over on days without a contract: no promise counts them"
    yield from _unknown(rows, tallies, config)
    if late := judged.sqls - judged.in_horizon:
        yield (
            f"{late} leads became SQLs later than the horizon of {config.outcome.horizon} days: "
            "the promised rate does not count them"
        )


def _unknown(
    rows: pa.Table, tallies: Mapping[tuple[str, str], Tally], config: Config
) -> Iterator[str]:
    activities, undisclosed = config.sources.activities, total(tallies.values()).undisclosed
    if teamless := _without_clock(rows):
        yield (
            f"{teamless} leads belong to no sales team: in nobody's business hours can the time of "
            "their first contact be judged"
        )
    if activities is not None and activities.documented is None:
        yield "`sources.activities.documented` is not declared: nobody knows what was written down"
    elif undisclosed:
        yield (
            f"of {undisclosed} activities it is not known whether they were written down: "
            "they count as not documented"
        )
    with_criteria = {str(v.since) for v in config.contract.versions if v.mql}
    held = total(t for (_, version), t in tallies.items() if version in with_criteria)
    if unknown := held.mqls - held.criteria_known:
        yield f"of {unknown} leads it is not known whether they met the criteria of an MQL"


def _without_clock(rows: pa.Table) -> int:
    promised = pc.is_valid(rows["hours_promised"])
    return int(pc.sum(pc.and_(promised, pc.is_null(rows["contact"]))).as_py() or 0)
