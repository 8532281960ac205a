from datetime import date

import pytest

from predictive_scoring.demo.company import MARKETS
from predictive_scoring.demo.seasons import DRIFT, FIRST_DAY, SEASON


def on(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal() - FIRST_DAY


@pytest.mark.parametrize(
    ("country", "quiet", "usual"),
    [
        ("FR", date(2025, 8, 12), date(2025, 9, 9)),
        ("ES", date(2026, 8, 30), date(2026, 9, 2)),
        ("JP", date(2026, 1, 8), date(2026, 1, 12)),
        ("DE", date(2026, 1, 5), date(2026, 1, 12)),
        ("GB", date(2025, 12, 24), date(2025, 12, 10)),
    ],
)
def test_holidays_are_quiet_in_their_own_market(country: str, quiet: date, usual: date) -> None:
    market = [m.country for m in MARKETS].index(country)
    assert SEASON[market, on(quiet)] < -0.3
    assert SEASON[market, on(usual)] == 0.0


def test_august_is_no_holiday_in_japan_before_obon() -> None:
    assert SEASON[[m.country for m in MARKETS].index("JP"), on(date(2026, 8, 4))] == 0.0


def test_base_rate_declines_slowly_and_steps_up_with_the_campaign() -> None:
    day = on(date(2026, 2, 2))
    assert DRIFT[on(date(2025, 11, 1))] - DRIFT[on(date(2024, 11, 1))] == pytest.approx(-0.3, 0.01)
    assert DRIFT[day] - DRIFT[day - 1] == pytest.approx(0.35, abs=0.01)
    assert DRIFT[on(date(2026, 12, 1))] == DRIFT[on(date(2027, 6, 1))]
