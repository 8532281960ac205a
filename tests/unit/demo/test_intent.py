import numpy as np
import pytest

from predictive_scoring.demo import intent
from predictive_scoring.demo.clock import EXTRACT, WEEK, Codes
from predictive_scoring.demo.intent import LIFE_WEEKS, REJECTED, SQL, Prospects


def prospects(size: int, fit: float, weeks_ago: int = 60) -> Prospects:
    created = np.full(size, EXTRACT - weeks_ago * WEEK - 12_345)
    return Prospects(created, np.zeros(size, dtype=np.int64), np.full(size, fit))


def at(week: int) -> Codes:
    return np.array([week])


@pytest.mark.parametrize("fit", [-1.0, 0.0, 1.2])
def test_probability_is_the_sum_over_all_paths(fit: float) -> None:
    """Three weeks written out by hand: every path of states that ends in an SQL."""
    one, start = prospects(1, fit), 4
    step = intent._STEP[one.fit_class()[0]]
    sql, rejected = zip(
        *(intent.hazards(one, at(start + ahead)) for ahead in range(3)), strict=True
    )
    stay = [1 - s[0] - r[0] for s, r in zip(sql, rejected, strict=True)]
    for first in range(3):
        expected = sql[0][0, first]
        for second in range(3):
            reach = stay[0][first] * step[first, second]
            expected += reach * sql[1][0, second]
            for third in range(3):
                expected += reach * stay[1][second] * step[second, third] * sql[2][0, third]
        exact = intent.sql_probability(one, at(start), np.array([first]), 3)
        assert exact[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("fit", "state"), [(-1.0, 0), (0.1, 1), (0.9, 2)])
def test_probability_is_the_frequency_of_simulated_lives(fit: float, state: int) -> None:
    size = 40_000
    many = prospects(size, fit)
    fates = intent.live(many, np.ones(size, dtype=bool), np.random.default_rng(9))
    rows = (fates.intent[:, 2] == state) & (fates.week >= 2)
    became = (fates.outcome == SQL) & (fates.week < 2 + 13)
    exact = intent.sql_probability(many.take(at(0)), at(2), at(state), 13)[0]
    error = np.sqrt(exact * (1 - exact) / rows.sum())
    assert abs(became[rows].mean() - exact) < 4 * error


def test_hazards_follow_the_calendar_of_the_market() -> None:
    def sql(day: str, market: int) -> float:
        created = np.array([np.datetime64(day, "s").astype(np.int64) - 4 * WEEK - WEEK // 2])
        one = Prospects(created, np.array([market]), np.zeros(1))
        return float(intent.hazards(one, at(4))[0][0, 1])

    france, japan = 0, 4
    assert sql("2025-08-12", france) < 0.5 * sql("2025-07-12", france)
    assert sql("2025-08-04", japan) == pytest.approx(sql("2025-07-12", japan), rel=0.05)
    assert sql("2026-01-12", japan) < 0.95 * sql("2025-02-12", japan)
    assert sql("2026-02-03", france) > 1.3 * sql("2026-01-30", france)


def test_more_fit_more_intent_and_more_time_all_raise_the_probability() -> None:
    def exact(fit: float, state: int, weeks: int) -> float:
        return float(intent.sql_probability(prospects(1, fit), at(1), at(state), weeks)[0])

    assert exact(-1, 0, 13) < exact(0, 0, 13) < exact(1, 0, 13) < 1
    assert exact(0, 0, 13) < exact(0, 1, 13) < exact(0, 2, 13)
    assert exact(0, 1, 1) < exact(0, 1, 4) < exact(0, 1, 26)


def test_nothing_happens_after_a_year() -> None:
    one = prospects(1, 1.0)
    sql, rejected = intent.hazards(one, at(LIFE_WEEKS))
    assert sql.sum() == rejected.sum() == 0
    assert intent.sql_probability(one, at(LIFE_WEEKS), at(2), 13).tolist() == [0.0]
    within = intent.sql_probability(one, at(LIFE_WEEKS - 1), at(2), 1)
    assert intent.sql_probability(one, at(LIFE_WEEKS - 1), at(2), 13) == within > 0


def test_leads_that_sales_never_works_stay_open() -> None:
    worked = np.arange(4_000) % 2 == 0
    fates = intent.live(prospects(4_000, 0.5), worked, np.random.default_rng(1))
    assert (fates.outcome[~worked] == 0).all()
    assert (fates.week[~worked] == LIFE_WEEKS).all()
    assert {SQL, REJECTED} <= set(fates.outcome[worked].tolist())
    ended = fates.outcome != 0
    assert (fates.week[ended] < LIFE_WEEKS).all()
    assert (fates.week[~ended] == LIFE_WEEKS).all()


def test_transitions_are_probabilities() -> None:
    assert np.allclose(intent._STEP.sum(axis=2), 1)
    assert np.allclose(intent._START.sum(axis=1), 1)


@pytest.mark.parametrize(
    ("days", "weeks"), [(1, 1), (7, 1), (30, 4), (90, 13), (91, 13), (180, 26)]
)
def test_horizons_are_rounded_to_whole_weeks(days: int, weeks: int) -> None:
    assert intent.horizon_in_weeks(days) == weeks
