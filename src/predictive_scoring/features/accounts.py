"""What the other people of a lead's account did before the as-of.

The naive way joins every snapshot with everything that happened at its account, which is quadratic
in the account's size. Here all that happens at an account is one ledger of +1 and -1 in the order
of time, and running sums are the answer for any number of as-ofs after one sort. What the lead
itself did is subtracted.

What a person did before anyone knew the person (visits stitched on later, an imported history)
becomes known with the person, and what happened before anyone asks about the account need not be
told apart. So a person's ledger opens, at the later of the two, with one balance of all before,
and ends at the account's last as-of. Where everyone is asked about at one instant, as when a run
scores, the balance is all there is: one row for each person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from predictive_scoring.features.elapsed import days_between, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ibis.expr.types import Table, TimestampValue, Value

    from predictive_scoring.records import Extract, FeatureColumn

_KEY = ("lead_id", "as_of")
_SUMS = ("known", "events", "active", "sqls", "rejections")
_INSTANTS = ("last", "second")


def account_features(
    snapshots: Table, extract: Extract, columns: Sequence[FeatureColumn], success: str
) -> Table:
    """One row per (lead_id, as_of) with an account: the columns, of other people only."""
    asked = snapshots.filter(snapshots["account_id"].notnull())
    asked = asked.select("account_id", *_KEY)
    people = _people(asked, extract)
    windows = {c.value: c.window for c in columns}
    parts = [_entries(asked, asked["as_of"]), _entries(people, people["since"], known=1)]
    if windows.keys() & {"events", "active", "recency"}:
        parts += _sightings(people, extract, windows)
    if windows.keys() & {"sqls", "rejections"}:
        parts.append(_ends(people, extract, success))
    ledger = ibis.union(*parts)
    found = _own(asked, ledger).join(_running(ledger), ["account_id", "as_of"])
    return found.select(*_KEY, **{c.name: _of_others(found, c.value) for c in columns})


# ----------------------------------------------------------------- what is known of accounts


def _people(asked: Table, extract: Extract) -> Table:
    """The people of the accounts asked about; from when and until when anyone wants to know."""
    spans = asked.group_by("account_id").aggregate(
        first=asked["as_of"].min(), until=asked["as_of"].max()
    )
    leads = table(extract, "leads").select("lead_id", "account_id", "created_at")
    rows = leads.join(spans, "account_id")
    rows = rows.filter(rows["created_at"] <= rows["until"])
    since = ibis.greatest(rows["created_at"], rows["first"])
    return rows.select("account_id", "lead_id", "until", since=since)


def _seen(people: Table, extract: Extract, days: int) -> Table:
    """Each person's events, by when they become known (``at``) and leave the window (``over``).

    ``count`` is of those within the window when they become known, ``last`` is the newest of all.
    Those that do not leave the window as long as anyone asks have no ``over``.
    """
    rows = people.join(table(extract, "events").select("lead_id", "occurred_at"), "lead_id")
    rows = rows.mutate(
        at=ibis.greatest(rows["occurred_at"], rows["since"]),
        over=rows["occurred_at"] + ibis.interval(days=days),
    )
    rows = rows.filter(rows["at"] <= rows["until"])
    fresh = rows["over"] >= rows["at"]
    leaves = fresh & (rows["over"] < rows["until"])
    over = ibis.ifelse(leaves, rows["over"], ibis.null("timestamp(6)"))
    rows = rows.mutate(fresh=fresh, over=over)
    seen = rows.group_by("lead_id", "at", "over").aggregate(
        count=rows.count(where=rows["fresh"]), last=rows["occurred_at"].max()
    )
    return seen.join(people.drop("since"), "lead_id")


# ------------------------------------------------------------------------------- the ledger


def _entries(rows: Table, at: TimestampValue, **values: Value | int) -> Table:
    """Rows of the ledger: what each adds to the running sums, and its share in the last instants.

    Without values: a query, which adds nothing.
    """
    sums = {name: ibis.literal(0, "int64") for name in _SUMS}
    instants = {name: ibis.null("timestamp(6)") for name in _INSTANTS}
    given = {
        name: ibis.literal(value, "int64") if isinstance(value, int) else value
        for name, value in values.items()
    }
    return rows.select("account_id", "lead_id", at=at, **(sums | instants | given))


def _sightings(people: Table, extract: Extract, windows: Mapping[str, int]) -> Iterator[Table]:
    """Events and activity begin when they become known, and cease to count after the window.

    A person is active from an event until the window after it closes without another. A later
    event moves the end of a spell that an earlier as-of lies within either way, so that looking
    for it reveals nothing.
    """
    seen = _seen(people, extract, windows.get("events", 0))
    mine = ibis.window(group_by="lead_id", order_by=["at", "last"])
    everyone = ibis.window(
        group_by="account_id", order_by=["at", "lead_id", "last"], preceding=(None, 1)
    )
    last, active = seen["last"], ibis.interval(days=windows.get("active", 0))
    seen = seen.mutate(
        before=last.lag().over(mine), after=last.lead().over(mine), newest=last.max().over(everyone)
    )
    at, last, before, after = (seen[name] for name in ("at", "last", "before", "after"))
    fresh = last + active >= at
    begins = fresh & (before.isnull() | (before + active < at))
    yield _entries(
        seen, at, events=seen["count"], active=begins.cast("int64"),
        last=last, second=_second(seen),
    )  # fmt: skip
    over = seen.filter(seen["over"].notnull())
    yield _entries(over, _after(over["over"]), events=-over["count"])
    ends = fresh & (after.isnull() | (after > last + active)) & (last + active < seen["until"])
    spells = seen.filter(ends)
    yield _entries(spells, _after(spells["last"] + active), active=-1)


def _second(seen: Table) -> TimestampValue:
    """What an event adds to the second of the account's people, by each one's last event.

    Whoever had the ``newest`` until then only leads further. Of anybody else, the event or the
    newest until then is somebody's last who is second now.
    """
    newest, leads = seen["newest"], seen["before"] == seen["newest"]
    none = newest.isnull() | ibis.coalesce(leads, False)
    return ibis.ifelse(none, ibis.null("timestamp(6)"), ibis.least(seen["last"], newest))


def _ends(people: Table, extract: Extract, success: str) -> Table:
    """Each person's first success and first rejection, since they are known."""
    stages = table(extract, "stages")
    stages = stages.filter(stages["stage"].isin([success, "rejected"]))
    firsts = stages.group_by("lead_id", "stage").aggregate(first=stages["entered_at"].min())
    rows = people.join(firsts, "lead_id")
    return _entries(
        rows, ibis.greatest(rows["first"], rows["since"]),
        sqls=(rows["stage"] == success).cast("int64"),
        rejections=(rows["stage"] == "rejected").cast("int64"),
    )  # fmt: skip


def _after(instant: TimestampValue) -> TimestampValue:
    """What lasts until an instant has ceased one microsecond later."""
    return instant + ibis.interval(microseconds=1)


# ---------------------------------------------------------------------------- what it comes to


def _running(ledger: Table) -> Table:
    """What an account comes to at each instant of its ledger, named ``all_...``."""
    balances = ledger.group_by("account_id", as_of=ledger["at"]).aggregate(
        **{name: ledger[name].sum().cast("int64") for name in _SUMS},
        **{name: ledger[name].max() for name in _INSTANTS},
    )
    until = ibis.window(group_by="account_id", order_by="as_of", preceding=None, following=0)
    return balances.select(
        "account_id", "as_of",
        **{f"all_{name}": balances[name].sum().over(until) for name in _SUMS},
        **{f"all_{name}": balances[name].max().over(until) for name in _INSTANTS},
    )  # fmt: skip


def _own(asked: Table, ledger: Table) -> Table:
    """What each lead itself comes to at its as-ofs."""
    rows = asked.join(ledger.drop("account_id"), "lead_id")
    rows = rows.filter(rows["at"] <= rows["as_of"])
    return rows.group_by("account_id", *_KEY).aggregate(
        **{name: rows[name].sum() for name in _SUMS}, last=rows["last"].max()
    )


def _of_others(found: Table, what: str) -> Value:
    if what != "recency":
        return found[f"all_{what}"] - found[what]
    mine = found["last"] == found["all_last"]
    last = ibis.ifelse(mine, found["all_second"], found["all_last"])
    return days_between(found["as_of"], last)
