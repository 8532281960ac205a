"""The contract's facts: thresholds and what they promise, the ledger, and what each effort brought.

Rates and shares are in [0, 1]. Volumes are MQLs a month of 365.25 / 12 days where the history has
instants, else a share of the leads (``unit``). Delays are hours of the team's clock.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pyarrow as pa

    from predictive_scoring.records.arrays import BoolArray, FloatArray, IntArray, TextArray

# --------------------------------------------------------------------------- thresholds


@dataclass(frozen=True)
class Looks:
    """Every look at the leads of the forward period, none of which training or calibration saw.

    A row is a look at a lead at one of its declared instants while it was open; rows are sorted by
    (lead, position), shape (n,) each. ``lead`` and ``account`` are codes from 0 (a lead without an
    account is an account of its own). ``outcome`` is 1.0 (SQL within the horizon of this look), 0.0
    or NaN (nobody from sales worked the lead, or the outcome was not recorded). ``eligible`` says
    whether the lead met the contract's MQL criteria then. ``counted`` marks the looks of the
    forward period itself; earlier ones only tell whether the lead had been an MQL before.

    ``days`` is the length of the forward period, None in a company without instants, which has one
    look a lead. ``position`` is in microseconds since 1970 UTC where there are instants.
    """

    lead: IntArray
    account: IntArray
    market: TextArray  # "" where there is none
    position: IntArray
    probability: FloatArray
    outcome: FloatArray
    eligible: BoolArray
    counted: BoolArray
    days: float | None

    def __len__(self) -> int:
        return len(self.lead)


Unit = Literal["month", "share"]


@dataclass(frozen=True)
class FrontierPoint:
    """What a threshold gives: the rate seen on forward data, and the volume.

    ``mqls`` leads crossed it with a known outcome, ``sqls`` of them became SQLs (``rate`` is 0 and
    its interval 0 to 1 where there are none). ``bound`` is the
    exact one-sided lower bound of the rate at the contract's confidence, for this threshold by
    itself; ``low`` and ``high`` the two-sided 95 % interval. The volume's interval holds 95 % of
    single months.
    """

    threshold: float
    mqls: int
    sqls: int
    rate: float
    bound: float
    low: float
    high: float
    volume: float
    volume_low: float
    volume_high: float


@dataclass(frozen=True)
class NearestContract:
    """A contract that could be signed: so many MQLs of which this rate, at the same confidence."""

    threshold: float
    rate: float
    volume: float


Verdict = Literal["kept", "too few MQLs", "rate out of reach", "nothing promised"]


@dataclass(frozen=True)
class SolvedThreshold:
    """The threshold for one market ("" = all of them) under one version of the contract.

    ``threshold`` is a probability, None where no threshold keeps the rate (or none is promised):
    then nobody is an MQL. ``basis`` is ``own`` where it rests on the market's own leads, ``pooled``
    where the market has too few and takes that of all markets. That promises nothing for the market
    alone, so its verdict is ``nothing promised``, unless there is no threshold or its own volume is
    too small. ``point`` is the threshold's place on the frontier of the leads it rests on, of this
    market's for ``volume``; for all of them it is of all MQLs as they are handed over, each by its
    market's threshold, and so there even where only some markets have one. ``nearest`` is empty
    when the contract is kept, and for pooled markets.
    """

    market: str
    basis: Literal["own", "pooled"]
    rate: float | None  # promised; None: none is
    confidence: float
    volume: float | None  # promised a month; None: none is, or none can be held (unit share)
    threshold: float | None
    point: FrontierPoint | None
    verdict: Verdict
    nearest: tuple[NearestContract, ...] = ()


@dataclass(frozen=True)
class ContractThresholds:
    """The thresholds under one version of the contract, as a bundle keeps them.

    ``version`` is the day from which it holds (ISO), ``terms`` a digest of all that the thresholds
    depend on. ``days`` is 0 where ``unit`` is share. ``hot`` and ``cold`` are probabilities: from
    ``hot`` on a lead is hot (None: no threshold proves the hot rate), below ``cold`` it is cold.
    ``frontier`` is that of all leads with one threshold for all markets.
    """

    version: str
    terms: str
    unit: Unit
    leads: int
    days: float
    everywhere: SolvedThreshold
    markets: tuple[SolvedThreshold, ...]
    hot: float | None
    cold: float
    frontier: tuple[FrontierPoint, ...]

    def of(self, market: str) -> SolvedThreshold:
        """The market's own line, or that of all markets where it has none."""
        return next((m for m in self.markets if m.market == market), self.everywhere)


Tier = Literal["hot", "mql", "nurture", "cold"]

# ------------------------------------------------------------------------------- ledger


_Z = 1.959963984540054  # the normal quantile of 97.5 %


@dataclass(frozen=True)
class Rate:
    """``count`` of ``of``, with its Wilson 95 % interval (NaN where ``of`` is 0)."""

    count: int
    of: int
    low: float
    high: float

    @classmethod
    def wilson(cls, count: int, of: int) -> Rate:
        """``count`` of ``of`` with the 95 % score interval (Wilson 1927); NaN bounds for 0 of 0."""
        if not of:
            return cls(count, of, math.nan, math.nan)
        share, z2 = count / of, _Z * _Z
        middle = (share + z2 / (2 * of)) / (1 + z2 / of)
        half = _Z / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
        return cls(count, of, max(0.0, middle - half), min(1.0, middle + half))

    @property
    def value(self) -> float:
        """The share itself; NaN where ``of`` is 0."""
        return self.count / self.of if self.of else float("nan")


@dataclass(frozen=True)
class Window:
    """What a ledger is of: days ``first`` to ``last`` (both included), and which leads."""

    name: str  # 2026-09, 2026-Q3
    first: date
    last: date
    scope: Mapping[str, str]  # market, team, source → the value asked for; empty: everything


PromiseName = Literal[
    "mqls", "sql_rate", "criteria", "contacted", "documented", "verdicts", "reasons"
]
PromiseState = Literal["kept", "broken", "open", "no data"]


@dataclass(frozen=True)
class Promise:
    """One commitment against what happened.

    ``open``: it is not decided yet, ``pending`` leads (or activities) can still go either way.
    ``promised`` is a count for ``mqls`` (of the window's length) and a share otherwise. The
    ``achieved`` rate is, for ``sql_rate``, of all MQLs so far (an SQL after the horizon is none);
    for ``contacted`` of those whose time is over or who were contacted; for ``criteria`` of those
    of whom it is known; for ``documented`` of the activities, for ``reasons`` of the rejections.
    """

    side: Literal["marketing", "sales"]
    name: PromiseName
    market: str  # "" = all
    promised: float
    achieved: Rate | None  # None for mqls, which are a count
    count: int
    pending: int
    state: PromiseState
    version: str = ""  # the version it is of, where those of the window promise different things


@dataclass(frozen=True)
class LedgerLine:
    """One group's part of a ledger: a team, market, source, owner or month, or ``all`` of it.

    ``in_time``, ``late`` (contacted too late), ``overdue`` (not contacted, the time is over) and
    ``running`` (not contacted yet, the time is not over) add up to the MQLs for whom a time was
    promised and a clock exists. ``median_hours`` is of the first contacts made of those, NaN where
    there is none. ``sqls``, ``rejected`` and ``waiting`` add up to ``mqls``. ``documented`` of
    ``activities`` were written down.
    """

    dimension: str
    value: str
    mqls: int
    in_time: int
    late: int
    overdue: int
    running: int
    median_hours: float
    sqls: int
    rejected: int
    waiting: int
    activities: int
    documented: int


@dataclass(frozen=True)
class Breach:
    """A lead for whom the contract was broken, and by how much.

    Instants are UTC. ``hours`` is the delay so far by the team's clock, NaN where ``what`` is not
    about time.
    """

    lead_id: str
    market: str
    team: str
    owner: str
    what: Literal[
        "late", "overdue", "undocumented", "rejected without a reason", "reason not in the contract"
    ]
    handed_over_at: datetime
    due_at: datetime | None
    contacted_at: datetime | None
    hours: float
    detail: str = ""


@dataclass(frozen=True)
class Escalation:
    """An overdue lead, not decided on yet, that is somebody's business by now.

    ``hours`` are those beyond what was promised.
    """

    lead_id: str
    owner: str
    team: str
    market: str
    hours: float
    to: str


@dataclass(frozen=True)
class Irregularity:
    """Something in the data that the ledger cannot judge by itself, with what to do about it."""

    lead_id: str
    what: str
    todo: str


@dataclass(frozen=True)
class Ledger:
    """Commitments against what happened in one window, on both sides.

    ``rows`` has a row for each handover, ordered by instant and lead: lead_id, market, team, owner,
    source, version (VARCHAR, "" where there is none), handed_over_at, due_at, contacted_at,
    decided_at (TIMESTAMP UTC, null where it did not happen), hours (DOUBLE, of the clock promised,
    until the contact or the extract, null where there is no clock), contact (in_time, late,
    overdue, running, or null: nothing promised, or nobody's clock), activities, documented
    (BIGINT), verdict (sql, rejected, waiting), reason (VARCHAR, "" where there is none),
    criteria_met (BOOLEAN, null where unknown). ``months`` are the last twelve months, this
    window's included, from the first one that has a handover.
    """

    company: str
    window: Window
    as_of: datetime  # the extract's end: a clock that runs, runs until then
    complete: bool  # the window lies wholly before the extract's end
    versions: tuple[str, ...]
    promises: tuple[Promise, ...]
    lines: tuple[LedgerLine, ...]
    months: tuple[LedgerLine, ...]
    reasons: tuple[tuple[str, int, bool], ...]  # reason, leads, whether the contract has it
    breaches: tuple[Breach, ...]
    escalations: tuple[Escalation, ...]
    irregularities: tuple[Irregularity, ...]
    rows: pa.Table
    notes: tuple[str, ...] = ()


# ------------------------------------------------------------------------------ efforts

Evidence = Literal["enough", "not yet", "below the bar", ""]


@dataclass(frozen=True)
class Effort:
    """What one marketing effort (a source, campaign, channel, market …) led to.

    Leads are those created in the window; ``open`` of them can still become SQLs. ``mql``, ``sql``
    and ``won`` count leads so far, each of the leads themselves; ``mql_to_sql`` and ``sql_to_won``
    are of the stage before; what the data do not record is 0 of 0. ``known`` is the SQL rate of the
    leads whose outcome is known: the SQLs within the horizon of their creation, of leads whose
    horizon is over, without those handed over whom nobody from sales worked. ``pooled`` is that
    rate drawn towards the other values' (beta-binomial, empirical Bayes) with its 95 % credible
    interval, NaN where nothing is known; ``evidence`` says whether it reaches the table's bar ("":
    there is no bar, or the value is missing). Days are medians, NaN where nobody got there.
    ``first_touch`` and ``multi_touch`` are SQLs credited, where the effort is a touch. Money is
    None where no cost (or no value of a won deal) is declared.
    """

    value: str
    leads: int
    open: int
    mql: Rate
    sql: Rate
    won: Rate
    mql_to_sql: Rate
    sql_to_won: Rate
    known: Rate
    pooled: tuple[float, float, float]  # mean, low, high
    evidence: Evidence
    days_to_mql: float
    days_to_sql: float
    days_to_won: float
    first_touch: float | None = None
    multi_touch: float | None = None
    cost: float | None = None
    cost_per_sql: float | None = None
    result: float | None = None  # value of the deals won minus the cost


@dataclass(frozen=True)
class EffortTable:
    """One dimension's efforts, most leads first (months in their order).

    ``bar`` is the SQL rate that evidence is held to, NaN where there is none. ``touch``: the
    dimension is of events (channel, campaign, topic, type), where a lead can have several: then a
    lead counts for its first one, and credit is given both ways. The value "(none)" stands for the
    leads that have none. ``notes`` say what the figures leave out.
    """

    dimension: str
    touch: bool
    efforts: tuple[Effort, ...]
    bar: float
    currency: str = ""
    notes: tuple[str, ...] = ()
