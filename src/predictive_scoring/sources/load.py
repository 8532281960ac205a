"""The main path: everything declared into the canonical tables, every record accounted for."""

from collections.abc import Sequence

import duckdb

from predictive_scoring.config import Config, LeadsSource
from predictive_scoring.errors import DataError
from predictive_scoring.records import Extract, SourceCount
from predictive_scoring.sources.contract import require_columns
from predictive_scoring.sources.fate import Rules
from predictive_scoring.sources.fields import SQL_TYPES
from predictive_scoring.sources.files import unreadable_is_an_error
from predictive_scoring.sources.identifiers import quoted
from predictive_scoring.sources.notes import (
    created_from_first_event,
    extract_at,
    other_outcomes,
    rules_at_work,
)
from predictive_scoring.sources.parts import Part, Progress, Target
from predictive_scoring.sources.read import read_parts
from predictive_scoring.sources.reconcile import reconcile
from predictive_scoring.sources.settle import refuse_duplicates, settle
from predictive_scoring.sources.statement import create
from predictive_scoring.sources.tables import EMPTY, Table, declared_tables


def load(
    config: Config, connection: duckdb.DuckDBPyConnection, progress: Progress | None = None
) -> Extract:
    """Load all declared tables of ``config`` into ``connection`` (see ``records.Extract``).

    Tables of the same names are replaced. ``progress`` is told in words what is being read.
    Raises DataError where an input cannot be used (ColumnsError: a declared column is missing),
    ReconcileError where a record would be unaccounted for.
    """
    tell = progress or (lambda _: None)
    _create_empty(connection)
    tables = declared_tables(config)
    notes: list[str] = []
    counts: list[SourceCount] = []
    for table in tables:
        counts += _load(table, config, Target(connection, table.name, tell), notes)
    if config.sources.leads.created_from == "first_event":
        notes += created_from_first_event(connection)
    at, said = extract_at(config, connection)
    return Extract(
        connection=connection,
        declared=frozenset(table.name for table in tables),
        counts=tuple(counts),
        extract_at=at,
        notes=(*said, *notes, *rules_at_work(counts)),
    )


def _create_empty(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE OR REPLACE TABLE quarantine "
        "(table_name VARCHAR, file VARCHAR, line BIGINT, reason VARCHAR, record VARCHAR)"
    )
    for name, fields in EMPTY.items():
        columns = [f"{quoted(field.name)} {SQL_TYPES[field.kind]}" for field in fields]
        connection.execute(
            f"CREATE OR REPLACE TABLE {name} ({', '.join(columns)}, row_number BIGINT)"
        )


def _load(
    table: Table, config: Config, target: Target, notes: list[str]
) -> tuple[SourceCount, ...]:
    connection, sources = target.connection, config.sources
    parts = read_parts(table.source, config.base, target)
    for part in parts:
        require_columns(table, part.file, part.columns)
    target.progress(f"{table.name}: checking {sum(p.records for p in parts):,} records")
    rules = Rules(sources.unknown_leads, sources.after_extract, config.extract_at)
    with unreadable_is_an_error(", ".join(part.file for part in parts)):
        create(connection, table, parts, rules)
        if isinstance(table.source, LeadsSource):
            refuse_duplicates(connection, table.source.duplicates)
            notes += other_outcomes(config, connection)
        by_rule = settle(connection, table.name, parts)
    counts = reconcile(connection, table.name, parts, by_rule)
    _drop_stages(connection, parts)
    if table.name == "leads":
        _require_leads(connection, counts)
    return counts


def _drop_stages(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    for part in parts:
        if part.relation.startswith("temp."):
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
