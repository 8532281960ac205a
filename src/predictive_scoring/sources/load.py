"""The main path: everything declared into the canonical tables, every record accounted for."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import duckdb

from predictive_scoring.config import Config, LeadsSource
from predictive_scoring.errors import DataError
from predictive_scoring.records import Extract, SourceCount
from predictive_scoring.sources.contract import require_columns, require_one_zone
from predictive_scoring.sources.fate import AFTER_EXTRACT, AFTER_TODAY, Rules
from predictive_scoring.sources.fields import SQL_TYPES
from predictive_scoring.sources.files import unreadable_is_an_error
from predictive_scoring.sources.identifiers import quoted
from predictive_scoring.sources.in_place import make, remove
from predictive_scoring.sources.notes import (
    created_from_first_event,
    extract_at,
    other_outcomes,
    rules_at_work,
    whole_days,
)
from predictive_scoring.sources.parts import Part, Progress, Target
from predictive_scoring.sources.read import read_parts
from predictive_scoring.sources.reconcile import reconcile
from predictive_scoring.sources.settle import refuse_duplicates, settle
from predictive_scoring.sources.statement import canonical
from predictive_scoring.sources.tables import EMPTY, Table, declared_tables

_CLOCKS_APART = timedelta(days=1)


def load(
    config: Config,
    connection: duckdb.DuckDBPyConnection,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> Extract:
    """Load all declared tables of ``config`` into ``connection`` (see ``records.Extract``).

    Tables of the same names are replaced. Parquet files are copied into the folder of the
    connection's database, if it is no database in memory, and must go with it: large tables are
    views over them. ``progress`` is told in words what is being read.
    Where no `extract_at` is declared, rows dated more than a day after ``now`` (aware; default:
    the clock) are too late to belong to an extract, so that one mistyped year cannot be its end.
    Raises DataError where an input cannot be used (ColumnsError: a declared column is missing),
    ReconcileError where a record would be unaccounted for.
    """
    tell = progress or (lambda _: None)
    _create_empty(connection)
    tables = declared_tables(config)
    rules = _rules(config, now or datetime.now(UTC))
    notes: list[str] = []
    counts: list[SourceCount] = []
    for table in tables:
        counts += _load(table, config, rules, Target(connection, table.name, tell), notes)
    if config.sources.leads.created_from == "first_event":
        notes += created_from_first_event(connection)
    at, said = extract_at(config, connection, counts)
    return Extract(
        connection=connection,
        declared=frozenset(table.name for table in tables),
        counts=tuple(counts),
        extract_at=at,
        notes=(*said, *notes, *rules_at_work(counts)),
    )


def _rules(config: Config, now: datetime) -> Rules:
    sources = config.sources
    if config.extract_at is not None:
        until, too_late = config.extract_at, AFTER_EXTRACT
    else:
        until, too_late = now + _CLOCKS_APART, AFTER_TODAY
    return Rules(sources.unknown_leads, sources.after_extract, until, too_late)


def _create_empty(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE OR REPLACE TABLE quarantine "
        "(table_name VARCHAR, file VARCHAR, line BIGINT, reason VARCHAR, record VARCHAR)"
    )
    for name, fields in EMPTY.items():
        columns = [f"{quoted(field.name)} {SQL_TYPES[field.kind]}" for field in fields]
        remove(connection, name)
        connection.execute(f"CREATE TABLE {name} ({', '.join(columns)}, row_number BIGINT)")


def _load(
    table: Table, config: Config, rules: Rules, target: Target, notes: list[str]
) -> tuple[SourceCount, ...]:
    connection = target.connection
    parts = read_parts(table.source, config.base, target)
    for part in parts:
        require_columns(table, part.file, part.columns)
    require_one_zone(table, parts)
    target.progress(f"{table.name}: checking {sum(p.records for p in parts):,} records")
    with unreadable_is_an_error(", ".join(part.file for part in parts)):
        fates = make(connection, table.name, canonical(connection, table, parts, rules))
        if isinstance(table.source, LeadsSource):
            refuse_duplicates(connection, table.source.duplicates)
            notes += other_outcomes(config, connection)
        if fates == table.name:  # a view has no whole days: they take work
            notes += whole_days(table, connection)
        by_rule = settle(connection, table.name, fates, parts)
    counts = reconcile(connection, table.name, parts, by_rule)
    _drop_stages(connection, parts)
    if table.name == "leads":
        _require_leads(connection, counts)
    return counts


def _drop_stages(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    for part in parts:
        if part.staged:
            connection.execute(f"DROP TABLE {part.relation}")


def _require_leads(connection: duckdb.DuckDBPyConnection, counts: Sequence[SourceCount]) -> None:
    if any(count.loaded for count in counts):
        return
    file = ", ".join(count.file for count in counts)
    records = sum(count.records for count in counts)
    why = connection.execute("SELECT line, reason FROM quarantine LIMIT 1").fetchone()
    raise DataError(
        f"{file} (leads): none of {records:,} records can be used"
        + (f"; the first: line {why[0]}, {why[1]}" if why else ""),
        "at least one readable lead",
        "correct the file, or what the configuration says of its columns",
    )
