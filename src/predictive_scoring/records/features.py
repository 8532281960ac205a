"""Snapshots, their labels, and the columns that are known of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from predictive_scoring.records.arrays import FloatArray


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
    ``window`` days (0 = all time). ``also`` holds further dimensions with their values, all of
    which must hold (visits *about pricing*).
    """

    name: str
    kind: Kind
    group: Group
    measure: Measure
    source: str = ""
    dimension: str = ""
    value: str = ""
    window: int = 0
    also: tuple[tuple[str, str], ...] = ()


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
    ``weight``, shape (n,), is what each row stands for among the leads of its kind: 1, or the
    inverse of the chance that its outcome came to be known.
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
    weight: FloatArray

    def __len__(self) -> int:
        return len(self.outcome)
