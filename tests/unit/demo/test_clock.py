from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from predictive_scoring.demo import clock
from predictive_scoring.demo.company import MARKETS


def instants(size: int, seed: int = 0) -> clock.Seconds:
    rng = np.random.default_rng(seed)
    return rng.integers(clock.EXTRACT - 730 * clock.DAY, clock.EXTRACT, size)


def test_the_extract_is_midnight_in_paris() -> None:
    paris = datetime.fromtimestamp(clock.EXTRACT, ZoneInfo("Europe/Paris"))
    assert paris.isoformat() == "2026-11-01T00:00:00+01:00"


def test_iso_text_is_the_same_instant_in_the_markets_zone() -> None:
    market = np.tile(np.arange(len(MARKETS)), 300)
    when = instants(len(market))
    texts = clock.iso_with_offset(market, when).to_pylist()
    for code, second, text in zip(market, when, texts, strict=True):
        local = datetime.fromtimestamp(int(second), ZoneInfo(MARKETS[code].zone))
        assert text == local.isoformat()


@pytest.mark.parametrize(
    ("utc", "offset"),
    [("2026-03-29T00:59:59", 3600), ("2026-03-29T01:00:00", 7200), ("2026-10-25T01:00:00", 3600)],
)
def test_offset_changes_at_the_very_second(utc: str, offset: int) -> None:
    second = int(datetime.fromisoformat(utc).replace(tzinfo=UTC).timestamp())
    assert clock.zone_offset("Europe/Paris", np.array([second])).tolist() == [offset]


def test_local_time_goes_to_utc_and_back() -> None:
    market = np.tile(np.arange(len(MARKETS)), 500)
    noon = instants(len(market)) // clock.DAY * clock.DAY + 43_200
    back = clock.to_utc(market, noon)
    assert np.array_equal(back + clock.market_offset(market, back), noon)


def test_head_office_time_is_paris_wall_clock() -> None:
    when = instants(500)
    for second, text in zip(when, clock.head_office_time(when).to_pylist(), strict=True):
        local = datetime.fromtimestamp(int(second), ZoneInfo("Europe/Paris"))
        assert text == local.strftime("%Y-%m-%d %H:%M:%S")


def test_office_hour_is_within_its_week_and_in_working_time() -> None:
    market = np.tile(np.arange(len(MARKETS)), 3_000)
    start = instants(len(market), seed=3)
    chosen = clock.office_hour_in_week(market, start, np.random.default_rng(1))
    assert ((chosen > start + 8 * 3_600) & (chosen < start + clock.WEEK)).all()
    local = chosen + clock.market_offset(market, chosen)
    assert clock.weekday(local).max() == 4
    hour = local % clock.DAY // 3_600
    assert (hour.min(), hour.max()) == (9, 17)


def test_next_office_hour_keeps_working_time_and_moves_the_rest_forward() -> None:
    local = instants(5_000, seed=4)
    moved = clock.next_office_hour(local, np.random.default_rng(1).random(len(local)))
    hour = moved % clock.DAY // 3_600
    assert (moved >= local).all()
    assert ((hour >= 9) & (hour < 18) & (clock.weekday(moved) < 5)).all()
    working = (local % clock.DAY // 3_600 >= 9) & (local % clock.DAY // 3_600 < 18)
    working &= clock.weekday(local) < 5
    assert np.array_equal(moved[working], local[working])
    assert (moved - local).max() < timedelta(days=4).total_seconds()


def test_weekday_agrees_with_the_calendar() -> None:
    when = instants(100)
    expected = [datetime.fromtimestamp(int(second), UTC).weekday() for second in when]
    assert clock.weekday(when).tolist() == expected


def test_no_instant_is_left_in_the_hour_that_paris_shows_twice() -> None:
    midnight = int(datetime(2025, 10, 26, tzinfo=UTC).timestamp())
    hours = midnight + np.arange(-3, 6) * 3_600 + 1_800
    moved = clock.skip_repeated_hour(hours)
    for second in moved:
        local = datetime.fromtimestamp(int(second), ZoneInfo("Europe/Paris")).replace(tzinfo=None)
        early, late = (local.replace(tzinfo=ZoneInfo("Europe/Paris"), fold=f) for f in (0, 1))
        assert early.utcoffset() == late.utcoffset()
    assert (moved != hours).sum() == 2


def test_local_seconds_are_mostly_by_day() -> None:
    uniform = np.linspace(0, 1, 10_001)[:-1]
    second = clock.local_second_of_day(uniform)
    assert second.min() >= 0
    assert second.max() < clock.DAY
    assert (np.diff(second) >= 0).all()
    assert np.mean((second >= 8 * 3_600) & (second < 19 * 3_600)) > 0.75
