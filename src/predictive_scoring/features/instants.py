"""The declared instants at which leads are looked at, and which of them are trained on.

Which instants are drawn never depends on how long a lead stays open: a lead that closes early has
fewer open instants, and drawing so many of each lead's open ones would show successes, which
close early, more often than the scorer will ever meet them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from predictive_scoring.config import Ages, Quiet
from predictive_scoring.features.elapsed import MICROSECONDS_PER_DAY

if TYPE_CHECKING:
    from datetime import datetime

    from ibis.expr.types import BooleanValue, IntegerValue, StringValue, Table

    from predictive_scoring.config import SnapshotSettings


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def md5_number_lower(text: str) -> dt.uint64:
    """The lower half of the text's MD5 as a number (DuckDB's own function)."""


def planned(people: Table, events: Table, settings: SnapshotSettings, until: datetime) -> Table:
    """Every declared instant of every lead, open or not: lead_id, slot (from 0), as_of.

    ``people`` has lead_id and created_at (known). A quiet instant needs ``until`` (UTC without
    zone, the end of what is known) to have passed; ages are planned beyond it.
    """
    if isinstance(settings.plan, Ages):
        return _ages(people, settings.plan)
    return _quiet(people, events, settings.plan, until)


def drawn(instants: Table, settings: SnapshotSettings, seed: int) -> Table:
    """At most ``per_lead`` instants of each lead, by hashes of (seed, lead_id, slot).

    Of ages, which are as many for every lead, any ``per_lead``. Of quiet instants nobody knows how
    many a lead will have: the first half of ``per_lead`` are taken, then one of the next 2, one
    of the next 4, one of the next 8 … , whether or not the lead gets that far.
    """
    if isinstance(settings.plan, Ages):
        order = ibis.window(group_by="lead_id", order_by=[_hash(instants, seed, "slot"), "slot"])
        ranked = instants.mutate(rank=ibis.row_number().over(order))
        return ranked.filter(ranked["rank"] < settings.per_lead).drop("rank")
    return instants.filter(_drawn_quiet(instants, settings.per_lead, seed))


def _ages(people: Table, plan: Ages) -> Table:
    slots = max(0, (plan.until - plan.first) // plan.every + 1)
    rows = people.select("lead_id", "created_at", slot=ibis.range(slots).unnest())
    days = (rows["slot"] * plan.every + plan.first).cast("int32")
    return rows.select("lead_id", "slot", as_of=rows["created_at"] + days.as_interval("D"))


def _quiet(people: Table, events: Table, plan: Quiet, until: datetime) -> Table:
    """``days`` after each sign of life with no other in between, counted from the first."""
    created = people.select("lead_id", at=people["created_at"])
    seen = events.semi_join(people, "lead_id")
    signs = ibis.union(created, seen.select("lead_id", at=seen["occurred_at"]), distinct=True)
    mine = ibis.window(group_by="lead_id", order_by="at")
    wait = ibis.interval(microseconds=round(plan.days * MICROSECONDS_PER_DAY))
    signs = signs.mutate(as_of=signs["at"] + wait, after=signs["at"].lead().over(mine))
    silent = signs["after"].isnull() | (signs["after"] > signs["as_of"])
    quiet = signs.filter(silent & (signs["as_of"] <= ibis.literal(until, "timestamp(6)")))
    quiet = quiet.join(people, "lead_id").filter(lambda rows: rows["as_of"] >= rows["created_at"])
    ordered = ibis.window(group_by="lead_id", order_by="as_of")
    return quiet.select("lead_id", "as_of", slot=ibis.row_number().over(ordered))


def _drawn_quiet(instants: Table, per_lead: int, seed: int) -> BooleanValue:
    certain = (per_lead + 1) // 2
    number = instants["slot"] - certain + 2  # 2, 3 | 4 … 7 | 8 … 15: a group starts at each 2^k
    taken = instants["slot"] < certain
    for group in range(1, per_lead - certain + 1):
        size = 2**group
        within = number.between(size, 2 * size - 1)
        choice = (_hash(instants, seed, -group) % size).cast("int64")
        taken |= within & (number - size == choice)
    return taken


def _hash(instants: Table, seed: int, slot: str | int) -> IntegerValue:
    last = instants[slot].cast("string") if isinstance(slot, str) else ibis.literal(str(slot))
    text: StringValue = ibis.literal(f"{seed}:") + instants["lead_id"] + ":" + last
    return md5_number_lower(text)
