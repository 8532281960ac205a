"""The leads for whom the contract was broken, and those that are somebody's business by now."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from predictive_scoring.records import Breach, Escalation

if TYPE_CHECKING:
    from predictive_scoring.config import Config

_SHOWN = [
    "lead_id", "market", "team", "owner", "handed_over_at", "due_at", "contacted_at", "hours",
    "activities", "documented", "reason",
]  # fmt: skip


def breaches(rows: pa.Table, config: Config) -> tuple[Breach, ...]:
    """Every breach of the judged rows, by kind and in the order of the handovers.

    Late and overdue contacts, what was not written down, and rejections without a reason or with
    one that the contract does not have. ``detail`` is the share of the activities that was
    written down (2/3), or the reason given.
    """
    stages = config.sources.stages
    found = [*_slow(rows, "late"), *_slow(rows, "overdue"), *_undocumented(rows)]
    if stages is not None and stages.reason is not None:
        found += _without_reason(rows)
    return tuple(found)


def escalations(rows: pa.Table, config: Config) -> tuple[Escalation, ...]:
    """The overdue leads of the judged rows that have reached a rung, the longest overdue first.

    Each is told to the highest rung it has reached, by the clock of its first contact. A lead that
    sales decided on without a contact is a breach, but nobody is waiting for it any more.
    """
    rungs = sorted(config.contract.escalations, key=lambda rung: rung.hours)
    open_ = pc.equal(rows["verdict"], "waiting")
    waiting = rows.filter(pc.and_kleene(pc.equal(rows["contact"], "overdue"), open_))
    beyond = (waiting["hours"].to_numpy() - waiting["hours_promised"].to_numpy()).round(9)
    reached = np.searchsorted([rung.hours for rung in rungs], beyond, side="right") - 1
    order = [i for i in np.argsort(-beyond, kind="stable") if reached[i] >= 0]
    who = (
        waiting.select(["lead_id", "owner", "team", "market"])
        .take(pa.array(order, pa.int64()))
        .to_pylist()
    )
    return tuple(
        Escalation(**lead, hours=float(beyond[i]), to=rungs[reached[i]].to)
        for i, lead in zip(order, who, strict=True)
    )


def _slow(rows: pa.Table, what: Any) -> Iterator[Breach]:
    for row in rows.filter(pc.equal(rows["contact"], what)).select(_SHOWN).to_pylist():
        yield _breach(row, what, row["hours"])


def _undocumented(rows: pa.Table) -> Iterator[Breach]:
    missing = pc.and_(rows["documenting"], pc.less(rows["documented"], rows["activities"]))
    for row in rows.filter(missing).select(_SHOWN).to_pylist():
        yield _breach(row, "undocumented", detail=f"{row['documented']}/{row['activities']}")


def _without_reason(rows: pa.Table) -> Iterator[Breach]:
    under_contract = pc.not_equal(rows["version"], "")
    rejected = pc.and_(under_contract, pc.equal(rows["verdict"], "rejected"))
    amiss = pc.and_(rejected, pc.invert(rows["reason_held"]))
    for row in rows.filter(amiss).select(_SHOWN).to_pylist():
        reason = row["reason"]
        what = "reason not in the contract" if reason else "rejected without a reason"
        yield _breach(row, what, detail=reason)


def _breach(row: dict[str, Any], what: Any, hours: float = math.nan, detail: str = "") -> Breach:
    return Breach(
        row["lead_id"], row["market"], row["team"], row["owner"], what,
        row["handed_over_at"].replace(tzinfo=UTC), _aware(row["due_at"]),
        _aware(row["contacted_at"]), hours, detail,
    )  # fmt: skip


def _aware(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=UTC)
