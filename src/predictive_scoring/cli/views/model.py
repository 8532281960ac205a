"""Training, scoring, models and their reasons, as a person reads them on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from predictive_scoring.cli.views.contract import contract_lines
from predictive_scoring.cli.views.parts import (
    count_lines,
    counted,
    line,
    mlflow,
    new_table,
    note_lines,
    program,
    view,
)
from predictive_scoring.records import Metric
from predictive_scoring.runs.explain import ExplainResult
from predictive_scoring.runs.results import (
    CheckResult,
    Conflict,
    DemoResult,
    InitResult,
    ModelsResult,
    MoveResult,
    ScoreResult,
    TrainResult,
)

if TYPE_CHECKING:
    from predictive_scoring.records import Candidate, Evaluation, LeftOut, SourceCount, SplitReport
    from predictive_scoring.registry import Promotion


@view.register
def _(result: TrainResult) -> RenderableType:
    alias = result.aliases[0] if result.aliases else "registered"
    return Group(
        _sources(result.sources),
        line("labels", counted(result.labels)),
        *count_lines("no snapshot", result.without_snapshot),
        *_left_out(result.left_out),
        *note_lines(result.notes),
        _split(result.split),
        _candidates(result.candidates),
        _figures(result.evaluation, result.base_rate_log_loss),
        *(row for solved in result.thresholds for row in contract_lines(solved)),
        line("model", f"version {result.version} ({alias}): {result.chosen}"),
        line("report", result.report),
        line("registry", result.registry),
        line("", f"see it with: {mlflow()} ui --backend-store-uri {result.registry}"),
        *_promotion(result),
    )


@view.register
def _(result: ScoreResult) -> RenderableType:
    again = " (this very run was stored already: nothing changed)" if result.unchanged else ""
    lines = [
        line(
            "scored",
            f"{result.scored:,} leads{_as_of(result)}, model version {result.model_version}{again}",
        ),
        *count_lines("tiers", result.tiers),
        *_handed_over(result),
        line("not scored", counted(result.excluded) or "none"),
        line("quarantined", f"{result.quarantined:,} records (table quarantine of the store)"),
        *note_lines(result.notes),
    ]
    lines += [line("conflict", _conflict(found)) for found in result.conflicts]
    for lead, probability, reason in result.best:
        lines.append(line("call first", f"{lead}  {probability:.1%}  {reason}"))
    lines.append(line("scores", f"{result.store}  (DuckDB, table lead_scores)"))
    if result.parquet:
        lines.append(line("parquet", result.parquet))
    return Group(*lines)


@view.register
def _(result: CheckResult) -> RenderableType:
    if result.problems:
        verdict = Text("\n".join(f"problem: {p}" for p in result.problems), style="bold red")
    else:
        verdict = Text("nothing stands against training", style="green")
    return Group(
        line("company", f"{result.company} ({result.shape})"),
        *([_sources(result.sources)] if result.sources else []),
        *[
            line("quarantine", f"{count:,} × {table}: {reason}")
            for table, reason, count in result.quarantined
        ],
        *([line("features", f"{result.features}")] if result.features else []),
        *_left_out(result.left_out),
        *count_lines("labels", result.labels),
        *count_lines("no snapshot", result.without_snapshot),
        *note_lines(result.notes),
        verdict,
    )


@view.register
def _(result: InitResult) -> RenderableType:
    return Group(
        *[line("guessed", text) for text in result.guessed],
        *[line("could not", text) for text in result.unknown],
        line("written", result.file),
        line("next", f"read it, correct it, then: {program()} check -c {result.file}"),
    )


@view.register
def _(result: ModelsResult) -> RenderableType:
    table = new_table("version", "trained", "log loss", "AUC", "alias")
    for v in result.versions:
        table.add_row(
            v.version,
            f"{v.created:%Y-%m-%d %H:%M}",
            _interval(v.metric("log_loss"), 4),
            _interval(v.metric("roc_auc"), 3),
            ", ".join(v.aliases),
        )
    moves = [line("history", _move(move)) for move in reversed(result.promotions)]
    if not result.versions:
        moves = [line("none yet", f"train first: {program()} train")]
    return Group(line("model", result.name), table, *moves)


@view.register
def _(result: MoveResult) -> RenderableType:
    was = f" (was: version {result.previous})" if result.previous else ""
    move = f"{result.name} version {result.version}{was}"
    return line("champion", f"{move}, by {result.by}: {result.reason}")


@view.register
def _(result: DemoResult) -> RenderableType:
    lines: list[RenderableType] = [
        line("company", f"{result.leads:,} simulated leads (seed {result.seed}) in {result.data}"),
        line("config", result.config),
    ]
    given = "" if result.default_config else f" -c {result.config}"
    if result.training is None or result.scoring is None:
        return Group(*lines, line("next", f"{program()} train{given}"))
    best = result.scoring.best[0][0] if result.scoring.best else "LEAD"
    return Group(
        *lines,
        view(result.training),
        view(result.scoring),
        line("next", f"{program()} explain {best}{given}"),
        line("", f"{program()} explain {best} --lang fr{given}"),
        line("", f"open {result.training.report}"),
        line("", f"{program()} thresholds --volume 400{given}"),
        line("", f"{program()} sla --month 2026-06 --by source,market{given}"),
        line("", f"{program()} init DIR    (a configuration for your own files)"),
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


def _handed_over(result: ScoreResult) -> list[RenderableType]:
    if not result.tiers:
        return []
    told = f"{result.handed_over:,} leads to sales with this run (table handovers of the store)"
    return [line("handed over", told)]


def _conflict(found: Conflict) -> str:
    leads = f"{found.leads:,} lead{'' if found.leads == 1 else 's'}"
    such = ", ".join(found.examples)
    if found.criterion:
        return (
            f"{leads} score high enough but fail the criterion {found.criterion!r}, such as {such}"
        )
    return f"{leads} meet all criteria but score too low, such as {such}"


def _as_of(result: ScoreResult) -> str:
    return "" if result.as_of is None else f" as of {result.as_of:%Y-%m-%d %H:%M} UTC"


def _left_out(columns: Sequence[LeftOut]) -> list[RenderableType]:
    return [line("left out", f"{c.column}: {c.reason}") for c in columns]


def _promotion(result: TrainResult) -> list[RenderableType]:
    if "champion" in result.aliases:
        return []
    command = f"{program()} models promote {result.version} --by NAME --reason TEXT"
    return [line("next", f"{command}   (until then the champion goes on scoring)")]


def _move(move: Promotion) -> str:
    at = f"{datetime.fromisoformat(move.at).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    way = f"version {move.previous} → {move.version}" if move.previous else f"→ {move.version}"
    return f"{at}  {move.action:<8}  {way}, by {move.by}: {move.reason}"


def _sources(counts: Sequence[SourceCount]) -> RenderableType:
    table = new_table("table", "records", "loaded", "quarantined", "set aside", "file")
    for c in counts:
        numbers = (f"{n:,}" for n in (c.records, c.loaded, c.quarantined, c.set_aside))
        table.add_row(c.table, *numbers, Text(Path(c.file).name))
    return table


def _split(split: SplitReport) -> RenderableType:
    table = new_table("period", "rows", "leads", "positive")
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
    table = new_table("candidate", "log loss on folds", "± se", "chosen")
    for c in candidates:
        chosen = "✓" if c.chosen else ""
        table.add_row(c.name, f"{c.log_loss:.4f}", f"{c.standard_error:.4f}", chosen)
    return table


def _figures(evaluation: Evaluation, base_rate_log_loss: float) -> RenderableType:
    table = new_table("newest period", "value", "95 % interval")
    for m in evaluation.metrics:
        table.add_row(m.name.replace("_", " "), f"{m.value:.4f}", f"{m.low:.4f} to {m.high:.4f}")
    table.caption = f"log loss of the base rate alone: {base_rate_log_loss:.4f}"
    return table


def _interval(metric: Metric | None, digits: int) -> str:
    if metric is None:
        return ""
    return f"{metric.value:.{digits}f} ({metric.low:.{digits}f} to {metric.high:.{digits}f})"
