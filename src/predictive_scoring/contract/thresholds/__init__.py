"""The threshold solver: the lowest score whose leads hold what the contract promises."""

from predictive_scoring.contract.thresholds.frontier import at_capacity, frontier
from predictive_scoring.contract.thresholds.solve import solve
from predictive_scoring.contract.thresholds.terms import terms_digest
from predictive_scoring.contract.thresholds.tiers import tier_of

__all__ = ["at_capacity", "frontier", "solve", "terms_digest", "tier_of"]
