"""The thresholds as a section of a report, or as a page of their own."""

from __future__ import annotations

from predictive_scoring.language import Labels
from predictive_scoring.records import ContractThresholds
from predictive_scoring.report.contract.market_lines import market_lines
from predictive_scoring.report.contract.page import render
from predictive_scoring.report.contract.threshold_plots import thresholds_figures
from predictive_scoring.report.contract.verdicts import (
    badge,
    nearest,
    statements,
    tiers,
)
from predictive_scoring.report.contract.words import words
from predictive_scoring.report.style import inline, svg
from predictive_scoring.report.templating import safe


def thresholds_section(
    thresholds: ContractThresholds, success: str, lang: str, labels: Labels | None = None
) -> str:
    """Write the thresholds as HTML sections that stand in another page, with ``contract.css``."""
    said = words(lang, labels)
    titles = {
        "frontier": said.say("The rate that can be promised, against the MQLs a month"),
        "promises": said.say("Each market’s rate, and what is promised there"),
    }
    drawn = thresholds_figures(thresholds, success, lang, labels)
    return render(
        "thresholds.html",
        said,
        t=thresholds,
        success=success,
        kind=badge(said, thresholds.everywhere).kind,
        statements=statements(said, thresholds, success),
        nearest=nearest(said, thresholds.everywhere, thresholds.unit),
        markets=market_lines(said, thresholds),
        tiers=tiers(said, thresholds),
        plots={n: safe(inline(svg(figure, n), titles[n])) for n, figure in drawn.items()},
    )


def thresholds_page(
    thresholds: ContractThresholds,
    company: str,
    lang: str,
    success: str = "SQL",
    labels: Labels | None = None,
) -> str:
    """Write the thresholds as one HTML page; the same arguments give the same text.

    Raises UsageError for a language that nothing is written in.
    """
    said = words(lang, labels)
    return render(
        "thresholds_page.html",
        said,
        company=said.plain(company),
        version=said.day_of(thresholds.version),
        section=safe(thresholds_section(thresholds, success, lang, labels)),
    )
