"""The pictures of an evaluation. Each function takes finished records and only draws them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from predictive_scoring.report.numbers import percent
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

    from predictive_scoring.records import (
        Candidate,
        Evaluation,
        FloatArray,
        GainsPoint,
        MarketReliability,
        ReliabilityBin,
    )

MARKETS_SHOWN = 20
_MARKED_SHARE = 0.1  # the point of the gains that is written out


def figures(
    evaluation: Evaluation,
    candidates: Sequence[Candidate],
    predictions: FloatArray | None = None,
    success: str = "SQL",
) -> dict[str, Figure]:
    """Draw every picture that the records have content for, by name.

    ``predictions`` are the evaluated snapshots' probabilities, shape (rows,).
    """
    drawn: dict[str, Figure] = {}
    with styled():
        if evaluation.gains:
            drawn["gains"] = _gains(evaluation.gains, success)
        if evaluation.reliability:
            drawn["reliability"] = _reliability(evaluation.reliability, predictions, success)
        if candidates:
            drawn["candidates"] = _candidates(candidates)
        if evaluation.markets:
            drawn["markets"] = _markets(evaluation.markets, success)
    return drawn


def plot_files(
    evaluation: Evaluation,
    candidates: Sequence[Candidate],
    predictions: FloatArray | None = None,
    success: str = "SQL",
) -> dict[str, bytes]:
    """Write every picture as SVG and PNG: contents by file name, the same for the same records."""
    files: dict[str, bytes] = {}
    for name, figure in figures(evaluation, candidates, predictions, success).items():
        files[f"{name}.svg"] = svg(figure, name).encode()
        files[f"{name}.png"] = png(figure)
    return files


def _gains(points: Sequence[GainsPoint], success: str) -> Figure:
    """Cumulative gains with their interval above, lift below."""
    figure = new_figure(5.4, 4.9, (3.0, 1.4))
    above, below = figure.axes
    inner = sorted((p for p in points if p.share > 0), key=lambda p: p.share)
    share = [0.0, *(p.share for p in inner)]
    above.fill_between(
        share, [0.0, *(p.low for p in inner)], [0.0, *(p.high for p in inner)],
        color=BLUE_PALE, linewidth=0,
    )  # fmt: skip
    above.plot([0, 1], [0, 1], color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
    above.plot(share, [0.0, *(p.captured for p in inner)], color=BLUE, linewidth=2.2)
    above.text(0.72, 0.66, "leads in any order", color=QUIET, fontsize=9, va="top")
    _mark(above, min(inner, key=lambda p: abs(p.share - _MARKED_SHARE)), success)
    above.set(ylim=(0, 1.02), xlim=(0, 1), ylabel=f"share of all {success}s found")
    below.axhline(1, color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
    below.plot([p.share for p in inner], [p.lift for p in inner], color=BLUE, linewidth=2.2)
    below.set(
        ylim=(0, max(1.5, *(p.lift for p in inner)) * 1.12),
        ylabel="times chance (lift)",
        xlabel="share of leads taken, best scores first",
    )
    percent_axis(above.yaxis)
    percent_axis(below.xaxis)
    figure.align_ylabels()
    return figure


def _mark(axes: Axes, point: GainsPoint, success: str) -> None:
    axes.plot([point.share], [point.captured], "o", color=BLUE, markersize=8, mec=PAPER, mew=1.5)
    axes.annotate(
        f"the best {percent(point.share)} hold\n{percent(point.captured)} of all {success}s",
        (point.share, point.captured),
        xytext=(0.30, 0.10),
        textcoords="axes fraction",
        color=INK,
        fontsize=10,
        arrowprops={"arrowstyle": "-", "color": QUIET, "linewidth": 0.8, "shrinkB": 6},
    )


def _reliability(
    bins: Sequence[ReliabilityBin], predictions: FloatArray | None, success: str
) -> Figure:
    """Observed rate against prediction, and below it how often each prediction is made."""
    rows = (3.4,) if predictions is None else (3.4, 1.0)
    figure = new_figure(5.4, 4.9, rows)
    above = figure.axes[0]
    top = min(1.0, max(max(b.high, b.predicted) for b in bins) * 1.08)
    if predictions is not None:
        top = max(top, _nearly_all(predictions))
    above.plot([0, 1], [0, 1], color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
    above.text(
        top * 0.94, top * 0.985, "said = happened", color=QUIET, fontsize=9, ha="right", va="top"
    )
    _with_intervals(above, bins)
    above.set(xlim=(0, top), ylim=(0, top), ylabel=f"share that became {success}s")
    percent_axis(above.yaxis)
    percent_axis(figure.axes[-1].xaxis)
    if predictions is not None:
        _histogram(figure.axes[1], predictions, top)
    figure.axes[-1].set_xlabel("probability the model said")
    figure.align_ylabels()
    return figure


def _with_intervals(axes: Axes, bins: Sequence[ReliabilityBin]) -> None:
    said = [b.predicted for b in bins]
    axes.vlines(said, [b.low for b in bins], [b.high for b in bins], color=BLUE, linewidth=1.6)
    axes.plot(said, [b.observed for b in bins], "o", color=BLUE, markersize=7, mec=PAPER, mew=1.2)


def _histogram(axes: Axes, predictions: FloatArray, top: float) -> None:
    axes.hist(
        predictions.clip(max=top),
        bins=40,
        range=(0, top),
        color=BLUE_PALE,
        edgecolor=PAPER,
        linewidth=0.6,
    )
    axes.set(ylabel="leads", yticks=[])
    axes.grid(visible=False)


def _nearly_all(predictions: FloatArray) -> float:
    """Find where 99.5 % of the predictions end; the rest are counted in the last bar."""
    import numpy as np

    return float(np.quantile(predictions, 0.995))


def _candidates(candidates: Sequence[Candidate]) -> Figure:
    """Each candidate's fold losses, their mean and its standard error; the chosen one in blue."""
    figure = new_figure(6.0, 0.9 + 0.62 * len(candidates))
    (axes,) = figure.axes
    for row, candidate in enumerate(candidates):
        colour = BLUE if candidate.chosen else QUIET
        axes.plot(
            candidate.fold_losses, [row] * len(candidate.fold_losses), "o",
            color=PAPER, mec=colour, mew=1.1, markersize=5,
        )  # fmt: skip
        low = candidate.log_loss - candidate.standard_error
        axes.hlines(row, low, low + 2 * candidate.standard_error, color=colour, linewidth=2)
        axes.plot([candidate.log_loss], [row], "D", color=colour, markersize=8, mec=PAPER)
    names = [label(c.name.replace("_", " ")) for c in candidates]
    name_rows(axes, names)
    for tick, candidate in zip(axes.get_yticklabels(), candidates, strict=True):
        tick.set_color(BLUE if candidate.chosen else INK)
        tick.set_fontweight("bold" if candidate.chosen else "normal")
    axes.set_xlabel("log loss on later leads, in nats (smaller is better)")
    return figure


def _markets(markets: Sequence[MarketReliability], success: str) -> Figure:
    """Each market's observed rate with its interval, and what the model said on average."""
    shown = sorted(markets, key=lambda m: (-m.rows, m.market))[:MARKETS_SHOWN]
    figure = new_figure(6.0, 1.25 + 0.34 * len(shown))
    (axes,) = figure.axes
    rows = range(len(shown))
    axes.hlines(rows, [m.low for m in shown], [m.high for m in shown], color=BLUE, linewidth=1.8)
    (seen,) = axes.plot([m.observed for m in shown], rows, "o", color=BLUE, markersize=7, mec=PAPER)
    (said,) = axes.plot(
        [m.predicted for m in shown], rows, "D", color="none", markersize=9, mec=ORANGE, mew=1.6
    )
    name_rows(axes, [label(m.market) or "(none)" for m in shown])
    axes.set_xlim(0, min(1.0, max(max(m.high, m.predicted) for m in shown) * 1.08))
    percent_axis(axes.xaxis)
    axes.set_xlabel(f"share that became {success}s")
    figure.legend(
        [seen, said], ["happened, with interval", "said, on average"],
        loc="outside upper left", ncols=2, frameon=False, labelcolor=INK, fontsize=9,
        handletextpad=0.3, columnspacing=1.4,
    )  # fmt: skip
    return figure
