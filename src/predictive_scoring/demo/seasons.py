"""What the calendar does: seasons and the drift of the base rate, as tables by market and day."""

from datetime import date

import numpy as np
import numpy.typing as npt

from predictive_scoring.demo.clock import DAY, EXTRACT, Codes, Seconds
from predictive_scoring.demo.company import HISTORY_DAYS, MARKETS, SLUMPS

Table = npt.NDArray[np.float64]

FIRST_DAY = EXTRACT // DAY - HISTORY_DAYS - 7
# A lead created just before the extract is followed, in truth, for a year and a half more.
_DAYS = HISTORY_DAYS + 7 + 600
_DRIFT_PER_YEAR = -0.30
_CAMPAIGN_STARTS, _CAMPAIGN_EFFECT = date(2026, 2, 2), 0.35


def season() -> Table:
    """Effect (log of a rate) of holidays; shape (markets, days from `FIRST_DAY`)."""
    days = [date.fromordinal(date(1970, 1, 1).toordinal() + FIRST_DAY + i) for i in range(_DAYS)]
    month_day = np.array([d.month * 100 + d.day for d in days])
    table = np.zeros((len(MARKETS), _DAYS))
    for slump in SLUMPS:
        first, last = (month * 100 + day for month, day in (slump.first, slump.last))
        inside = (month_day >= first) & (month_day <= last)
        for code, market in enumerate(MARKETS):
            if market.country in slump.countries:
                table[code, inside] += slump.effect
    return table


def drift() -> Table:
    """Effect (log-odds) of the years on becoming an SQL; shape (days from `FIRST_DAY`,).

    A slow decline, which stops with the history, and the step of one campaign.
    """
    years = np.minimum(np.arange(_DAYS), HISTORY_DAYS) / 365.25
    campaign = _CAMPAIGN_STARTS.toordinal() - date(1970, 1, 1).toordinal() - FIRST_DAY
    return _DRIFT_PER_YEAR * years + _CAMPAIGN_EFFECT * (np.arange(_DAYS) >= campaign)


SEASON = season()
DRIFT = drift()


def day_index(instants: Seconds) -> Codes:
    """Column of the tables for each instant (UTC seconds)."""
    return np.clip(instants // DAY - FIRST_DAY, 0, _DAYS - 1)
