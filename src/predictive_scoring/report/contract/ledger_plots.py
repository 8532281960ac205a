"""The ledger's pictures: the months, how soon sales called, why they rejected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from predictive_scoring.records import Ledger, LedgerLine, PromiseName
from predictive_scoring.report.contract.words import Words
from predictive_scoring.report.style import (
    BLUE,
    BLUE_PALE,
    INK,
    LINE,
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
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

REASONS_SHOWN = 15
_STEPS = (1, 2, 4, 8, 16, 24, 48, 96)
"""Hours at which the bars of the delays end; each is about twice the one before."""
_DASHED = (0, (4, 3))


def ledger_figures(ledger: Ledger, said: Words) -> dict[str, Figure]:
    """Draw what the ledger has content for, by name: ``months``, ``delays``, ``reasons``."""
    drawn: dict[str, Figure] = {}
    with styled():
        if any(month.mqls for month in ledger.months):
            drawn["months"] = _months(ledger, said)
        if any(c is not None for c in ledger.rows["contact"].to_pylist()):
            drawn["delays"] = _delays(ledger, said)
        if ledger.reasons:
            drawn["reasons"] = _reasons(ledger.reasons, said)
    return drawn


def _months(ledger: Ledger, said: Words) -> Figure:
    """What became of each month's MQLs, their share of SQLs, and the share contacted in time."""
    months = ledger.months
    figure = new_figure(6.6, 6.0, (1.6, 1.0, 1.0))
    above, middle, below = figure.axes
    at = list(range(len(months)))
    _stacked(above, months, said)
    _promised(above, _of(ledger, "mqls", _length(ledger)), said)
    above.set_ylim(bottom=0)
    _shares(middle, [(m.sqls, m.mqls) for m in months], said.say("of them SQLs so far"))
    _promised(middle, _of(ledger, "sql_rate"), said)
    contacted = [(m.in_time, m.in_time + m.late + m.overdue) for m in months]
    _shares(below, contacted, said.say("contacted in time"))
    _promised(below, _of(ledger, "contacted"), said)
    names = [_month(said, m.value) for m in months]
    below.set_xticks(at, names, fontsize=8.5 if len(at) > 8 else 9)
    below.set_xlim(-0.6, len(at) - 0.4)
    for axes in figure.axes:
        axes.grid(visible=False, axis="x")
    return figure


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", fontsize=10, color=INK, pad=7)


def _month(said: Words, value: str) -> str:
    try:
        return said.month(date.fromisoformat(f"{value}-01"), short=True).replace(" ", "\n")
    except ValueError:
        return label(value)


def _length(ledger: Ledger) -> int:
    first, last = ledger.window.first, ledger.window.last
    return max(12 * (last.year - first.year) + last.month - first.month + 1, 1)


def _of(ledger: Ledger, name: PromiseName, months: int = 1) -> float | None:
    """What is promised for all that the ledger is of, if that is one thing; a volume by month."""
    whole = ledger.window.scope.get("market", "")
    found = {p.promised for p in ledger.promises if p.name == name and p.market == whole}
    return found.pop() / months if len(found) == 1 else None


def _stacked(axes: Axes, months: Sequence[LedgerLine], said: Words) -> None:
    at = list(range(len(months)))
    kinds = (
        (said.say("SQL"), [m.sqls for m in months], {"color": BLUE, "edgecolor": BLUE}),
        (said.say("rejected"), [m.rejected for m in months],
         {"color": BLUE_PALE, "edgecolor": BLUE}),
        (said.say("waiting for a verdict"), [m.waiting for m in months],
         {"color": PAPER, "edgecolor": QUIET, "linestyle": (0, (2, 2))}),
    )  # fmt: skip
    bottom = [0] * len(months)
    for name, heights, look in kinds:
        _bars(axes, at, heights, bottom, name, look)
        bottom = [low + more for low, more in zip(bottom, heights, strict=True)]
    for month, top in enumerate(bottom):
        axes.annotate(
            said.language.number(top), (month, top), xytext=(0, 3), textcoords="offset points",
            ha="center", color=INK, fontsize=9,
        )  # fmt: skip
    _title(axes, said.say("MQLs handed over"))
    axes.margins(y=0.16)
    axes.legend(
        loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, frameon=False, labelcolor=INK,
        fontsize=9, handlelength=1.1, handleheight=1.0, columnspacing=1.4, borderpad=0.2,
    )  # fmt: skip


def _bars(
    axes: Axes,
    at: Sequence[int],
    heights: Sequence[int],
    bottom: Sequence[int],
    name: str,
    look: Mapping[str, Any],
) -> None:
    """Draw the bars that are not empty (an empty one would leave its edge); name them once."""
    some = [(x, h, b) for x, h, b in zip(at, heights, bottom, strict=True) if h]
    x, height, low = zip(*some, strict=True) if some else ((0,), (0,), (0,))
    axes.bar(x, height, bottom=low, width=0.7, label=name, **{"linewidth": 0.9, **look})


def _shares(axes: Axes, counts: Sequence[tuple[int, int]], name: str) -> None:
    known = [(x, good / of) for x, (good, of) in enumerate(counts) if of]
    if known:
        axes.plot(
            *zip(*known, strict=True), "o-", color=BLUE, linewidth=1.8, markersize=6, mec=PAPER
        )
    top = max([share for _, share in known], default=0.0)
    axes.set_ylim(0, min(1.06, max(top * 1.35, 0.05)))
    _title(axes, name)
    percent_axis(axes.yaxis)


def _promised(axes: Axes, promised: float | None, said: Words) -> None:
    if promised is None:
        return
    low, high = axes.get_ylim()
    axes.set_ylim(low, max(high, promised * 1.1))
    axes.axhline(promised, color=ORANGE, linewidth=1.8, linestyle=_DASHED)
    axes.annotate(
        said.say("promised"), (1, promised), xycoords=("axes fraction", "data"), xytext=(4, 0),
        textcoords="offset points", color=ORANGE, fontsize=9, va="center", annotation_clip=False,
    )  # fmt: skip


def _delays(ledger: Ledger, said: Words) -> Figure:
    """How many leads were contacted after how many hours; in time, too late, or not at all."""
    from matplotlib.ticker import MaxNLocator

    rows = ledger.rows.select(["hours", "contact"]).to_pylist()
    names = ["in_time", "late", "overdue", "running"]
    bars = {name: [0] * (len(_STEPS) + 1) for name in names}
    for row in rows:
        if row["contact"] in ("in_time", "late") and row["hours"] is not None:
            bars[row["contact"]][_bin(row["hours"])] += 1
    figure = new_figure(6.0, 3.9)
    (axes,) = figure.axes
    last = max((i for n in names for i, c in enumerate(bars[n]) if c), default=0) + 1
    in_time, late = bars["in_time"][:last], bars["late"][:last]
    groups = list(range(last))
    late_look = {"color": PAPER, "edgecolor": ORANGE, "hatch": "////"}
    _bars(axes, groups, in_time, [0] * last, said.say("in time"), {"color": BLUE, "linewidth": 0})
    _bars(axes, groups, late, in_time, said.say("too late"), late_look)
    never = [sum(row["contact"] == name for row in rows) for name in ("overdue", "running")]
    axes.bar(last + 0.8, never[0], width=0.74, color=ORANGE, edgecolor=ORANGE, linewidth=1.0)
    axes.bar(
        last + 2.3, never[1], width=0.74, color=PAPER, edgecolor=QUIET, linewidth=1.0,
        linestyle=(0, (2, 2)),
    )  # fmt: skip
    places = [*groups, last + 0.8, last + 2.3]
    heights = [*(a + b for a, b in zip(in_time, late, strict=True)), *never]
    for x, height in zip(places, heights, strict=True):
        axes.annotate(
            said.language.number(height), (x, height), xytext=(0, 3), textcoords="offset points",
            ha="center", color=INK, fontsize=9,
        )  # fmt: skip
    ticks = [
        *_bins(said)[:last],
        said.say("not called,\noverdue"),
        said.say("not called,\ntime left"),
    ]
    axes.set_xticks(places, ticks, fontsize=8.5)
    axes.set_ylabel(said.say("MQLs"))
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.set_xlabel(said.say("hours until the first contact, by the clock of the contract"))
    axes.grid(visible=False, axis="x")
    axes.axvline(last - 0.1, color=LINE, linewidth=1)
    axes.margins(y=0.12)
    figure.legend(
        loc="outside upper left", ncols=2, frameon=False, labelcolor=INK, fontsize=9,
        handlelength=1.1, handleheight=1.0, columnspacing=1.4,
    )  # fmt: skip
    return figure


def _bin(hours: float) -> int:
    return next((i for i, end in enumerate(_STEPS) if hours <= end), len(_STEPS))


def _bins(said: Words) -> list[str]:
    starts = (0, *_STEPS[:-1])
    dash = "\N{EN DASH}"
    spans = [f"{start}{dash}{end}" for start, end in zip(starts, _STEPS, strict=True)]
    return [*spans, said.say("over %(hours)s", hours=said.language.number(_STEPS[-1]))]


def _reasons(reasons: Sequence[tuple[str, int, bool]], said: Words) -> Figure:
    """Why sales rejected; a reason that the contract does not have is hatched and says so."""
    shown = sorted(reasons, key=lambda r: (-r[1], r[0]))[:REASONS_SHOWN]
    figure = new_figure(6.0, 0.9 + 0.4 * len(shown))
    (axes,) = figure.axes
    most = max(leads for _, leads, _ in shown) or 1
    for row, (_, leads, agreed) in enumerate(shown):
        axes.barh(
            row, leads, height=0.62, color=BLUE if agreed else PAPER,
            edgecolor=BLUE if agreed else ORANGE, hatch=None if agreed else "////", linewidth=1.0,
        )  # fmt: skip
        number = said.language.number(leads)
        text = number if agreed else said.say("%(n)s, not in the contract", n=number)
        axes.annotate(
            text, (leads, row), xytext=(5, 0), textcoords="offset points", va="center",
            color=INK if agreed else ORANGE, fontsize=9,
        )  # fmt: skip
    name_rows(
        axes, [label(said.own(reason), 28) or said.say("(no reason)") for reason, _, _ in shown]
    )
    axes.set_xlim(0, most * 1.45)
    axes.set_xlabel(said.say("rejected MQLs"))
    return figure
