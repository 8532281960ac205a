"""The ledger's groups, breaches and irregularities as rows of words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from predictive_scoring.records import Breach, Escalation, Irregularity, Ledger, LedgerLine
from predictive_scoring.report.contract.words import N_, UNKNOWN, Words

BREACHES_SHOWN = 50
LEADS_SHOWN = 8
LINES_SHOWN = 30

_KNOWN_TO_THE_LEDGER = (
    N_("sales worked it before the handover"),
    N_(
        "hand leads over before sales work them; the clock runs from the handover to the first "
        "contact after it"
    ),
    N_("it was an SQL before the handover"),
    N_("correct the order of its stages; a verdict from before the handover does not count"),
    N_("it was handed over before it was created"),
    N_("correct the instant of its creation or of the handover"),
    N_("it was handed over more than once"),
    N_("hand a lead over once; the first time counts"),
    N_("it is not among the leads"),
    N_("load the lead, or take back the handover; its market and owner are not known"),
    N_("it has no owner"),
    N_("give it one: nobody can be asked about it"),
    N_("it belongs to no sales team"),
    N_(
        "declare its market or owner under `contract.teams`; without a team no business hours are "
        "counted for it"
    ),
)
"""What the ledger says of irregularities, for the catalogue."""


@dataclass(frozen=True)
class GroupLine:
    """One group of MQLs; ``in_time_share`` and ``sql_share`` in percent, None where of nothing."""

    name: str
    mqls: str
    sqls: str
    sql_share: float | None
    rejected: str
    waiting: str
    in_time: str
    in_time_share: float | None
    late: str
    overdue: str
    running: str
    median: str
    documented: str


@dataclass(frozen=True)
class Group:
    """The lines of one dimension; ``more`` are not shown."""

    title: str
    column: str
    lines: tuple[GroupLine, ...]
    more: int


@dataclass(frozen=True)
class BreachLine:
    """One breach of the contract."""

    lead: str
    owner: str
    where: str
    what: str
    handed_over: str
    due: str
    contacted: str
    hours: str


@dataclass(frozen=True)
class EscalationLine:
    """Who is to be told of which lead."""

    lead: str
    owner: str
    where: str
    hours: str
    to: str


@dataclass(frozen=True)
class IrregularityLine:
    """One kind of irregularity, how many leads have it, and what to do."""

    what: str
    leads: str
    names: str
    todo: str


def groups(said: Words, ledger: Ledger) -> tuple[Group, ...]:
    """The lines of the ledger by dimension, in the order of the record.

    Those of all leads together are what the promises say already.
    """
    dimensions = dict.fromkeys(line.dimension for line in ledger.lines if line.dimension != "all")
    return tuple(
        _group(said, d, [line for line in ledger.lines if line.dimension == d]) for d in dimensions
    )


def breaches(said: Words, found: Sequence[Breach]) -> tuple[BreachLine, ...]:
    """The first breaches of each contract."""
    return tuple(_breach(said, breach) for breach in found[:BREACHES_SHOWN])


def escalations(said: Words, found: Sequence[Escalation]) -> tuple[EscalationLine, ...]:
    """The first escalations that are due."""
    return tuple(
        EscalationLine(
            lead=said.plain(e.lead_id),
            owner=said.plain(e.owner) or UNKNOWN,
            where=_where(said, e.team, e.market),
            hours=said.hours(e.hours),
            to=said.own(e.to),
        )
        for e in found[:BREACHES_SHOWN]
    )


def irregularities(said: Words, found: Sequence[Irregularity]) -> tuple[IrregularityLine, ...]:
    """The irregularities by kind, the most frequent first."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for irregularity in found:
        kinds.setdefault((irregularity.what, irregularity.todo), []).append(irregularity.lead_id)
    return tuple(
        IrregularityLine(
            what=said.text(what),
            leads=said.language.number(len(leads)),
            names=", ".join(said.plain(lead) for lead in leads[:LEADS_SHOWN])
            + (" …" if len(leads) > LEADS_SHOWN else ""),
            todo=said.text(todo),
        )
        for (what, todo), leads in sorted(kinds.items(), key=lambda kind: -len(kind[1]))
    )


def _group(said: Words, dimension: str, lines: Sequence[LedgerLine]) -> Group:
    name = said.name(dimension)
    ordered = sorted(lines, key=lambda line: (-line.mqls, line.value))
    return Group(
        title=said.say("By %(dimension)s", dimension=name),
        column=name,
        lines=tuple(_line(said, line) for line in ordered[:LINES_SHOWN]),
        more=max(len(ordered) - LINES_SHOWN, 0),
    )


def _line(said: Words, line: LedgerLine) -> GroupLine:
    decided = line.in_time + line.late + line.overdue
    return GroupLine(
        name=said.value(line.dimension, line.value),
        mqls=said.language.number(line.mqls),
        sqls=_share_of(said, line.sqls, line.mqls),
        sql_share=_percent(line.sqls, line.mqls),
        rejected=said.language.number(line.rejected),
        waiting=said.language.number(line.waiting),
        in_time=_share_of(said, line.in_time, decided),
        in_time_share=_percent(line.in_time, decided),
        late=said.language.number(line.late),
        overdue=said.language.number(line.overdue),
        running=said.language.number(line.running),
        median=said.hours(line.median_hours),
        documented=_share_of(said, line.documented, line.activities),
    )


def _share_of(said: Words, count: int, of: int) -> str:
    if not of:
        return UNKNOWN
    text = f"{said.language.number(count)}/{said.language.number(of)}"
    return f"{text} ({said.percent(count / of)})"


def _percent(count: int, of: int) -> float | None:
    return round(100 * count / of, 1) if of else None


def _where(said: Words, team: str, market: str) -> str:
    parts = [said.plain(team)] if team else []
    parts += [said.market(market)] if market else []
    return ", ".join(parts) or UNKNOWN


def _breach(said: Words, breach: Breach) -> BreachLine:
    return BreachLine(
        lead=said.plain(breach.lead_id),
        owner=said.plain(breach.owner) or UNKNOWN,
        where=_where(said, breach.team, breach.market),
        what=_what(said, breach),
        handed_over=said.instant(breach.handed_over_at),
        due=said.instant(breach.due_at),
        contacted=said.instant(breach.contacted_at),
        hours=UNKNOWN if math.isnan(breach.hours) else said.hours(breach.hours),
    )


def _what(said: Words, breach: Breach) -> str:
    what = {
        "late": said.say("contacted too late"),
        "overdue": said.say("not contacted, and the time is over"),
        "undocumented": said.say("not written down"),
        "rejected without a reason": said.say("rejected without a reason"),
        "reason not in the contract": said.say("rejected for a reason the contract does not have"),
    }[breach.what]
    if not breach.detail:
        return what
    if breach.what == "undocumented":
        return said.say("%(what)s (%(share)s were)", what=what, share=said.plain(breach.detail))
    return said.say("%(what)s (%(detail)s)", what=what, detail=said.plain(breach.detail))
