"""Instants of the simulation: time zones, office hours, and how CRMs print them.

Instants are int64 seconds since 1970-01-01 UTC; "local" ones are the same scale shifted by the
market's offset, so that a local value modulo 86,400 is the second of the local day.
"""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from predictive_scoring.demo.company import EXTRACT_AT, HEAD_OFFICE_ZONE, MARKETS
from predictive_scoring.demo.text import join, number, pick

Seconds = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int64]

DAY = 86_400
WEEK = 7 * DAY
EXTRACT = int(EXTRACT_AT.timestamp())
_OPENING, _CLOSING = 9 * 3_600, 18 * 3_600
_HOUR_WEIGHTS = np.array(
    [1, 1, 1, 1, 1, 2, 4, 9, 20, 28, 30, 27, 16, 20, 28, 28, 25, 19, 12, 9, 9, 8, 5, 2], dtype=float
)
_HOUR_CUMULATIVE = np.cumsum(_HOUR_WEIGHTS) / _HOUR_WEIGHTS.sum()


@lru_cache(maxsize=16)
def _transitions(zone: str) -> tuple[Seconds, Seconds]:
    """Hours (UTC seconds) from which an offset holds, and those offsets in seconds."""
    hours = np.arange(
        int(datetime(2023, 1, 1, tzinfo=UTC).timestamp()),
        int(datetime(2029, 1, 1, tzinfo=UTC).timestamp()),
        3_600,
        dtype=np.int64,
    )
    found = [datetime.fromtimestamp(int(h), ZoneInfo(zone)).utcoffset() for h in hours]
    offsets = np.array([int(o.total_seconds()) if o else 0 for o in found], dtype=np.int64)
    changes = np.flatnonzero(np.diff(offsets, prepend=offsets[0] - 1))
    return hours[changes], offsets[changes]


def zone_offset(zone: str, instants: Seconds) -> Seconds:
    """UTC offset in seconds that `zone` had at each instant (years 2023 to 2028)."""
    starts, offsets = _transitions(zone)
    return offsets[np.maximum(np.searchsorted(starts, instants, side="right") - 1, 0)]


def market_offset(market: Codes, instants: Seconds) -> Seconds:
    """UTC offset in seconds of each lead's own market; `market` indexes `MARKETS`."""
    result = np.zeros_like(instants)
    for code, declared in enumerate(MARKETS):
        rows = market == code
        result[rows] = zone_offset(declared.zone, instants[rows])
    return result


def to_utc(market: Codes, local: Seconds) -> Seconds:
    """Find the instant of a local wall clock; an hour that does not exist is moved forward."""
    return local - market_offset(market, local - market_offset(market, local))


def local_second_of_day(uniform: npt.NDArray[np.float64]) -> Seconds:
    """Second of a local day, with few at night, from uniform draws in [0, 1)."""
    hour = np.searchsorted(_HOUR_CUMULATIVE, uniform, side="right")
    below = np.concatenate(([0.0], _HOUR_CUMULATIVE))[hour]
    within = (uniform - below) / (_HOUR_CUMULATIVE[hour] - below)
    return np.asarray(np.minimum((hour + within) * 3_600, DAY - 1), dtype=np.int64)


def weekday(local: Seconds) -> Codes:
    """0 for Monday to 6 for Sunday."""
    return (local // DAY + 3) % 7  # 1970-01-01 was a Thursday


def next_office_hour(local: Seconds, uniform: npt.NDArray[np.float64]) -> Seconds:
    """`local` itself when it is in office hours, else early on the next working day."""
    day, second = local // DAY, local % DAY
    late = second >= _CLOSING
    day = day + late
    closed = late | (second < _OPENING)
    weekend = weekday(day * DAY) >= 5
    day = day + np.where(weekend, 7 - weekday(day * DAY), 0)
    morning = _OPENING + (uniform * 9_000).astype(np.int64)
    return day * DAY + np.where(closed | weekend, morning, second)


def office_hour_in_week(market: Codes, week_start: Seconds, rng: np.random.Generator) -> Seconds:
    """Draw a working instant strictly within the seven days that begin at `week_start` (UTC).

    Only the six whole local days in between are used, so the result is inside the week
    whatever the hour of `week_start` and across changes of the clock.
    """
    first_day = (week_start + market_offset(market, week_start)) // DAY + 1
    days = first_day[:, None] + np.arange(6)
    working = weekday(days * DAY) < 5
    order = rng.random(days.shape) + ~working
    day = days[np.arange(len(days)), order.argmin(axis=1)]
    second = rng.integers(_OPENING, _CLOSING, len(days))
    return to_utc(market, day * DAY + second)


def skip_repeated_hour(instants: Seconds) -> Seconds:
    """Move instants out of the autumn hour that head office's wall clock shows twice."""
    offset = zone_offset(HEAD_OFFICE_ZONE, instants)
    before = zone_offset(HEAD_OFFICE_ZONE, instants - 3_600)
    after = zone_offset(HEAD_OFFICE_ZONE, instants + 3_600)
    return instants + 7_200 * ((after < offset) | (before > offset))


def iso_with_offset(market: Codes, instants: Seconds) -> pa.Array:
    """`2026-03-02T09:15:00+01:00`: ISO 8601 with the market's own offset."""
    offset = market_offset(market, instants)
    hours = offset // 3_600
    # Every market is at or east of Greenwich and at a whole hour.
    return join(_clock(instants + offset, "T"), "+", number(hours, 2), ":00")


def head_office_time(instants: Seconds) -> pa.Array:
    """`2026-03-02 09:15:00`: head office's wall clock, without any offset."""
    return _clock(instants + zone_offset(HEAD_OFFICE_ZONE, instants), " ")


def _clock(local: Seconds, separator: str) -> pa.Array:
    days, seconds = local // DAY, (local % DAY).astype(np.int32)
    first = int(days.min()) if len(days) else 0
    names = pa.array(np.arange(first, int(days.max(initial=first)) + 1).astype(np.int32))
    dates = pick(names.cast(pa.date32()).cast(pa.string()), days - first)
    times = pa.array(seconds, type=pa.time32("s")).cast(pa.string())
    return join(dates, separator, times)
