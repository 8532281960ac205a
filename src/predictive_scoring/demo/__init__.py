"""A simulated company whose true probabilities are known: to try, to test and to measure with."""

from predictive_scoring.demo.company import EXTRACT_AT
from predictive_scoring.demo.simulation import DemoCompany, DirtyRow, TableFile, simulate
from predictive_scoring.demo.truth import true_probabilities

__all__ = [
    "EXTRACT_AT",
    "DemoCompany",
    "DirtyRow",
    "TableFile",
    "simulate",
    "true_probabilities",
]
