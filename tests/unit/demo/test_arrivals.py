import numpy as np

from predictive_scoring.demo.arrivals import created_at
from predictive_scoring.demo.clock import DAY, EXTRACT, market_offset, weekday
from predictive_scoring.demo.company import HISTORY_DAYS, MARKETS


def test_leads_arrive_within_the_history_in_the_order_of_their_quantiles() -> None:
    quantile = np.linspace(0, 1, 20_001)[:-1]
    for code in range(len(MARKETS)):
        created = created_at(np.full(20_000, code), quantile, np.random.default_rng(2))
        assert created.min() > EXTRACT - (HISTORY_DAYS + 1) * DAY
        assert EXTRACT - 2 * DAY < created.max() < EXTRACT
        assert (np.diff(created) > -DAY - 3_600).all()


def test_the_last_hour_of_the_london_day_is_moved_before_the_extract() -> None:
    london = np.full(5_000, [market.country for market in MARKETS].index("GB"))
    created = created_at(london, np.full(5_000, 1 - 1e-9), np.random.default_rng(5))
    assert created.min() > EXTRACT - DAY
    assert created.max() < EXTRACT


def test_weekends_and_august_bring_fewer_leads() -> None:
    france = np.zeros(40_000, dtype=np.int64)
    rng = np.random.default_rng(3)
    created = created_at(france, rng.random(40_000), rng)
    local = created + market_offset(france, created)
    by_day = np.bincount(weekday(local), minlength=7)
    assert by_day[5:].max() < 0.4 * by_day[:5].min()
    month = local.astype("datetime64[s]").astype("datetime64[M]").astype(int) % 12
    by_month = np.bincount(month, minlength=12)
    assert by_month[7] < 0.7 * by_month[8]
