"""What the other people of a lead's account did before the as-of.

The naive way joins every snapshot with everything that happened at its account, which is quadratic
in the account's size. Here all that happens at an account is one ledger of +1 and -1 in the order
of time; snapshots stand in it as rows that add nothing, and running sums are the answer for any
number of as-ofs after one sort. What the lead itself did is subtracted.

What a person did before anyone knew the person (visits stitched on later, an imported history)
becomes known with the person: it enters the ledger then, not when it happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from predictive_scoring.features.elapsed import days_before, days_between, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ibis.expr.types import BooleanValue, Table, TimestampValue, Value

    from predictive_scoring.records import Extract, FeatureColumn

_KEY = ("lead_id", "as_of")
_NOW, _ASKED, _AFTER = 0, 1, 2  # at one instant: what happens, the queries, what ceases to hold
_SUMS = ("known", "seen", "events", "active", "sqls", "rejections")


def account_features(
    snapshots: Table, extract: Extract, columns: Sequence[FeatureColumn], success: str
) -> Table:
    """One row per (lead_id, as_of) with an account: the columns, of other people only."""
    asked = snapshots.filter(snapshots["account_id"].notnull())
    asked = asked.select("account_id", *_KEY)
    people = _people(asked, extract)
    windows = {c.value: c.window for c in columns}
    events = _events(people, extract)
    parts = [_arrivals(people), _queries(asked)]
    own = [_own_people(asked, people)]
    if windows.keys() & {"events", "recency"}:
        parts += _occurrences(events, windows.get("events", 0))
    if "active" in windows:
        parts += _spells(events, windows["active"])
    if windows.keys() & {"active", "events"}:
        own.append(_own_events(asked, events, windows))
    if windows.keys() & {"sqls", "rejections"}:
        ends = _ends(people, extract, success)
        parts.append(_endings(ends))
        own.append(_own_ends(asked, ends))
    sums = _minus_own(_running(parts), own)
    if "recency" in windows:
        sums = _with_recency(sums, events)
    return sums.select(*_KEY, **{c.name: sums[c.value] for c in columns})


# ----------------------------------------------------------------- what is known of accounts


def _people(asked: Table, extract: Extract) -> Table:
    """The people of the accounts asked about, and since when they are known."""
    leads = table(extract, "leads").select("lead_id", "account_id", "created_at")
    return leads.semi_join(asked, "account_id").filter(leads["created_at"].notnull())


def _events(people: Table, extract: Extract) -> Table:
    """What these people did and, as ``known_at``, since when it is known."""
    rows = people.join(table(extract, "events").select("lead_id", "occurred_at"), "lead_id")
    known_at = ibis.greatest(rows["occurred_at"], rows["created_at"])
    return rows.select("lead_id", "account_id", "occurred_at", known_at=known_at)


def _ends(people: Table, extract: Extract, success: str) -> Table:
    """Each person's first success and first rejection, since they are known."""
    stages = table(extract, "stages")
    stages = stages.filter(stages["stage"].isin([success, "rejected"]))
    firsts = stages.group_by("lead_id", "stage").aggregate(at=stages["entered_at"].min())
    firsts = firsts.mutate(
        sqls=(firsts["stage"] == success).cast("int64"),
        rejections=(firsts["stage"] == "rejected").cast("int64"),
    )
    rows = people.join(firsts, "lead_id")
    return rows.mutate(at=ibis.greatest(rows["at"], rows["created_at"]))


# ------------------------------------------------------------------------------- the ledger


def _entries(rows: Table, at: TimestampValue, rank: int, **sums: Value | int) -> Table:
    """Rows of the ledger: what each adds to the running sums, and whose query it is, if any."""
    empty = ibis.null("string"), ibis.null("timestamp(6)")
    lead_id, as_of = (rows["lead_id"], rows["as_of"]) if rank == _ASKED else empty
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


def _occurrences(events: Table, days: int) -> tuple[Table, Table]:
    """An event is seen since it is known, and counts until the window after it closes."""
    fresh = _fresh(events, days)
    counts = events.filter(fresh)
    over = counts["occurred_at"] + ibis.interval(days=days)
    return (
        _entries(events, events["known_at"], _NOW, seen=1, events=fresh.cast("int64")),
        _entries(counts, over, _AFTER, events=-1),
    )


def _endings(ends: Table) -> Table:
    return _entries(ends, ends["at"], _NOW, sqls=ends["sqls"], rejections=ends["rejections"])


def _queries(asked: Table) -> Table:
    return _entries(asked, asked["as_of"], _ASKED)


def _fresh(events: Table, days: int) -> BooleanValue:
    """Whether an event's window is still open when it becomes known."""
    return events["occurred_at"] + ibis.interval(days=days) >= events["known_at"]


def _spells(events: Table, days: int) -> tuple[Table, Table]:
    """A person is active from an event until the window after it closes without another.

    A later event moves the end of a spell that an earlier as-of lies within either way, so that
    looking for it reveals nothing.
    """
    mine = ibis.window(group_by="lead_id", order_by="occurred_at")
    fresh = events.filter(_fresh(events, days))
    at = fresh["occurred_at"]
    near = fresh.mutate(before=at.lag().over(mine), after=at.lead().over(mine))
    at, window = near["occurred_at"], ibis.interval(days=days)
    begins = near.filter(near["before"].isnull() | (near["before"] + window < at))
    ends = near.filter(near["after"].isnull() | (near["after"] > at + window))
    return (
        _entries(begins, begins["known_at"], _NOW, active=1),
        _entries(ends, ends["occurred_at"] + window, _AFTER, active=-1),
    )


def _running(parts: Sequence[Table]) -> Table:
    """The running sums at each query, by (account_id, lead_id, as_of)."""
    ledger = ibis.union(*parts)
    order = ibis.window(group_by="account_id", order_by=["at", "rank"], preceding=None, following=0)
    summed = ledger.mutate(**{name: ledger[name].sum().over(order) for name in _SUMS})
    return summed.filter(summed["as_of"].notnull()).select("account_id", *_KEY, *_SUMS)


# --------------------------------------------------------------------- without the lead's own


def _own_people(asked: Table, people: Table) -> Table:
    rows = asked.select(*_KEY).join(people.select("lead_id", "created_at"), "lead_id")
    rows = rows.filter(rows["created_at"] <= rows["as_of"])
    return rows.select(*_KEY, own_known=ibis.literal(1, "int64"))


def _own_events(asked: Table, events: Table, windows: Mapping[str, int]) -> Table:
    since = {
        what: days_before(asked["as_of"], windows.get(what, 0)) for what in ("events", "active")
    }
    rows = asked.select(*_KEY, **since).join(
        events.select("lead_id", "occurred_at", "known_at"), "lead_id"
    )
    rows = rows.filter(rows["known_at"] <= rows["as_of"])
    at = rows["occurred_at"]
    return rows.group_by(*_KEY).aggregate(
        own_events=rows.count(where=at >= rows["events"]),
        own_active=(at.max() >= rows["active"].max()).cast("int64"),
    )


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
    """Days since the last event of another person, of those known at the as-of."""
    rows = _last_two(events)
    found = sums.left_join(
        rows, [sums["account_id"] == rows["account_id"], sums["seen"] == rows["number"]]
    )
    last = ibis.ifelse(found["who"] == found["lead_id"], found["other"], found["last"])
    return found.mutate(recency=days_between(found["as_of"], last))


def _last_two(events: Table) -> Table:
    """The account's ``last`` event, ``who`` it is of, and the last of all ``other`` persons.

    One row for each event that becomes known, numbered in that order. When somebody else comes to
    have the last event, the one that was the last before is the last of all others; until then
    others come nearer only by events older than the last.
    """
    order = {"group_by": "account_id", "order_by": ["known_at", "lead_id", "occurred_at"]}
    before = events["occurred_at"].max().over(ibis.window(**order, preceding=(None, 1)))
    rows = events.mutate(number=ibis.row_number().over(ibis.window(**order)) + 1, before=before)
    at, before = rows["occurred_at"], rows["before"]
    rows = rows.mutate(last=ibis.greatest(at, before), newest=before.isnull() | (at >= before))

    order = {"group_by": "account_id", "order_by": "number"}
    running = ibis.window(**order, preceding=None, following=0)
    rows = rows.mutate(reign=rows["newest"].cast("int64").sum().over(running))
    leader = ibis.ifelse(rows["newest"], rows["lead_id"], ibis.null("string"))
    rows = rows.mutate(who=leader.max().over(ibis.window(group_by=["account_id", "reign"])))
    rows = rows.mutate(who_before=rows["who"].lag().over(ibis.window(**order)))
    nearer = ibis.least(rows["occurred_at"], rows["before"])
    changes = rows["who_before"] != rows["lead_id"]
    rows = rows.mutate(other=ibis.ifelse(changes, nearer, ibis.null("timestamp(6)")))
    return rows.select(
        "account_id", "number", "last", "who", other=rows["other"].max().over(running)
    )
