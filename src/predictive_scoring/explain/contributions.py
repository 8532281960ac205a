"""From a row to its reasons: exact contributions to the log-odds of the probability shown.

The calibration is affine in log-odds, so it acts on each part by itself: every part is multiplied
by the slope, the base takes the intercept, and the market's offset is a part of its own. The
parts therefore add up to the log-odds of the number people see, not of a raw score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from predictive_scoring.errors import DataError
from predictive_scoring.explain.kernels import Kernel, kernel_of
from predictive_scoring.records import Contributions, FeatureColumn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from predictive_scoring.model import Calibration, ModelBundle
    from predictive_scoring.records import FloatArray

MARKET_OFFSET = FeatureColumn(
    name="market_offset", kind="category", group="market", measure="profile", source="calibration"
)
"""The calibration's part, as a column; its observed value is the lead's market."""

LIMIT = 20.0
"""No probability nearer to 0 or 1 than logistic(-20) = 2e-9 is shown: beyond about ±23 a double
next to 1 no longer tells its log-odds to 1e-6. Parts of such rows shrink in proportion."""


def explainer(bundle: ModelBundle) -> Explainer:
    """The explainer of a bundle; raises BundleError when its predictor cannot be read."""
    columns = bundle.spec.columns
    if bundle.calibration.offsets:
        columns += (MARKET_OFFSET,)
    return Explainer(kernel_of(bundle), bundle.calibration, columns)


def probability(log_odds: FloatArray) -> FloatArray:
    """The logistic function, element by element: log-odds to probability."""
    from scipy.special import expit

    return np.asarray(expit(log_odds), dtype=np.float64)


@dataclass(frozen=True)
class Explainer:
    """A model that gives its reasons.

    ``columns`` are what the contributions belong to: the spec's columns, then MARKET_OFFSET where
    the calibration has offsets.
    """

    kernel: Kernel
    calibration: Calibration
    columns: tuple[FeatureColumn, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in the order of the contributions."""
        return tuple(c.name for c in self.columns)

    def explain(self, matrix: FloatArray, markets: NDArray[Any]) -> Contributions:
        """Contributions of every row of the model's matrix (n, k), in log-odds.

        ``markets``, shape (n,), holds strings ("" or None where a lead has no market). Raises
        DataError when the model gives a margin that is no number.
        """
        slope, offsets = self.calibration.slope, self.calibration.offsets
        base = slope * self.kernel.base + self.calibration.intercept
        values = np.empty((len(matrix), len(self.columns)), dtype=np.float64)
        np.multiply(self.kernel.values(matrix), slope, out=values[:, : matrix.shape[1]])
        if offsets:
            values[:, -1] = _offsets(offsets, markets)
        found = Contributions(base, values, self.names)
        if not (np.isfinite(found.base) and np.isfinite(found.log_odds).all()):
            raise DataError(
                "the model gives a score that is no finite number",
                "finite log-odds for every lead",
                "look for damaged numbers in the data with: predictive-scoring check",
            )
        return _limited(found)


def _offsets(offsets: Mapping[str, float], markets: NDArray[Any]) -> FloatArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    index = pc.index_in(pa.array(markets, pa.string()), value_set=pa.array(list(offsets)))
    slots = pc.fill_null(index, len(offsets)).to_numpy(zero_copy_only=False)
    of_slot: FloatArray = np.array([*offsets.values(), 0.0], dtype=np.float64)
    return np.asarray(of_slot[slots])


def _limited(found: Contributions) -> Contributions:
    """The same parts, shrunk where their sum is beyond LIMIT."""
    margins = found.log_odds
    beyond = np.abs(margins) > LIMIT
    base = float(np.clip(found.base, -LIMIT, LIMIT))
    if base != found.base:  # then the rows' parts lead from the base shown to the margin shown
        beyond |= True
    if not beyond.any():
        return found
    values = found.values.copy()
    parts = values[beyond].sum(axis=1)
    targets = np.clip(margins[beyond], -LIMIT, LIMIT) - base
    factors = np.divide(targets, parts, out=np.zeros_like(parts), where=parts != 0)
    values[beyond] *= factors[:, None]
    return Contributions(base, values, found.names)
