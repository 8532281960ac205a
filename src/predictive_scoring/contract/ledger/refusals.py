"""What cannot be answered with a ledger, and what to do instead."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow.compute as pc

from predictive_scoring.contract.ledger.facts import naive
from predictive_scoring.contract.ledger.judged import instants
from predictive_scoring.contract.ledger.promises import versions_of
from predictive_scoring.errors import Finding, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract, Window

_SHOWN = 20


def refuse_unfounded(extract: Extract, config: Config, window: Window) -> datetime:
    """Refuse what has no contract, no instants or no such leads; give the extract's end (UTC).

    Raises UsageError.
    """
    if not config.contract.versions:
        raise UsageError(
            "no contract is declared",
            "what marketing and sales promised each other, from a day on",
            "write it into the configuration under `contract.versions`",
        )
    if config.flat or extract.extract_at is None:
        raise UsageError(
            "this company's data have no instants: nobody knows when a lead was handed over",
            "`sources.stages` with instants",
            "declare the table of stages in place of `outcome.column`",
        )
    if not versions_of(config, window):
        held = ", ".join(_days(v.since, v.until) for v in config.contract.versions)
        raise UsageError(
            f"no contract was in force in {window.name}",
            f"days on which a version holds: {held}",
            "ask for such days, or declare the version under `contract.versions`",
        )
    for name, value in window.scope.items():
        if name != "team":
            _refuse_unknown(extract, config, name, value)
    return extract.extract_at.astimezone(UTC)


def refuse_empty(handed: pa.Table, end: datetime, zone: str, window: Window) -> None:
    """Refuse a window that ends (UTC) before the first handover: its zero would be no fact.

    Raises Finding with the months that have handovers.
    """
    at = handed["handed_over_at"].drop_null()
    if not len(at):
        raise Finding(
            f"nothing was handed over in {window.name}, nor at any other time",
            "the stage `mql` among the stages, or handovers in the score store",
            "map the company's own stage on `mql` in `sources.stages.stages`, or write "
            "`handovers: scores` under `contract` and score",
        )
    if pc.min(at).as_py() >= naive(end):
        raise Finding(
            f"nothing was handed over in {window.name}",
            f"a time with handovers: {months_with_handovers(handed, zone)}",
            "ask for one of those months, or load older stages",
        )


def months_with_handovers(handed: pa.Table, zone: str) -> str:
    """The months that have any, those of the zone: 2026-01 to 2026-03, 2026-05."""
    hours = np.unique(instants(handed, "handed_over_at").astype("datetime64[h]"))
    local = (hour.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)) for hour in hours.tolist() if hour)
    months = sorted({day.year * 12 + day.month - 1 for day in local})
    runs: list[list[int]] = []
    for month in months:
        if runs and runs[-1][-1] == month - 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(" to ".join(map(_month, sorted({run[0], run[-1]}))) for run in runs)


def _month(count: int) -> str:
    return f"{count // 12}-{count % 12 + 1:02}"


def _refuse_unknown(extract: Extract, config: Config, name: str, value: str) -> None:
    column = f"profile_{config.contract.source}" if name == "source" else name
    quoted = '"{}"'.format(column.replace('"', '""'))
    known = extract.connection.execute(
        f"SELECT CAST({quoted} AS VARCHAR), count(*) FROM leads WHERE {quoted} IS NOT NULL "  # noqa: S608
        "GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    names = [found for found, _ in known]
    if value not in names:
        rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        raise UsageError(
            f"no lead has the {name} {value!r}",
            f"one of {', '.join(map(repr, names[:_SHOWN])) or '(none)'}{rest}",
        )


def _days(since: date, until: date | None) -> str:
    return f"{since} to {until}" if until else f"from {since}"
