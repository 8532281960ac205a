"""What the other people of a lead's account did before the as-of.

The naive way joins every snapshot with everything that happened at its account, which is quadratic
in the account's size. Here all that happens at an account is one ledger of +1 and -1 in the order
of time; snapshots stand in it as rows that add nothing, and running sums are the answer for any
number of as-ofs after one sort. What the lead itself did is subtracted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from predictive_scoring.features.columns import ACCOUNT_DAYS
from predictive_scoring.features.elapsed import days_before, days_between, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import Table, TimestampValue, Value

    from predictive_scoring.records import Extract, FeatureColumn

_KEY = ("lead_id", "as_of")
# Within one instant: the query for what came before, what happens, the query for what is known
# now, and what ceases to hold after.
_BEFORE, _NOW, _KNOWN, _AFTER = 0, 1, 2, 3
_SUMS = ("known", "events", "active", "sqls", "rejections")


def account_features(
    snapshots: Table, extract: Extract, columns: Sequence[FeatureColumn], success: str
) -> Table:
    """One row per (lead_id, as_of) with an account: the columns, of other people only."""
    asked = snapshots.filter(snapshots["account_id"].notnull())
    asked = asked.select("account_id", *_KEY)
    people = _people(asked, extract)
    wanted = {c.value for c in columns}
    events = _events(people, extract)
    parts = [_arrivals(people), _queries(asked, _KNOWN)]
    own = [_own_people(asked, people)]
    if wanted & {"active", "events", "recency"}:
        parts += [_queries(asked, _BEFORE), _occurrences(events), *_spells(events)]
        own.append(_own_events(asked, events))
    if wanted & {"sqls", "rejections"}:
        ends = _ends(people, extract, success)
        parts.append(_endings(ends))
        own.append(_own_ends(asked, ends))
    sums = _minus_own(_running(parts), own)
    if "recency" in wanted:
        sums = _with_recency(sums, events)
    return sums.select(*_KEY, **{c.name: sums[c.value] for c in columns})


# ----------------------------------------------------------------- what is known of accounts


def _people(asked: Table, extract: Extract) -> Table:
    """The people of the accounts asked about, and since when they are known."""
    leads = table(extract, "leads").select("lead_id", "account_id", "created_at")
    return leads.semi_join(asked, "account_id").filter(leads["created_at"].notnull())


def _events(people: Table, extract: Extract) -> Table:
    rows = table(extract, "events").select("lead_id", "occurred_at")
    return people.select("lead_id", "account_id").join(rows, "lead_id")


def _ends(people: Table, extract: Extract, success: str) -> Table:
    """Each person's first success and first rejection."""
    stages = table(extract, "stages")
    stages = stages.filter(stages["stage"].isin([success, "rejected"]))
    firsts = stages.group_by("lead_id", "stage").aggregate(at=stages["entered_at"].min())
    firsts = firsts.mutate(
        sqls=(firsts["stage"] == success).cast("int64"),
        rejections=(firsts["stage"] == "rejected").cast("int64"),
    )
    return people.select("lead_id", "account_id").join(firsts, "lead_id")


# ------------------------------------------------------------------------------- the ledger


def _entries(rows: Table, at: TimestampValue, rank: int, **sums: Value | int) -> Table:
    """Rows of the ledger: what each adds to the running sums, and whose query it is, if any."""
    query = rank in (_BEFORE, _KNOWN)
    empty = ibis.null("string"), ibis.null("timestamp(6)")
    lead_id, as_of = (rows["lead_id"], rows["as_of"]) if query else empty
    added = {name: ibis.literal(0, "int64") for name in _SUMS}
    added |= {
        name: ibis.literal(value, "int64") if isinstance(value, int) else value
        for name, value in sums.items()
    }
    return rows.select(
        account_id=rows["account_id"], at=at, rank=ibis.literal(rank, "int64"),
        lead_id=lead_id, as_of=as_of, **added,
    )  # fmt: skip


def _arrivals(people: Table) -> Table:
    return _entries(people, people["created_at"], _NOW, known=1)


def _occurrences(events: Table) -> Table:
    return _entries(events, events["occurred_at"], _NOW, events=1)


def _endings(ends: Table) -> Table:
    return _entries(ends, ends["at"], _NOW, sqls=ends["sqls"], rejections=ends["rejections"])


def _queries(asked: Table, rank: int) -> Table:
    at = asked["as_of"] if rank == _KNOWN else days_before(asked["as_of"], ACCOUNT_DAYS)
    return _entries(asked, at, rank)


def _spells(events: Table) -> tuple[Table, Table]:
    """A person is active from an event until the window after it closes without another.

    A later event moves the end of a spell that an earlier as-of lies within either way, so that
    looking for it reveals nothing.
    """
    mine = ibis.window(group_by="lead_id", order_by="occurred_at")
    at = events["occurred_at"]
    near = events.mutate(before=at.lag().over(mine), after=at.lead().over(mine))
    at, window = near["occurred_at"], ibis.interval(days=ACCOUNT_DAYS)
    begins = near.filter(near["before"].isnull() | (near["before"] + window < at))
    ends = near.filter(near["after"].isnull() | (near["after"] > at + window))
    return (
        _entries(begins, begins["occurred_at"], _NOW, active=1),
        _entries(ends, ends["occurred_at"] + window, _AFTER, active=-1),
    )


def _running(parts: Sequence[Table]) -> Table:
    """The running sums at each query: (account_id, lead_id, as_of), sums, ``seen`` events."""
    ledger = ibis.union(*parts)
    order = ibis.window(group_by="account_id", order_by=["at", "rank"], preceding=None, following=0)
    summed = ledger.mutate(**{name: ledger[name].sum().over(order) for name in _SUMS})
    answers = summed.filter(summed["as_of"].notnull())
    known = answers["rank"] == _KNOWN
    values = {name: answers[name].max(where=known) for name in _SUMS}
    before = ibis.coalesce(answers["events"].max(where=~known), 0)
    seen = values["events"]
    values["events"] = seen - before
    return answers.group_by("account_id", *_KEY).aggregate(seen=seen, **values)


# --------------------------------------------------------------------- without the lead's own


def _own_people(asked: Table, people: Table) -> Table:
    rows = asked.select(*_KEY).join(people.select("lead_id", "created_at"), "lead_id")
    rows = rows.filter(rows["created_at"] <= rows["as_of"])
    return rows.select(*_KEY, own_known=ibis.literal(1, "int64"))


def _own_events(asked: Table, events: Table) -> Table:
    keyed = asked.select(*_KEY, since=days_before(asked["as_of"], ACCOUNT_DAYS))
    rows = keyed.join(events.select("lead_id", "occurred_at"), "lead_id")
    rows = rows.filter(rows["occurred_at"].between(rows["since"], rows["as_of"]))
    return rows.group_by(*_KEY).aggregate(own_events=rows.count(), own_active=ibis.literal(1))


def _own_ends(asked: Table, ends: Table) -> Table:
    rows = asked.select(*_KEY).join(ends.select("lead_id", "at", "sqls", "rejections"), "lead_id")
    rows = rows.filter(rows["at"] <= rows["as_of"])
    return rows.group_by(*_KEY).aggregate(
        own_sqls=rows["sqls"].sum(), own_rejections=rows["rejections"].sum()
    )


def _minus_own(sums: Table, own: Sequence[Table]) -> Table:
    for part in own:
        sums = sums.left_join(part, _KEY).drop("lead_id_right", "as_of_right")
    others = {
        name: sums[name] - ibis.coalesce(sums[f"own_{name}"], 0)
        for name in _SUMS
        if f"own_{name}" in sums.columns
    }
    return sums.mutate(**others)


def _with_recency(sums: Table, events: Table) -> Table:
    """Days since the last event of another person.

    The account's last event may be the lead's own; then it is the last one before the run of
    events of the same person that ends with it.
    """
    order = ibis.window(group_by="account_id", order_by=["occurred_at", "lead_id"])
    rows = events.mutate(
        number=ibis.row_number().over(order) + 1,
        who_before=events["lead_id"].lag().over(order),
        at_before=events["occurred_at"].lag().over(order),
    )
    changes = rows["who_before"] != rows["lead_id"]
    rows = rows.mutate(other=ibis.ifelse(changes, rows["at_before"], ibis.null("timestamp(6)")))
    running = ibis.window(group_by="account_id", order_by="number", preceding=None, following=0)
    rows = rows.select(
        "account_id", "number", "occurred_at", who="lead_id",
        other=rows["other"].max().over(running),
    )  # fmt: skip
    found = sums.left_join(
        rows, [sums["account_id"] == rows["account_id"], sums["seen"] == rows["number"]]
    )
    last = ibis.ifelse(found["who"] == found["lead_id"], found["other"], found["occurred_at"])
    return found.mutate(recency=days_between(found["as_of"], last))
