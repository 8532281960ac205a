"""The frontier of rate against volume, and each market's place: finished records drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from predictive_scoring.language import Labels
from predictive_scoring.records import (
    ContractThresholds,
    FrontierPoint,
    NearestContract,
    SolvedThreshold,
    Unit,
)
from predictive_scoring.report.contract.verdicts import round_down
from predictive_scoring.report.contract.words import Words, words
from predictive_scoring.report.style import (
    BLUE,
    BLUE_PALE,
    INK,
    ORANGE,
    PAPER,
    QUIET,
    label,
    name_rows,
    new_figure,
    percent_axis,
    png,
    styled,
    svg,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKETS_SHOWN = 20
_ROOM = 2.2  # the plot reaches so many times beyond the largest volume that matters


def thresholds_figures(
    thresholds: ContractThresholds, success: str, lang: str, labels: Labels | None = None
) -> dict[str, Figure]:
    """Draw what the thresholds have content for, by name: ``frontier`` and ``promises``."""
    said = words(lang, labels)
    drawn: dict[str, Figure] = {}
    with styled():
        if thresholds.frontier:
            drawn["frontier"] = _frontier(thresholds, success, said)
        if shown := [m for m in thresholds.markets if m.point is not None]:
            drawn["promises"] = _markets(shown[:MARKETS_SHOWN], success, said)
    return drawn


def thresholds_plot_files(
    thresholds: ContractThresholds, success: str = "SQL", lang: str = "en"
) -> dict[str, bytes]:
    """Write the pictures as SVG and PNG: contents by file name, the same for the same records."""
    files: dict[str, bytes] = {}
    for name, figure in thresholds_figures(thresholds, success, lang).items():
        files[f"{name}.svg"] = svg(figure, name).encode()
        files[f"{name}.png"] = png(figure)
    return files


def _frontier(thresholds: ContractThresholds, success: str, said: Words) -> Figure:
    """What can be promised and what was seen, against volume; the contract as a point."""
    points = sorted(thresholds.frontier, key=lambda p: p.volume)
    solved, unit = thresholds.everywhere, thresholds.unit
    right = _right(points, solved)
    points = [p for p in points if p.volume <= right] or points[:1]
    top = _top(points, solved)
    figure = new_figure(6.6, 4.4)
    (axes,) = figure.axes
    x = [p.volume for p in points]
    axes.fill_between(x, [p.low for p in points], [p.high for p in points], color=BLUE_PALE, lw=0)
    axes.plot(x, [p.rate for p in points], color=BLUE, linewidth=1.2)
    axes.plot(x, [p.bound for p in points], color=BLUE, linewidth=2.4)
    axes.set(xlim=(0, right), ylim=(0, top))
    _name_lines(axes, points, said)
    for near in solved.nearest:
        _near(axes, near, unit, said)
    if solved.point is not None:
        _published(axes, thresholds, solved.point, said)
    if solved.rate is not None:
        _contract(axes, solved, solved.rate, right, said)
    axes.set_ylabel(said.say("share that become %(success)ss", success=success))
    percent_axis(axes.yaxis)
    if unit == "share":
        axes.set_xlabel(said.say("share of the leads handed over"))
        percent_axis(axes.xaxis)
    else:
        axes.set_xlabel(said.say("MQLs a month"))
    return figure


def _right(points: Sequence[FrontierPoint], solved: SolvedThreshold) -> float:
    matter = [v for v in (solved.volume, *(n.volume for n in solved.nearest)) if v]
    if solved.point is not None:
        matter.append(solved.point.volume_high)
    most = max(p.volume for p in points)
    reach = _ROOM * max(matter) if matter else most
    return max(min(most, reach), max(matter, default=0.0) * 1.25) or 1.0


def _top(points: Sequence[FrontierPoint], solved: SolvedThreshold) -> float:
    rates = sorted(p.rate for p in points)
    seen = rates[int(0.95 * (len(rates) - 1))]
    return min(1.0, max(seen * 1.25, (solved.rate or 0.0) * 1.5, 0.02))


def _name_lines(axes: Axes, points: Sequence[FrontierPoint], said: Words) -> None:
    """Write beside the right ends of the lines what they are."""
    last = points[-1]
    right, top = axes.get_xlim()[1], axes.get_ylim()[1]
    at = min(last.volume, right)
    texts = (
        (last.high, said.say("what was seen"), 1),
        (last.bound, said.say("can be promised"), -1),
    )
    for y, text, side in texts:
        axes.annotate(
            text, (at, min(y, top)), xytext=(-4, 7 * side), textcoords="offset points",
            ha="right", va="bottom" if side > 0 else "top", color=BLUE, fontsize=9.5,
            fontweight="bold" if side < 0 else "normal",
        )  # fmt: skip


def _contract(
    axes: Axes, solved: SolvedThreshold, promised: float, right: float, said: Words
) -> None:
    rate, volume = said.promised(promised), solved.volume
    if volume is None:
        axes.axhline(promised, color=ORANGE, linewidth=1.6, linestyle=(0, (4, 3)))
        text = said.say("the contract: %(rate)s", rate=rate)
        axes.text(right, promised, text, color=ORANGE, fontsize=10, ha="right", va="bottom")
        return
    kept = solved.verdict == "kept"  # then it lies below the lines, else above them
    axes.plot([volume], [promised], "D", color=ORANGE, markersize=10, mec=PAPER, mew=1.5)
    axes.annotate(
        said.say("the contract:\n%(rate)s at %(volume)s", rate=rate, volume=said.number(volume)),
        (volume, promised), xytext=(0, -30) if kept else (26, 26), textcoords="offset points",
        color=ORANGE, fontsize=10, fontweight="bold", ha="center" if kept else "left",
        va="top" if kept else "bottom",
        arrowprops={"arrowstyle": "-", "color": ORANGE, "linewidth": 0.9, "shrinkB": 7},
    )  # fmt: skip


def _published(
    axes: Axes, thresholds: ContractThresholds, point: FrontierPoint, said: Words
) -> None:
    solved = thresholds.everywhere
    axes.hlines(point.rate, point.volume_low, point.volume_high, color=INK, linewidth=1.4)
    axes.vlines(point.volume, point.low, point.high, color=INK, linewidth=1.4)
    axes.plot([point.volume], [point.rate], "o", color=INK, markersize=9, mec=PAPER, mew=1.5)
    seen = said.percent(point.rate, solved.rate)
    volume = said.amount(point.volume, thresholds.unit)
    own = any(m.basis == "own" and m.threshold is not None for m in thresholds.markets)
    if own or solved.threshold is None:
        text = said.say(
            "by each market’s threshold:\n%(rate)s at %(volume)s", rate=seen, volume=volume
        )
    else:
        text = said.say(
            "threshold %(threshold)s:\n%(rate)s at %(volume)s",
            threshold=said.percent(solved.threshold),
            rate=seen,
            volume=volume,
        )
    axes.annotate(
        text, (point.volume, point.rate), xytext=(10, 40), textcoords="offset points", color=INK,
        fontsize=10, va="bottom",
        arrowprops={"arrowstyle": "-", "color": QUIET, "linewidth": 0.9, "shrinkB": 7},
    )  # fmt: skip


def _near(axes: Axes, near: NearestContract, unit: Unit, said: Words) -> None:
    axes.plot(
        [near.volume], [near.rate], "D", color=PAPER, markersize=9, mec=ORANGE, mew=1.8, zorder=4
    )
    rate, volume = said.promised(round_down(near.rate, 3)), said.amount(near.volume, unit)
    axes.annotate(
        said.say("possible:\n%(rate)s at %(volume)s", rate=rate, volume=volume),
        (near.volume, near.rate), xytext=(0, -10), textcoords="offset points", color=ORANGE,
        fontsize=9, ha="center", va="top",
    )  # fmt: skip


def _markets(shown: Sequence[SolvedThreshold], success: str, said: Words) -> Figure:
    """Each market's rate from its threshold on with its interval, and what is promised there."""
    figure = new_figure(6.0, 1.25 + 0.36 * len(shown))
    (axes,) = figure.axes
    handles = []
    for row, market in enumerate(shown):
        point = market.point
        if point is None:
            continue
        own = market.basis == "own"
        axes.hlines(row, point.low, point.high, color=BLUE if own else QUIET, linewidth=1.8)
        axes.plot(
            [point.rate], [row], "o", markersize=7, color=BLUE if own else PAPER,
            mec=PAPER if own else QUIET, mew=1.2,
        )  # fmt: skip
    promised = [(m.rate, row) for row, m in enumerate(shown) if m.rate is not None]
    if promised:
        handles = axes.plot(
            *zip(*promised, strict=True), "D", color="none", markersize=9, mec=ORANGE, mew=1.6
        )
        figure.legend(
            handles, [said.say("promised")], loc="outside upper left", frameon=False,
            labelcolor=INK, fontsize=9, handletextpad=0.3,
        )  # fmt: skip
    name_rows(axes, [_row_name(said, m) for m in shown])
    top = max(max(m.point.high if m.point else 0.0, m.rate or 0.0) for m in shown)
    axes.set_xlim(0, min(1.0, top * 1.08))
    percent_axis(axes.xaxis)
    axes.set_xlabel(said.say("share that become %(success)ss", success=success))
    return figure


def _row_name(said: Words, market: SolvedThreshold) -> str:
    name = label(said.market(market.market))
    if market.basis == "own":
        return name
    return said.say("%(market)s (all markets’ leads)", market=name)
