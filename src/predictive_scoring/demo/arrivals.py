"""When leads arrive: two years of working days, seasons and slow growth."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from predictive_scoring.demo.clock import (
    DAY,
    EXTRACT,
    Codes,
    Seconds,
    local_second_of_day,
    to_utc,
    weekday,
)
from predictive_scoring.demo.company import HISTORY_DAYS, MARKETS
from predictive_scoring.demo.seasons import SEASON, day_index

_BY_WEEKDAY = np.array([1.0, 1.15, 1.1, 1.05, 0.85, 0.18, 0.20])
_GROWTH_PER_YEAR = 0.15
_SEASON_STRENGTH = 0.6


@lru_cache(maxsize=1)
def _cumulative_by_market() -> npt.NDArray[np.float64]:
    """Share of a market's leads that arrived by the end of each day; shape (markets, days)."""
    day = EXTRACT // DAY - HISTORY_DAYS + 1 + np.arange(HISTORY_DAYS, dtype=np.int64)
    growth = _BY_WEEKDAY[weekday(day * DAY)] * np.exp(_GROWTH_PER_YEAR * np.arange(len(day)) / 365)
    weights = growth * np.exp(_SEASON_STRENGTH * SEASON[:, day_index(day * DAY)])
    total = np.cumsum(weights, axis=1)
    return np.asarray(total / total[:, -1:])


def created_at(
    market: Codes, quantile: npt.NDArray[np.float64], rng: np.random.Generator
) -> Seconds:
    """Creation instants (UTC seconds) of leads whose order within the history is `quantile`.

    `market` indexes `MARKETS`; quantiles are in [0, 1). Nothing is later than the extract.
    """
    day = np.empty(len(market), dtype=np.int64)
    for code in range(len(MARKETS)):
        rows = market == code
        day[rows] = np.searchsorted(_cumulative_by_market()[code], quantile[rows], side="right")
    first = EXTRACT // DAY - HISTORY_DAYS + 1
    local = (first + day) * DAY + local_second_of_day(rng.random(len(market)))
    created = to_utc(market, local)
    # The extract is taken at midnight in Paris, when the London day has an hour left.
    late = created >= EXTRACT
    return np.where(late, EXTRACT - 1 - rng.integers(0, 3_600, len(market)), created)
