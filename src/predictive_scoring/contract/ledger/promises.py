"""Each commitment against what happened: kept, broken, or still open."""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from predictive_scoring.contract.ledger.tally import Tally, total
from predictive_scoring.records import Promise, PromiseName, PromiseState, Rate, Window

if TYPE_CHECKING:
    from predictive_scoring.config import Config
    from predictive_scoring.config.contract import Commitments, Version

_ROUNDING = 1e-9  # 0.07 of 100 is 7.000000000000001 to a computer

Terms = tuple[float, object]  # the share promised, and what else must agree to be counted together


@dataclass(frozen=True)
class _Outcome:
    """So many kept and failed, so many can still go either way."""

    good: int
    of: int
    pending: int = 0


@dataclass(frozen=True)
class _Kind:
    """A promise of a share: who makes it, what is promised, and how it is counted."""

    side: Literal["marketing", "sales"]
    name: PromiseName
    terms: Callable[[Version, Commitments], Terms | None]
    outcome: Callable[[Tally], _Outcome]
    by_market: bool = True
    undecided_in: bool = False  # whether the pending are among ``of``


def promises(
    tallies: Mapping[tuple[str, str], Tally], window: Window, config: Config, complete: bool
) -> tuple[Promise, ...]:
    """The promises of the versions in force, of all markets ("") and of each one.

    ``tallies`` are by (market, version). Where versions promise different shares there is one
    promise for each of them; volumes are added up over the days of each. A window of one market has
    that market's promises alone; one of a team, source or owner has none of volume, which is not
    promised for them.
    """
    versions = versions_of(config, window)
    markets = _markets(tallies, versions, window)
    found: list[Promise] = []
    if not {"team", "source", "owner"} & {*window.scope}:
        found += filter(None, (_volume(m, tallies, versions, window, complete) for m in markets))
    for kind in _kinds(config):
        for market in markets if kind.by_market else markets[:1]:
            found += _shares(kind, market, tallies, versions, complete)
    return tuple(found)


def versions_of(config: Config, window: Window) -> tuple[Version, ...]:
    """The versions in force on some day of the window, in order."""
    return tuple(v for v, _, _ in _parts(config.contract.versions, window))


def _parts(versions: Sequence[Version], window: Window) -> Iterator[tuple[Version, date, date]]:
    """Each version in force in the window, with the first and the last of its days there."""
    ends = [*(v.since - timedelta(days=1) for v in versions[1:]), date.max]
    for version, before_next in zip(versions, ends, strict=True):
        first = max(window.first, version.since)
        last = min(window.last, before_next, version.until or date.max)
        if first <= last:
            yield version, first, last


def _markets(
    tallies: Mapping[tuple[str, str], Tally], versions: Sequence[Version], window: Window
) -> tuple[str, ...]:
    """The markets with promises of their own; "" is all of them, before the others."""
    if "market" in window.scope:
        return (window.scope["market"],)
    seen = {market for market, _ in tallies}
    if not window.scope:
        seen = seen.union(*(v.markets for v in versions))
    elif len(seen) == 1:  # a team of one market is held to that market's promises
        return tuple(seen)
    return ("", *sorted(seen - {""}))


def _volume(
    market: str,
    tallies: Mapping[tuple[str, str], Tally],
    versions: Sequence[Version],
    window: Window,
    complete: bool,
) -> Promise | None:
    parts = [
        (version, of.mqls_per_month * _months(first, last))
        for version, first, last in _parts(versions, window)
        if (of := version.of(market)).mqls_per_month is not None
    ]
    if not parts:
        return None
    promised = sum(volume for _, volume in parts)
    count = _counted(tallies, market, [version for version, _ in parts]).mqls
    reached = count + _ROUNDING >= promised
    state: PromiseState = "kept" if reached else "broken" if complete else "open"
    return Promise("marketing", "mqls", market, promised, None, count, 0, state)


def _months(first: date, last: date) -> float:
    """The days from ``first`` to ``last`` in months, each day a part of its own month."""
    months, day = 0.0, first
    while day <= last:
        length = calendar.monthrange(day.year, day.month)[1]
        end = min(last, day.replace(day=length))
        months += ((end - day).days + 1) / length
        day = end + timedelta(days=1)
    return months


def _shares(
    kind: _Kind,
    market: str,
    tallies: Mapping[tuple[str, str], Tally],
    versions: Sequence[Version],
    complete: bool,
) -> Iterator[Promise]:
    """One promise where all versions agree, else one for each of them."""
    promised = [(v, t) for v in versions if (t := kind.terms(v, v.of(market))) is not None]
    agree = len(promised) == len(versions) and len({t for _, t in promised}) == 1
    groups = [[v for v, _ in promised]] if agree else [[v] for v, _ in promised]
    for (_, (share, _)), group in zip(promised, groups, strict=False):
        outcome = kind.outcome(_counted(tallies, market, group))
        state = _state(outcome, share, complete)
        rate = Rate.wilson(outcome.good, outcome.of - (0 if kind.undecided_in else outcome.pending))
        yield Promise(
            kind.side, kind.name, market, share, rate, outcome.good, outcome.pending, state,
            "" if agree else str(group[0].since),
        )  # fmt: skip


def _counted(
    tallies: Mapping[tuple[str, str], Tally], market: str, versions: Sequence[Version]
) -> Tally:
    names = {str(v.since) for v in versions}
    return total(t for (m, v), t in tallies.items() if v in names and market in ("", m))


def _state(outcome: _Outcome, promised: float, complete: bool) -> PromiseState:
    """What cannot change any more is decided; a window that is not over can still change.

    Only a promise of all is broken for good by the first failure.
    """
    if not outcome.of:
        return "no data" if complete else "open"
    least = promised * outcome.of - _ROUNDING
    if outcome.good + outcome.pending < least and (complete or math.isclose(promised, 1)):
        return "broken"
    return "kept" if complete and outcome.good >= least else "open"


def _kinds(config: Config) -> Iterator[_Kind]:
    """The promises of shares, and how they are counted."""
    yield _Kind(
        "marketing", "sql_rate", lambda _, of: _term(of.sql_rate),
        lambda t: _Outcome(t.in_horizon, t.mqls, t.pending), undecided_in=True,
    )  # fmt: skip
    yield _Kind(
        "marketing", "criteria", lambda v, _: (1.0, None) if v.mql else None,
        lambda t: _Outcome(t.criteria_met, t.criteria_known), by_market=False,
    )  # fmt: skip
    yield _Kind(
        "sales", "contacted", lambda _, of: _term(of.contacted, of.first_contact),
        lambda t: _Outcome(t.in_time, t.in_time + t.late + t.overdue + t.running, t.running),
    )  # fmt: skip
    yield _Kind(
        "sales", "documented", lambda _, of: _term(of.documented),
        lambda t: _Outcome(t.documented, t.activities),
    )  # fmt: skip
    stages = config.sources.stages
    if stages is not None and stages.reason is not None:
        yield _Kind(
            "sales", "reasons", lambda v, _: (1.0, v.rejection_reasons),
            lambda t: _Outcome(t.reasons_held, t.rejected), by_market=False,
        )  # fmt: skip


def _term(share: float | None, *rest: object) -> Terms | None:
    return None if share is None else (share, rest)
