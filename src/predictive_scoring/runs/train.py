"""`train`: from a company's history to a registered model and its report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from predictive_scoring.runs.contract import keep_contract
from predictive_scoring.runs.evidence import History, Learned
from predictive_scoring.runs.forward import START
from predictive_scoring.runs.publish import publish
from predictive_scoring.runs.wiring import reading, workspace

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    from predictive_scoring.config import Config
    from predictive_scoring.model import Calibration
    from predictive_scoring.records import Evaluation, FloatArray, TrainingTable
    from predictive_scoring.runs.results import TrainResult
    from predictive_scoring.runs.wiring import Progress
    from predictive_scoring.training import Selection, Split


def train(config: Config, progress: Progress) -> TrainResult:
    """Learn, evaluate on the newest period, register. Raises DataError, TooLittleData."""
    with workspace() as connection:
        history = read_history(connection, config, progress)
        learned = learn(history, config, progress)
        kept = keep_contract(learned.bundle, history.extract, config, progress)
    return publish(history, replace(learned, bundle=kept), config, progress)


def read_history(
    connection: duckdb.DuckDBPyConnection, config: Config, progress: Progress
) -> History:
    """Load the company's tables and build the labelled snapshots with their features."""
    from predictive_scoring import features, sources

    extract = sources.load(config, connection, reading(progress))
    progress("taking snapshots and building features", None)
    spec = features.plan(extract, config)
    snapshots = features.training_snapshots(extract, config)
    return History(features.training_table(extract, spec, snapshots, config), snapshots, extract)


def learn(history: History, config: Config, progress: Progress) -> Learned:
    """Choose a candidate on forward folds, calibrate it there, judge it on the newest period."""
    from predictive_scoring import calibration, training
    from predictive_scoring.model import ModelBundle

    table, settings = history.table, config.training
    split = training.forward_split(table, settings)
    selection = training.compare(
        table, split, settings, config.seed, rare=config.features.rare,
        progress=lambda share, _: progress("comparing models on forward folds", share),
    )  # fmt: skip
    calibrated = _calibrate(table, split, selection)
    bundle = ModelBundle(
        predictor=selection.predictor,
        spec=table.spec,
        vocabularies=selection.vocabularies,
        calibration=calibrated,
        horizon_days=config.outcome.horizon,
        facts=_facts(history, split, config),
    )
    progress("evaluating on the newest period", None)
    test = split.test
    shown = calibration.apply(calibrated, _raw(table, selection, test), table.market[test])
    evaluation = _evaluate(table, test, shown, config)
    return Learned(bundle, split, selection, evaluation, shown, _base_rate_log_loss(table, split))


def _base_rate_log_loss(table: TrainingTable, split: Split) -> float:
    """Give the log loss on the newest period of knowing the development's base rate only."""
    import math

    known = float(table.outcome[split.development].mean())
    met = float(table.outcome[split.test].mean())
    return -(met * math.log(known) + (1 - met) * math.log(1 - known))


def _calibrate(table: TrainingTable, split: Split, selection: Selection) -> Calibration:
    """Take the slope from the forward folds and the level from the newest outcomes known.

    Where the folds are not forward in time, no block of them is the newest: then from all.
    """
    from predictive_scoring.calibration import Scored, fit

    folds = zip(selection.forward_log_odds, (block for _, block in split.folds), strict=True)
    newest = split.folds[-1][1] if split.report.forward_folds else split.development
    return fit(
        [Scored(raw, table.outcome[rows]) for raw, rows in folds],
        Scored(_raw(table, selection, newest), table.outcome[newest]),
    )


def _raw(table: TrainingTable, selection: Selection, rows: NDArray[np.int64]) -> FloatArray:
    """Give the chosen model's raw log-odds for rows of the table."""
    from predictive_scoring import training
    from predictive_scoring.model import encode

    matrix = encode(table.features.take(rows), table.spec, selection.vocabularies)
    return training.log_odds(selection.predictor, matrix)


def _evaluate(
    table: TrainingTable, test: NDArray[np.int64], shown: FloatArray, config: Config
) -> Evaluation:
    from scipy.special import expit

    from predictive_scoring import calibration, training

    probability, outcome = expit(shown), table.outcome[test]
    cluster = training.clusters(table)[test]
    return training.evaluate(
        shown, outcome, table.lead_id[test], cluster, config.training, config.seed,
        reliability=calibration.reliability_bins(probability, outcome, cluster),
        markets=calibration.market_reliability(probability, outcome, cluster, table.market[test]),
    )  # fmt: skip


def _facts(history: History, split: Split, config: Config) -> dict[str, str | int | float]:
    """What people want to know of a model later; nothing that a second run would change."""
    from predictive_scoring import __version__

    return {
        "company": config.company,
        "data_digest": history.extract.digest(),
        "extract_at": str(history.extract.extract_at or "not known"),
        "ordered_by": history.table.ordered_by,
        "seed": config.seed,
        START: split.start,
        "training_rows": len(split.development),
        "training_positives": int(history.table.outcome[split.development].sum()),
        "code_version": __version__,
    }
