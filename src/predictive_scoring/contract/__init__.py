"""The contract between marketing and sales: thresholds that keep it, the ledger, the efforts."""

from predictive_scoring.contract.calendar import day_start
from predictive_scoring.contract.criteria import FACT, Facts, criteria_columns, facts
from predictive_scoring.contract.efforts import efforts as trace_efforts
from predictive_scoring.contract.ledger import ledger as keep_ledger
from predictive_scoring.contract.thresholds import (
    at_capacity,
    frontier,
    solve,
    terms_digest,
    tier_of,
)
from predictive_scoring.contract.windows import window, zone_of

__all__ = [
    "FACT",
    "Facts",
    "at_capacity",
    "criteria_columns",
    "day_start",
    "facts",
    "frontier",
    "keep_ledger",
    "solve",
    "terms_digest",
    "tier_of",
    "trace_efforts",
    "window",
    "zone_of",
]
