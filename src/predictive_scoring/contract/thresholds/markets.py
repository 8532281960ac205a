"""Looks by market, and looks as leads are handed over when markets have thresholds of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields, replace

import numpy as np
import pandas as pd

from predictive_scoring.contract.thresholds.crossings import Crossings, first_crossings
from predictive_scoring.records import Looks

# Above every probability: a look that its market's own threshold lets through crosses all others.
THROUGH = 2.0


def crossings_by_market(looks: Looks, declared: Collection[str] = ()) -> dict[str, Crossings]:
    """The first crossings of each market's leads by themselves, by name.

    With those ``declared`` that have no lead; without the leads of no market.
    """
    start = int(looks.position[looks.counted].min(initial=np.iinfo(np.int64).max))
    code, names = pd.factorize(looks.market)
    rows = np.argsort(code, kind="stable")
    ends = np.cumsum(np.bincount(code, minlength=len(names)))
    parts = dict(zip(names, np.split(rows, ends[:-1]), strict=True)) if len(names) else {}
    nobody = np.empty(0, dtype=np.int64)
    wanted = sorted({*parts, *declared} - {""})
    return {name: first_crossings(_take(looks, parts.get(name, nobody)), start) for name in wanted}


def handed_over(
    looks: Looks, thresholds: Mapping[str, float | None], left_out: Collection[str] = ()
) -> Crossings:
    """The first crossings where some markets have thresholds of their own.

    A lead of such a market is handed over, whatever the threshold of the others, at its first look
    at or above its market's (None: never). Leads of markets ``left_out`` are not handed over.
    """
    code, names = pd.factorize(looks.market)
    fixed = np.array([name in thresholds for name in names], dtype=bool)[code]
    own = [thresholds.get(name) for name in names]
    least = np.array([np.inf if t is None else t for t in own])[code]
    out = np.array([name in left_out for name in names], dtype=bool)[code]
    return first_crossings(
        replace(
            looks,
            probability=np.where(fixed, THROUGH, looks.probability),
            eligible=looks.eligible & ~out & (~fixed | (looks.probability >= least)),
        )
    )


def _take(looks: Looks, rows: np.ndarray) -> Looks:
    columns = {f.name: getattr(looks, f.name) for f in fields(looks) if f.name != "days"}
    return replace(looks, **{name: column[rows] for name, column in columns.items()})
