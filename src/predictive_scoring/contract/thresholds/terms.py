"""A digest of the terms that thresholds depend on: whether those of a bundle still hold."""

from __future__ import annotations

import hashlib
import json

from predictive_scoring.config.contract import ContractSettings, Version
from predictive_scoring.config.rules import Criterion


def terms_digest(contract: ContractSettings, version: Version) -> str:
    """SHA-256, its first 16 hex digits, of the canonical JSON of these terms.

    The rate, the volume and the confidence, the markets that differ in them, what the MQL criteria
    demand (not what they are called, nor those that people judge), and the tiers. Days, sales'
    promises, teams, costs and hysteresis change no threshold.
    """
    terms = {
        "everywhere": _promised(version, ""),
        "confidence": version.confidence,
        "mql": sorted(_demand(c) for c in version.mql if not c.judged),
        "markets": {
            market: _promised(version, market)
            for market in version.markets
            if _promised(version, market) != [version.sql_rate, None]
        },
        "tiers": contract.tiers.model_dump(mode="json"),
    }
    text = json.dumps(terms, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _promised(version: Version, market: str) -> list[float | None]:
    of = version.of(market)
    return [of.sql_rate, of.mqls_per_month]


def _demand(criterion: Criterion) -> str:
    rule = criterion.model_dump(mode="json", exclude={"name"}, exclude_defaults=True)
    return json.dumps(rule, sort_keys=True)
