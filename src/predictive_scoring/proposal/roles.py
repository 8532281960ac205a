"""Which table is the leads, and what each of the others tells about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from predictive_scoring.proposal.columns import Column
from predictive_scoring.proposal.leads import identifying
from predictive_scoring.proposal.outcome import stage_of
from predictive_scoring.proposal.tables import Table
from predictive_scoring.proposal.words import SALES_KINDS, plain
from predictive_scoring.proposal.write import declarable, quoted

Role = Literal["events", "stages", "activities", "changes"]
_MOST_TYPES = 500  # more different texts than this are no event types


@dataclass(frozen=True)
class Link:
    """A table that tells about the leads: by which columns, and in which role.

    ``columns`` are keyed by the configuration's key: lead_id, the instant, type, stage …
    """

    role: Role
    table: Table
    columns: dict[str, Column]


@dataclass(frozen=True)
class Roles:
    """The leads table, at most one table for each other role, and why others have none."""

    leads: Table | None
    links: tuple[Link, ...]
    unknown: tuple[str, ...]

    def link(self, role: Role) -> Link | None:
        """The table in that role."""
        return next((link for link in self.links if link.role == role), None)


def assign_roles(tables: Sequence[Table]) -> Roles:
    """Give each table at most one role, the surest first."""
    leads = _leads(tables)
    links: list[Link] = []
    unknown: list[str] = []
    for table in sorted((t for t in tables if t is not leads), key=_preference):
        candidates = [link for role in _order(table) if (link := _link(table, role, leads))]
        free = [link for link in candidates if link.role not in {done.role for done in links}]
        fits = [link for link in free if link.role == candidates[0].role]
        if fits:
            links.append(fits[0])
        elif candidates:
            role = candidates[0].role
            unknown.append(
                f"file {quoted(table.reference)}: looks like {role} too, but one table of {role} "
                "is read: join the files, or choose"
            )
        else:
            unknown.append(
                f"file {quoted(table.reference)}: could not tell what it holds (needed: a column "
                "that names the lead, an instant, and a type or stage)"
            )
    return Roles(leads, tuple(links), tuple(unknown))


def _leads(tables: Sequence[Table]) -> Table | None:
    scored = [(_leads_score(t), -i) for i, t in enumerate(tables)]
    best, i = max(scored, default=(0, 0))
    if len(tables) == 1 and not _is_history(tables[0]):
        return tables[0]
    return tables[-i] if best > 0 else None


def _leads_score(table: Table) -> int:
    """How much a table looks like one row per lead; 0 when it does not."""
    unique = identifying(table) is not None
    if not unique and _is_history(table):
        return 0
    roles = table.file_roles
    named = 3 if roles[:1] == ("leads",) else -2 if roles else 0
    other_id = next(iter(table.named("lead_id")), None)
    repeats = -2 if unique and other_id and other_id != identifying(table) else 0
    return max(0, 1 + named + 2 * unique + repeats + bool(table.instants("created_at")))


def _is_history(table: Table) -> bool:
    """Whether rows repeat their lead and say what happened when."""
    link = next(iter(table.named("lead_id")), None)
    if link is None or link.distinct >= 0.95 * link.filled:
        return False
    told = any(table.named(role, (link.name,)) for role in ("type", "stage", "kind", "field"))
    return told and bool(table.instants("occurred_at", (link.name,)))


def _preference(table: Table) -> tuple[bool, int, str]:
    """Files whose names say what they are come first; among stages, histories before deals."""
    return (not table.file_roles, -len(table.named("stage")), table.reference)


def _order(table: Table) -> tuple[Role, ...]:
    """The roles to try, by the file's name and then by what is rare."""
    named: list[Role] = [r for r in table.file_roles if r != "leads"]  # type: ignore[misc]
    rest: tuple[Role, ...] = ("changes", "stages", "activities", "events")
    return tuple(dict.fromkeys((*named, *rest)))


def _link(table: Table, role: Role, leads: Table | None) -> Link | None:
    lead_id = _lead_column(table, leads)
    if lead_id is None:
        return None
    finders = {
        "changes": _changes,
        "stages": _stages,
        "activities": _activities,
        "events": _events,
    }
    columns = finders[role](table, lead_id)
    return Link(role, table, {"lead_id": lead_id, **columns}) if columns else None


def _lead_column(table: Table, leads: Table | None) -> Column | None:
    """The column that names the lead: most of its values are the leads', or its name says so."""
    own = identifying(leads) if leads else None
    named = [c for c in table.named("lead_id") if c.filled and declarable(c.name)]
    if own is None:
        return next(iter(named), None)
    same = [c for c in table.columns if c.meaning == own.meaning and c.filled]
    candidates = list(dict.fromkeys([*same, *named, *(c for c in table.columns if _is_key(c))]))
    shared = {c.name: _overlap(c, own) for c in candidates}
    # an "id" of the table's own that happens to count from 1 as well is no link when another is
    ranked = sorted(candidates, key=lambda c: (_own_key(c, table), -round(shared[c.name], 1)))
    return next((c for c in ranked if shared[c.name] > 0 or c in same + named), None)


def _is_key(column: Column) -> bool:
    return column.meaning.split("_")[-1] in ("id", "uuid", "ref") and bool(column.filled)


def _own_key(column: Column, table: Table) -> bool:
    return column.meaning == "id" and len(table.named("lead_id")) > 1


def _overlap(column: Column, own: Column) -> float:
    return sum(cell in own.cells for cell in column.cells) / max(1, column.distinct)


def _instant(table: Table, role: str, lead_id: Column) -> Column | None:
    found = table.instants(role, (lead_id.name,))
    return next((c for c in found if declarable(c.name)), None)


def _words(table: Table, role: str, taken: Sequence[str]) -> list[Column]:
    return [
        c
        for c in table.named(role, taken)
        if c.kind in ("category", "flag", "number")
        and 1 <= c.distinct <= _MOST_TYPES
        and declarable(c.name)
    ]


def _changes(table: Table, lead_id: Column) -> dict[str, Column]:
    changed_at = _instant(table, "changed_at", lead_id)
    field = next(iter(_words(table, "field", (lead_id.name,))), None)
    taken = [c.name for c in (lead_id, field) if c]
    value = next((c for c in table.named("new_value", taken) if declarable(c.name)), None)
    if not (changed_at and field and value):
        return {}
    return {"column": field, "value": value, "changed_at": changed_at}


def _stages(table: Table, lead_id: Column) -> dict[str, Column]:
    entered_at = _instant(table, "entered_at", lead_id)
    if not entered_at:
        return {}
    taken = (lead_id.name, entered_at.name)
    known = [c for c in _words(table, "stage", taken) if any(map(stage_of, c.cells))]
    named = "stages" in table.file_roles
    stage = next(iter(known), None) or (next(iter(_words(table, "stage", taken)), None))
    if stage and (known or named):
        return {"stage": stage, "entered_at": entered_at}
    once = lead_id.distinct >= 0.95 * lead_id.filled
    return {"entered_at": entered_at} if named and once and not stage else {}


def _activities(table: Table, lead_id: Column) -> dict[str, Column]:
    occurred_at = _instant(table, "occurred_at", lead_id)
    kinds = _words(table, "kind", (lead_id.name,))
    by_sales = [c for c in kinds if any(plain(cell) in SALES_KINDS for cell in c.cells)]
    kind = next(iter(by_sales), None)
    if kind is None and "activities" in table.file_roles:
        kind = next(iter(kinds), None)
    return {"kind": kind, "occurred_at": occurred_at} if kind and occurred_at else {}


def _events(table: Table, lead_id: Column) -> dict[str, Column]:
    occurred_at = _instant(table, "occurred_at", lead_id)
    kind = next(iter(_words(table, "type", (lead_id.name,))), None)
    return {"type": kind, "occurred_at": occurred_at} if kind and occurred_at else {}
