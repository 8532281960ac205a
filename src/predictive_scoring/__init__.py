"""Predictive scoring: calibrated probabilities that a lead becomes an SQL, with their reasons."""

__version__ = "0.1.0"
