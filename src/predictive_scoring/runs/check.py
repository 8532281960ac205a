"""`check`: all that is wrong with a configuration and its data, before anything is trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from predictive_scoring.errors import DataError
from predictive_scoring.runs.results import CheckResult
from predictive_scoring.runs.wiring import reading, workspace

if TYPE_CHECKING:
    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract
    from predictive_scoring.runs.wiring import Progress


def check(config: Config, progress: Progress) -> CheckResult:
    """Load, plan and split as training would, without training. Changes nothing.

    Problems of every declared table's columns are gathered; then the first problem of a later
    stage. Exit code 3 when there is any.
    """
    from predictive_scoring import sources

    shape = "flat" if config.flat else "relational"
    problems = _column_problems(config)
    if not problems:
        with workspace() as connection:
            try:
                extract = sources.load(config, connection, reading(progress))
            except DataError as error:
                problems = (str(error),)
            else:
                return _of_extract(extract, shape, config, progress)
    return CheckResult(config.company, shape, (), (), 0, (), {}, {}, (), problems)


def _column_problems(config: Config) -> tuple[str, ...]:
    from predictive_scoring import sources

    found = []
    for name in ("leads", "events", "stages", "activities", "changes"):
        if (source := getattr(config.sources, name)) is not None:
            try:
                sources.check_columns(name, source, config)
            except DataError as error:
                found.append(str(error))
    return tuple(found)


def _of_extract(extract: Extract, shape: str, config: Config, progress: Progress) -> CheckResult:
    from predictive_scoring import features, training

    progress("taking snapshots and building features", None)
    spec = features.plan(extract, config)
    snapshots = features.training_snapshots(extract, config)
    problems: tuple[str, ...] = ()
    try:
        table = features.training_table(extract, spec, snapshots, config)
        training.forward_split(table, config.training)
    except DataError as error:
        problems = (str(error),)
    quarantined = extract.connection.execute(
        "SELECT table_name, reason, count(*) FROM quarantine GROUP BY ALL "
        "ORDER BY count(*) DESC, table_name, reason LIMIT 50"
    ).fetchall()
    return CheckResult(
        company=config.company,
        shape=shape,
        sources=extract.counts,
        quarantined=tuple((str(t), str(r), int(n)) for t, r, n in quarantined),
        features=len(spec.columns),
        left_out=spec.left_out,
        labels=snapshots.counts,
        without_snapshot=snapshots.excluded,
        notes=extract.notes,
        problems=problems,
    )
