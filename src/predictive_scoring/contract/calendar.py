"""The clock of a sales team: it runs while the team works, by the team's own wall clock.

A team works at an instant when its wall clock then reads a time within its hours, on one of its
days that is neither a public holiday nor closed. So a span through an hour that summer time skips
is shorter and one through an hour that is repeated longer, without a rule for either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from predictive_scoring.config.contract import DAYS
from predictive_scoring.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from predictive_scoring.config.contract import Team
    from predictive_scoring.records import FloatArray, IntArray

    Instants = NDArray[np.datetime64]

_SECOND = 1_000_000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE
_ALWAYS = 2**61  # microseconds: beyond every date, and two of them still fit an int64
_NONE = np.iinfo(np.int64).min  # how numpy writes "not a time"


@dataclass(frozen=True)
class Clock:
    """When a clock runs: spans from ``starts`` to ``ends`` in order, microseconds UTC since 1970.

    It knows of nothing before ``first`` and after ``last``: asked beyond, it raises ValueError.
    """

    starts: IntArray
    ends: IntArray
    first: int
    last: int

    @classmethod
    def elapsed(cls) -> Clock:
        """The clock that never stands still."""
        return cls(np.array([-_ALWAYS]), np.array([_ALWAYS]), -_ALWAYS, _ALWAYS)

    @classmethod
    def of(cls, team: Team, first: date, last: date, ahead: float = 0) -> Clock:
        """The clock of a team from ``first`` to ``last``, local days, both included.

        It goes on after ``last`` until at least ``ahead`` more hours have run, so that ``after``
        finds every instant that is due by then. Raises UsageError for holidays nobody knows.
        """
        reach = last
        while True:
            clock = _between(team, first, reach)
            rest = clock._total - clock._run(np.array([_midnight(last + timedelta(1), team)]))[0]
            if rest >= ahead * _HOUR:
                return clock
            reach += max(timedelta(days=7), 2 * (reach - last))

    def hours_between(self, start: Instants, end: Instants) -> FloatArray:
        """Hours that the clock ran from ``start`` to ``end`` (datetime64 UTC), shape (n,).

        Negative where ``end`` is before ``start``; NaN where either is not a time.
        """
        at, until = _microseconds(start), _microseconds(end)
        hours: FloatArray = (self._run(until) - self._run(at)) / _HOUR
        hours[(at == _NONE) | (until == _NONE)] = np.nan
        return hours

    def after(self, start: Instants, hours: float) -> Instants:
        """When the clock has run ``hours`` from ``start`` on (datetime64[us] UTC), shape (n,).

        Hours that end with a working span end there, not when the next one begins: nine hours of a
        day from 9 to 18 o'clock are over at 18.
        """
        at = _microseconds(start)
        length = round(hours * _HOUR)
        if not length:  # over at once, even for a team that never works
            return at.astype("datetime64[us]")
        target = self._run(at) + length
        span = np.searchsorted(self._before[1:], target, side="left")
        known = at != _NONE
        if (span[known] == len(self.starts)).any():
            raise ValueError("the clock does not reach so far")
        span = np.minimum(span, len(self.starts) - 1)
        due = np.maximum(self.starts[span] + target - self._before[span], at)
        return np.where(known, due, _NONE).astype("datetime64[us]")

    @cached_property
    def _before(self) -> IntArray:
        """Microseconds run before each span, and at the end."""
        return np.concatenate([[0], np.cumsum(self.ends - self.starts)])

    @property
    def _total(self) -> int:
        return int(self._before[-1])

    def _run(self, at: IntArray) -> IntArray:
        """Microseconds run until each instant."""
        known = at[at != _NONE]
        if len(known) and (known.min() < self.first or known.max() > self.last):
            raise ValueError("an instant outside of the clock's days")
        if not len(self.starts):
            return np.zeros(len(at), dtype=np.int64)
        span = np.maximum(np.searchsorted(self.starts, at, side="right") - 1, 0)
        start = self.starts[span]
        within = np.clip(at, start, self.ends[span]) - start
        run: IntArray = self._before[span] + within
        return run


def public_holidays(code: str, first: date, last: date) -> frozenset[date]:
    """The public holidays of a country (FR) or of a part of one (DE-BY) from ``first`` to ``last``.

    They are those of the ``holidays`` library, which looks nothing up. Raises UsageError for a
    country or part that it does not know.
    """
    import holidays  # a fifth of a second, which only a business clock is worth

    country, _, part = code.partition("-")
    years = range(first.year, last.year + 1)
    if len(country) == 2 and country.isupper():  # the library's other names are no countries
        try:
            return frozenset(holidays.country_holidays(country, subdiv=part or None, years=years))
        except NotImplementedError:
            pass  # said below, with what there is
    known = holidays.list_supported_countries(include_aliases=False)
    parts = [country, *(f"{country}-{p}" for p in known.get(country, ()))]
    raise UsageError(
        f"no public holidays are known of {code!r}",
        f"one of {', '.join(parts if country in known else sorted(known))}",
        "correct `contract.teams`, `holidays`, or list the days in `closed`",
    )


def day_start(day: date, zone: str) -> datetime:
    """The first instant of a day by a zone's clocks, in UTC."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return midnight.astimezone(UTC)


def _between(team: Team, first: date, last: date) -> Clock:
    """The team's clock from the start of ``first`` to the end of ``last``."""
    opens, closes = _hours_by_the_wall(team, first, last)
    begin, finish = _midnight(first, team), _midnight(last + timedelta(days=1), team)
    starts, ends = [], []
    for since, until, offset in _offsets(ZoneInfo(team.time_zone), begin, finish):
        start, end = np.maximum(opens - offset, since), np.minimum(closes - offset, until)
        starts.append(start[start < end])
        ends.append(end[start < end])
    return Clock(np.concatenate(starts), np.concatenate(ends), begin, finish)


def _hours_by_the_wall(team: Team, first: date, last: date) -> tuple[IntArray, IntArray]:
    """Start and end of every working span as the team's wall clock reads them, in order."""
    closed = {*team.closed}
    if team.holidays is not None:
        closed |= public_holidays(team.holidays, first, last)
    weekdays = {DAYS.index(day) for day in team.days}
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    days = [day for day in every if day.weekday() in weekdays and day not in closed]
    midnights = np.array(days, dtype="datetime64[us]").astype(np.int64)
    spans = np.array(team.spans, dtype=np.int64) * _MINUTE
    walls = midnights[:, None, None] + spans
    return walls[..., 0].ravel(), walls[..., 1].ravel()


def _offsets(zone: ZoneInfo, begin: int, finish: int) -> Iterator[tuple[int, int, int]]:
    """From when until when the zone's clocks are how far ahead of UTC, in microseconds."""

    def offset(second: int) -> int:
        ahead = datetime.fromtimestamp(second, zone).utcoffset() or timedelta()
        return int(ahead.total_seconds())

    since, until = begin // _SECOND, -(-finish // _SECOND)
    at = since
    while at < until:
        later = min(at + 86_400, until)
        if offset(later) != offset(at):
            low, high = at, later  # the clocks change in (low, high]
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == offset(at) else (low, middle)
            yield since * _SECOND, high * _SECOND, offset(at) * _SECOND
            since, later = high, high
        at = later
    if since < until:
        yield since * _SECOND, until * _SECOND, offset(since) * _SECOND


def _midnight(day: date, team: Team) -> int:
    return int(day_start(day, team.time_zone).timestamp()) * _SECOND


def _microseconds(instants: Instants) -> IntArray:
    return instants.astype("datetime64[us]").astype(np.int64)
