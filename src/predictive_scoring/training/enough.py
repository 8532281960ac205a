"""Is there enough to learn from? Refusals with what was found, what is needed, what to do."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from predictive_scoring.errors import TooLittleData

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from predictive_scoring.config import TrainingSettings
    from predictive_scoring.records import FloatArray, TrainingTable

DAY = 86_400_000_000  # microseconds, the unit of positions that are instants
FOLDED_SHARE = 0.6  # the newest part of the development period that the folds evaluate on
_FOUND_IN = "{positive:,} with a positive outcome and {negative:,} with a negative one"


def require_outcomes(
    outcome: FloatArray, lead_id: NDArray[np.object_], minimum: int, where: str
) -> None:
    """Raise TooLittleData unless ``minimum`` leads of either outcome stand in these rows.

    A lead with snapshots of both outcomes counts as one of each.
    """
    count = {
        "positive": len(set(lead_id[outcome == 1])),
        "negative": len(set(lead_id[outcome == 0])),
    }
    if min(count.values()) >= minimum:
        return
    lacking = min(count, key=lambda kind: count[kind])
    raise TooLittleData(
        f"{where}: leads {_FOUND_IN.format(**count)}",
        f"at least {minimum} leads of either outcome",
        f"wait for, or load, more leads with a {lacking} outcome, check which values and stages "
        "the configuration counts as success, or lower `training.minimum_outcomes`",
    )


def require_variation(matrix: FloatArray) -> None:
    """Raise TooLittleData when every column has one value (or is missing) on all rows."""
    first = matrix[:1]
    same = (matrix == first) | (np.isnan(matrix) & np.isnan(first))
    if matrix.shape[1] and not same.all():
        return
    raise TooLittleData(
        f"the {matrix.shape[1]} feature columns have the same value on all {len(matrix):,} rows",
        "at least one column that differs between leads",
        "declare columns under `sources.leads.profile`, or events; if they are declared, look "
        "at `check` for columns that are empty or were left out",
    )


def no_order(table: TrainingTable) -> TooLittleData:
    """The error for rows that cannot be split because all stand at one position."""
    return TooLittleData(
        f"all {len(table):,} snapshots stand at the same instant or row",
        "snapshots at different times: the newest are kept for the evaluation",
        "declare a `created_at` that varies, or `sources.leads.order: nothing` if there is no "
        "order in time",
    )


def no_test_outcomes(positives: int, rows: int) -> TooLittleData:
    """The error for a newest period in which all outcomes are the same."""
    return TooLittleData(
        f"the newest {rows:,} snapshots, kept for the evaluation, have {positives:,} positive "
        "outcomes",
        "both outcomes in the newest period",
        "check that outcomes were still recorded then (`outcome.recorded_from`, the extract's "
        "date), or raise `training.test_share`",
    )


def no_fold(
    table: TrainingTable, reach: int, settings: TrainingSettings, minimum_rows: int
) -> TooLittleData:
    """The error for a history on which no forward fold has anything to train on.

    ``reach`` is the longest time from a row until its label is known and its lead no more looked
    at, in units of position.
    """
    needed = (
        f"rows of both outcomes, at least {minimum_rows}, that were known before the newest "
        "part of what is left to train on"
    )
    span = int(table.position.max() - table.position.min())
    if table.ordered_by != "time" or reach == 0:
        return TooLittleData(
            f"{len(table):,} rows, of which the oldest hold too few outcomes to train on",
            needed,
            "load more rows, or lower `training.minimum_outcomes` or `training.folds`",
        )
    days = math.ceil(history_needed(reach, settings) / DAY)
    found = f"snapshots over {span / DAY:,.0f} days with a horizon of {table.horizon / DAY:,.0f}"
    if reach > table.horizon:
        return TooLittleData(
            f"{found} days, of leads that are looked at for up to {reach / DAY:,.0f} days: older "
            "leads are still looked at when the newer snapshots start",
            f"{needed}: about {days:,} days of mature snapshots",
            "load a longer history, or shorten `snapshots.max_age` or `outcome.horizon`",
        )
    return TooLittleData(
        f"{found} days: outcomes of the older ones are not known before the newer ones start",
        f"{needed}: about {days:,} days of mature snapshots",
        "load a longer history, shorten `outcome.horizon`, or lower `training.minimum_outcomes`",
    )


def history_needed(reach: int, settings: TrainingSettings) -> int:
    """The span of evenly spread snapshots that lets the newest fold train on one reach of them.

    In the unit of ``reach``. Of a span H the test keeps its share; development ends one
    reach earlier; the newest fold starts at ``1 - FOLDED_SHARE / folds`` of that
    and is purged by a reach again.
    """
    newest_start = 1 - FOLDED_SHARE / settings.folds
    return math.ceil(reach * (2 / newest_start + 1) / (1 - settings.test_share))
