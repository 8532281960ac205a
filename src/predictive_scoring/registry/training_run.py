"""One training run as MLflow keeps it: parameters, metrics, artifacts and notes."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from predictive_scoring.config.secrets import masked
from predictive_scoring.records import Candidate, Metric

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from predictive_scoring.config import Config

NOTE = "mlflow.note.content"  # the description that MLflow's pages show
BUNDLE = "bundle"
_BATCH = 100  # MLflow takes at most so many parameters at once


@dataclass(frozen=True)
class TrainingRun:
    """What a training leaves in the registry.

    ``bundle`` is the folder that ``write_bundle`` wrote; ``plots`` are files by name; ``summary``
    says in a sentence or two, in words, how good the model is. ``counts`` are the numbers of
    labels, rows and the like by name; ``chosen`` is the chosen candidate's name.
    """

    config: Config
    bundle: Path
    horizon_days: int
    data_digest: str
    extract_at: datetime | None
    code_version: str
    metrics: tuple[Metric, ...]
    candidates: tuple[Candidate, ...]
    plots: Mapping[str, bytes]
    report_html: str
    summary: str
    counts: Mapping[str, float] = field(default_factory=dict)
    chosen: str = ""


def run_tags(run: TrainingRun, bundle_digest: str) -> dict[str, str]:
    """Say what the run and its version were made of."""
    tags = {
        "bundle_digest": bundle_digest,
        "data_digest": run.data_digest,
        "extract_at": run.extract_at.isoformat() if run.extract_at else "not known",
        "code_version": run.code_version,
    }
    if run.chosen:
        note = next((c.note for c in run.candidates if c.name == run.chosen), "")
        tags["chosen"] = f"{run.chosen}: {note}" if note else run.chosen
    return tags


def run_name(run: TrainingRun) -> str:
    """Name the run after the end of its data and the chosen candidate."""
    day = f"{run.extract_at:%Y-%m-%d}" if run.extract_at else ""
    return " ".join(part for part in ("train", day, run.chosen) if part)


def log_contents(client: MlflowClient, run_id: str, run: TrainingRun) -> None:
    """Log parameters, metrics with their intervals, counts, candidates' losses and the files."""
    from mlflow.entities import Metric as Logged
    from mlflow.entities import Param

    params = [Param(key, value) for key, value in flat_params(run.config).items()]
    for start in range(0, len(params), _BATCH):
        client.log_batch(run_id, params=params[start : start + _BATCH])
    at = int((run.extract_at or datetime.now(UTC)).timestamp() * 1000)
    client.log_batch(run_id, metrics=[Logged(k, v, at, 0) for k, v in run_figures(run).items()])
    client.log_artifacts(run_id, str(run.bundle), BUNDLE)
    with tempfile.TemporaryDirectory() as folder:
        _write_files(Path(folder), run)
        client.log_artifacts(run_id, folder)


def run_figures(run: TrainingRun) -> dict[str, float]:
    """Everything measured or counted, by the name it has in MLflow; log losses in nats."""
    losses = {f"candidate_{c.name}_log_loss": c.log_loss for c in run.candidates}
    figures = {**run.counts, **losses, **dict(_figures(run.metrics))}
    return {_key(name): float(value) for name, value in figures.items()}


def flat_params(config: Config) -> dict[str, str]:
    """Write the configuration as ``section.key`` → text, without passwords and folders.

    What is not set is left out; lists are JSON.
    """
    nested = config.model_dump(mode="json", exclude={"base"})
    return {_key(key): value for key, value in _leaves(nested, "")}


def run_note(run: TrainingRun, bundle_digest: str) -> str:
    """Describe the run in Markdown for whoever finds it on MLflow's pages."""
    rows = [f"| {m.name} | {m.value:.4f} | {m.low:.4f} | {m.high:.4f} |" for m in run.metrics]
    return "\n".join(
        [
            run.summary,
            "",
            "Start with the artifact `report.html`. `bundle/` is the model, without any code.",
            "",
            "| measured on leads never seen | value | low (95 %) | high (95 %) |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
            (
                f"Data extracted {run_tags(run, bundle_digest)['extract_at']}, "
                f"digest `{run.data_digest}`."
            ),
            f"Bundle digest `{bundle_digest}`; predictive-scoring {run.code_version}.",
        ]
    )


def model_note(company: str, horizon_days: int) -> str:
    """Describe the registered model in Markdown."""
    return (
        f"Calibrated probability that a lead of **{company}** reaches the declared outcome within "
        f"{horizon_days} days.\n\nThe alias `champion` is the version that scores; `challenger` "
        "is the newest one beside it. Move the champion with `predictive-scoring models "
        "promote` or `rollback`, which record who, when and why in the tags. A version is a "
        "folder of text, JSON and Parquet, checked by SHA-256 before use; it is not loaded "
        "through MLflow's model flavours."
    )


def experiment_note(company: str) -> str:
    """Describe the experiment in Markdown."""
    return (
        f"Trainings of predictive-scoring for **{company}**, one run each: parameters are the "
        "configuration, metrics have 95 % intervals (`_low`, `_high`), and the artifact "
        "`report.html` explains the result in words and pictures."
    )


def candidates_csv(candidates: Sequence[Candidate]) -> str:
    """Write the candidates' table; log losses in nats."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["name", "log_loss", "standard_error", "fold_losses", "chosen", "note"])
    for c in candidates:
        folds = " ".join(map(repr, c.fold_losses))
        writer.writerow([c.name, c.log_loss, c.standard_error, folds, c.chosen, c.note])
    return text.getvalue()


def _figures(metrics: Sequence[Metric]) -> Iterator[tuple[str, float]]:
    for metric in metrics:
        yield metric.name, metric.value
        yield f"{metric.name}_low", metric.low
        yield f"{metric.name}_high", metric.high


def _write_files(folder: Path, run: TrainingRun) -> None:
    (folder / "report.html").write_text(run.report_html, encoding="utf-8")
    (folder / "candidates.csv").write_text(candidates_csv(run.candidates), encoding="utf-8")
    (folder / "plots").mkdir()
    for name, content in run.plots.items():
        (folder / "plots" / name).write_bytes(content)


def _leaves(value: object, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list):
        yield key, json.dumps(value, ensure_ascii=False)
    elif value is not None:
        is_url = key.rpartition(".")[2] in ("url", "uri")
        yield key, masked(str(value)) if is_url else str(value)


def _key(key: str) -> str:
    """Spell a key with what MLflow allows: other characters as their code."""
    return re.sub(r"[^\w.\- :]", lambda m: f"_{ord(m[0]):x}_", key)[:250]
