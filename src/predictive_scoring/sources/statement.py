"""The one statement that turns a table's raw records into canonical rows with their fate.

Each step is a SELECT over the one before: texts, values, instants, then the canonical columns with
``refused`` (why the row goes to the quarantine) and ``set_aside`` (the declared rule that leaves it
out), both NULL for a row that stays, and ``whole_day`` (its instant names no time of day).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from predictive_scoring.errors import DataError
from predictive_scoring.sources import values
from predictive_scoring.sources.fate import Rules, by_other_values, by_rule, position
from predictive_scoring.sources.fields import (
    Field,
    FieldSql,
    field_sql,
    oddities_of,
    undeclared,
)
from predictive_scoring.sources.identifiers import Parameters, quoted
from predictive_scoring.sources.parts import Part
from predictive_scoring.sources.tables import Table
from predictive_scoring.sources.values import Oddities


@dataclass(frozen=True)
class Statement:
    """``select`` gives a table's canonical rows, each still with its line and fate.

    ``plain`` gives the readable ones alone, if ``left_out`` holds the row numbers of the others:
    next to no work, without parameters, over files that stay where they are. None where the rows
    take work, or were staged.
    """

    select: str
    parameters: Parameters
    plain: str | None

    def create(self, connection: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
        """Create a table of what ``query`` selects from ``{rows}``."""
        rows = query.format(rows=f"({self.select})")
        connection.execute(f"CREATE OR REPLACE TABLE {table} AS {rows}", self.parameters.of(rows))


def canonical(
    connection: duckdb.DuckDBPyConnection, table: Table, parts: Sequence[Part], rules: Rules
) -> Statement:
    """The statement for a table's raw records.

    Raises DataError where instants have no time zone or are bare numbers.
    """
    parameters = Parameters()
    raw = _raw(table, parts)
    fields = _fields(connection, table, parts, raw, parameters)
    read = _step(
        _step(raw, [t for f in fields for t in f.texts]), [p for f in fields for p in f.parsed]
    )
    _require_zone(connection, fields, read, parameters, parts)
    placed = _step(read, [o for f in fields for o in f.placed])
    finished = _step(placed, [v for f in fields for v in f.finished])
    renamed = _step(finished, _renaming(table, fields, parameters))
    known = [] if table.name == "leads" else [_known(fields)]
    select = _canonical(table, fields, _step(renamed, known), rules, parameters)
    lies = not any(part.staged for part in parts)
    return Statement(select, parameters, _plain(table, fields, raw) if lies else None)


def _plain(table: Table, fields: Sequence[FieldSql], raw: str) -> str | None:
    if table.name == "leads" or table.renaming or table.constants:
        return None
    if any(sql.plain is None for sql in fields):
        return None
    columns = ", ".join(f"{sql.plain} AS {quoted(sql.field.name)}" for sql in fields)
    return f"SELECT {columns}, row_number FROM ({raw})"  # noqa: S608


def _raw(table: Table, parts: Sequence[Part]) -> str:
    """All parts under one another, the declared columns as f0, f1 … in the order of the fields."""
    selects = []
    for part in parts:
        columns = [
            f", c{part.index(field.column)} AS f{i}"
            for i, field in enumerate(table.fields)
            if field.column is not None
        ]
        selects.append(f"SELECT row_number, line{''.join(columns)} FROM {part.relation}")  # noqa: S608
    return " UNION ALL ".join(selects)


def _step(inner: str, columns: Sequence[str]) -> str:
    if not columns:
        return inner
    return f"SELECT *, {', '.join(columns)} FROM ({inner})"  # noqa: S608


def _fields(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    parts: Sequence[Part],
    raw: str,
    parameters: Parameters,
) -> list[FieldSql]:
    types = {str(row[0]): str(row[1]) for row in connection.execute(f"DESCRIBE {raw}").fetchall()}
    decimal = table.source.csv.decimal if table.source.kind == "csv" else "."
    found = []
    for i, field in enumerate(table.fields):
        if field.column is None:
            found.append(undeclared(field))
            continue
        iso = parts[0].columns[parts[0].index(field.column)].instants
        kind = types[f"f{i}"]
        odd = _oddities(connection, field, i, raw) if kind == "VARCHAR" else Oddities()
        try:
            found.append(field_sql(field, i, kind, decimal, iso, odd, parameters))
        except DataError as error:
            where = f"{parts[0].file} ({table.name}): {error.found}"
            raise DataError(where, error.expected, error.todo) from None
    return found


def _oddities(connection: duckdb.DuckDBPyConnection, field: Field, i: int, raw: str) -> Oddities:
    """What occurs in a column of text: what nowhere does costs nothing after this one look."""
    parameters = Parameters()

    def occurs(condition: str) -> bool:
        # A filter alone is answered from the dictionaries of a Parquet file.
        query = f"SELECT 1 FROM ({raw}) WHERE {condition} LIMIT 1"  # noqa: S608
        return connection.execute(query, parameters.of(query)).fetchone() is not None

    conditions = oddities_of(field, i, parameters)
    if not occurs(" OR ".join(conditions)):
        return Oddities(space=False, missing=False, nul=False)
    return Oddities(*map(occurs, conditions))


def _require_zone(
    connection: duckdb.DuckDBPyConnection,
    fields: Sequence[FieldSql],
    read: str,
    parameters: Parameters,
    parts: Sequence[Part],
) -> None:
    """Refuse a column with local times for which no zone is declared, with an example."""
    for sql in fields:
        if not sql.local or sql.field.zone:
            continue
        condition = f"{sql.local} IS NOT NULL"
        query = f"SELECT {sql.text}, line, row_number FROM ({read}) WHERE {condition} LIMIT 1"  # noqa: S608
        found = connection.execute(query, parameters.of(query)).fetchone()
        if found:
            value, line, row_number = found
            file = [part.file for part in parts if part.first < row_number][-1]
            raise DataError(
                f"{file}, line {line}: column {sql.field.column!r} holds instants without a time "
                f"zone, such as {value!r}",
                "an offset in the values, or a declared zone",
                "declare `time_zone: Europe/Paris` (or another) for the company, or `zone` for "
                "this column",
            )


def _known(fields: Sequence[FieldSql]) -> str:
    return f"v{position(fields, 'lead_id')} IN (SELECT lead_id FROM leads) AS known"  # noqa: S608


def _renaming(table: Table, fields: Sequence[FieldSql], parameters: Parameters) -> list[str]:
    """The renamed column as ``renamed``; a changed value, by its column's type, as ``changed``."""
    if table.renaming is None:
        return []
    source = f"v{position(fields, table.renaming.column)}"
    cases = [
        f"WHEN {parameters.add(key)} THEN {parameters.add(name)}"
        for key, name in table.renaming.names.items()
    ] or ["WHEN NULL THEN NULL"]
    columns = [f"CAST(CASE {source} {' '.join(cases)} END AS VARCHAR) AS renamed"]
    if table.name == "changes":
        columns.append(f"{_changed(table, source, fields, parameters)} AS changed")
    return columns


def _changed(table: Table, source: str, fields: Sequence[FieldSql], parameters: Parameters) -> str:
    """The value that a profile column took, as text in the canonical form of its type."""
    text = fields[position(fields, "value")].text
    decimal = table.source.csv.decimal if table.source.kind == "csv" else "."
    cases = []
    for name, column in table.profile.items():
        bare = values.stripped(text)
        words = parameters.add_all(values.words_for_missing(column.nulls))
        own = f"CASE WHEN {bare} NOT IN {words} THEN {bare} END"
        cell = values.Cell(own, own, f"{own} IS NOT NULL", "VARCHAR", decimal)
        read = own
        if column.type == "number":
            read = f"CAST({values.number(cell)} AS VARCHAR)"
        if column.type == "flag":
            flag = values.flag(cell, column.true, column.false, parameters)
            read = f"CAST({flag} AS VARCHAR)"
        # NUL marks a value that cannot be read: a cell with a NUL of its own is refused before.
        wrong = f"CASE WHEN {own} IS NOT NULL AND {read} IS NULL THEN chr(0) ELSE {read} END"
        cases += [
            f"WHEN {parameters.add(key)} THEN {wrong}"
            for key, renamed in (table.renaming.names.items() if table.renaming else ())
            if renamed == name
        ]
    return f"CASE {source} {' '.join(cases)} END" if cases else "CAST(NULL AS VARCHAR)"


def _canonical(
    table: Table, fields: Sequence[FieldSql], inner: str, rules: Rules, parameters: Parameters
) -> str:
    columns = [f"{_value(table, sql, parameters)} AS {quoted(sql.field.name)}" for sql in fields]
    refusals, asides = [p for sql in fields for p in sql.problems], list[str]()
    if table.renaming:
        by_other_values(table.renaming, fields, refusals, asides)
    if table.name == "changes":
        said = values.shown(fields[position(fields, "value")].text)
        refusals.append(
            f"WHEN changed = chr(0) THEN 'the value ' || {said} || ' is not of its column''s type'"
        )
    by_rule(table, fields, rules, refusals, asides, parameters)
    refused = f"CASE {' '.join(refusals)} END" if refusals else "CAST(NULL AS VARCHAR)"
    aside = f"CASE {' '.join(asides)} END" if asides else "CAST(NULL AS VARCHAR)"
    whole_day = fields[position(fields, table.dated_by)].whole_day
    return (
        f"SELECT {', '.join(columns)}, row_number, line, CAST({refused} AS VARCHAR) AS refused, "  # noqa: S608
        f"CAST({aside} AS VARCHAR) AS set_aside, {whole_day} AS whole_day"
        f"{_other_outcome(fields)} FROM ({inner})"
    )


def _value(table: Table, sql: FieldSql, parameters: Parameters) -> str:
    name = sql.field.name
    if name in table.constants:
        return f"CAST({parameters.add(table.constants[name])} AS VARCHAR)"
    if table.name == "leads" and name == "lead_id" and sql.field.column is None:
        return "'row-' || row_number"
    if table.renaming and name == table.renaming.column:
        return f"coalesce(renamed, {sql.value})"
    if table.name == "changes" and name == "value":
        return "changed"
    return sql.value


def _other_outcome(fields: Sequence[FieldSql]) -> str:
    """For leads: the outcome's text where it is neither a positive nor a negative value."""
    names = [sql.field.name for sql in fields]
    if names[-1:] and "email" in names:
        i = names.index("outcome")
        text = f"CASE WHEN {fields[i].value} IS NULL THEN {fields[i].text} END"
        return f", CAST({text} AS VARCHAR) AS other_outcome"
    return ""
