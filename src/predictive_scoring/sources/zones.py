"""Local times to UTC, by an SQL expression made from the time zone database.

A local time that the clocks skip (spring) is no instant. One that they show twice (autumn) is read
as the first, that is the earlier instant.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Instants outside these years (the last one excluded) are no dates of a company's leads."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1) // _MICROSECOND


@dataclass(frozen=True)
class LocalOffsets:
    """Offsets from UTC by local time: ``offsets[i]`` holds from ``starts[i - 1]`` to ``starts[i]``.

    Microseconds; starts are local times as if they were UTC since 1970; None is a skipped time.
    """

    starts: tuple[int, ...]
    offsets: tuple[int | None, ...]

    def at(self, local: int) -> int | None:
        """The offset of a local time, the first one where there are two."""
        return self.offsets[bisect_right(self.starts, local)]


@lru_cache(maxsize=32)
def local_offsets(zone: str) -> LocalOffsets:
    """The offsets of an IANA time zone from 1900 until 2100."""
    starts: list[int] = []
    offsets: list[int | None] = [_offset(ZoneInfo(zone), datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))]
    for instant, before, after in _changes(ZoneInfo(zone)):
        moment = (instant - _EPOCH) // _MICROSECOND
        starts.append(moment + before)
        if after > before:
            offsets.append(None)
            starts.append(moment + after)
        offsets.append(after)
    return LocalOffsets(tuple(starts), tuple(offsets))


def offset_sql(zone: str, local: str) -> str:
    """SQL for the offset in microseconds at ``local``, a BIGINT of microseconds; NULL = skipped."""
    found = local_offsets(zone)
    return _tree(found, local, 0, len(found.starts))


@lru_cache(maxsize=32)
def skips_midnights(zone: str) -> bool:
    """Whether the clocks of the zone ever skip a midnight, as those of Brazil did."""
    found = local_offsets(zone)
    return any(
        offset is None and -(-found.starts[i - 1] // _DAY) * _DAY < found.starts[i]
        for i, offset in enumerate(found.offsets)
    )


def _tree(found: LocalOffsets, local: str, low: int, high: int) -> str:
    if low == high:
        offset = found.offsets[low]
        return "CAST(NULL AS BIGINT)" if offset is None else f"CAST({offset} AS BIGINT)"
    middle = (low + high) // 2
    left, right = _tree(found, local, low, middle), _tree(found, local, middle + 1, high)
    return f"CASE WHEN {local} < {found.starts[middle]} THEN {left} ELSE {right} END"


def _changes(zone: ZoneInfo) -> list[tuple[datetime, int, int]]:
    """Each change of offset: its first instant, and the offsets before and after."""
    changes = []
    day, last = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR, 1, 1, tzinfo=UTC)
    before = _offset(zone, day)
    while day < last:
        following = day + timedelta(days=1)
        after = _offset(zone, following)
        if after != before:
            changes.append((_first_with(zone, after, day, following), before, after))
        day, before = following, after
    return changes


def _first_with(zone: ZoneInfo, offset: int, low: datetime, high: datetime) -> datetime:
    """The first second in (low, high] at which the offset holds."""
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        low, high = (low, middle) if _offset(zone, middle) == offset else (middle, high)
    return high


def _offset(zone: ZoneInfo, instant: datetime) -> int:
    return (instant.astimezone(zone).utcoffset() or timedelta()) // _MICROSECOND
