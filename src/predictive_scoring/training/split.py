"""The split between what a model learns from and what it is judged on: forward in time.

Everything evaluated is newer than everything trained on; labels are known before the evaluation
starts (purged by the horizon: López de Prado, "Advances in Financial Machine Learning", 2018,
section 7.4); no person or account stands on both sides (grouped).

Grouping must not look at outcomes. An older row whose lead also stands in the newer period is a
negative, or the lead would be closed by then: to remove just those rows raises the rate of what
is left. So a lead's rows go when the lead was planned to be looked at in the newer period,
whether or not it was still open by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from predictive_scoring.records import Period, SplitReport
from predictive_scoring.training import enough
from predictive_scoring.training.clusters import clusters, hash_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from predictive_scoring.config import TrainingSettings
    from predictive_scoring.records import TrainingTable

    IndexArray = NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Row numbers of a ``TrainingTable``, each array ascending in position.

    ``folds`` are pairs (rows trained on, rows evaluated on), all within ``development``;
    ``test`` is the newest period and is used for the evaluation alone; it begins at the position
    ``start``, which is a ``hash_positions`` where the table is ordered by nothing.
    """

    development: IndexArray
    test: IndexArray
    folds: tuple[tuple[IndexArray, IndexArray], ...]
    report: SplitReport
    start: int


def forward_split(table: TrainingTable, settings: TrainingSettings) -> Split:
    """Split forward in position, purged by the horizon, grouped by lead and account.

    Rows of the same position stay together. A table ordered by rows has no horizon; one ordered
    by nothing is split in the order of a hash of the account (or lead): grouped, but not forward.
    Folds whose training side lacks an outcome or has fewer than twice ``minimum_outcomes`` rows
    are left out. A development period too short for any forward fold (about two horizons) gets
    folds by a hash of account or lead instead, and the report says so: the evaluation is forward
    all the same. Raises TooLittleData when a side stays empty or has one outcome only.
    """
    enough.require_outcomes(
        table.outcome, table.lead_id, settings.minimum_outcomes, "the training table"
    )
    order = _Order.of(table)
    development, test, removed = _newest_apart(table, order, settings)
    minimum_rows = 2 * settings.minimum_outcomes
    folds = tuple(
        (train, block)
        for block in _blocks(order, development, settings.folds)
        if _learnable(table, train := order.before(development, block)[0], minimum_rows)
    )
    if not (forward := bool(folds)):
        folds = _hash_folds(table, order, development, settings.folds, minimum_rows)
    if not folds:
        raise enough.no_fold(table, order.reach, settings, minimum_rows)
    periods = [_period("development", table, order, development)]
    for number, (train, block) in enumerate(folds, start=1):
        periods += [
            _period(f"fold {number} training", table, order, train),
            _period(f"fold {number} evaluation", table, order, block),
        ]
    periods.append(_period("test", table, order, test))
    position = table.position
    if table.ordered_by == "nothing":
        position = hash_positions(clusters(table))
    start = int(position[test].min())
    return Split(development, test, folds, SplitReport(tuple(periods), *removed, forward), start)


@dataclass(frozen=True)
class _Order:
    """What the split looks at, per row: position and the codes of lead and account (-1 none).

    ``until`` is the last position at which the row's lead would be looked at, did it stay open.
    """

    position: IndexArray
    until: IndexArray
    lead: IndexArray
    account: IndexArray
    horizon: int

    @classmethod
    def of(cls, table: TrainingTable) -> _Order:
        lead = pd.factorize(table.lead_id)[0].astype(np.int64)
        account = pd.factorize(table.account_id)[0].astype(np.int64)
        account[table.account_id == ""] = -1
        position = until = table.position
        if table.ordered_by == "nothing":
            position = until = _hash_ranks(table)
        elif table.ordered_by == "time":
            until = table.planned_until
        horizon = table.horizon if table.ordered_by == "time" else 0
        return cls(position, _greatest(np.maximum(until, position), lead), lead, account, horizon)

    @property
    def reach(self) -> int:
        """The longest time from a row until its label is known and its lead no more looked at."""
        return max(self.horizon, int((self.until - self.position).max()))

    def before(self, rows: IndexArray, block: IndexArray) -> tuple[IndexArray, int, int]:
        """The rows that may be trained on when ``block`` is evaluated; purged and grouped counts.

        Grouped are the rows of leads that reach into the block, and of accounts that stand in it
        or have an older lead that reaches into it. Rows at or after the block's start that are
        not in the block are simply not older and are counted as neither.
        """
        start = self.position[block].min()
        older = rows[self.position[rows] < start]
        known = older[self.position[older] + self.horizon <= start]
        reaching = self.until >= start
        accounts = np.append(self.account[block], self.account[reaching & (self.position < start)])
        related = reaching[known] | np.isin(self.account[known], accounts[accounts >= 0])
        return known[~related], len(older) - len(known), int(related.sum())


def _greatest(values: IndexArray, code: IndexArray) -> IndexArray:
    """The greatest value among the rows of the same code, for each row."""
    greatest = np.full(int(code.max()) + 1, np.iinfo(np.int64).min)
    np.maximum.at(greatest, code, values)
    return greatest[code]


def _hash_ranks(table: TrainingTable) -> IndexArray:
    ranks: IndexArray = np.unique(hash_positions(clusters(table)), return_inverse=True)[1]
    return ranks


def _newest_apart(
    table: TrainingTable, order: _Order, settings: TrainingSettings
) -> tuple[IndexArray, IndexArray, tuple[int, int]]:
    ascending = np.argsort(order.position, kind="stable")
    position = order.position[ascending]
    start = _tie_start(position, int((1 - settings.test_share) * len(position)))
    if start == 0:  # the oldest position alone is more than the development's share
        start = int(np.searchsorted(position, position[0], side="right"))
    if start == len(position):
        raise enough.no_order(table)
    test = ascending[start:]
    development, purged, grouped = order.before(ascending[:start], test)
    positives = int(table.outcome[test].sum())
    if positives in (0, len(test)):
        raise enough.no_test_outcomes(positives, len(test))
    if len(development) == 0:
        raise enough.no_fold(table, order.reach, settings, 2 * settings.minimum_outcomes)
    enough.require_outcomes(
        table.outcome[development],
        table.lead_id[development],
        settings.minimum_outcomes,
        f"the development period ({purged:,} rows purged by the horizon, {grouped:,} of leads or "
        "accounts that were to be looked at in the newest period)",
    )
    return development, test, (purged, grouped)


def _blocks(order: _Order, development: IndexArray, folds: int) -> list[IndexArray]:
    """Consecutive blocks of about equal row counts over the newest share of development."""
    position = order.position[development]
    rows = len(development)
    first = (1 - enough.FOLDED_SHARE) * rows
    bounds = [int(first + k * (rows - first) / folds) for k in range(folds)]
    starts = sorted({_tie_start(position, bound) for bound in bounds})
    return [development[a:b] for a, b in zip(starts, [*starts[1:], rows], strict=True)]


def _hash_folds(
    table: TrainingTable, order: _Order, development: IndexArray, folds: int, minimum_rows: int
) -> tuple[tuple[IndexArray, IndexArray], ...]:
    """Folds of whole accounts (or leads without one) in hash order, each trained on the others.

    A lead that changes its account stands with either on the evaluation side only.
    """
    ranks = _hash_ranks(table)[development]
    fold = np.unique(ranks, return_inverse=True)[1] * folds // len(np.unique(ranks))
    pairs = []
    for number in range(folds):
        block = development[fold == number]
        others = development[fold != number]
        train = others[~np.isin(order.lead[others], order.lead[block])]
        if len(block) and _learnable(table, train, minimum_rows):
            pairs.append((train, block))
    return tuple(pairs)


def _tie_start(position: IndexArray, row: int) -> int:
    return int(np.searchsorted(position, position[row], side="left"))


def _learnable(table: TrainingTable, train: IndexArray, minimum_rows: int) -> bool:
    positives = int(table.outcome[train].sum())
    return len(train) >= minimum_rows and 0 < positives < len(train)


def _period(name: str, table: TrainingTable, order: _Order, rows: IndexArray) -> Period:
    position = order.position[rows]
    return Period(
        name=name,
        rows=len(rows),
        leads=len(np.unique(order.lead[rows])),
        positives=int(table.outcome[rows].sum()),
        first=int(position.min()),
        last=int(position.max()),
    )
