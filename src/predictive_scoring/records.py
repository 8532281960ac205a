"""The types that stages hand to each other. They know nothing of any stage.

Instants are UTC throughout: time-zone-aware ``datetime`` in Python, ``TIMESTAMP`` (microseconds,
UTC, without zone) in DuckDB and Arrow. Scores are probabilities in [0, 1]; margins, bases,
offsets and contributions are log-odds; ages, windows and horizons are days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

# ---------------------------------------------------------------------------- sources


@dataclass(frozen=True)
class SourceCount:
    """What became of one input's records: ``records = loaded + quarantined + set_aside``.

    ``records`` is counted by a reader of its own; ``set_aside`` rows were left out by a rule the
    configuration declares (``rules`` says which, with how many).
    """

    table: str
    file: str
    records: int
    loaded: int
    quarantined: int
    set_aside: int = 0
    rules: Mapping[str, int] = field(default_factory=dict)
    sha256: str = ""


@dataclass(frozen=True)
class Extract:
    """A company's history, loaded: canonical tables in an open DuckDB connection.

    Tables or views, where declared (instants are TIMESTAMP in UTC, identifiers VARCHAR, in input
    order ``row_number`` BIGINT from 1):

    - ``leads``: lead_id (unique), row_number, created_at (NULL in a flat company without dates),
      account_id, market, language, owner, email (each NULL where not declared), outcome (flat
      companies: TRUE, FALSE or NULL = not known), and a column ``profile_<name>`` for each
      declared profile column (DOUBLE for numbers, VARCHAR for categories, BOOLEAN for flags).
    - ``events``: lead_id, occurred_at, type, channel, campaign, topic, value
    - ``stages``: lead_id, stage (the dictionary's), entered_at, actor, reason
    - ``activities``: lead_id, occurred_at, kind, actor, outcome, documented
    - ``changes``: lead_id, "column" (profile name, without prefix), value VARCHAR, changed_at
    - ``quarantine``: table_name, file, line BIGINT, reason, record
    All five exist, empty where not declared; ``declared`` names those that the company has.
    """

    connection: duckdb.DuckDBPyConnection
    declared: frozenset[str]
    counts: tuple[SourceCount, ...]
    extract_at: datetime | None  # None: none is declared and the data hold no instant
    notes: tuple[str, ...] = ()

    def digest(self) -> str:
        """SHA-256 over the inputs' own digests: the same data, the same digest."""
        import hashlib

        text = "\n".join(sorted(f"{c.table} {c.sha256}" for c in self.counts))
        return hashlib.sha256(text.encode()).hexdigest()


# --------------------------------------------------------------------------- features

Kind = Literal["number", "category", "flag"]
Group = Literal["fit", "engagement", "account", "market", "sales", "time"]
Measure = Literal[
    "profile", "count", "days", "recency", "trend", "value", "age", "calendar", "account"
]


@dataclass(frozen=True)
class FeatureColumn:
    """One column of the model's matrix, and all that a reason needs to name it.

    ``name`` is unique and stable (``visit_count_7d``); ``measure`` says what is measured, of
    which ``dimension`` (type, channel, topic, kind …) and ``value`` ("visit"; "" = any), over
    ``window`` days (0 = all time).
    """

    name: str
    kind: Kind
    group: Group
    measure: Measure
    source: str = ""
    dimension: str = ""
    value: str = ""
    window: int = 0


@dataclass(frozen=True)
class LeftOut:
    """A column of the company's that the model does not use, and why, in words."""

    column: str
    reason: str


@dataclass(frozen=True)
class FeatureSpec:
    """The features of one model, frozen in its bundle: scoring builds exactly these."""

    columns: tuple[FeatureColumn, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(c.name for c in self.columns)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups present, in the order of first appearance."""
        return tuple(dict.fromkeys(c.group for c in self.columns))


class Label(StrEnum):
    """What is known of a snapshot's outcome within the horizon."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    IMMATURE = "immature"
    CENSORED = "censored"
    UNOBSERVED = "unobserved"  # the outcome was not being recorded over the whole horizon


@dataclass(frozen=True)
class Snapshots:
    """Snapshots in the DuckDB table ``table``: one row per (lead, as-of), ordered by neither.

    Columns: lead_id, account_id, market (VARCHAR), as_of (TIMESTAMP UTC; NULL in a flat company
    without dates), position (BIGINT: the order in time; microseconds since 1970 UTC where there
    are instants, the row number where a row order is declared), planned_until (BIGINT, likewise:
    when the lead would last be looked at, did it stay open; it never tells whether it did), label
    (VARCHAR, a ``Label``; NULL when scoring).

    ``counts`` by label when training; ``excluded`` are leads that got no snapshot, by reason:
    leads = leads with a snapshot + Σ excluded.
    """

    table: str
    leads: int
    rows: int
    counts: Mapping[str, int]
    excluded: Mapping[str, int]
    horizon: int  # in units of ``position``
    ordered_by: Literal["time", "rows", "nothing"]


@dataclass(frozen=True)
class TrainingTable:
    """Labelled, mature snapshots with their features, sorted by (position, lead_id).

    ``features`` has exactly the spec's columns: float64 (NaN = missing; flags 0/1) for numbers
    and flags, string (null = missing) for categories. ``outcome`` is 0.0 or 1.0, shape (n,).
    """

    spec: FeatureSpec
    features: pa.Table
    outcome: FloatArray
    lead_id: NDArray[np.object_]
    account_id: NDArray[np.object_]  # "" where there is none
    market: NDArray[np.object_]  # "" where there is none
    position: NDArray[np.int64]
    planned_until: NDArray[np.int64]  # when the lead would last be looked at, did it stay open
    horizon: int
    ordered_by: Literal["time", "rows", "nothing"]

    def __len__(self) -> int:
        return len(self.outcome)


# --------------------------------------------------------------- training, calibration


@dataclass(frozen=True)
class Metric:
    """A figure with its bootstrap interval (over accounts, or leads without one; 95 %)."""

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Candidate:
    """One rung of the ladder on the forward folds: mean log loss (nats) and its standard error."""

    name: str
    log_loss: float
    standard_error: float
    fold_losses: tuple[float, ...]
    chosen: bool
    note: str = ""


@dataclass(frozen=True)
class Period:
    """One side of a split: rows, leads, positives, and the positions it spans."""

    name: str
    rows: int
    leads: int
    positives: int
    first: int
    last: int


@dataclass(frozen=True)
class SplitReport:
    """What each side of the forward split holds and what was removed to keep it honest."""

    periods: tuple[Period, ...]
    purged: int  # rows whose horizon reaches into the period evaluated on
    grouped: int  # rows of leads or accounts that stand on the other side
    forward_folds: bool = True  # False: the history is too short, folds are by account or lead


@dataclass(frozen=True)
class ReliabilityBin:
    """An equal-mass bin of predictions: mean prediction against observed rate, 95 % interval."""

    predicted: float
    observed: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class GainsPoint:
    """Taking the best ``share`` of leads finds ``captured`` of all SQLs, ``lift`` over chance."""

    share: float
    captured: float
    lift: float
    low: float
    high: float  # interval of ``captured``


@dataclass(frozen=True)
class MarketReliability:
    """Mean prediction against observed rate in one market, with the rate's 95 % interval."""

    market: str
    rows: int
    positives: int
    predicted: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True)
class Evaluation:
    """The chosen model on the newest period, which neither training nor calibration saw."""

    rows: int
    leads: int
    positives: int
    metrics: tuple[Metric, ...]
    reliability: tuple[ReliabilityBin, ...]
    gains: tuple[GainsPoint, ...]
    markets: tuple[MarketReliability, ...] = ()

    def metric(self, name: str) -> Metric:
        """The metric of that name; raises KeyError."""
        return {m.name: m for m in self.metrics}[name]


# ---------------------------------------------------------------------------- scoring


@dataclass(frozen=True)
class Contributions:
    """Exact additive reasons: ``base + values.sum(axis=1) = log_odds`` of the probability shown.

    ``values`` has shape (n, number of ``names``), in log-odds; ``names`` are the spec's columns,
    then ``market_offset`` where the calibration has one.
    """

    base: float
    values: FloatArray
    names: tuple[str, ...]

    @cached_property
    def log_odds(self) -> FloatArray:
        """Shape (n,)."""
        margins: FloatArray = self.base + self.values.sum(axis=1)
        return margins


@dataclass(frozen=True)
class Reason:
    """One feature's part in one lead's score.

    ``points`` is the probability shown minus the probability without this contribution, × 100.
    ``observed`` is the value as the lead has it, None when missing.
    """

    column: FeatureColumn
    observed: float | str | bool | None
    contribution: float
    points: float


@dataclass(frozen=True)
class ScoreRun:
    """One run of the scorer.

    ``run_id`` is derived from model, data, configuration and as-of: the same run, the same id.
    """

    run_id: str
    model_name: str
    model_version: str
    bundle_digest: str
    data_digest: str
    as_of: datetime | None  # None: a company without any instant
    feature_names: tuple[str, ...]  # the order of the contributions written
    group_names: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True)
class RunSummary:
    """What a scoring run did: leads = scored + Σ excluded."""

    run_id: str
    scored: int
    excluded: Mapping[str, int]
    quarantined: int
    unchanged: bool  # the same run was already stored: nothing was written
    store: str


@dataclass(frozen=True)
class ScoreBatch:
    """The scores of one chunk of leads, n rows, ready for a sink.

    ``lead_id``, ``account_id`` and ``market`` are string arrays (null where there is none),
    ``as_of`` timestamps in UTC (null in a flat company without dates). ``groups`` has shape
    (n, number of the run's ``group_names``), in log-odds. ``reasons`` lists, strongest first,
    structs (feature, observed, contribution in log-odds, points); ``sentences`` has the same
    reasons in words, a list of strings per row, by language.
    """

    lead_id: pa.Array
    account_id: pa.Array
    market: pa.Array
    as_of: pa.Array
    probability: FloatArray
    contributions: Contributions
    groups: FloatArray
    reasons: pa.ListArray
    sentences: Mapping[str, pa.ListArray]

    def __len__(self) -> int:
        return len(self.lead_id)
