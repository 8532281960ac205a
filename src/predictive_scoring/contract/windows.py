"""What a ledger is of: a month, quarter or year, or some days, of some of the leads."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from predictive_scoring.contract.calendar import day_start
from predictive_scoring.errors import UsageError
from predictive_scoring.records import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from predictive_scoring.config import Config

SCOPES = ("market", "team", "source", "owner")


def window(
    config: Config,
    extract_at: datetime,
    *,
    month: str | None = None,
    quarter: str | None = None,
    year: str | None = None,
    since: str | None = None,
    until: str | None = None,
    scope: Mapping[str, str | None] | None = None,
) -> Window:
    """The window asked for: 2026-09, 2026-Q3, 2026, or from one day to another (2026-09-14).

    Default: the last month that was over when the data were extracted. ``since`` without ``until``
    goes on until then. ``scope`` names leads by market, team, source or owner; None is no limit.
    Days are those of the company's ``time_zone`` (UTC where none is declared). Raises UsageError
    for what is none of these, for two of them at once, and for days after the extract.
    """
    local = extract_at.astimezone(ZoneInfo(zone_of(config)))
    given = [w for w in (month, quarter, year, since or until) if w is not None]
    if len(given) > 1:
        raise UsageError(f"{len(given)} windows at once", "one month, quarter, year or `since`")
    name, first, last = (
        _month(month, local) if month is not None
        else _quarter(quarter) if quarter is not None
        else _year(year) if year is not None
        else _days(since, until, local) if since is not None or until is not None
        else _month(None, local)
    )  # fmt: skip
    if day_start(first, zone_of(config)) >= extract_at:
        raise UsageError(
            f"{name} begins after the data were extracted ({local:%Y-%m-%d %H:%M})",
            f"days until {local:%Y-%m-%d}",
            "ask for an earlier time, or extract the data again",
        )
    return Window(name, first, last, _scope(config, scope or {}))


def as_instants(of: Window, zone: str) -> tuple[datetime, datetime]:
    """The first instant of a window and the first one after it, in UTC."""
    return day_start(of.first, zone), day_start(of.last + timedelta(days=1), zone)


def zone_of(config: Config) -> str:
    """The zone by which a company's days begin and end."""
    return config.time_zone or "UTC"


def month_after(day: date, months: int) -> date:
    """The first day of the month that is so many months after a day's own."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _month(text: str | None, local: datetime) -> tuple[str, date, date]:
    first = (
        month_after(local.date(), -1)
        if text is None
        else _first_of(text, r"(\d{4})-(0[1-9]|1[0-2])", "a month such as 2026-09", 1)
    )
    return f"{first:%Y-%m}", first, month_after(first, 1) - timedelta(days=1)


def _quarter(text: str) -> tuple[str, date, date]:
    first = _first_of(text, r"(\d{4})-?[Qq]([1-4])", "a quarter such as 2026-Q3", 3)
    name = f"{first:%Y}-Q{first.month // 3 + 1}"
    return name, first, month_after(first, 3) - timedelta(days=1)


def _year(text: str) -> tuple[str, date, date]:
    first = _first_of(text, r"(\d{4})()", "a year such as 2026", 1)
    return f"{first:%Y}", first, date(first.year, 12, 31)


def _first_of(text: str, pattern: str, expected: str, months: int) -> date:
    found = re.fullmatch(pattern, text.strip(), re.ASCII)
    if found is None or not 1 <= int(found[1]) <= 9000:
        raise UsageError(f"{text!r} is no such time", expected)
    return date(int(found[1]), (int(found[2] or 1) - 1) * months + 1, 1)


def _days(since: str | None, until: str | None, local: datetime) -> tuple[str, date, date]:
    if since is None:
        raise UsageError(f"`until` {until} without `since`", "the first day as well")
    first = _day(since)
    last = _day(until) if until is not None else (local - timedelta(microseconds=1)).date()
    if until is not None and last < first:
        raise UsageError(f"`until` {last} is before `since` {first}", "the first day first")
    return f"{first}..{max(first, last)}", first, max(first, last)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{text!r} is no day", "a day such as 2026-09-14") from None


def _scope(config: Config, scope: Mapping[str, str | None]) -> dict[str, str]:
    """The limits that are set; raises UsageError for those that the company's data do not have."""
    chosen = {name: value for name, value in scope.items() if value is not None}
    leads, contract = config.sources.leads, config.contract
    needs = {
        "market": (leads.market, "sources.leads.market"),
        "owner": (leads.owner, "sources.leads.owner"),
        "source": (contract.source, "contract.source"),
        "team": (contract.teams, "contract.teams"),
    }
    for name in chosen:
        if name not in SCOPES:
            raise UsageError(f"a ledger by {name!r}", f"one of {', '.join(SCOPES)}")
        declared, key = needs[name]
        if not declared:
            raise UsageError(
                f"leads by {name}, of which the configuration says nothing", f"`{key}`"
            )
    team = chosen.get("team")
    if team is not None and team not in contract.teams:
        raise UsageError(f"no team is called {team!r}", f"one of {', '.join(contract.teams)}")
    return chosen
