"""The end of `train`: the model into the registry, the evidence into a report."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from predictive_scoring.runs.results import TrainResult
from predictive_scoring.runs.wiring import open_registry, write_page

if TYPE_CHECKING:
    import pyarrow as pa

    from predictive_scoring.config import Config
    from predictive_scoring.records import FloatArray, TrainingTable
    from predictive_scoring.report import ReportInputs
    from predictive_scoring.runs.evidence import History, Learned
    from predictive_scoring.runs.wiring import Progress

EXPLAINED = 2_000
"""So many rows of the test period stand behind the report's feature importance."""


def publish(history: History, learned: Learned, config: Config, progress: Progress) -> TrainResult:
    """Write the bundle, draw the report, log both.

    The first model of a company becomes champion by itself, unless the base rate beats it. Raises
    StoreError, UsageError when the report cannot be written.
    """
    from predictive_scoring import __version__, registry, report

    progress("writing the report and registering the model", None)
    inputs = _report_inputs(history, learned, config)
    html = report.render_report(inputs)
    opened = open_registry(config)
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle"
        registry.write_bundle(learned.bundle, bundle, _reference(history.table, learned))
        version = opened.log_run(
            registry.TrainingRun(
                config=config,
                bundle=bundle,
                horizon_days=config.outcome.horizon,
                data_digest=history.extract.digest(),
                extract_at=history.extract.extract_at,
                code_version=__version__,
                metrics=learned.evaluation.metrics,
                candidates=learned.selection.candidates,
                chosen=next(c.name for c in learned.selection.candidates if c.chosen),
                counts=_counts(history, learned),
                plots=_plots(inputs),
                report_html=html,
                summary=report.verdict(inputs),
            )
        )
    if opened.champion() is None and not learned.worse_than_base_rate:
        version = opened.promote(
            version.version, "predictive-scoring train", "the first model of this company"
        )
    name = f"{version.name}-v{version.version}.html"
    file = write_page(html, config.path(config.reports) / name)
    return TrainResult.of(
        config, history, learned, version, file, opened.uri, notes(history, learned)
    )


def _plots(inputs: ReportInputs) -> dict[str, bytes]:
    from predictive_scoring import report

    files = report.plot_files(
        inputs.evaluation, inputs.candidates, inputs.predictions, inputs.success
    )
    if inputs.thresholds is not None:
        files |= report.thresholds_plot_files(inputs.thresholds)
    return files


def _counts(history: History, learned: Learned) -> dict[str, float]:
    """Count labels, leads without a snapshot and the sides of the split, for the log."""
    counts = {f"labels_{name}": float(n) for name, n in history.snapshots.counts.items()}
    for name, n in history.snapshots.excluded.items():
        counts[f"no_snapshot_{name.replace(' ', '_')}"] = float(n)
    for period in learned.split.report.periods:
        name = period.name.replace(" ", "_")
        counts[f"split_{name}_rows"] = float(period.rows)
        counts[f"split_{name}_positives"] = float(period.positives)
    return counts | {
        "split_purged": float(learned.split.report.purged),
        "split_grouped": float(learned.split.report.grouped),
    }


def _reference(table: TrainingTable, learned: Learned) -> pa.Table:
    """Keep what was said of the test period and what came: the yardstick of later monitoring."""
    import pyarrow as pa

    test = learned.split.test
    return pa.table(
        {
            "log_odds": learned.test_log_odds,
            "outcome": table.outcome[test],
            "market": pa.array(table.market[test], pa.string()),
        }
    )


def _report_inputs(history: History, learned: Learned, config: Config) -> ReportInputs:
    from predictive_scoring import explain, report

    by_feature, by_group = _importance(history.table, learned)
    return report.ReportInputs(
        company=config.company,
        created=datetime.now(UTC),
        horizon_days=config.outcome.horizon,
        evaluation=learned.evaluation,
        candidates=learned.selection.candidates,
        split=learned.split.report,
        snapshots=history.snapshots,
        counts=history.extract.counts,
        spec=history.table.spec,
        calibration=learned.bundle.calibration,
        importance=by_feature,
        group_importance=by_group,
        facts=learned.bundle.facts,
        notes=notes(history, learned),
        predictions=explain.probability(learned.test_log_odds),
        success="SQL" if config.outcome.stage == "sql" else config.outcome.stage,
        thresholds=next(iter(learned.bundle.thresholds), None),
    )


def notes(history: History, learned: Learned) -> tuple[str, ...]:
    """Say aloud what a reader of the result must know."""
    said = list(history.extract.notes)
    if not learned.split.report.forward_folds:
        said.append(
            "the history is too short to compare models forward in time: they were compared and "
            "calibrated on folds by account or lead; the newest period was judged forward"
        )
    if learned.worse_than_base_rate:
        said.append(
            "on the newest period the model is worse than knowing the base rate only: it was not "
            "made champion by itself; look at what changed over time before you promote it"
        )
    if learned.bundle.predictor.kind == "base_rate":
        said.append(
            "no model did better on the folds than the base rate: all leads score alike, and "
            "there are no reasons"
        )
    if learned.bundle.calibration.slope == 0:
        said.append(
            "on data they had not seen the model's scores ranked no better than chance: every "
            "lead gets the observed rate"
        )
    return tuple(said)


Importance = tuple[tuple[str, float], ...]


def _importance(table: TrainingTable, learned: Learned) -> tuple[Importance, Importance]:
    """Mean absolute contribution, in log-odds, by feature and by group, strongest first.

    Over at most EXPLAINED rows of the test period, evenly spaced.
    """
    import numpy as np

    from predictive_scoring import explain
    from predictive_scoring.model import encode

    test = learned.split.test
    rows = test[np.linspace(0, len(test) - 1, min(EXPLAINED, len(test))).astype(int)]
    matrix = encode(table.features.take(rows), table.spec, learned.bundle.vocabularies)
    explainer = explain.explainer(learned.bundle)
    contributions = explainer.explain(matrix, table.market[rows])
    groups = explain.group_sums(contributions, explainer.columns)
    return (
        _strongest(explainer.names, contributions.values),
        _strongest(explain.group_names(explainer.columns), groups),
    )


def _strongest(names: Sequence[str], values: FloatArray) -> Importance:
    means = abs(values).mean(axis=0).tolist()
    return tuple(sorted(zip(names, means, strict=True), key=lambda pair: -pair[1]))
