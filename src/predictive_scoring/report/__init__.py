"""A training's result and the contract's pages: finished records in, drawings out."""

from predictive_scoring.report.contract import (
    ledger_files,
    ledger_page,
    sla_document,
    thresholds_figures,
    thresholds_page,
    thresholds_plot_files,
    thresholds_section,
)
from predictive_scoring.report.html import render_report
from predictive_scoring.report.inputs import ReportInputs
from predictive_scoring.report.plots import plot_files
from predictive_scoring.report.words import verdict

__all__ = [
    "ReportInputs",
    "ledger_files",
    "ledger_page",
    "plot_files",
    "render_report",
    "sla_document",
    "thresholds_figures",
    "thresholds_page",
    "thresholds_plot_files",
    "thresholds_section",
    "verdict",
]
