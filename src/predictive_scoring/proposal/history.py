"""The sections of the tables that tell what happened: events, stages, activities, changes."""

from __future__ import annotations

from predictive_scoring.config.outcome import Stage
from predictive_scoring.proposal.columns import Column
from predictive_scoring.proposal.outcome import stage_of
from predictive_scoring.proposal.part import Part, column_entry, instant_entry, place
from predictive_scoring.proposal.roles import Link, Role
from predictive_scoring.proposal.write import Block, Entry, Flow, listed, quoted

_INSTANTS = {
    "events": "occurred_at",
    "activities": "occurred_at",
    "stages": "entered_at",
    "changes": "changed_at",
}
_EXTRA: dict[Role, tuple[str, ...]] = {
    "events": ("channel", "campaign", "topic", "value"),
    "stages": ("actor", "reason"),
    "activities": ("actor", "outcome", "documented"),
    "changes": (),
}


def history_part(link: Link) -> Part:
    """One table's section, as a single entry `events`, `stages`, `activities` or `changes`."""
    where = f"sources.{link.role}"
    part = place(where, link.table)
    for key, column in link.columns.items():
        if key == _INSTANTS[link.role]:
            part += instant_entry(where, key, column)
        else:
            part += column_entry(where, key, column, _why(link, key))
    taken = [c.name for c in link.columns.values()]
    for key in _EXTRA[link.role]:
        extra = next((c for c in link.table.named(key, taken) if _suits(key, c)), None)
        if extra:
            part += column_entry(where, key, extra)
            taken.append(extra.name)
    if link.role == "stages":
        part += _stages(where, link)
    unused = [c.name for c in link.table.columns if c.name not in taken]
    note = f"by its name and columns; not used: {listed(unused)}" if unused else ""
    return Part((Entry(link.role, Block(part.entries), note),), part.guessed, part.unknown)


def stages_reached(link: Link) -> set[Stage]:
    """The dictionary's stages that a stages table leads to."""
    column = link.columns.get("stage")
    if column is None:
        return {"won"}
    return {stage for value in column.cells if (stage := stage_of(value))}


def missing_stages(events: Link | None) -> Part:
    """The section commented out, where neither stages nor an outcome were found.

    Filled in from the events where some of their types are named like stages.
    """
    why = (
        "no file says when leads reached which stage (mql, sql, rejected, won, lost), and no "
        "column of the leads says what became of them: complete one of the two"
    )
    kind = events.columns["type"] if events else None
    known = {v: s for v in sorted(kind.cells) if (s := stage_of(v))} if kind else {}
    if events and kind and known:
        instant = events.columns["occurred_at"]
        body: tuple[Entry, ...] = (
            Entry("file", events.table.reference),
            Entry("lead_id", events.columns["lead_id"].name),
            Entry("stage", kind.name),
            Entry("entered_at", instant.name),
            Entry("stages", Flow(tuple(Entry(v, s) for v, s in known.items()))),
            Entry("others", "set_aside"),
        )
        why += f". Some event types are named like stages: {listed(list(known))}"
    else:
        body = (
            Entry("file", "stages.csv"),
            Entry("lead_id", "lead_id"),
            Entry("stage", "stage"),
            Entry("entered_at", "entered_at"),
        )
    return Part((Entry("stages", Block(body), why, active=False),), (), (f"sources.stages: {why}",))


def _stages(where: str, link: Link) -> Part:
    column = link.columns.get("stage")
    if column is None:
        why = "each row is one lead that got there: a guess by the file's name"
        guess = f"{where}.always: won ({why})"
        return Part((Entry("always", "won", why),), (guess,))
    known = {value: stage for value in sorted(column.cells) if (stage := stage_of(value))}
    rest = [value for value in sorted(column.cells) if value not in known]
    if not known:
        why = f"could not tell which stage each of these is: {listed(rest)}"
        example = Flow(tuple(Entry(value, "sql") for value in rest[:3]))
        entry = Entry(
            "stages", example, f"{why}; say mql, sql, rejected, won or lost", active=False
        )
        return Part((entry,), (), (f"{where}.stages: {why}",))
    entries = (
        Entry(
            "stages", Block(tuple(Entry(v, s) for v, s in known.items())), "guesses by the words"
        ),
    )
    guessed = tuple(f"{where}.stages: {quoted(v)} is {s}" for v, s in known.items())
    if not rest:
        return Part(entries, guessed)
    why = f"not in the dictionary, set aside: {listed(rest)}"
    return Part((*entries, Entry("others", "set_aside", why)), guessed, (f"{where}.stages: {why}",))


def _why(link: Link, key: str) -> str:
    if key == "lead_id" and link.columns[key].meaning != "lead_id":
        return "by its name and values"
    return "by its name"


def _suits(key: str, column: Column) -> bool:
    if column.kind in ("instant", "empty", "nested"):
        return False
    if key == "value":
        return column.kind == "number"
    if key == "documented":
        return column.kind == "flag"
    return True
