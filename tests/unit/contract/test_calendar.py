"""The clock of a team against hand-worked days and a minute-by-minute count."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictive_scoring.config.contract import Team
from predictive_scoring.contract.calendar import Clock, day_start, public_holidays
from predictive_scoring.errors import UsageError

PARIS, TOKYO = "Europe/Paris", "Asia/Tokyo"
FRANCE = Team(time_zone=PARIS, holidays="FR", hours=("09:00-12:30", "14:00-18:00"))
JAPAN = Team(time_zone=TOKYO, holidays="JP", hours=("09:00-18:00",))
YEAR = date(2026, 1, 1), date(2026, 12, 31)
SATURDAY = date(2026, 3, 28)


def at(zone: str, *texts: str, fold: int = 0) -> np.ndarray:
    """Wall times of a zone as UTC."""
    local = [datetime.fromisoformat(t).replace(tzinfo=ZoneInfo(zone), fold=fold) for t in texts]
    return np.array([t.astimezone(UTC).replace(tzinfo=None) for t in local], dtype="datetime64[us]")


def hours(team: Team, start: str, end: str) -> float:
    clock = Clock.of(team, *YEAR)
    return float(clock.hours_between(at(team.time_zone, start), at(team.time_zone, end))[0])


def due(team: Team, start: str, length: float) -> str:
    instant = Clock.of(team, *YEAR, ahead=length).after(at(team.time_zone, start), length)[0]
    local = instant.item().replace(tzinfo=UTC).astimezone(ZoneInfo(team.time_zone))
    return f"{local:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("team", "start", "end", "expected"),
    [
        (FRANCE, "2026-09-14 09:00", "2026-09-14 12:00", 3),  # a Monday morning
        (FRANCE, "2026-09-14 12:00", "2026-09-14 14:30", 1),  # over lunch
        (FRANCE, "2026-09-14 13:00", "2026-09-14 13:30", 0),  # all of it lunch
        (FRANCE, "2026-09-14 19:00", "2026-09-15 09:15", 0.25),  # handed over in the evening
        (FRANCE, "2026-09-14 17:00", "2026-09-14 23:00", 1),  # contacted at night
        (FRANCE, "2026-09-18 17:00", "2026-09-21 10:00", 2),  # over a weekend
        (FRANCE, "2026-07-13 17:00", "2026-07-15 10:00", 2),  # over the 14th of July
        (FRANCE, "2026-07-14 10:00", "2026-07-14 16:00", 0),  # on it
        (FRANCE, "2026-10-30 17:00", "2026-11-02 10:00", 2),  # 1 November 2026 is a Sunday
        (FRANCE, "2026-11-10 17:00", "2026-11-12 10:00", 2),  # over 11 November, a Wednesday
        (JAPAN, "2026-11-02 17:00", "2026-11-04 10:00", 2),  # over Culture Day
        (JAPAN, "2026-09-18 17:00", "2026-09-24 10:00", 2),  # Silver Week: 21, 22 and 23
        (JAPAN, "2026-07-13 17:00", "2026-07-15 10:00", 11),  # a French holiday is none there
        (FRANCE, "2026-10-23 17:00", "2026-10-26 10:00", 2),  # clocks change in the night off
    ],
)
def test_the_clock_runs_in_business_hours_alone(team, start, end, expected):
    assert hours(team, start, end) == pytest.approx(expected)
    assert hours(team, end, start) == pytest.approx(-expected), "backwards it counts backwards"


NIGHT = Team(time_zone=PARIS, days=("sun",), hours=("00:00-24:00",))
EARLY = Team(time_zone=PARIS, days=("sun",), hours=("01:00-02:30", "02:45-04:00"))


@pytest.mark.parametrize(
    ("team", "day", "expected"),
    [
        (NIGHT, "2026-03-29", 23),  # from 2 to 3 o'clock there is no hour
        (NIGHT, "2026-10-25", 25),  # and here there are two
        (NIGHT, "2026-10-18", 24),
        (EARLY, "2026-03-29", 2),  # neither 02:30 nor 02:45 exists
        (EARLY, "2026-10-25", 3.5),  # both come twice
        (EARLY, "2026-10-18", 2.75),
    ],
)
def test_summer_time_makes_days_shorter_and_longer(team, day, expected):
    after = f"{date.fromisoformat(day) + timedelta(days=1)}"
    assert hours(team, f"{day} 00:00", f"{after} 00:00") == expected


def test_the_repeated_hour_is_told_apart_by_its_instant():
    clock = Clock.of(NIGHT, *YEAR)
    first, second = (at(PARIS, "2026-10-25 02:30", fold=fold) for fold in (0, 1))
    assert clock.hours_between(first, second)[0] == 1


@pytest.mark.parametrize(
    ("team", "start", "length", "expected"),
    [
        (FRANCE, "2026-09-14 10:00", 2, "2026-09-14 12:00"),
        (FRANCE, "2026-09-14 11:30", 2, "2026-09-14 15:00"),
        (FRANCE, "2026-09-14 17:00", 1, "2026-09-14 18:00"),  # at the end of the day, not at 9
        (FRANCE, "2026-09-18 20:00", 7.5, "2026-09-21 18:00"),  # a whole working day
        (FRANCE, "2026-12-31 17:00", 2, "2027-01-04 10:00"),  # beyond the days asked for
        (JAPAN, "2026-11-02 17:30", 24, "2026-11-06 14:30"),
        (NIGHT, "2026-10-25 01:30", 3, "2026-10-25 03:30"),
        (NIGHT, "2026-10-25 12:00", 12.5, "2026-11-01 00:30"),
        (FRANCE, "2026-09-14 20:00", 0, "2026-09-14 20:00"),
    ],
)
def test_due_is_when_the_clock_has_run_so_long(team, start, length, expected):
    assert due(team, start, length) == expected


def test_no_hours_are_over_at_once_even_where_nobody_works():
    closed = Team(time_zone=PARIS, days=("sat",), hours=("00:00-00:15",), closed=(SATURDAY,))
    clock = Clock.of(closed, SATURDAY, SATURDAY)
    start = at(PARIS, "2026-03-28 00:00")
    assert clock.after(start, 0) == start
    with pytest.raises(ValueError, match="reach"):
        clock.after(start, 1)


def test_elapsed_hours_are_those_of_every_clock():
    clock = Clock.elapsed()
    start, end = at("UTC", "2026-10-24 12:00"), at("UTC", "2026-10-26 18:30")
    assert clock.hours_between(start, end)[0] == 54.5
    assert clock.after(start, 54.5) == end


def test_what_is_no_instant_stays_unknown():
    nothing = np.array(["NaT", "2026-09-14T08:00"], dtype="datetime64[us]")
    clock = Clock.of(FRANCE, *YEAR)
    assert np.isnan(clock.hours_between(nothing, nothing)).tolist() == [True, False]
    assert np.isnat(clock.after(nothing, 1)).tolist() == [True, False]


def test_nothing_is_said_of_days_outside():
    clock = Clock.of(FRANCE, date(2026, 9, 1), date(2026, 9, 30))
    inside, outside = at(PARIS, "2026-09-14 10:00"), at(PARIS, "2026-10-01 00:01")
    with pytest.raises(ValueError, match="outside"):
        clock.hours_between(inside, outside)
    with pytest.raises(ValueError, match="so far"):
        clock.after(inside, 1000)


def test_closed_days_are_no_working_days():
    team = FRANCE.model_copy(update={"closed": (date(2026, 12, 24),)})
    assert hours(team, "2026-12-23 17:00", "2026-12-28 10:00") == 2  # the 25th is a holiday


def test_holidays_differ_by_part_of_a_country():
    all_saints = date(2026, 11, 1)
    assert all_saints in public_holidays("DE-BY", *YEAR)
    assert all_saints not in public_holidays("DE", *YEAR)


@pytest.mark.parametrize(
    ("code", "supported"), [("XX", "FR"), ("fr", "FR"), ("HolidayBase", "FR"), ("DE-QQ", "DE-BY")]
)
def test_unknown_holidays_are_refused_with_those_known(code, supported):
    with pytest.raises(UsageError, match=code) as refused:
        public_holidays(code, *YEAR)
    assert supported in refused.value.expected.replace(",", " ").split()


def test_a_day_without_midnight_starts_when_it_starts():
    # Clocks in Beirut went from 00:00 to 01:00 on 29 March 2026.
    assert day_start(date(2026, 3, 29), "Asia/Beirut") == datetime(2026, 3, 28, 22, tzinfo=UTC)
    assert day_start(date(2026, 3, 30), "Asia/Beirut") == datetime(2026, 3, 29, 21, tzinfo=UTC)


# ----------------------------------------------------------------- against a slow, simple count

ZONES = ("Europe/Paris", "Asia/Tokyo", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut")
CHANGES = (date(2026, 3, 28), date(2026, 10, 24), date(2026, 10, 3), date(2026, 4, 4),
           date(2026, 3, 7), date(2026, 10, 31), date(2026, 7, 10))  # fmt: skip


@st.composite
def teams(draw):
    edges = draw(st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True).map(sorted))
    spans = [f"{a // 4:02}:{a % 4 * 15:02}-{b // 4:02}:{b % 4 * 15:02}"
             for a, b in zip(edges[::2], edges[1::2], strict=False)]  # fmt: skip
    days = draw(st.sets(st.sampled_from(("mon", "sat", "sun")), min_size=1))
    closed = draw(st.sets(st.sampled_from(CHANGES)))
    return Team(
        time_zone=draw(st.sampled_from(ZONES)), days=tuple(days), hours=tuple(spans),
        closed=tuple(closed),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    teams(), st.sampled_from(CHANGES),
    st.lists(st.integers(0, 4 * 1440), min_size=2, max_size=6), st.integers(0, 600),
)  # fmt: skip
def test_the_clock_counts_what_a_watch_would(team, first, minutes, length):
    start = day_start(first, team.time_zone)
    clock = Clock.of(team, first, first + timedelta(days=4), ahead=length / 60)
    instants = np.array(
        [start.replace(tzinfo=None) + timedelta(minutes=m) for m in minutes], dtype="datetime64[us]"
    )
    ticks = working(team, start, 4 * 1440)
    expected = [(sum(ticks[:m]) - sum(ticks[: minutes[0]])) / 60 for m in minutes]
    base = np.full(len(minutes), instants[0])
    assert clock.hours_between(base, instants) == pytest.approx(expected)
    for minute, instant in zip(minutes, clock.after(instants, length / 60), strict=True):
        end = int((instant - np.datetime64(start.replace(tzinfo=None))) / np.timedelta64(1, "m"))
        if end <= 4 * 1440:
            assert sum(ticks[minute:end]) == length
            assert length == 0 or ticks[end - 1], "the last minute was worked"
        else:
            assert sum(ticks[minute:]) <= length


def working(team: Team, start: datetime, minutes: int) -> list[bool]:
    """Whether the team works in each minute from ``start`` on, by reading its wall clock."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    ticks = []
    for minute in range(minutes):
        wall = (start + timedelta(minutes=minute)).astimezone(ZoneInfo(team.time_zone))
        time = wall.hour * 60 + wall.minute
        open_ = names[wall.weekday()] in team.days and wall.date() not in team.closed
        ticks.append(open_ and any(a <= time < b for a, b in team.spans))
    return ticks
