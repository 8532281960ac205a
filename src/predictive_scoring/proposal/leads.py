"""The `sources.leads` section: who the leads are, what describes them, what must not be used."""

from __future__ import annotations

from dataclasses import dataclass

from predictive_scoring.proposal.columns import Column
from predictive_scoring.proposal.outcome import OutcomeGuess
from predictive_scoring.proposal.part import (
    Part,
    column_entry,
    instant_entry,
    name_fits_key,
    place,
)
from predictive_scoring.proposal.profile import ignore_reason, profile_part
from predictive_scoring.proposal.tables import Table
from predictive_scoring.proposal.write import Block, Entry, declarable, quoted, shown

WHERE = "sources.leads"
_OPTIONAL = ("account_id", "market", "language", "owner", "email")


@dataclass(frozen=True)
class LeadColumns:
    """The columns of the leads table that have a role of their own."""

    lead_id: Column | None
    created_at: Column | None
    others: dict[str, Column]

    @property
    def taken(self) -> set[str]:
        """The names of the columns with a role."""
        chosen = (self.lead_id, self.created_at, *self.others.values())
        return {column.name for column in chosen if column}


def read_leads(table: Table) -> LeadColumns:
    """Which column of a leads table plays which role."""
    lead_id = identifying(table)
    taken = {lead_id.name} if lead_id else set()
    created = next((c for c in table.instants("created_at", taken) if declarable(c.name)), None)
    taken |= {created.name} if created else set()
    others: dict[str, Column] = {}
    for role in _OPTIONAL:
        column = next((c for c in table.named(role, taken) if _plays(role, c, table)), None)
        if column:
            others[role] = column
            taken.add(column.name)
    return LeadColumns(lead_id, created, others)


def identifying(table: Table) -> Column | None:
    """The column named like an identifier that has a value of its own in (nearly) every row."""
    return next(
        (
            c
            for c in table.named("lead_id")
            if c.kind in ("number", "category", "text", "flag", "instant")
            and declarable(c.name)
            and c.filled >= 0.98 * table.rows
            and c.distinct >= 0.95 * c.filled
        ),
        None,
    )


def leads_part(table: Table, roles: LeadColumns, outcome: OutcomeGuess | None, flat: bool) -> Part:
    """The section's entries. ``flat``: the outcome is a column of this table."""
    part = place(WHERE, table) + _identity(roles) + _creation(roles, flat)
    for key, column in roles.others.items():
        part += column_entry(WHERE, key, column)
    reserved = roles.taken | ({outcome.column.name} if flat and outcome else set())
    rest = [c for c in table.columns if c.name not in reserved]
    usable = [c for c in rest if name_fits_key(c.name)]
    reasons = {c.name: ignore_reason(c, table) for c in usable}
    part += profile_part([c for c in usable if not reasons[c.name]])
    ignored = {name: reason for name, reason in reasons.items() if reason}
    if ignored:
        entries = tuple(Entry(name, reason) for name, reason in ignored.items())
        part += Part(
            (Entry("ignore", Block(entries)),),
            tuple(f"{WHERE}.ignore: {quoted(n)}: {r}" for n, r in ignored.items()),
        )
    long = [shown(c.name) for c in rest if not name_fits_key(c.name)]
    return part + Part(
        unknown=tuple(
            f"{WHERE}: the column {name!r} has too long a name to declare" for name in long
        )
    )


def _identity(roles: LeadColumns) -> Part:
    if roles.lead_id:
        why = "by its name; every row has a value of its own"
        return column_entry(WHERE, "lead_id", roles.lead_id, why)
    why = "no column identifies a lead: the row's number in the file does"
    return Part((Entry("lead_id", "column_name", why, active=False),), (f"{WHERE}.lead_id: {why}",))


def _creation(roles: LeadColumns, flat: bool) -> Part:
    if roles.created_at:
        return instant_entry(WHERE, "created_at", roles.created_at)
    why = "no column of dates says when a lead became known"
    missing = Entry("created_at", "column_name", f"could not find it: {why}", active=False)
    if not flat:
        return Part((missing,), (), (f"{WHERE}.created_at: {why}",))
    note = "say `rows` if the rows stand in the order of time, the oldest first"
    return Part(
        (missing, Entry("order", "nothing", note)),
        (f"{WHERE}.order: nothing ({note})",),
        (f"{WHERE}.created_at: {why}",),
    )


def _plays(role: str, column: Column, table: Table) -> bool:
    """Whether a column's content suits the role its name suggests."""
    if not declarable(column.name) or column.kind not in ("category", "text", "number", "flag"):
        return False
    if role == "email":
        return any("@" in cell for cell in column.cells)
    if role in ("market", "language"):
        return column.kind == "category" and column.distinct <= max(300, table.rows // 20)
    return column.distinct > 1
