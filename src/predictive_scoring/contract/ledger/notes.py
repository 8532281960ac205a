"""What a reader of the ledger must know besides its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from predictive_scoring.contract.ledger.tally import Tally, total
from predictive_scoring.records import note

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
        yield note(
            "leads are judged by %(count)s versions of the contract (from %(days)s), each by that "
            "of the day it was handed over",
            count=len(versions),
            days=", ".join(versions),
        )
    judged = total(t for (_, version), t in tallies.items() if version)
    if outside := len(rows) - judged.mqls:
        yield note(
            "%(leads)s leads were handed over on days without a contract: no promise counts them",
            leads=outside,
        )
    yield from _unknown(rows, tallies, config)
    if late := judged.sqls - judged.in_horizon:
        yield note(
            "%(leads)s leads became SQLs later than the horizon of %(days)s days: the promised "
            "rate does not count them",
            leads=late,
            days=config.outcome.horizon,
        )


def _unknown(
    rows: pa.Table, tallies: Mapping[tuple[str, str], Tally], config: Config
) -> Iterator[str]:
    activities, undisclosed = config.sources.activities, total(tallies.values()).undisclosed
    if teamless := _without_clock(rows):
        yield note(
            "%(leads)s leads belong to no sales team: in nobody's business hours can the time of "
            "their first contact be judged",
            leads=teamless,
        )
    if activities is not None and activities.documented is None:
        yield note(
            "`sources.activities.documented` is not declared: nobody knows what was written down"
        )
    elif undisclosed:
        yield note(
            "of %(activities)s activities it is not known whether they were written down: they "
            "count as not documented",
            activities=undisclosed,
        )
    with_criteria = {str(v.since) for v in config.contract.versions if v.mql}
    held = total(t for (_, version), t in tallies.items() if version in with_criteria)
    if unknown := held.mqls - held.criteria_known:
        yield note(
            "of %(leads)s leads it is not known whether they met the criteria of an MQL",
            leads=unknown,
        )


def _without_clock(rows: pa.Table) -> int:
    promised = pc.is_valid(rows["hours_promised"])
    return int(pc.sum(pc.and_(promised, pc.is_null(rows["contact"]))).as_py() or 0)
