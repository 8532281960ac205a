"""Every record is loaded, quarantined or set aside; otherwise the run stops."""

import hashlib
from collections.abc import Mapping, Sequence

import duckdb

from predictive_scoring.errors import ReconcileError
from predictive_scoring.records import SourceCount
from predictive_scoring.sources.identifiers import quoted
from predictive_scoring.sources.parts import Part
from predictive_scoring.sources.settle import rows_of


def reconcile(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    parts: Sequence[Part],
    rules: Sequence[Mapping[str, int]],
) -> tuple[SourceCount, ...]:
    """Compare each input's independent count with what became of its records.

    Raises ReconcileError, with the figures, when they differ.
    """
    counts = tuple(
        _count(connection, table, part, by_rule) for part, by_rule in zip(parts, rules, strict=True)
    )
    loaded = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    if loaded is None or loaded[0] != sum(c.loaded for c in counts):
        raise ReconcileError(
            f"{table}: {loaded[0] if loaded else 0:,} rows are loaded, of which only "
            f"{sum(c.loaded for c in counts):,} are records of a known file",
            "each row to be a record of one file",
            "do not change the files while they are read; run it again",
        )
    return counts


def _count(
    connection: duckdb.DuckDBPyConnection, table: str, part: Part, rules: Mapping[str, int]
) -> SourceCount:
    found = connection.execute(
        "SELECT count(*) FROM quarantine WHERE table_name = ? AND file = ?", [table, part.file]
    ).fetchone()
    count = SourceCount(
        table=table,
        file=part.file,
        records=part.records,
        loaded=rows_of(connection, table, part),
        quarantined=int(found[0]) if found else 0,
        set_aside=sum(rules.values()),
        rules=rules,
        sha256=part.sha256 or _digest(connection, table, part),
    )
    if count.records != count.loaded + count.quarantined + count.set_aside:
        raise ReconcileError(
            f"{part.file} ({table}): {count.records:,} records by an independent count, but "
            f"{count.loaded:,} loaded + {count.quarantined:,} quarantined + "
            f"{count.set_aside:,} set aside",
            "every record to be loaded, quarantined or set aside",
            "do not change the file while it is read; if it does not change, report this with "
            "the file's first lines",
        )
    return count


def _digest(connection: duckdb.DuckDBPyConnection, table: str, part: Part) -> str:
    """SHA-256 over a sum of row digests: the same rows in any order give the same."""
    described = connection.execute(f"DESCRIBE {table}").fetchall()
    names = [quoted(str(row[0])) for row in described if row[0] != "row_number"]
    row = f"CAST(to_json([{', '.join(f'CAST({name} AS VARCHAR)' for name in names)}]) AS VARCHAR)"
    found = connection.execute(
        f"SELECT count(*), sum(md5_number_lower({row})), sum(md5_number_upper({row})) "  # noqa: S608
        f"FROM {table} WHERE row_number > $first AND row_number <= $last",
        {"first": part.first, "last": part.first + part.records},
    ).fetchone()
    return hashlib.sha256(repr(found).encode()).hexdigest()
