"""From raw log-odds to probabilities that mean what they say, and the proof of it."""

from predictive_scoring.calibration.affine import Scored, apply, fit
from predictive_scoring.calibration.reliability import (
    market_reliability,
    reliability_bins,
    wilson_interval,
)

__all__ = ["Scored", "apply", "fit", "market_reliability", "reliability_bins", "wilson_interval"]
