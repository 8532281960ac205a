"""A run's staged scores: Parquet parts, checked and ranked before the store is touched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from predictive_scoring.errors import ReconcileError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MEMORY = "512MB"
"""What DuckDB may hold while scores are ranked or committed, however many there are."""
_TEXTS = (
    "lead_id",
    "account_id",
    "market",
    "group_contributions.key_value.key",
    "reasons.list.element.feature",
    "reasons.list.element.observed",
    "sentences.key_value.key",
    "sentences.key_value.value.list.element",
)


@dataclass(frozen=True)
class Staged:
    """The ``scored`` leads of a run: one row each in the Parquet files of ``parts`` (a glob).

    ``percentiles`` is a Parquet file with the percentile of every probability that occurs.
    """

    scored: int
    parts: str
    percentiles: str


def stage(table: pa.Table, folder: Path, number: int) -> None:
    """Write one part; raises OSError when there is no room."""
    import pyarrow.parquet as pq

    # Dictionaries are for text: trying them on numbers takes longer than all the rest.
    pq.write_table(
        table,
        folder / f"{number:08d}.parquet",
        compression="lz4",
        use_dictionary=list(_TEXTS),
        write_statistics=False,
    )


def rank(folder: Path) -> Staged:
    """Check that every lead was scored once, and find the percentiles.

    A percentile is the percentage of leads scored lower, ties counted half. Raises ReconcileError
    when a lead was scored twice, ``duckdb.Error`` when there is no room.
    """
    import duckdb

    glob = str(folder).translate({ord(c): f"[{c}]" for c in "*?["}) + "/*.parquet"
    staged = Staged(0, glob, str(folder / "percentiles"))
    if not any(folder.glob("*.parquet")):
        return staged
    with duckdb.connect() as connection:
        bound_memory(connection, folder)
        scored, leads = _counts(connection, glob)
        if scored != leads:
            raise ReconcileError(
                f"{scored} scores for {leads} leads",
                "one score for each lead",
                "nothing was stored; look for leads that stand twice in the data",
            )
        _rank(connection, staged)
    return Staged(scored, staged.parts, staged.percentiles)


def bound_memory(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The same memory for ten times the leads: what is more goes to the run's own folder."""
    # Row order carries no meaning here, and keeping it would take memory.
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET temp_directory = ?", [str(folder / "spilled")])


def _counts(connection: duckdb.DuckDBPyConnection, parts: str) -> tuple[int, int]:
    query = "SELECT count(*), count(DISTINCT lead_id) FROM read_parquet(?)"
    scored, leads = connection.execute(query, [parts]).fetchall()[0]
    return int(scored), int(leads)


def _rank(connection: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    target = staged.percentiles.replace("'", "''")
    connection.execute(
        f"""
        COPY (
            WITH levels AS (
                SELECT probability, count(*) AS leads FROM read_parquet(?) GROUP BY probability
            )
            SELECT probability,
                100 * (sum(leads) OVER (ORDER BY probability) - leads / 2) / sum(leads) OVER ()
                    AS percentile
            FROM levels
        ) TO '{target}' (FORMAT parquet)
        """,  # noqa: S608 - a file of this run's own, quoted
        [staged.parts],
    )
