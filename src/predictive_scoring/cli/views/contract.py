"""The contract's thresholds, ledger and nurturing, as a person reads them on a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from predictive_scoring.cli.views.parts import line, new_table, note_lines, program, view
from predictive_scoring.runs.nurture import NurtureRun
from predictive_scoring.runs.sla import DocumentResult, SlaResult
from predictive_scoring.runs.thresholds import ThresholdsResult

if TYPE_CHECKING:
    from predictive_scoring.records import (
        ContractThresholds,
        EffortTable,
        FrontierPoint,
        Ledger,
        Promise,
        Rate,
        SolvedThreshold,
        Uplift,
    )

SHOWN = 10
"""So many breaches and efforts are listed at once; the page has all."""
_FRONTIER_SHOWN = 9
_PROMISES = {
    "mqls": "MQLs handed over",
    "sql_rate": "MQLs that became SQLs",
    "criteria": "MQLs that met the criteria",
    "contacted": "MQLs contacted in time",
    "documented": "activities written down",
    "verdicts": "MQLs with a verdict",
    "reasons": "rejections with a reason",
}
_STATES = {"kept": "✓ kept", "broken": "✗ broken", "open": "… not decided", "no data": "– no data"}


@view.register
def _(result: ThresholdsResult) -> RenderableType:
    lines: list[RenderableType] = [line("model", f"version {result.model_version}")]
    for solved in result.thresholds:
        lines += contract_lines(solved, result.tried)
        lines.append(_frontier(solved))
    if result.capacity is not None and result.per_week is not None:
        lines.append(line("capacity", _capacity(result.per_week, result.capacity)))
    lines += note_lines(result.notes)
    lines.append(line("page", result.page))
    if result.registered:
        promote = f"{program()} models promote {result.registered} --by NAME --reason TEXT"
        lines.append(line("registered", f"version {result.registered}; in force once promoted:"))
        lines.append(line("", promote))
    return Group(*lines)


def contract_lines(solved: ContractThresholds, tried: bool = False) -> list[RenderableType]:
    """What a contract asks, whether it can be kept, and by which thresholds."""
    asked = "tried" if tried else f"from {solved.version}"
    head = line("contract", f"{asked}: {_terms(solved.everywhere, solved)}")
    rows = new_table("market", "threshold", "volume", "rate seen", "surely at least", "verdict")
    for of in (solved.everywhere, *solved.markets):
        rows.add_row(*_solved(of, solved))
    return [head, rows, *_nearest(solved), line("tiers", _tiers(solved))]


def _terms(of: SolvedThreshold, solved: ContractThresholds) -> str:
    volume = "any number of MQLs" if of.volume is None else f"{of.volume:g} MQLs a month"
    return (
        f"{volume}, {of.rate:.0%} of them becoming SQLs, sure to {of.confidence:.0%}; judged on "
        f"{solved.leads:,} leads the model never saw"
    )


def _solved(of: SolvedThreshold, solved: ContractThresholds) -> Iterator[str]:
    yield of.market or "all"
    yield "none" if of.threshold is None else f"{of.threshold:.1%}"
    if of.point is None:
        yield from ("", "", "")
    else:
        yield _volume(of.point, solved)
        yield _share(of.point.rate) if of.point.mqls else "–"
        yield _share(of.point.bound) if of.basis == "own" else "–"
    yield of.verdict if of.basis == "own" else f"pooled: {of.verdict}"


def _volume(point: FrontierPoint, solved: ContractThresholds) -> str:
    if solved.unit == "share":
        return f"{_share(point.volume)} of leads"
    return f"{point.volume:.0f} ({point.volume_low:.0f} to {point.volume_high:.0f}) a month"


def _nearest(solved: ContractThresholds) -> list[RenderableType]:
    """Contracts that could be signed where one cannot be kept."""
    found = []
    for of in (solved.everywhere, *solved.markets):
        if of.nearest:
            could = ", or ".join(f"{n.volume:.0f} a month at {n.rate:.0%}" for n in of.nearest)
            found.append(line("could sign", f"{of.market or 'all'}: {could}"))
    return found


def _tiers(solved: ContractThresholds) -> str:
    hot = "nobody (no score proves it)" if solved.hot is None else f"from {solved.hot:.1%}"
    return f"hot {hot}, cold below {solved.cold:.1%}"


def _frontier(solved: ContractThresholds) -> RenderableType:
    rows = new_table("threshold", "MQLs", "rate seen", "surely at least")
    points = solved.frontier
    step = max(1, math.ceil(len(points) / _FRONTIER_SHOWN))
    for point in points[::step]:
        rows.add_row(
            f"{point.threshold:.1%}", _volume(point, solved), _share(point.rate),
            _share(point.bound),
        )  # fmt: skip
    rows.caption = "what any threshold gives, on all markets; each line for itself"
    return rows


def _capacity(per_week: float, point: FrontierPoint) -> str:
    return (
        f"the best {per_week:g} a week are those from {point.threshold:.1%} on: "
        f"{_share(point.rate)} became SQLs ({_share(point.low)} to {_share(point.high)})"
    )


@view.register
def _(result: SlaResult) -> RenderableType:
    ledger = result.ledger
    scope = "".join(f", {name} {value}" for name, value in ledger.window.scope.items())
    days = f"{ledger.window.first} to {ledger.window.last}"
    open_ = "" if ledger.complete else f" (not over: the data end {ledger.as_of:%Y-%m-%d})"
    lines: list[RenderableType] = [
        line("ledger", f"{ledger.company}, {ledger.window.name}: {days}{scope}{open_}"),
        _promises(ledger.promises),
        *_reasons(ledger),
        *_breaches(ledger),
        *_escalations(ledger),
        *_irregularities(ledger),
    ]
    for table in result.efforts:
        lines += _efforts(table)
    lines += note_lines(ledger.notes)
    lines.append(line("page", result.page))
    lines += [line("file", file) for file in result.files]
    return Group(*lines)


def _promises(promises: Sequence[Promise]) -> RenderableType:
    rows = new_table("who", "promise", "market", "promised", "happened", "")
    for p in promises:
        promised = f"{p.promised:g}" if p.name == "mqls" else f"{p.promised:.0%}"
        happened = f"{p.count:,}"
        if p.achieved is not None:
            happened += f" of {p.achieved.of:,}, {_share(p.achieved.value)}"
        if p.pending:
            happened += f", {p.pending:,} open"
        rows.add_row(
            p.side, _PROMISES[p.name], p.market or "all", promised, happened, _STATES[p.state]
        )
    return rows


def _reasons(ledger: Ledger) -> list[RenderableType]:
    told = [
        f"{count:,} {reason or '(none given)'}{'' if known else ' (not in the contract)'}"
        for reason, count, known in ledger.reasons
    ]
    return [line("rejected", ", ".join(told))] if told else []


def _breaches(ledger: Ledger) -> list[RenderableType]:
    if not ledger.breaches:
        return []
    rows = new_table("breach", "lead", "owner", "team", "hours")
    for b in ledger.breaches[:SHOWN]:
        hours = "" if math.isnan(b.hours) else f"{b.hours:.1f}"
        rows.add_row(b.what, Text(b.lead_id), Text(b.owner), b.team, hours)
    rows.caption = (
        f"{min(SHOWN, len(ledger.breaches))} of {len(ledger.breaches):,}; all on the page"
    )
    return [rows]


def _escalations(ledger: Ledger) -> list[RenderableType]:
    told = [
        line("escalate", f"{e.lead_id} ({e.owner}, {e.hours:.0f} h overdue) to {e.to}")
        for e in ledger.escalations[:SHOWN]
    ]
    left = len(ledger.escalations) - SHOWN
    return [*told, *([line("", f"and {left:,} more")] if left > 0 else [])]


def _irregularities(ledger: Ledger) -> list[RenderableType]:
    kinds: dict[tuple[str, str], list[str]] = {}
    for found in ledger.irregularities:
        kinds.setdefault((found.what, found.todo), []).append(found.lead_id)
    return [
        line("look at", f"{len(leads):,} × {what} ({', '.join(leads[:3])} …): {todo}")
        for (what, todo), leads in kinds.items()
    ]


def _efforts(table: EffortTable) -> list[RenderableType]:
    money = any(e.cost is not None for e in table.efforts)
    paid = ("cost per SQL", "result") if money else ()
    rows = new_table(
        table.dimension, "leads", "MQL", "SQL", "won", "pooled SQL rate", "evidence", *paid
    )
    for e in table.efforts[:SHOWN]:
        mean, low, high = e.pooled
        cells: list[str | Text] = [
            Text(e.value), f"{e.leads:,}", _counted(e.mql), _rate(e.sql), _counted(e.won),
            f"{_share(mean)} ({_share(low)} to {_share(high)})", e.evidence,
        ]  # fmt: skip
        if money:
            cells += [_money(e.cost_per_sql, table.currency), _money(e.result, table.currency)]
        rows.add_row(*cells)
    kept = min(SHOWN, len(table.efforts))
    rows.caption = (
        f"{kept} of {len(table.efforts)}; rates are of the leads; pooled: drawn towards that of "
        f"all; evidence: for an SQL rate of {table.bar:.1%}"
    )
    return [rows, *note_lines(table.notes)]


def _money(amount: float | None, currency: str) -> str:
    return "" if amount is None else f"{amount:,.0f} {currency}"


def _rate(rate: Rate) -> str:
    if not rate.of:
        return "–"
    interval = f"{_share(rate.low)} to {_share(rate.high)}"
    return f"{rate.count:,} = {_share(rate.value)} ({interval})"


def _counted(rate: Rate) -> str:
    return f"{rate.count:,} = {_share(rate.value)}" if rate.of else "–"


def _share(share: float) -> str:
    return "–" if math.isnan(share) else f"{share:.1%}" if share < 0.1 else f"{share:.0%}"


@view.register
def _(result: DocumentResult) -> RenderableType:
    return line("document", f"{result.file}  (the contract from {result.version}, to be signed)")


@view.register
def _(result: NurtureRun) -> RenderableType:
    found = result.result
    rows = new_table("action", "can take it", "next best for", "expected change")
    for action in found.actions:
        change = "–" if math.isnan(action.mean_points) else f"{action.mean_points:+.2f} points"
        rows.add_row(Text(action.name), f"{action.possible:,}", f"{action.best:,}", change)
    rows.caption = result.warning
    tracks = new_table("track", "tier", "leads")
    for name, tier, count in found.tracks:
        tracks.add_row(Text(name or "(none fits)"), tier, f"{count:,}")
    lines: list[RenderableType] = [
        line("nurture", f"{found.leads:,} leads below the threshold as of {found.as_of:%Y-%m-%d}"),
        tracks,
        rows,
        line("no action", f"{found.without_action:,} leads"),
    ]
    if (uplift := found.uplift) is not None:
        lines.append(line("trial", _uplift(uplift)))
    lines += note_lines(result.notes)
    if result.file:
        lines.append(line("file", result.file))
    return Group(*lines)


def _uplift(uplift: Uplift) -> str:
    groups = " and ".join(
        f"{g.sqls.count:,} of {g.sqls.of:,} {name}"
        for name, g in (("treated", uplift.treated), ("controls", uplift.control))
    )
    if math.isnan(uplift.difference):
        return f"{uplift.verdict}: {groups}"
    low, high = 100 * uplift.low, 100 * uplift.high
    difference = f"{100 * uplift.difference:+.1f} points ({low:+.1f} to {high:+.1f})"
    return f"{uplift.verdict}: {difference}; {groups}"
