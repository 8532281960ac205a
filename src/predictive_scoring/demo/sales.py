"""What sales and marketing write into the CRM: stages and activities.

Effort follows intent as sales feels it, never the outcome to come: before the week in which a
lead becomes an SQL nothing here knows that it will.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from predictive_scoring.demo.clock import (
    DAY,
    EXTRACT,
    WEEK,
    Codes,
    Seconds,
    head_office_time,
    iso_with_offset,
    market_offset,
    next_office_hour,
    office_hour_in_week,
    skip_repeated_hour,
    to_utc,
)
from predictive_scoring.demo.company import LOSS_REASONS, MARKETS, REJECTION_REASONS
from predictive_scoring.demo.intent import OPEN, REJECTED, SQL, Fates
from predictive_scoring.demo.people import People
from predictive_scoring.demo.text import pick, where

STAGES = ("mql", "sql", "rejected", "won", "lost")
KINDS = ("call", "mail", "meeting")
OUTCOMES = ("no_answer", "conversation", "callback_requested", "information_sent", "done")

NEVER = np.iinfo(np.int64).max
_MQL_SHARE_OF_UNWORKED = 0.7
_WIN_SHARE, _WON, _LOST = 0.32, 3, 4
_EFFORT_WEEKS = 26
_EFFORT_BY_STATE = np.array([0.16, 0.30, 0.60])
_DOCUMENTED = 0.82


@dataclass(frozen=True)
class Dealings:
    """When sales did what; UTC seconds, NEVER where it did not happen; shape (n,) each.

    `closed` is the instant of the deal won or lost (`won` says which); `ended` that of becoming
    an SQL or being rejected.
    """

    handed_over: Seconds
    first_contact: Seconds
    ended: Seconds
    closed: Seconds
    won: npt.NDArray[np.bool_]


def deal(people: People, fates: Fates, rng: np.random.Generator) -> Dealings:
    """Put instants in office hours to what fate decided by the week."""
    size = len(people)
    ended = np.full(size, NEVER)
    rows = np.flatnonzero(fates.outcome != OPEN)
    start = people.created[rows] + fates.week[rows] * WEEK
    ended[rows] = office_hour_in_week(people.market[rows], start, rng)
    handed_over = _handed_over(people, ended, rng)
    closed = np.full(size, NEVER)
    sql = np.flatnonzero(fates.outcome == SQL)
    weeks = 2 + np.exp(rng.normal(2.2, 0.6, len(sql))).astype(np.int64)
    closed[sql] = office_hour_in_week(people.market[sql], ended[sql] + weeks * WEEK, rng)
    return Dealings(
        handed_over=handed_over,
        first_contact=_first_contact(people, handed_over, ended, rng),
        ended=ended,
        closed=closed,
        won=rng.random(size) < _WIN_SHARE,
    )


def _handed_over(people: People, ended: Seconds, rng: np.random.Generator) -> Seconds:
    """Draw instants some hours after creation, and well before the outcome."""
    delay = np.minimum(rng.exponential(5 * 3_600, len(people)) + 120, 3 * DAY)
    room = np.where(ended == NEVER, 3.0 * DAY, 0.4 * (ended - people.created))
    instant = skip_repeated_hour(people.created + np.minimum(delay, room).astype(np.int64))
    handed = people.worked | (rng.random(len(people)) < _MQL_SHARE_OF_UNWORKED)
    return np.where(handed, instant, NEVER)


def _first_contact(
    people: People, handed_over: Seconds, ended: Seconds, rng: np.random.Generator
) -> Seconds:
    """Draw office hours, hours to weeks after the handing over and before the outcome."""
    size = len(people)
    base = np.where(people.worked, handed_over, 0)
    instant = base + np.exp(rng.normal(np.log(1.2 * DAY), 1.1, size)).astype(np.int64)
    instant = np.minimum(instant, base + 28 * DAY)
    local = next_office_hour(instant + market_offset(people.market, instant), rng.random(size))
    instant = to_utc(people.market, local)
    instant = np.minimum(instant, ended - rng.integers(600, 3_000, size))
    return np.where(people.worked, instant, NEVER)


def stages(
    people: People, ids: pa.Array, fates: Fates, dealings: Dealings, rng: np.random.Generator
) -> pa.Table:
    """Return the ledger up to the extract, by lead and time.

    `entered_at` is head office's wall clock, without offset.
    """
    ended, closed = fates.outcome != OPEN, fates.outcome == SQL
    parts = (
        (np.zeros(len(people), dtype=np.int64), dealings.handed_over, dealings.handed_over < NEVER),
        (np.where(fates.outcome == SQL, 1, 2), dealings.ended, ended),
        (np.where(dealings.won, _WON, _LOST), dealings.closed, closed),
    )
    lead = np.concatenate([np.flatnonzero(rows) for _, _, rows in parts])
    stage = np.concatenate([codes[rows] for codes, _, rows in parts])
    entered = np.concatenate([instants[rows] for _, instants, rows in parts])
    order = np.lexsort((stage, entered, lead))
    order = order[entered[order] < EXTRACT]
    lead, stage, entered = lead[order], stage[order], entered[order]
    reason = where(stage == REJECTED, _reasons(REJECTION_REASONS, len(lead), rng))
    reason = where(stage != _LOST, reason, _reasons(LOSS_REASONS, len(lead), rng))
    return pa.table(
        {
            "lead_id": ids.take(pa.array(lead)),
            "stage": pick(STAGES, stage),
            "entered_at": head_office_time(entered),
            "actor": where(stage > 0, owner_names(people, lead), "marketing"),
            "reason": reason,
        }
    )


def activities(
    people: People, ids: pa.Array, fates: Fates, dealings: Dealings, rng: np.random.Generator
) -> pa.Table:
    """Return calls, mails and meetings up to the extract, by lead and time."""
    first = np.flatnonzero(dealings.first_contact < EXTRACT)
    met = np.flatnonzero((fates.outcome == SQL) & (dealings.ended < EXTRACT))
    lead, occurred = _follow_ups(people, fates, dealings, rng)
    kind = rng.choice(3, len(lead), p=(0.50, 0.42, 0.08))
    # The meeting in which sales accepts the lead, less than an hour before the ledger says so.
    meeting = dealings.ended[met] - rng.integers(60, 600, len(met))
    first_kind = rng.choice(3, len(first), p=(0.62, 0.37, 0.01))
    lead = np.concatenate((first, lead, met))
    occurred = np.concatenate((dealings.first_contact[first], occurred, meeting))
    kind = np.concatenate((first_kind, kind, np.full(len(met), 2)))
    order = np.lexsort((kind, occurred, lead))
    lead, occurred, kind = lead[order], occurred[order], kind[order]
    return pa.table(
        {
            "lead_id": ids.take(pa.array(lead)),
            "occurred_at": iso_with_offset(people.market[lead], occurred),
            "kind": pick(KINDS, kind),
            "actor": owner_names(people, lead),
            "outcome": _outcomes(kind, rng),
            "documented": where(
                rng.random(len(lead)) < _DOCUMENTED, pick(("true",), np.zeros_like(lead)), "false"
            ),
        }
    )


def _follow_ups(
    people: People, fates: Fates, dealings: Dealings, rng: np.random.Generator
) -> tuple[Codes, Seconds]:
    """Draw later contacts: their rate follows the week's intent.

    None come before the first contact, which a lead that is never worked has not, nor once the
    lead is rejected.
    """
    weeks = np.arange(_EFFORT_WEEKS)
    rate = _EFFORT_BY_STATE[fates.intent[:, :_EFFORT_WEEKS]] * np.exp(-0.06 * weeks)
    rate[(fates.outcome == REJECTED)[:, None] & (weeks > fates.week[:, None])] = 0.0
    lead, week = np.divmod(np.repeat(np.arange(rate.size), rng.poisson(rate).ravel()), len(weeks))
    occurred = office_hour_in_week(people.market[lead], people.created[lead] + week * WEEK, rng)
    rejected = fates.outcome[lead] == REJECTED
    kept = (occurred > dealings.first_contact[lead]) & (occurred < EXTRACT)
    kept &= ~rejected | (occurred < dealings.ended[lead])
    return lead[kept], occurred[kept]


def _outcomes(kind: Codes, rng: np.random.Generator) -> pa.Array:
    call = rng.choice(3, len(kind), p=(0.52, 0.36, 0.12))
    return pick(OUTCOMES, np.choose(kind, (call, np.full_like(kind, 3), np.full_like(kind, 4))))


def _reasons(
    reasons: tuple[tuple[str, float], ...], size: int, rng: np.random.Generator
) -> pa.Array:
    shares = np.array([share for _, share in reasons])
    return pick([word for word, _ in reasons], rng.choice(len(reasons), size, p=shares))


def owner_names(people: People, lead: Codes) -> pa.Array:
    """Name the sales representative of each of the given rows."""
    firsts = np.cumsum([0] + [len(m.owners) for m in MARKETS])
    names = [name for market in MARKETS for name in market.owners]
    return pick(names, firsts[people.market[lead]] + people.owner[lead])
