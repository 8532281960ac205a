"""Taking refused and set-aside rows out of a canonical table, each with its reason kept."""

from collections.abc import Mapping, Sequence

import duckdb

from predictive_scoring.sources.identifiers import Parameters, literal, quoted
from predictive_scoring.sources.parts import Part

DUPLICATE = "lead_id repeated"


def refuse_duplicates(connection: duckdb.DuckDBPyConnection, rule: str) -> None:
    """Mark leads whose lead_id stands on several readable rows, by the declared rule."""
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE source_repeated AS
        SELECT lead_id, count(*) AS times, min(row_number) AS first, max(row_number) AS last
        FROM leads WHERE refused IS NULL AND set_aside IS NULL
        GROUP BY lead_id HAVING count(*) > 1
    """)
    change = "refused = 'the lead_id \"' || r.lead_id || '\" stands on ' || r.times || ' rows'"
    others = "TRUE"
    if rule != "quarantine":
        change = f"set_aside = {literal(f'{DUPLICATE}: the {rule} row is kept')}"
        others = f"leads.row_number <> r.{'first' if rule == 'first' else 'last'}"
    connection.execute(f"""
        UPDATE leads SET {change} FROM source_repeated r
        WHERE leads.lead_id = r.lead_id AND leads.refused IS NULL AND leads.set_aside IS NULL
          AND {others}
    """)  # noqa: S608
    connection.execute("DROP TABLE source_repeated")


def settle(
    connection: duckdb.DuckDBPyConnection, table: str, fates: str, parts: Sequence[Part]
) -> tuple[Mapping[str, int], ...]:
    """Move refused rows to the quarantine, drop those set aside; rows by rule, for each part.

    ``fates`` is the table that says which rows these are: the table itself, or one of them alone.
    """
    rules = []
    for part in parts:
        _quarantine(connection, table, fates, part)
        rules.append(_set_aside(connection, fates, part))
    if fates == table:
        _drop_fates(connection, table)
    return tuple(rules)


def _drop_fates(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    connection.execute(f"DELETE FROM {table} WHERE refused IS NOT NULL OR set_aside IS NOT NULL")  # noqa: S608
    spent = ["line", "refused", "set_aside", "whole_day"]
    spent += ["other_outcome"] if table == "leads" else []
    for column in spent:
        connection.execute(f"ALTER TABLE {table} DROP COLUMN {quoted(column)}")


def _quarantine(connection: duckdb.DuckDBPyConnection, table: str, fates: str, part: Part) -> None:
    if not _count(connection, fates, "refused IS NOT NULL", part):
        return
    parameters = Parameters()
    cells = [f"{parameters.add(c.name)}, c{i}" for i, c in enumerate(part.columns)]
    statement = f"""
        INSERT INTO quarantine
        SELECT {literal(table)}, {parameters.add(part.file)}, t.line, t.refused,
               CAST(json_object({", ".join(cells)}) AS VARCHAR)
        FROM {fates} t JOIN {part.relation} AS raw ON raw.row_number = t.row_number
        WHERE t.refused IS NOT NULL
        ORDER BY t.row_number
    """  # noqa: S608
    connection.execute(statement, parameters.of(statement))


def _set_aside(connection: duckdb.DuckDBPyConnection, table: str, part: Part) -> dict[str, int]:
    rows = connection.execute(
        f"SELECT set_aside, count(*) FROM {table} WHERE refused IS NULL AND set_aside IS NOT NULL "  # noqa: S608
        "AND row_number > $first AND row_number <= $last GROUP BY set_aside ORDER BY set_aside",
        {"first": part.first, "last": part.first + part.records},
    ).fetchall()
    return {str(rule): int(count) for rule, count in rows}


def rows_of(connection: duckdb.DuckDBPyConnection, table: str, part: Part) -> int:
    """The part's rows that are in the table."""
    return _count(connection, table, "TRUE", part)


def _count(connection: duckdb.DuckDBPyConnection, table: str, condition: str, part: Part) -> int:
    found = connection.execute(
        f"SELECT count(*) FROM {table} WHERE {condition} "  # noqa: S608
        "AND row_number > $first AND row_number <= $last",
        {"first": part.first, "last": part.first + part.records},
    ).fetchone()
    return int(found[0]) if found else 0
