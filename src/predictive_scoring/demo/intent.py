"""Intent, hazards and the exact probability of becoming an SQL.

Each lead has a weekly intent (cold, warm, hot), a Markov chain whose transitions depend on how
well the lead fits. In each week since its creation a lead that sales works, and that is still
open, becomes an SQL, is rejected, or stays open: competing risks of a multinomial logit in fit,
intent, market, age and calendar (discrete-time hazards: Singer & Willett 1993; competing risks:
Allison 1982). Nothing else decides, so the probability within a number of weeks follows from a
backward recursion over three states, without simulation.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from predictive_scoring.demo.clock import DAY, WEEK, Codes, Seconds
from predictive_scoring.demo.seasons import DRIFT, SEASON, day_index

Probabilities = npt.NDArray[np.float64]

STATES = ("cold", "warm", "hot")
# Nothing happens to a lead that is still open after a year: it went back to marketing.
LIFE_WEEKS = 52
OPEN, SQL, REJECTED = 0, 1, 2

_CLASS_BOUNDS = np.array([-0.45, 0.45])
_START = np.array([[0.80, 0.17, 0.03], [0.69, 0.25, 0.06], [0.58, 0.32, 0.10]])
_STEP = np.array(
    [
        [[0.970, 0.027, 0.003], [0.180, 0.770, 0.050], [0.060, 0.190, 0.750]],
        [[0.962, 0.032, 0.006], [0.140, 0.790, 0.070], [0.040, 0.160, 0.800]],
        [[0.945, 0.045, 0.010], [0.110, 0.800, 0.090], [0.030, 0.120, 0.850]],
    ]
)
_SQL_BASE, _REJECTED_BASE = -6.10, -3.3
_SQL_BY_STATE = np.exp(_SQL_BASE + np.array([0.0, 1.8, 3.9]))
_REJECTED_BY_STATE = np.exp(_REJECTED_BASE + np.array([0.25, -0.2, -0.9]))
_REJECTED_BY_FIT = -0.45
_AGE = np.exp(-0.03 * np.maximum(np.arange(LIFE_WEEKS) - 5, 0))
_AGE[0] = 0.6


@dataclass(frozen=True)
class Prospects:
    """What decides a lead's fate besides intent; one element per row, shape (n,).

    `created` is in UTC seconds, `market` indexes `company.MARKETS` and `fit` is in log-odds of
    the weekly hazard (the market's own effect included).
    """

    created: Seconds
    market: Codes
    fit: Probabilities

    def __len__(self) -> int:
        return len(self.created)

    def take(self, rows: npt.NDArray[Any]) -> "Prospects":
        """Return the given rows (indices or mask)."""
        return Prospects(self.created[rows], self.market[rows], self.fit[rows])

    def fit_class(self) -> Codes:
        """0 (poor), 1 (fair) or 2 (good): which transition matrix holds."""
        return np.searchsorted(_CLASS_BOUNDS, self.fit).astype(np.int64)


@dataclass(frozen=True)
class Fates:
    """What became of each lead.

    `intent` has shape (n, LIFE_WEEKS): the state during each week since creation. `outcome` is
    OPEN, SQL or REJECTED and `week` the week in which that happened (LIFE_WEEKS when open).
    """

    intent: npt.NDArray[np.int8]
    outcome: npt.NDArray[np.int8]
    week: Codes


def hazards(prospects: Prospects, week: Codes) -> tuple[Probabilities, Probabilities]:
    """Probabilities of SQL and of rejection in `week` for each intent, each of shape (n, 3).

    They hold for an open lead that sales works; zero from LIFE_WEEKS on. The calendar of the
    middle of the week counts.
    """
    day = day_index(prospects.created + week * WEEK + WEEK // 2)
    age = np.where(week < LIFE_WEEKS, _AGE[np.minimum(week, LIFE_WEEKS - 1)], 0.0)
    season = SEASON[prospects.market, day]
    sql = (age * np.exp(prospects.fit + season + DRIFT[day]))[:, None] * _SQL_BY_STATE
    rejected = (age * np.exp(_REJECTED_BY_FIT * prospects.fit + season))[:, None]
    rejected = rejected * _REJECTED_BY_STATE
    total = 1.0 + sql + rejected
    return sql / total, rejected / total


def sql_probability(
    prospects: Prospects, week: Codes, state: Codes, horizon_weeks: int
) -> Probabilities:
    """Exact P(SQL in weeks `week` … `week + horizon_weeks - 1`); probabilities, shape (n,).

    Given that the lead is open at the start of `week` with intent `state` in that week, and that
    sales works it.
    """
    step = _STEP[prospects.fit_class()]
    value = np.zeros((len(prospects), len(STATES)))
    for ahead in reversed(range(horizon_weeks)):
        sql, rejected = hazards(prospects, week + ahead)
        later = np.einsum("nij,nj->ni", step, value)
        value = sql + (1.0 - sql - rejected) * later
    return value[np.arange(len(value)), state]


def horizon_in_weeks(horizon_days: int) -> int:
    """Round a horizon in days to whole weeks: 90 days are 13 weeks (91 days)."""
    return max(1, round(horizon_days * DAY / WEEK))


def live(prospects: Prospects, worked: npt.NDArray[np.bool_], rng: np.random.Generator) -> Fates:
    """Draw each lead's intents and, where sales works it, its outcome."""
    fit_class = prospects.fit_class()
    size = len(prospects)
    intent = np.empty((size, LIFE_WEEKS), dtype=np.int8)
    outcome = np.zeros(size, dtype=np.int8)
    ended = np.full(size, LIFE_WEEKS, dtype=np.int64)
    state = _draw(_START[fit_class], rng)
    for week in range(LIFE_WEEKS):
        intent[:, week] = state
        rows = np.flatnonzero(worked & (outcome == OPEN))
        sql, rejected = hazards(prospects.take(rows), np.full(len(rows), week))
        chosen = np.arange(len(rows)), state[rows]
        chance, uniform = sql[chosen], rng.random(len(rows))
        outcome[rows[uniform < chance]] = SQL
        outcome[rows[(uniform >= chance) & (uniform < chance + rejected[chosen])]] = REJECTED
        ended[rows[outcome[rows] != OPEN]] = week
        state = _draw(_STEP[fit_class, state], rng)
    return Fates(intent, outcome, ended)


def _draw(probabilities: Probabilities, rng: np.random.Generator) -> Codes:
    """Draw a state for each row of probabilities, shape (n, 3)."""
    uniform = rng.random(len(probabilities))
    first = probabilities[:, 0]
    return (uniform >= first).astype(np.int64) + (uniform >= first + probabilities[:, 1])
