"""The SLA ledger: what marketing and sales promised each other against what happened."""

from predictive_scoring.contract.ledger.keep import ledger

__all__ = ["ledger"]
