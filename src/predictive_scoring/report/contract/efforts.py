"""What each marketing effort brought, as rows of words and a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from predictive_scoring.records import Effort, EffortTable, Rate
from predictive_scoring.report.contract.words import UNKNOWN, Words
from predictive_scoring.report.style import (
    BLUE,
    INK,
    ORANGE,
    PAPER,
    QUIET,
    label,
    name_rows,
    new_figure,
    percent_axis,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EFFORTS_SHOWN = 50
_DRAWN = 20


@dataclass(frozen=True)
class EffortLine:
    """One effort; ``credit`` and ``money`` are empty where the table has none."""

    name: str
    leads: str
    open: str
    mql: str
    sql: str
    won: str
    mql_to_sql: str
    mql_to_sql_interval: str
    sql_to_won: str
    pooled: str
    pooled_interval: str
    evidence: str
    sign: str
    days: tuple[str, str, str]
    credit: tuple[str, str]
    money: tuple[str, str, str]
    kind: str


@dataclass(frozen=True)
class EffortSection:
    """One dimension's efforts; ``more`` are not shown."""

    name: str
    touch: bool
    bar: str
    lines: tuple[EffortLine, ...]
    more: int
    money: bool
    notes: tuple[str, ...]


def sections(said: Words, tables: Sequence[EffortTable]) -> tuple[EffortSection, ...]:
    """Every table that has efforts."""
    return tuple(_section(said, table) for table in tables if table.efforts)


def effort_figure(said: Words, table: EffortTable) -> Figure | None:
    """The rate of each effort drawn towards the others', with its interval, and the bar."""
    shown = [e for e in table.efforts if math.isfinite(e.pooled[0])][:_DRAWN]
    if not shown:
        return None
    with styled():
        figure = new_figure(6.0, 1.25 + 0.34 * len(shown))
        (axes,) = figure.axes
        for row, effort in enumerate(shown):
            mean, low, high = effort.pooled
            sure = effort.evidence != "not yet"
            colour = BLUE if sure and effort.evidence else QUIET
            axes.hlines(row, low, high, color=colour, linewidth=1.9 if sure else 1.2)
            axes.plot(
                [mean],
                [row],
                "o",
                color=colour if sure else PAPER,
                mec=colour,
                markersize=7,
                mew=1.4,
            )
        if math.isfinite(table.bar):
            axes.axvline(table.bar, color=ORANGE, linewidth=1.8, linestyle=(0, (4, 3)))
            axes.annotate(
                said.say("asked for: %(bar)s", bar=said.percent(table.bar)), (table.bar, 1),
                xycoords=("data", "axes fraction"), xytext=(0, 4), textcoords="offset points",
                color=ORANGE, fontsize=9, ha="center",
            )  # fmt: skip
        name_rows(axes, [_row(said, table, effort) for effort in shown])
        top = max(max(e.pooled[2] for e in shown), table.bar if math.isfinite(table.bar) else 0.0)
        axes.set_xlim(0, min(1.0, top * 1.08) or 1.0)
        percent_axis(axes.xaxis)
        axes.set_xlabel(said.say("leads that become SQLs, with 95 %% interval"), color=INK)
    return figure


def _row(said: Words, table: EffortTable, effort: Effort) -> str:
    return label(_name(said, table.dimension, effort.value))


def _name(said: Words, dimension: str, value: str) -> str:
    return said.say("(none)") if value in ("", "(none)") else said.value(dimension, value)


def _section(said: Words, table: EffortTable) -> EffortSection:
    shown = table.efforts[:EFFORTS_SHOWN]
    return EffortSection(
        name=said.name(table.dimension),
        touch=table.touch,
        bar=said.percent(table.bar),
        lines=tuple(_line(said, table, effort) for effort in shown),
        more=len(table.efforts) - len(shown),
        money=any(e.cost is not None or e.result is not None for e in table.efforts),
        notes=tuple(said.note(note) for note in table.notes),
    )


def _line(said: Words, table: EffortTable, effort: Effort) -> EffortLine:
    mean, low, high = effort.pooled
    kind, sign = _signs(effort)
    return EffortLine(
        name=_name(said, table.dimension, effort.value),
        leads=said.language.number(effort.leads),
        open=said.language.number(effort.open) if effort.open else "",
        mql=_count(said, effort.mql),
        sql=_count(said, effort.sql),
        won=_count(said, effort.won),
        mql_to_sql=said.percent(effort.mql_to_sql.value),
        mql_to_sql_interval=said.between(effort.mql_to_sql.low, effort.mql_to_sql.high),
        sql_to_won=said.percent(effort.sql_to_won.value),
        pooled=said.percent(mean),
        pooled_interval=said.between(low, high),
        evidence=_evidence(said, effort),
        sign=sign,
        days=(
            said.days(effort.days_to_mql),
            said.days(effort.days_to_sql),
            said.days(effort.days_to_won),
        ),
        credit=(_credit(said, effort.first_touch), _credit(said, effort.multi_touch)),
        money=(
            _money(said, effort.cost, table.currency),
            _money(said, effort.cost_per_sql, table.currency),
            _result(said, effort.result, table.currency),
        ),
        kind=kind,
    )


def _count(said: Words, rate: Rate) -> str:
    return said.language.number(rate.count) if rate.of else UNKNOWN


def _signs(effort: Effort) -> tuple[str, str]:
    return {
        "enough": ("good", "\N{CHECK MARK}"),
        "below the bar": ("poor", "\N{BALLOT X}"),
        "not yet": ("open", "…"),
        "": ("none", ""),
    }[effort.evidence]


def _evidence(said: Words, effort: Effort) -> str:
    """Whether the evidence suffices, with the leads and the rate's interval that say so."""
    if not effort.evidence:
        return UNKNOWN
    word = {
        "enough": said.say("enough"),
        "below the bar": said.say("too little comes of it"),
        "not yet": said.say("not yet"),
    }[effort.evidence]
    if not effort.known.of:
        return said.say("%(word)s: no lead’s outcome is known", word=word)
    return said.count(
        "%(word)s: %(n)s lead, rate between %(low)s and %(high)s",
        "%(word)s: %(n)s leads, rate between %(low)s and %(high)s",
        effort.known.of,
        word=word,
        low=said.percent(effort.known.low),
        high=said.percent(effort.known.high),
    )


def _credit(said: Words, sqls: float | None) -> str:
    return UNKNOWN if sqls is None else said.number(sqls)


def _money(said: Words, amount: float | None, currency: str) -> str:
    return UNKNOWN if amount is None else said.money(amount, currency)


def _result(said: Words, amount: float | None, currency: str) -> str:
    if amount is None:
        return UNKNOWN
    money = said.money(abs(amount), currency)
    if amount < 0:
        return said.say("a loss of %(money)s", money=money)
    return said.say("a profit of %(money)s", money=money)
