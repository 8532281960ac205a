"""The report as one HTML page that needs nothing else: no script, no outside resource."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from predictive_scoring.report import numbers, words
from predictive_scoring.report.contract.page import style
from predictive_scoring.report.contract.thresholds import thresholds_section
from predictive_scoring.report.inputs import ReportInputs
from predictive_scoring.report.plots import figures
from predictive_scoring.report.style import inline, svg
from predictive_scoring.report.templating import environment, safe

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_TITLES = {
    "gains": "Share of all successes found against the share of leads taken, best scores first",
    "reliability": "What happened against the probability the model said",
    "candidates": "Log loss of each candidate on later leads",
    "markets": "What happened against what was said, by market",
}
_LABELS = {
    "positive": "reached the outcome in time",
    "negative": "did not reach it in time",
    "immature": "too recent to know",
    "censored": "never worked by sales: unknown",
    "unobserved": "outcomes not recorded then",
}
_USED = ("positive", "negative")
STRONGEST = 20
"""So many features are listed at once; the weaker ones unfold."""


@dataclass(frozen=True)
class Bar:
    """A named value and its width in percent of the largest."""

    name: str
    value: float
    width: float


def render_report(inputs: ReportInputs) -> str:
    """Write the whole page; the same inputs give the same text."""
    page = _environment().get_template("report.html")
    features = _bars([pair for pair in inputs.importance if pair[1]])
    return page.render(
        r=inputs,
        css=style(),
        thresholds=_thresholds(inputs),
        statements=words.statements(inputs),
        kind=words.verdict_kind(inputs.evaluation),
        limits=words.limits(inputs),
        plots=_plots(inputs),
        explained=words.EXPLAINED,
        labels=_LABELS,
        used=_USED,
        groups=_bars(inputs.group_importance),
        features=features[:STRONGEST],
        weaker=features[STRONGEST:],
        unused=len(inputs.importance) - len(features),
        markets=sorted(inputs.evaluation.markets, key=lambda m: (-m.rows, m.market)),
        offsets=sorted(inputs.calibration.offsets.items(), key=lambda kv: (-abs(kv[1]), kv[0])),
        ordered_by=inputs.snapshots.ordered_by,
    )


def _plots(inputs: ReportInputs) -> dict[str, Markup]:
    drawn = figures(inputs.evaluation, inputs.candidates, inputs.predictions, inputs.success)
    return {name: safe(inline(svg(figure, name), _TITLES[name])) for name, figure in drawn.items()}


def _thresholds(inputs: ReportInputs) -> Markup | None:
    if inputs.thresholds is None:
        return None
    return safe(thresholds_section(inputs.thresholds, inputs.success, "en"))


def _bars(pairs: Sequence[tuple[str, float]]) -> tuple[Bar, ...]:
    largest = max((value for _, value in pairs), default=0.0) or 1.0
    return tuple(Bar(name, value, round(100 * value / largest, 1)) for name, value in pairs)


def _environment() -> Environment:
    made = environment()
    made.filters |= {
        "percent": numbers.percent,
        "count": numbers.count,
        "figure": numbers.figure,
        "signed": numbers.signed,
        "part": numbers.part,
        "place": numbers.place,
        "words": lambda name: name.replace("_", " "),
        "odds": lambda log_odds: f"{math.exp(log_odds):.2f}",
        "total": lambda mapping: sum(mapping.values()),
    }
    return made
