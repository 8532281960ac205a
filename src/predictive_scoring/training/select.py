"""Choose a rung of the ladder on forward folds, then fit it on the whole development period."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from predictive_scoring.model import encode
from predictive_scoring.records import Candidate
from predictive_scoring.training import enough
from predictive_scoring.training.candidates import rungs
from predictive_scoring.training.clusters import clusters
from predictive_scoring.training.folds import Column, FoldData, Side, log_losses
from predictive_scoring.training.sums import dot
from predictive_scoring.training.vocabulary import learn_vocabularies

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from predictive_scoring.config import TrainingSettings
    from predictive_scoring.model import Predictor, Vocabulary
    from predictive_scoring.records import FloatArray, TrainingTable
    from predictive_scoring.training.candidates import Rung
    from predictive_scoring.training.folds import Tuned
    from predictive_scoring.training.split import Split

Progress = Callable[[float, str], None]
"""Told the share done, in [0, 1], and what is done next."""


@dataclass(frozen=True)
class Selection:
    """The rung chosen, fitted on all of development, and how it was chosen.

    ``forward_log_odds`` are the chosen rung's raw log-odds of the rows each fold evaluates on, in
    the split's order, from that fold's model, which knew nothing of the row's lead, account or
    time: what the slope of the calibration is fitted on.
    """

    candidates: tuple[Candidate, ...]
    predictor: Predictor
    vocabularies: Mapping[str, Vocabulary]
    forward_log_odds: tuple[FloatArray, ...]


def compare(
    table: TrainingTable,
    split: Split,
    settings: TrainingSettings,
    seed: int,
    *,
    rare: int,
    progress: Progress = lambda _share, _what: None,
) -> Selection:
    """Tune every candidate on the forward folds and keep the simplest that is as good as the best.

    As good: its mean log loss is within one standard error of the least (Breiman, Friedman,
    Olshen and Stone, "Classification and Regression Trees", 1984, section 3.4.3); the standard
    error is that of the paired difference, see ``_difference_error``. ``rare`` as in
    ``learn_vocabularies``, learned anew on each fold's training side. Raises TooLittleData when
    development has too few leads of either outcome or no column that varies.
    """
    development = split.development
    where = "the development period"
    enough.require_outcomes(
        table.outcome[development], table.lead_id[development], settings.minimum_outcomes, where
    )
    final, columns, vocabularies = _encoded(table, development, rare)
    enough.require_variation(final.matrix)
    folds = tuple(_fold(table, train, block, rare) for train, block in split.folds)
    ladder = rungs(settings.candidates)
    tuned = []
    for done, rung in enumerate(ladder):
        progress(done / (len(ladder) + 1), f"comparing: {rung.name}")
        tuned.append(rung.tune(folds, settings, seed))
    candidates, chosen = _choose(ladder, tuned, folds, _cluster_codes(table, split))
    progress(len(ladder) / (len(ladder) + 1), f"fitting: {ladder[chosen].name}")
    predictor = ladder[chosen].fit(final, columns, tuned[chosen].choice, settings, seed)
    progress(1.0, "compared")
    return Selection(
        candidates=candidates,
        predictor=predictor,
        vocabularies=vocabularies,
        forward_log_odds=tuned[chosen].log_odds,
    )


def _encoded(
    table: TrainingTable, rows: NDArray[np.int64], rare: int
) -> tuple[Side, tuple[Column, ...], Mapping[str, Vocabulary]]:
    vocabularies = learn_vocabularies(table.features, table.spec, rows, rare, table.lead_id)
    columns = tuple(
        Column("category", len(vocabularies[column.name].values) + 1)
        if column.kind == "category"
        else Column(column.kind)
        for column in table.spec.columns
    )
    return _side(table, rows, vocabularies), columns, vocabularies


def _side(
    table: TrainingTable,
    rows: NDArray[np.int64],
    vocabularies: Mapping[str, Vocabulary],
) -> Side:
    matrix = encode(table.features.take(rows), table.spec, vocabularies)
    return Side(matrix, table.outcome[rows], table.weight[rows])


def _fold(
    table: TrainingTable,
    train: NDArray[np.int64],
    block: NDArray[np.int64],
    rare: int,
) -> FoldData:
    side, columns, vocabularies = _encoded(table, train, rare)
    return FoldData(side, _side(table, block, vocabularies), columns)


def _cluster_codes(table: TrainingTable, split: Split) -> NDArray[np.int64]:
    rows = np.concatenate([block for _, block in split.folds])
    codes: NDArray[np.int64] = pd.factorize(clusters(table)[rows])[0].astype(np.int64)
    return codes


def _choose(
    ladder: tuple[Rung, ...],
    tuned: list[Tuned],
    folds: tuple[FoldData, ...],
    cluster: NDArray[np.int64],
) -> tuple[tuple[Candidate, ...], int]:
    """The candidates' table and the number of the rung chosen."""
    share = np.concatenate(
        [f.evaluation.weight / f.evaluation.weight.sum() / len(folds) for f in folds]
    )
    fold_of = np.repeat(np.arange(len(folds)), [len(f.evaluation.outcome) for f in folds])
    outcome = np.concatenate([f.evaluation.outcome for f in folds])
    losses = [log_losses(np.concatenate(t.log_odds), outcome) for t in tuned]
    means = [dot(share, loss) for loss in losses]
    best = int(np.argmin(means))
    error = [_difference_error(loss - losses[best], share, cluster, fold_of) for loss in losses]
    chosen = next(i for i, mean in enumerate(means) if mean - means[best] <= error[i])
    candidates = tuple(
        Candidate(
            name=rung.name,
            log_loss=means[i],
            standard_error=_cluster_error(losses[i], share, cluster),
            fold_losses=tuple(
                float(x) for x in np.bincount(fold_of, losses[i] * share) * len(folds)
            ),
            chosen=i == chosen,
            note=_note(tuned[i].note, means[i] - means[best], error[i], best=i == best),
        )
        for i, rung in enumerate(ladder)
    )
    return candidates, chosen


def _note(note: str, difference: float, error: float, *, best: bool) -> str:
    against = "least loss" if best else f"{difference:.5f} ± {error:.5f} above the least loss"
    return f"{note}; {against}"


def _difference_error(
    difference: FloatArray,
    share: FloatArray,
    cluster: NDArray[np.int64],
    fold_of: NDArray[np.int64],
) -> float:
    """Standard error of a mean paired difference: between clusters or periods, the greater.

    Clusters (accounts, leads without one) are the resampled units: their rows are alike. Periods
    have weather of their own that no number of leads within one of them averages out.
    """
    folds = len(np.unique(fold_of))
    between_clusters = _cluster_error(difference, share, cluster)
    if folds == 1:
        return between_clusters
    by_fold = np.bincount(fold_of, difference * share) * folds
    return max(between_clusters, float(by_fold.std(ddof=1) / np.sqrt(folds)))


def _cluster_error(values: FloatArray, share: FloatArray, cluster: NDArray[np.int64]) -> float:
    """Standard error of the mean ``Σ share · values`` over clusters; the shares sum to 1.

    The usual linearised estimator for a mean over clusters of unequal size (Cochran, "Sampling
    Techniques", 1977, section 9A.1).
    """
    count = int(cluster.max()) + 1
    if count == 1:
        return 0.0
    sums = np.bincount(cluster, share * (values - dot(share, values)))
    return float(np.sqrt(count / (count - 1) * np.square(sums).sum()))
