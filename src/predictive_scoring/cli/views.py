"""Results as a person reads them on a terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import singledispatch
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from predictive_scoring.records import Metric
from predictive_scoring.runs.explain import ExplainResult
from predictive_scoring.runs.results import (
    CheckResult,
    DemoResult,
    InitResult,
    ModelsResult,
    MoveResult,
    RunResult,
    ScoreResult,
    TrainResult,
)

if TYPE_CHECKING:
    from predictive_scoring.records import Candidate, Evaluation, LeftOut, SourceCount, SplitReport
    from predictive_scoring.registry import Promotion


@singledispatch
def view(result: RunResult) -> RenderableType:
    """Draw a run's result; raises TypeError for one that nobody drew yet."""
    raise TypeError(f"no view of {type(result).__name__}")


@view.register
def _(result: TrainResult) -> RenderableType:
    alias = result.aliases[0] if result.aliases else "registered"
    return Group(
        _sources(result.sources),
        _line("labels", _counted(result.labels)),
        *_counts("no snapshot", result.without_snapshot),
        *_left_out(result.left_out),
        *_notes(result.notes),
        _split(result.split),
        _candidates(result.candidates),
        _figures(result.evaluation, result.base_rate_log_loss),
        _line("model", f"version {result.version} ({alias}): {result.chosen}"),
        _line("report", result.report),
        _line("registry", result.registry),
        _line("", f"see it with: {_mlflow()} ui --backend-store-uri {result.registry}"),
        *_promotion(result),
    )


@view.register
def _(result: ScoreResult) -> RenderableType:
    again = " (this very run was stored already: nothing changed)" if result.unchanged else ""
    lines = [
        _line(
            "scored",
            f"{result.scored:,} leads{_as_of(result)}, model version {result.model_version}{again}",
        ),
        _line("not scored", _counted(result.excluded) or "none"),
        _line("quarantined", f"{result.quarantined:,} records (table quarantine of the store)"),
        *_notes(result.notes),
    ]
    for lead, probability, reason in result.best:
        lines.append(_line("call first", f"{lead}  {probability:.1%}  {reason}"))
    lines.append(_line("scores", f"{result.store}  (DuckDB, table lead_scores)"))
    if result.parquet:
        lines.append(_line("parquet", result.parquet))
    return Group(*lines)


@view.register
def _(result: CheckResult) -> RenderableType:
    if result.problems:
        verdict = Text("\n".join(f"problem: {p}" for p in result.problems), style="bold red")
    else:
        verdict = Text("nothing stands against training", style="green")
    return Group(
        _line("company", f"{result.company} ({result.shape})"),
        *([_sources(result.sources)] if result.sources else []),
        *[
            _line("quarantine", f"{count:,} × {table}: {reason}")
            for table, reason, count in result.quarantined
        ],
        *([_line("features", f"{result.features}")] if result.features else []),
        *_left_out(result.left_out),
        *_counts("labels", result.labels),
        *_counts("no snapshot", result.without_snapshot),
        *_notes(result.notes),
        verdict,
    )


@view.register
def _(result: InitResult) -> RenderableType:
    return Group(
        *[_line("guessed", text) for text in result.guessed],
        *[_line("could not", text) for text in result.unknown],
        _line("written", result.file),
        _line("next", f"read it, correct it, then: {_command()} check -c {result.file}"),
    )


@view.register
def _(result: ModelsResult) -> RenderableType:
    table = _table("version", "trained", "log loss", "AUC", "alias")
    for v in result.versions:
        table.add_row(
            v.version,
            f"{v.created:%Y-%m-%d %H:%M}",
            _interval(v.metric("log_loss"), 4),
            _interval(v.metric("roc_auc"), 3),
            ", ".join(v.aliases),
        )
    moves = [_line("history", _move(move)) for move in reversed(result.promotions)]
    if not result.versions:
        moves = [_line("none yet", f"train first: {_command()} train")]
    return Group(_line("model", result.name), table, *moves)


@view.register
def _(result: MoveResult) -> RenderableType:
    was = f" (was: version {result.previous})" if result.previous else ""
    move = f"{result.name} version {result.version}{was}"
    return _line("champion", f"{move}, by {result.by}: {result.reason}")


@view.register
def _(result: DemoResult) -> RenderableType:
    lines: list[RenderableType] = [
        _line("company", f"{result.leads:,} simulated leads (seed {result.seed}) in {result.data}"),
        _line("config", result.config),
    ]
    given = "" if result.default_config else f" -c {result.config}"
    if result.training is None or result.scoring is None:
        return Group(*lines, _line("next", f"{_command()} train{given}"))
    best = result.scoring.best[0][0] if result.scoring.best else "LEAD"
    return Group(
        *lines,
        view(result.training),
        view(result.scoring),
        _line("next", f"{_command()} explain {best}{given}"),
        _line("", f"{_command()} explain {best} --lang fr{given}"),
        _line("", f"open {result.training.report}"),
        _line("", f"{_command()} init DIR    (a configuration for your own files)"),
    )


@view.register
def _(result: ExplainResult) -> RenderableType:
    from predictive_scoring import explain

    score = result.score
    return explain.waterfall(
        score.as_contributions(),
        result.columns,
        score.observed(result.columns),
        score.lead_id,
        result.lang,
        len(score.reasons),
        explain.Heading(score.market, score.as_of, score.model_version, score.percentile),
        result.labels,
    )


def _command() -> str:
    """What to type to run this program as it was run now."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return "python -m predictive_scoring"
    on_path = shutil.which(called.name)
    if on_path is not None and Path(on_path).resolve() == called.resolve():
        return called.name
    return _short(called)


def _short(path: Path) -> str:
    """Write a path from here where it lies below, else from the root."""
    relative = os.path.relpath(path)
    return str(path.resolve()) if relative.startswith("..") else relative


def _mlflow() -> str:
    beside = Path(sys.argv[0]).with_name("mlflow")
    return "mlflow" if shutil.which("mlflow") or not beside.exists() else _short(beside)


def _as_of(result: ScoreResult) -> str:
    return "" if result.as_of is None else f" as of {result.as_of:%Y-%m-%d %H:%M} UTC"


def _line(label: str, text: str) -> RenderableType:
    return Text(f"{label:<12}", style="bold").append(text, style="not bold")


def _notes(notes: Sequence[str]) -> list[RenderableType]:
    return [_line("note", note) for note in notes]


def _left_out(columns: Sequence[LeftOut]) -> list[RenderableType]:
    return [_line("left out", f"{c.column}: {c.reason}") for c in columns]


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)


def _counts(label: str, counts: Mapping[str, int]) -> list[RenderableType]:
    return [_line(label, _counted(counts))] if any(counts.values()) else []


def _promotion(result: TrainResult) -> list[RenderableType]:
    if "champion" in result.aliases:
        return []
    command = f"{_command()} models promote {result.version} --by NAME --reason TEXT"
    return [_line("next", f"{command}   (until then the champion goes on scoring)")]


def _move(move: Promotion) -> str:
    at = f"{datetime.fromisoformat(move.at).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    way = f"version {move.previous} → {move.version}" if move.previous else f"→ {move.version}"
    return f"{at}  {move.action:<8}  {way}, by {move.by}: {move.reason}"


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title_justify="left", caption_justify="left", pad_edge=False)
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number == 0 else "right")
    return table


def _sources(counts: Sequence[SourceCount]) -> RenderableType:
    table = _table("table", "records", "loaded", "quarantined", "set aside", "file")
    for c in counts:
        numbers = (f"{n:,}" for n in (c.records, c.loaded, c.quarantined, c.set_aside))
        table.add_row(c.table, *numbers, Text(Path(c.file).name))
    return table


def _split(split: SplitReport) -> RenderableType:
    table = _table("period", "rows", "leads", "positive")
    for p in split.periods:
        if p.name in ("development", "test"):
            table.add_row(p.name, f"{p.rows:,}", f"{p.leads:,}", f"{p.positives:,}")
    folds = sum(1 for p in split.periods if p.name.endswith("evaluation"))
    kind = "forward folds" if split.forward_folds else "folds by account or lead (see the note)"
    table.caption = (
        f"{folds} {kind}; {split.purged:,} rows purged by the horizon, {split.grouped:,} of leads "
        "or accounts on the other side"
    )
    return table


def _candidates(candidates: Sequence[Candidate]) -> RenderableType:
    table = _table("candidate", "log loss on folds", "± se", "chosen")
    for c in candidates:
        chosen = "✓" if c.chosen else ""
        table.add_row(c.name, f"{c.log_loss:.4f}", f"{c.standard_error:.4f}", chosen)
    return table


def _figures(evaluation: Evaluation, base_rate_log_loss: float) -> RenderableType:
    table = _table("newest period", "value", "95 % interval")
    for m in evaluation.metrics:
        table.add_row(m.name.replace("_", " "), f"{m.value:.4f}", f"{m.low:.4f} to {m.high:.4f}")
    table.caption = f"log loss of the base rate alone: {base_rate_log_loss:.4f}"
    return table


def _interval(metric: Metric | None, digits: int) -> str:
    if metric is None:
        return ""
    return f"{metric.value:.{digits}f} ({metric.low:.{digits}f} to {metric.high:.{digits}f})"
