"""The pages of the contract: the document to sign, the thresholds, the ledger."""

from predictive_scoring.report.contract.document import sla_document
from predictive_scoring.report.contract.ledger_files import ledger_files
from predictive_scoring.report.contract.ledger_page import ledger_page
from predictive_scoring.report.contract.threshold_plots import (
    thresholds_figures,
    thresholds_plot_files,
)
from predictive_scoring.report.contract.thresholds import thresholds_page, thresholds_section

__all__ = [
    "ledger_files",
    "ledger_page",
    "sla_document",
    "thresholds_figures",
    "thresholds_page",
    "thresholds_plot_files",
    "thresholds_section",
]
