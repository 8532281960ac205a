"""Instants and days given on the command line."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from predictive_scoring.errors import UsageError


def read_instant(text: str, zone: str | None) -> datetime:
    """Read an ISO 8601 instant into UTC; one without an offset is in ``zone``.

    Raises UsageError for anything else, for a naive instant where no zone is declared, and for a
    local time that the zone skips (summer time begins).
    """
    try:
        return _placed(datetime.fromisoformat(text), text, zone)
    except (ValueError, OverflowError):  # OverflowError: before the year 1 or after 9999 in UTC
        raise UsageError(
            f"--as-of {text!r} is no instant",
            "2026-10-31, 2026-10-31T18:00:00 or 2026-10-31T18:00:00+01:00",
        ) from None


def read_day(text: str | None) -> date | None:
    """Read an ISO 8601 day; raises UsageError for anything else."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no day", "a day such as 2026-10-31") from None


def _placed(instant: datetime, text: str, zone: str | None) -> datetime:
    if instant.tzinfo is not None:
        return instant.astimezone(UTC)
    if zone is None:
        raise UsageError(
            f"--as-of {text!r} has no offset and the configuration declares no time zone",
            "an offset, such as +01:00 or Z",
            "add the offset, or declare `time_zone` in the configuration",
        )
    placed = instant.replace(tzinfo=ZoneInfo(zone))
    if placed.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != instant:
        raise UsageError(f"--as-of {text!r} does not exist in {zone}: clocks were put forward then")
    return placed.astimezone(UTC)
