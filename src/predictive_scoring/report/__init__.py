"""A training's result as pictures and as one page: finished records in, drawings out."""

from predictive_scoring.report.html import render_report
from predictive_scoring.report.inputs import ReportInputs
from predictive_scoring.report.plots import plot_files
from predictive_scoring.report.words import verdict

__all__ = ["ReportInputs", "plot_files", "render_report", "verdict"]
